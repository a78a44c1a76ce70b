// The real clock behind the Clock door.
#pragma once

#include <chrono>

#include "ports/clock.h"

namespace canaria::app {

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
};

}  // namespace canaria::app
