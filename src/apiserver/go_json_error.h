// Why a text is no JSON, in the words that users of kubectl know from the API server: those of Go's parser.
#pragma once

#include <string>
#include <string_view>

namespace canaria::apiserver {

// REQUIRES: `text` is not JSON. "invalid character 'a' looking for beginning of value"
std::string go_json_error(std::string_view text);

// How a body begins, for messages: text where it looks like JSON, bytes in hexadecimal otherwise, "<empty>" when there is none.
std::string body_excerpt(std::string_view body);

}  // namespace canaria::apiserver
