// The building blocks of concurrency on a real loop, with times of a few milliseconds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "async/child_process.h"
#include "async/event.h"
#include "async/loop.h"
#include "async/scope.h"
#include "async/signals.h"
#include "async/timers.h"

namespace canaria::async {
namespace {

using std::chrono::steady_clock;

struct Trace {
  std::vector<std::string> lines;
  ~Trace() = default;
};

struct OnExit {
  Trace& trace;
  std::string text;
  ~OnExit() { trace.lines.push_back(text); }
};

Task<void> wait_and_note(Event& event, Trace& trace, std::string name) {
  const OnExit left{trace, name + " left"};
  co_await event.wait();
  trace.lines.push_back(name + " woke");
}

Task<Result<int>> answer_after(Millis delay) {
  co_await sleep_for(delay);
  co_return 42;
}

Task<int> throwing() {
  co_await sleep_for(Millis(1));
  throw std::runtime_error("broken");
}

TEST(Scope, WakesEveryWaiterAndJoins) {
  Loop loop;
  Trace trace;
  Event event;
  Scope scope(loop);
  scope.spawn(wait_and_note(event, trace, "a"));
  scope.spawn(wait_and_note(event, trace, "b"));
  loop.block_on(sleep_for(Millis(1)));
  EXPECT_EQ(scope.size(), 2U);
  event.set();
  EXPECT_TRUE(trace.lines.empty()) << "set() must not run waiters inside itself";
  loop.block_on(scope.join());
  EXPECT_THAT(trace.lines, testing::UnorderedElementsAre("a woke", "a left", "b woke", "b left"));
}

TEST(Scope, CancelUnwindsMembers) {
  Loop loop;
  Trace trace;
  Event event;
  Scope scope(loop);
  scope.spawn(wait_and_note(event, trace, "a"));
  loop.block_on(sleep_for(Millis(1)));
  loop.block_on(scope.stop());
  EXPECT_EQ(scope.size(), 0U);
  EXPECT_THAT(trace.lines, testing::ElementsAre("a left"));
}

TEST(Scope, CancelBeforeTheFirstTurnStillEnds) {
  Loop loop;
  Trace trace;
  Event event;
  Scope scope(loop);
  scope.spawn(wait_and_note(event, trace, "a"));
  loop.block_on(scope.stop());
  EXPECT_EQ(scope.size(), 0U);
}

TEST(Event, WaitForSaysWhy) {
  Loop loop;
  Event event;
  EXPECT_EQ(loop.block_on(event.wait_for(Millis(2))), Wake::kTimeout);
  event.set();
  EXPECT_EQ(loop.block_on(event.wait_for(Millis(2))), Wake::kSet);
  event.reset();
  EXPECT_EQ(loop.block_on(event.wait_for(Millis(2))), Wake::kTimeout);
}

TEST(Timeout, PassesTheResultOrSaysWhatTookTooLong) {
  Loop loop;
  const auto quick = loop.block_on(with_timeout(answer_after(Millis(1)), Seconds(5), "ask"));
  ASSERT_TRUE(quick);
  EXPECT_EQ(*quick, 42);
  const auto begin = steady_clock::now();
  const auto slow = loop.block_on(with_timeout(answer_after(Millis(60'000)), Millis(5), "ask"));
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().code, Code::kTimeout);
  EXPECT_EQ(slow.error().message, "ask: no answer within 5 ms");
  EXPECT_LT(steady_clock::now() - begin, Seconds(5));
}

Task<void> bounded_forever(Trace& trace, Event& never) {
  const OnExit left{trace, "outer left"};
  Task<void> inner = wait_and_note(never, trace, "inner");
  co_await run_bounded(std::move(inner), Seconds(60));
  trace.lines.push_back("outer went on");
}

TEST(Timeout, CancellingTheOuterEndsTheInnerFirst) {
  Loop loop;
  Trace trace;
  Event never;
  Scope scope(loop);
  scope.spawn(bounded_forever(trace, never));
  loop.block_on(sleep_for(Millis(1)));
  loop.block_on(scope.stop());
  EXPECT_THAT(trace.lines, testing::ElementsAre("inner left", "outer left"));
}

TEST(Loop, BlockOnPassesExceptionsOn) {
  Loop loop;
  EXPECT_THROW(loop.block_on(throwing()), std::runtime_error);
}

ChildCommand shell(std::string script) {
  ChildCommand command;
  command.arguments = {"sh", "-c", std::move(script)};
  return command;
}

TEST(Child, ReturnsOutputAndExitCode) {
  Loop loop;
  ChildCommand command = shell("echo \"$GREETING\"; cat; exit 3");
  command.environment = {{"GREETING", "hello"}};
  const auto output = loop.block_on(run_child(std::move(command)));
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->text, "hello\n");
  EXPECT_EQ(output->exit_code, 3);
}

TEST(Child, IsKilledAtTheLimit) {
  Loop loop;
  ChildCommand command = shell("exec sleep 100");
  command.limit = Millis(30);
  const auto output = loop.block_on(run_child(std::move(command)));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, Code::kTimeout);
}

TEST(Child, SaysThatAProgramIsMissing) {
  Loop loop;
  ChildCommand command;
  command.arguments = {"/no/such/program"};
  const auto output = loop.block_on(run_child(std::move(command)));
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().message, "start /no/such/program: No such file or directory");
}

TEST(Signals, TheFirstAsksForAGracefulEnd) {
  Loop loop;
  Event stop;
  const Signals signals(loop, [&stop] { stop.set(); });
  ::raise(SIGTERM);
  EXPECT_EQ(loop.block_on(stop.wait_for(Seconds(5))), Wake::kSet);
}

TEST(SignalsDeathTest, TheSecondEndsTheProgram) {
  EXPECT_EXIT(
      {
        Loop loop;
        const Signals signals(loop, [] { ::raise(SIGINT); });
        ::raise(SIGINT);
        loop.block_on(sleep_for(Seconds(5)));
      },
      testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace canaria::async
