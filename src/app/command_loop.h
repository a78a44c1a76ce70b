// The event loop as the command line sees it (cli::Loop), on the real loop and real signals.
#pragma once

#include <memory>

#include "async/loop.h"
#include "async/scope.h"
#include "async/signals.h"
#include "cli/cli.h"

namespace canaria::app {

class CommandLoop final : public cli::Loop {
 public:
  async::Loop& loop() { return loop_; }

  void run(Task<void> task) override;
  void spawn(Task<void> task) override { scope_.spawn(std::move(task)); }
  Task<void> sleep(Millis duration) override;
  void hold_interrupts() override;
  bool is_interrupted() const override { return is_interrupted_; }

 private:
  Task<void> run_and_join(Task<void> task);

  async::Loop loop_;
  async::Scope scope_{loop_};
  std::unique_ptr<async::Signals> signals_;
  bool is_interrupted_ = false;
};

}  // namespace canaria::app
