#include "app/command_loop.h"

#include "async/timers.h"

namespace canaria::app {

void CommandLoop::run(Task<void> task) { loop_.block_on(run_and_join(std::move(task))); }

Task<void> CommandLoop::run_and_join(Task<void> task) {
  co_await std::move(task);
  co_await scope_.stop();
}

Task<void> CommandLoop::sleep(Millis duration) { return async::sleep_for(duration); }

void CommandLoop::hold_interrupts() {
  if (!signals_) signals_ = std::make_unique<async::Signals>(loop_, [this] { is_interrupted_ = true; });
}

}  // namespace canaria::app
