// SIGINT and SIGTERM: the first asks the program to end gracefully, the second ends it at once with exit code 1.
#pragma once

#include <functional>
#include <memory>

#include "async/loop.h"

namespace canaria::async {

class Signals {
 public:
  // Calls on_first on the loop at the first signal. Signals are taken over until this object is destroyed.
  Signals(Loop& loop, std::function<void()> on_first);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Watch;
  std::shared_ptr<Watch> watch_;
};

}  // namespace canaria::async
