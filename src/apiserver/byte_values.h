// Fields that hold bytes are base64 in JSON. A value that is none is refused when the object is read, before any other check, in
// the words of Go's decoder.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "json/value.h"

namespace canaria::apiserver {

// Where a text stops being base64 with padding, as Go counts: the position of the first character that does not fit, or, of a
// text that ends too early, that of its last whole group. Line ends count but mean nothing. Empty when all is well.
std::optional<std::size_t> base64_problem(std::string_view text);

// The problem of the first value of a Secret or ConfigMap that is not base64. Empty for other kinds.
std::optional<std::size_t> bytes_problem(std::string_view kind, const json::Value& object);

}  // namespace canaria::apiserver
