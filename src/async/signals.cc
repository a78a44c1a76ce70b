#include "async/signals.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <unistd.h>

namespace canaria::async {

struct Signals::Watch : std::enable_shared_from_this<Watch> {
  Watch(Loop& loop, std::function<void()> call) : set(loop.context(), SIGINT, SIGTERM), on_first(std::move(call)) {}

  void wait() {
    set.async_wait([self = shared_from_this()](boost::system::error_code error, int) {
      if (error) return;
      if (self->seen) ::_exit(1);
      self->seen = true;
      self->wait();
      self->on_first();
    });
  }

  boost::asio::signal_set set;
  std::function<void()> on_first;
  bool seen = false;
};

Signals::Signals(Loop& loop, std::function<void()> on_first) : watch_(std::make_shared<Watch>(loop, std::move(on_first))) {
  watch_->wait();
}

Signals::~Signals() {
  boost::system::error_code ignored;
  watch_->set.cancel(ignored);
  watch_->set.clear(ignored);
}

}  // namespace canaria::async
