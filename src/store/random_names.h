// The two kinds of random text that objects get: their uid and the end of a generated name.
#pragma once

#include <random>
#include <string>

namespace canaria::store {

class RandomNames {
 public:
  // A version 4 UUID, from the system's source of randomness.
  std::string uid();
  // Five letters and digits that form no words.
  std::string suffix();

 private:
  std::random_device source_;
};

}  // namespace canaria::store
