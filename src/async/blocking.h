// The one thread beside the loop, for calls that block: disk commits, large compressions.
//
// Work runs in the order it was given, one after another. What it touches belongs to it until it has ended; nothing else of
// the program is thread-safe.
#pragma once

#include <functional>
#include <memory>

#include "async/loop.h"
#include "async/task.h"

namespace canaria::async {

class Blocking {
 public:
  explicit Blocking(Loop& loop);
  ~Blocking();  // waits for the work that was given; REQUIRES: the loop still exists
  Blocking(const Blocking&) = delete;
  Blocking& operator=(const Blocking&) = delete;

  // Returns on the loop when the work has ended. A cancelled caller leaves at once and the work still runs, so it owns
  // what it needs. No exception may leave the work.
  Task<void> run(std::function<void()> work);

 private:
  struct Thread;
  Loop& loop_;
  std::unique_ptr<Thread> thread_;
};

}  // namespace canaria::async
