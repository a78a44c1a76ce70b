// JSON text, byte for byte as Go's encoding/json prints it where that matters: numbers always, HTML escapes on request.
// Members are written in the order they have; whoever needs them sorted sorts first.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace canaria::json {

// Compact, no spaces, no HTML escapes. Always valid JSON and valid UTF-8: broken bytes become U+FFFD.
std::string write(const Value& value);

// Compact as Go's json.Marshal does it: like write(), with < > & U+2028 U+2029 as \u003c etc. Hash inputs need this form.
std::string write_go(const Value& value);

// Over several lines, as `kubectl -o json` prints (4 spaces, Go escapes). No line break at the end.
std::string pretty(const Value& value, int spaces = 4);

// A number as Go prints it: 0.95, 100, 1e+21, 1e-7. Requires a finite number.
std::string write_number(double number);

// The bytes of the valid UTF-8 code point at the start of the text, or 0 when there is none.
std::size_t code_point_bytes(std::string_view text);

}  // namespace canaria::json
