// Base64 as certificates in kubeconfig files and the values of Secrets are written in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace canaria {

// Standard alphabet, padding optional, white space skipped. Empty optional on any other character.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace canaria
