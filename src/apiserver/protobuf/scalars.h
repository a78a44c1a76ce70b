// What is a message of its own in protobuf and a scalar in JSON: times, quantities, int-or-string, JSON text; and text that may
// not be UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace canaria::apiserver::protobuf {

// Each reads the bytes of the message, where no bytes are the zero value, and fails with kBadRequest.
Result<json::Value> decode_time(std::string_view bytes);        // whole seconds; null when it is not set
Result<json::Value> decode_micro_time(std::string_view bytes);  // six digits of fraction
Result<json::Value> decode_quantity(std::string_view bytes);    // in canonical spelling
Result<json::Value> decode_int_or_string(std::string_view bytes);
Result<json::Value> decode_json(std::string_view bytes);

// The text with U+FFFD for each byte that is not part of UTF-8, as Go shows it.
std::string valid_text(std::string_view bytes);

}  // namespace canaria::apiserver::protobuf
