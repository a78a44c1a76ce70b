#include "async/race.h"

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <memory>

#include "async/cancelled.h"
#include "async/event.h"

namespace canaria::async {
namespace {

struct Runner {
  boost::asio::cancellation_signal cancel;
  std::exception_ptr thrown;
  bool ended = false;
};
struct Runners {
  std::array<Runner, 2> both;
  Event one_ended;
  bool all_ended() const { return both[0].ended && both[1].ended; }
  bool any_ended() const { return both[0].ended || both[1].ended; }
};

void start(const boost::asio::any_io_executor& executor, const std::shared_ptr<Runners>& runners, std::size_t which,
           Task<void> task) {
  auto ended = [runners, which](std::exception_ptr thrown) {
    runners->both[which].thrown = thrown;
    runners->both[which].ended = true;
    runners->one_ended.set();
  };
  boost::asio::co_spawn(executor, std::move(task),
                        boost::asio::bind_cancellation_slot(runners->both[which].cancel.slot(), std::move(ended)));
}

void rethrow_unless_cancelled(const std::exception_ptr& thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    if (!is_cancellation(error)) throw;
  }
}

}  // namespace

Task<void> race(Task<void> left, Task<void> right) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto runners = std::make_shared<Runners>();
  start(executor, runners, 0, std::move(left));
  start(executor, runners, 1, std::move(right));
  // From here on a cancellation of this coroutine must not throw until both have ended: their frames may refer to ours.
  const bool throws = co_await boost::asio::this_coro::throw_if_cancelled();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  Wake first = Wake::kSet;
  if (!runners->any_ended()) first = co_await runners->one_ended.wait_until(SteadyTime::max());
  for (Runner& runner : runners->both)
    if (!runner.ended) runner.cancel.emit(boost::asio::cancellation_type::terminal);
  while (!runners->all_ended()) {
    runners->one_ended.reset();
    co_await runners->one_ended.wait_until(SteadyTime::max());
  }
  co_await boost::asio::this_coro::throw_if_cancelled(throws);
  if (first == Wake::kCancelled) throw_cancelled();
  for (const Runner& runner : runners->both) rethrow_unless_cancelled(runner.thrown);
}

}  // namespace canaria::async
