#include "async/blocking.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "async/event.h"

namespace canaria::async {

struct Blocking::Thread {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> queue;
  bool closing = false;
  std::thread thread;

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return closing || !queue.empty(); });
      if (queue.empty()) return;
      const std::function<void()> work = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }
  void add(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    queue.push_back(std::move(work));
    changed.notify_one();
  }
};

Blocking::Blocking(Loop& loop) : loop_(loop), thread_(std::make_unique<Thread>()) {
  thread_->thread = std::thread([thread = thread_.get()] { thread->run(); });
}

Blocking::~Blocking() {
  {
    const std::lock_guard lock(thread_->mutex);
    thread_->closing = true;
    thread_->changed.notify_one();
  }
  thread_->thread.join();
}

Task<void> Blocking::run(std::function<void()> work) {
  const auto done = std::make_shared<Event>();
  boost::asio::io_context& context = loop_.context();
  std::function<void()> reporting = [done, &context, work = std::move(work)] {
    work();
    boost::asio::post(context, [done] { done->set(); });
  };
  thread_->add(std::move(reporting));
  co_await done->wait();
}

}  // namespace canaria::async
