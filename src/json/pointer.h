// JSON Pointer (RFC 6901): "/spec/steps/0" names one place in a document. Tokens are separated by "/", "~1" stands for
// a slash and "~0" for a tilde within a token. What a token means (member or index) depends on the value it meets.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace canaria::json {

// The tokens of a pointer, unescaped; none for "", which is the whole document.
Result<std::vector<std::string>> parse_pointer(std::string_view text);

// A key as one token: "a/b" -> "a~1b".
std::string escape_pointer_token(std::string_view key);

// A token as position in a list: digits without leading zeros. Empty for everything else, "-" included.
std::optional<std::size_t> pointer_index(std::string_view token);

// The value that the tokens lead to, or null pointer.
const Value* find_at(const Value& value, std::span<const std::string> tokens);
Value* find_at(Value& value, std::span<const std::string> tokens);

}  // namespace canaria::json
