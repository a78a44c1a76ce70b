// What an unquoted YAML scalar means: the YAML 1.1 types as the Go YAML library behind kubectl reads them, seen through
// JSON (1.0 and 1e3 are the integers 1 and 1000). Reader and writer share this, so what one writes the other reads back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace canaria::json {

// The typed value of a plain scalar; a string when nothing else fits. Empty for infinity and NaN, which JSON cannot say.
std::optional<Value> resolve_plain(std::string_view text);

// The JSON member name a typed scalar becomes as map key: true -> "true", 0x10 -> "16". Empty for null.
std::optional<std::string> key_text(const Value& scalar);

// Whether some YAML reader, of version 1.1 or 1.2, takes the plain text for something else than a string.
bool is_ambiguous(std::string_view text);

}  // namespace canaria::json
