#include "store/random_names.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace canaria::store {

std::string RandomNames::uid() {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::uint32_t, 4> words{};
  for (std::uint32_t& word : words) word = source_();
  words[1] = (words[1] & 0xffff0fffU) | 0x00004000U;
  words[2] = (words[2] & 0x3fffffffU) | 0x80000000U;
  std::string text;
  text.reserve(36);
  for (const std::uint32_t word : words)
    for (unsigned shift = 32; shift > 0; shift -= 4) {
      if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
      text += kHex[(word >> (shift - 4)) & 15U];
    }
  return text;
}

std::string RandomNames::suffix() {
  static constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::uniform_int_distribution<std::size_t> letter(0, kLetters.size() - 1);
  std::string text;
  for (int at = 0; at < 5; ++at) text += kLetters[letter(source_)];
  return text;
}

}  // namespace canaria::store
