// The one thread of the program: an event loop that runs every coroutine, timer and socket.
//
// Nothing here is thread-safe, on purpose. Coroutines are started with Scope::spawn (loop-owned work) or block_on (a test or
// a one-shot command).
#pragma once

#include <memory>
#include <optional>

#include "async/task.h"

namespace boost::asio {
class io_context;
}

namespace canaria::async {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop() or until nothing is left to wait for.
  void run();
  void stop();

  // Runs the loop until this one task has ended and returns its result; what else was going on is left suspended.
  template <class T>
  T block_on(Task<T> task) {
    std::optional<T> result;
    run_until_done(keep(std::move(task), &result));
    return std::move(*result);
  }
  void block_on(Task<void> task) { run_until_done(std::move(task)); }

  boost::asio::io_context& context() { return *context_; }

 private:
  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>* result) {
    T value = co_await std::move(task);
    result->emplace(std::move(value));
  }
  void run_until_done(Task<void> task);

  std::unique_ptr<boost::asio::io_context> context_;
};

}  // namespace canaria::async
