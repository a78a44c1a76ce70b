#include "async/scope.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <list>

#include "async/cancelled.h"
#include "async/event.h"
#include "base/assert.h"

namespace canaria::async {
namespace {

void end_on_bug(const std::exception_ptr& thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    if (is_cancellation(error)) return;
    std::fprintf(stderr, "a coroutine ended with: %s\n", error.what());
  }
  CANARIA_ASSERT(false, "no exception may leave a coroutine");
}

}  // namespace

struct Member {
  boost::asio::cancellation_signal signal;
  bool ended = false;
};

struct Scope::Members {
  explicit Members(Loop& owner) : loop(owner) {}
  Loop& loop;
  std::list<Member> running;
  Event empty;
};

Scope::Scope(Loop& loop) : members_(std::make_shared<Members>(loop)) { members_->empty.set(); }

Scope::~Scope() {
  CANARIA_ASSERT(members_->running.empty() || members_->loop.context().stopped(), "a scope was destroyed before it was joined");
}

void Scope::spawn(Task<void> task) {
  members_->empty.reset();
  const auto member = members_->running.emplace(members_->running.end());
  auto ended = [members = members_, member](std::exception_ptr thrown) {
    end_on_bug(thrown);
    member->ended = true;
    // Asio 1.81 posts a cancellation that is emitted outside the loop, with a bare pointer into the signal. It must run
    // before the signal goes, so the signal goes one turn later.
    boost::asio::post(members->loop.context(), [members, member] {
      members->running.erase(member);
      if (members->running.empty()) members->empty.set();
    });
  };
  boost::asio::co_spawn(members_->loop.context(), std::move(task),
                        boost::asio::bind_cancellation_slot(member->signal.slot(), std::move(ended)));
}

void Scope::cancel() {
  for (Member& member : members_->running)
    if (!member.ended) member.signal.emit(boost::asio::cancellation_type::terminal);
}

Task<void> Scope::join() {
  const auto members = members_;
  while (!members->running.empty()) co_await members->empty.wait();
}

Task<void> Scope::stop() {
  cancel();
  return join();
}

std::size_t Scope::size() const { return members_->running.size(); }

}  // namespace canaria::async
