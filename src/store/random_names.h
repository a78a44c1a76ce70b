// The two kinds of random text that objects get: their uid and the end of a generated name.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace canaria::store {

class RandomNames {
 public:
  // A version 4 UUID, from the system's source of randomness.
  std::string uid();
  // Five letters and digits that form no words.
  std::string suffix();

 private:
  std::uint32_t word();

  // Fetched from the system many at a time: one by one they would cost more than all the rest of a small write.
  std::array<std::uint32_t, 64> words_{};
  std::size_t left_ = 0;
};

}  // namespace canaria::store
