#include "store/random_names.h"

#include <string_view>
#include <sys/random.h>

#include "base/assert.h"

namespace canaria::store {

std::uint32_t RandomNames::word() {
  if (left_ == 0) {
    // Up to 256 bytes always come whole, and without waiting once the system has started.
    const ssize_t size = ::getrandom(words_.data(), sizeof words_, 0);
    CANARIA_ASSERT(size == static_cast<ssize_t>(sizeof words_), "the system gives random numbers");
    left_ = words_.size();
  }
  return words_[--left_];
}

std::string RandomNames::uid() {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::uint32_t, 4> words{};
  for (std::uint32_t& part : words) part = word();
  words[1] = (words[1] & 0xffff0fffU) | 0x00004000U;
  words[2] = (words[2] & 0x3fffffffU) | 0x80000000U;
  std::string text;
  text.reserve(36);
  for (const std::uint32_t part : words)
    for (unsigned shift = 32; shift > 0; shift -= 4) {
      if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
      text += kHex[(part >> (shift - 4)) & 15U];
    }
  return text;
}

std::string RandomNames::suffix() {
  static constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";
  std::string text;
  // 2^32 is so much more than 27 that no letter is noticeably rarer than another.
  for (int at = 0; at < 5; ++at) text += kLetters[word() % kLetters.size()];
  return text;
}

}  // namespace canaria::store
