#include "async/loop.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "base/assert.h"

namespace canaria::async {

Loop::Loop() : context_(std::make_unique<boost::asio::io_context>(1)) {}
Loop::~Loop() = default;

void Loop::run() { context_->run(); }
void Loop::stop() { context_->stop(); }

void Loop::run_until_done(Task<void> task) {
  bool done = false;
  std::exception_ptr failure;
  boost::asio::co_spawn(*context_, std::move(task), [&done, &failure](std::exception_ptr thrown) {
    failure = thrown;
    done = true;
  });
  context_->restart();
  while (!done) CANARIA_ASSERT(context_->run_one() > 0, "the loop was stopped before the task had ended");
  if (failure) std::rethrow_exception(failure);
}

}  // namespace canaria::async
