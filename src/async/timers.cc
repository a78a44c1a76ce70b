#include "async/timers.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>

#include "async/cancelled.h"
#include "async/event.h"

namespace canaria::async {
namespace {

struct Inner {
  Event done;
  std::exception_ptr thrown;
  boost::asio::cancellation_signal cancel;
};

bool was_cancelled(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return is_cancellation(error);
  }
}

}  // namespace

Task<void> sleep_for(std::chrono::steady_clock::duration duration) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

Task<Bounded> run_bounded(Task<void> task, std::chrono::steady_clock::duration limit) {
  const auto executor = co_await boost::asio::this_coro::executor;
  auto inner = std::make_shared<Inner>();
  auto ended = [inner](std::exception_ptr thrown) {
    inner->thrown = thrown;
    inner->done.set();
  };
  boost::asio::co_spawn(executor, std::move(task), boost::asio::bind_cancellation_slot(inner->cancel.slot(), std::move(ended)));
  // From here on a cancellation of this coroutine must not throw until the inner one has ended: its frame refers to ours.
  const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  const Wake first = co_await inner->done.wait_for(limit);
  if (first != Wake::kSet) {
    inner->cancel.emit(boost::asio::cancellation_type::terminal);
    while (!inner->done.is_set()) co_await inner->done.wait_until(SteadyTime::max());
  }
  co_await boost::asio::this_coro::throw_if_cancelled(throws);
  if (first == Wake::kCancelled) throw_cancelled();
  if (inner->thrown && !(first == Wake::kTimeout && was_cancelled(inner->thrown))) std::rethrow_exception(inner->thrown);
  co_return first == Wake::kSet ? Bounded::kFinished : Bounded::kTimedOut;
}

}  // namespace canaria::async
