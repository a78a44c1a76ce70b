// Owns coroutines: what is spawned here ends before its owner does. The only place where a coroutine runs on its own.
//
// Cancelling makes every member leave by Asio's cancellation exception at its current or next co_await, so cleanup belongs
// in destructors. Any other exception that leaves a member is a bug and ends the program with its text.
#pragma once

#include <cstddef>
#include <memory>

#include "async/loop.h"
#include "async/task.h"

namespace canaria::async {

class Scope {
 public:
  explicit Scope(Loop& loop);
  ~Scope();  // REQUIRES: joined, or the loop will never run again
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  void spawn(Task<void> task);
  void cancel();
  // Returns when the last member has ended. Members may spawn more until then.
  Task<void> join();
  // cancel(), then join().
  Task<void> stop();
  std::size_t size() const;

 private:
  struct Members;
  std::shared_ptr<Members> members_;
};

}  // namespace canaria::async
