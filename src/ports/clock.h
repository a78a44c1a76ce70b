// The wall clock as a door, so that tests hold the time still.
#pragma once

#include "base/time.h"

namespace canaria {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

}  // namespace canaria
