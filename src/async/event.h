// Wakes coroutines that wait for something to happen: a finished transfer, a change in a queue, the request to stop.
//
// An event stays set until reset(). Set from the loop thread only; waiters resume in a later turn of the loop, never inside
// set(). The event must outlive its waiters.
#pragma once

#include <chrono>

#include "async/task.h"
#include "base/time.h"

namespace canaria::async {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class Wake { kSet, kTimeout, kCancelled };

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void set();
  void reset() { set_ = false; }
  bool is_set() const { return set_; }

  // Returns when the event is set. A cancelled waiter leaves by the cancellation exception of Asio.
  Task<void> wait();
  // The same with a limit. kCancelled lets a caller clean up; its next co_await throws.
  Task<Wake> wait_for(std::chrono::steady_clock::duration limit);
  Task<Wake> wait_until(SteadyTime deadline);

 private:
  struct Waiter;
  Waiter* first_ = nullptr;
  bool set_ = false;
};

}  // namespace canaria::async
