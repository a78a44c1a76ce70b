// Waiting for time to pass, and a limit on how long something else may take.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "async/task.h"
#include "base/result.h"

namespace canaria::async {

// Suspends the coroutine; cancelling it ends the wait.
Task<void> sleep_for(std::chrono::steady_clock::duration duration);

enum class Bounded { kFinished, kTimedOut };
// Runs the task and cancels it at the limit. Returns only when the task has ended either way; passes on its exception.
Task<Bounded> run_bounded(Task<void> task, std::chrono::steady_clock::duration limit);

template <class T>
Task<void> store_result(Task<Result<T>> task, std::optional<Result<T>>* result) {
  Result<T> value = co_await std::move(task);
  result->emplace(std::move(value));
}

// The task's result, or kTimeout "<what>: no answer within <limit>" after it has been cancelled.
template <class T>
Task<Result<T>> with_timeout(Task<Result<T>> task, std::chrono::steady_clock::duration limit, std::string what) {
  std::optional<Result<T>> result;
  Task<void> stored = store_result(std::move(task), &result);
  co_await run_bounded(std::move(stored), limit);
  if (result) co_return std::move(*result);
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  co_return fail(Code::kTimeout, what + ": no answer within " + std::to_string(millis) + " ms");
}

}  // namespace canaria::async
