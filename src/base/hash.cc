#include "base/hash.h"

namespace canaria {

std::uint32_t fnv1a_32(std::string_view bytes, std::uint32_t state) {
  for (const char byte : bytes) state = (state ^ static_cast<unsigned char>(byte)) * 16777619U;
  return state;
}

std::string safe_encode(std::uint32_t hash) {
  static constexpr std::string_view kLetters = "456789bcdf";
  std::string text = std::to_string(hash);
  for (char& digit : text) digit = kLetters[static_cast<std::size_t>(digit - '0')];
  return text;
}

}  // namespace canaria
