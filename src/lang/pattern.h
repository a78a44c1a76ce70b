// Regular expressions of schemas: RE2, whose syntax is Go's, in linear time whatever the pattern. Patterns of metric queries
// have their own rules (promql/matcher.h).
#pragma once

#include <string>
#include <string_view>

namespace canaria::lang {

// Why the text is no pattern, in RE2's words; empty when it is one.
std::string pattern_problem(std::string_view pattern);

// Whether the text contains a match; an invalid pattern matches everything. Compiled patterns are remembered, so a schema can
// name its pattern as text.
bool contains_match(std::string_view pattern, std::string_view text);

}  // namespace canaria::lang
