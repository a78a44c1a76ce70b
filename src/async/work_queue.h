// Runs a reconciler over keys: de-duplicated, delayed, retried with back-off, a bounded number at once, never one key twice
// at once. The order is decided by Schedule; this file adds the clock and the coroutines.
//
// The handler returns when it wants to run again (a wall clock time) or nothing; an error means "again after a back-off",
// at least as long as the error's retry_after. An exception that leaves the handler counts as an internal error.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "async/cancelled.h"
#include "async/event.h"
#include "async/schedule.h"
#include "async/scope.h"
#include "async/task.h"
#include "base/result.h"
#include "base/time.h"

namespace canaria::async {

// What a queue reports about itself. Each may be empty.
struct QueueHooks {
  std::function<void()> added;
  std::function<void()> retried;
  std::function<void(double)> waited;         // seconds from due to start
  std::function<void(double)> worked;         // seconds of one run
  std::function<void(const Error&)> failed;   // beside what the handler itself reports
};

template <class Key>
class WorkQueue {
 public:
  using Handler = std::function<Task<Result<std::optional<Time>>>(Key)>;
  using WallClock = std::function<Time()>;
  using Steady = std::chrono::steady_clock;

  WorkQueue(Loop& loop, std::size_t workers, Handler handler, WallClock now, QueueHooks hooks = {}, BackOff back_off = {})
      : loop_scope_(loop),
        workers_(workers),
        handler_(std::move(handler)),
        now_(std::move(now)),
        hooks_(std::move(hooks)),
        schedule_(back_off) {}

  // Before start() keys are only collected.
  void start() { loop_scope_.spawn(dispatch()); }

  void add(const Key& key) { add_after(key, Millis(0)); }
  void add_after(const Key& key, Steady::duration delay) {
    if (closed_) return;
    if (schedule_.add(key, Steady::now() + delay) && hooks_.added) hooks_.added();
    changed_.set();
  }
  void add_at(const Key& key, Time when) { add_after(key, std::max(Millis(0), when - now_())); }

  // Takes no further key, waits for those that run, then ends. Keys still waiting are dropped.
  Task<void> drain() {
    closed_ = true;
    changed_.set();
    return loop_scope_.join();
  }
  // The same, but the running handlers are cancelled.
  Task<void> stop() {
    closed_ = true;
    return loop_scope_.stop();
  }

  // For gauges, computed when they are read: keys that are ready but not running; how long each running one has taken.
  std::size_t ready() const { return schedule_.ready(Steady::now()); }
  std::size_t running() const { return started_.size(); }
  std::vector<double> running_seconds() const {
    std::vector<double> result;
    for (const auto& [key, start] : started_) result.push_back(seconds(Steady::now() - start));
    return result;
  }
  std::size_t size() const { return schedule_.size(); }

 private:
  Task<void> dispatch() {
    while (!closed_) {
      changed_.reset();
      while (schedule_.running() < workers_) {
        auto taken = schedule_.take(Steady::now());
        if (!taken) break;
        loop_scope_.spawn(work(std::move(taken->key), taken->due));
      }
      const auto next = schedule_.running() < workers_ ? schedule_.next_due() : std::nullopt;
      co_await changed_.wait_until(next.value_or(SteadyTime::max()));
    }
  }

  Task<void> work(Key key, Steady::time_point due) {
    const Finish finish(*this, key);  // also when cancelled
    const auto start = Steady::now();
    started_[key] = start;
    if (hooks_.waited) hooks_.waited(seconds(start - due));
    Result<std::optional<Time>> outcome = fail(Code::kInternal, "");
    try {
      outcome = co_await handler_(key);
    } catch (const std::exception& thrown) {
      if (closed_ && is_cancellation(thrown)) throw;
      outcome = fail(Code::kInternal, std::string("reconcile ended with an exception: ") + thrown.what());
    }
    if (hooks_.worked) hooks_.worked(seconds(Steady::now() - start));
    settle(key, outcome);
  }

  void settle(const Key& key, const Result<std::optional<Time>>& outcome) {
    if (outcome) {
      schedule_.count_success(key);
      if (*outcome) add_at(key, **outcome);
      return;
    }
    if (hooks_.failed) hooks_.failed(outcome.error());
    if (hooks_.retried) hooks_.retried();
    Millis delay = schedule_.count_failure(key);
    if (outcome.error().retry_after) delay = std::max(delay, Millis(*outcome.error().retry_after));
    add_after(key, delay);
  }

  struct Finish {
    Finish(WorkQueue& owner, const Key& running) : queue(owner), key(running) {}
    ~Finish() {
      queue.started_.erase(key);
      queue.schedule_.finish(key);
      queue.changed_.set();
    }
    Finish(const Finish&) = delete;
    Finish& operator=(const Finish&) = delete;
    WorkQueue& queue;
    const Key& key;
  };
  static double seconds(Steady::duration duration) { return std::chrono::duration<double>(duration).count(); }

  Scope loop_scope_;
  std::size_t workers_;
  Handler handler_;
  WallClock now_;
  QueueHooks hooks_;
  Schedule<Key> schedule_;
  std::map<Key, Steady::time_point> started_;
  Event changed_;
  bool closed_ = false;
};

}  // namespace canaria::async
