#include "async/event.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/cancelled.h"

namespace canaria::async {

// A timer in the frame of the waiting coroutine, linked into the event; set() cancels the timers.
struct Event::Waiter {
  Waiter(Event& owner, const boost::asio::any_io_executor& executor) : event(owner), timer(executor), next(owner.first_) {
    if (next) next->previous = this;
    event.first_ = this;
  }
  ~Waiter() {
    if (next) next->previous = previous;
    (previous ? previous->next : event.first_) = next;
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  Event& event;
  boost::asio::steady_timer timer;
  Waiter* next;
  Waiter* previous = nullptr;
  bool woken = false;
};

void Event::set() {
  set_ = true;
  for (Waiter* waiter = first_; waiter; waiter = waiter->next) {
    waiter->woken = true;
    waiter->timer.cancel();
  }
}

Task<Wake> Event::wait_until(SteadyTime deadline) {
  if (set_) co_return Wake::kSet;
  const auto executor = co_await boost::asio::this_coro::executor;
  Waiter waiter(*this, executor);
  waiter.timer.expires_at(deadline);
  const auto token = boost::asio::as_tuple(boost::asio::use_awaitable);
  const auto [error] = co_await waiter.timer.async_wait(token);
  if (waiter.woken) co_return Wake::kSet;  // even when it has been reset since: the waiter was told
  co_return error ? Wake::kCancelled : Wake::kTimeout;
}

Task<Wake> Event::wait_for(std::chrono::steady_clock::duration limit) {
  return wait_until(std::chrono::steady_clock::now() + limit);
}

Task<void> Event::wait() {
  const SteadyTime never = SteadyTime::max();
  const Wake wake = co_await wait_until(never);
  if (wake == Wake::kCancelled) throw_cancelled();
}

}  // namespace canaria::async
