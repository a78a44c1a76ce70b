#include "async/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/timers.h"

namespace canaria::async {
namespace {

using Plan = Schedule<std::string>;
const Plan::Instant kStart = Plan::Instant() + std::chrono::hours(1);

std::string take(Plan& plan, Plan::Instant now) {
  const auto taken = plan.take(now);
  return taken ? taken->key : "-";
}

TEST(Schedule, KeepsTheEarliestDeadlineAndOneEntryPerKey) {
  Plan plan;
  EXPECT_TRUE(plan.add("a", kStart + Seconds(10)));
  EXPECT_FALSE(plan.add("a", kStart + Seconds(5)));
  EXPECT_FALSE(plan.add("a", kStart + Seconds(20)));
  EXPECT_EQ(plan.next_due(), kStart + Seconds(5));
  EXPECT_EQ(take(plan, kStart + Seconds(4)), "-");
  EXPECT_EQ(take(plan, kStart + Seconds(5)), "a");
  EXPECT_EQ(take(plan, kStart + Seconds(60)), "-");
}

TEST(Schedule, RunsInOrderOfDueTime) {
  Plan plan;
  plan.add("late", kStart + Seconds(2));
  plan.add("early", kStart + Seconds(1));
  EXPECT_EQ(plan.ready(kStart + Seconds(1)), 1U);
  EXPECT_EQ(plan.ready(kStart + Seconds(3)), 2U);
  EXPECT_EQ(take(plan, kStart + Seconds(3)), "early");
  EXPECT_EQ(take(plan, kStart + Seconds(3)), "late");
}

TEST(Schedule, NeverRunsAKeyTwiceAtOnce) {
  Plan plan;
  plan.add("a", kStart);
  EXPECT_EQ(take(plan, kStart), "a");
  plan.add("a", kStart);
  EXPECT_EQ(take(plan, kStart), "-");
  plan.finish("a");
  EXPECT_EQ(take(plan, kStart), "a");
  plan.finish("a");
  EXPECT_EQ(plan.size(), 0U) << "nothing is remembered about a key that is done";
}

TEST(Schedule, BacksOffFromOneMillisecondToTenSecondsAndResets) {
  Plan plan;
  std::vector<std::int64_t> delays;
  for (int i = 0; i < 16; ++i) delays.push_back(plan.count_failure("a").count());
  EXPECT_THAT(delays, testing::ElementsAre(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 10000, 10000));
  plan.count_success("a");
  EXPECT_EQ(plan.count_failure("a"), Millis(1));
}

Time wall_clock() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

// A reconciler that notes what it does and fails as often as it is told.
struct Recorder {
  Task<Result<std::optional<Time>>> run(std::string key) {
    runs.push_back(key);
    most_at_once = std::max(most_at_once, ++at_once);
    co_await sleep_for(duration);
    --at_once;
    if (key == "throws" && runs.size() < 3) throw std::runtime_error("oops");
    if (failures > 0) {
      --failures;
      co_return fail(Code::kConflict, "not yet");
    }
    if (runs.size() >= stop_after) done.set();
    if (wake_again > 0) {
      --wake_again;
      co_return wall_clock() + Millis(3);
    }
    co_return std::nullopt;
  }
  WorkQueue<std::string>::Handler handler() {
    return [this](std::string key) { return run(std::move(key)); };
  }

  std::vector<std::string> runs;
  Millis duration{2};
  int failures = 0;
  int wake_again = 0;
  int at_once = 0;
  int most_at_once = 0;
  std::size_t stop_after = 1;
  Event done;
};

TEST(WorkQueue, RetriesFailuresAndCountsThem) {
  Loop loop;
  Recorder recorder;
  recorder.failures = 3;
  recorder.stop_after = 4;
  int retried = 0;
  QueueHooks hooks;
  hooks.retried = [&retried] { ++retried; };
  WorkQueue<std::string> queue(loop, 2, recorder.handler(), wall_clock, hooks);
  queue.start();
  queue.add("a");
  loop.block_on(recorder.done.wait());
  loop.block_on(queue.drain());
  EXPECT_EQ(recorder.runs.size(), 4U);
  EXPECT_EQ(retried, 3);
}

TEST(WorkQueue, RunsManyKeysWithBoundedConcurrency) {
  Loop loop;
  Recorder recorder;
  recorder.stop_after = 20;
  WorkQueue<std::string> queue(loop, 3, recorder.handler(), wall_clock);
  for (int i = 0; i < 20; ++i) queue.add("key-" + std::to_string(i));
  queue.start();
  loop.block_on(recorder.done.wait());
  loop.block_on(queue.drain());
  EXPECT_EQ(recorder.runs.size(), 20U);
  EXPECT_EQ(recorder.most_at_once, 3);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(WorkQueue, WakesAgainWhenTheHandlerAsks) {
  Loop loop;
  Recorder recorder;
  recorder.wake_again = 2;
  recorder.stop_after = 3;
  WorkQueue<std::string> queue(loop, 3, recorder.handler(), wall_clock);
  queue.start();
  queue.add("a");
  loop.block_on(recorder.done.wait());
  loop.block_on(queue.drain());
  EXPECT_EQ(recorder.runs.size(), 3U);
}

TEST(WorkQueue, SurvivesAnExceptionOfTheHandler) {
  Loop loop;
  Recorder recorder;
  recorder.stop_after = 3;
  std::vector<std::string> messages;
  QueueHooks hooks;
  hooks.failed = [&messages](const Error& error) { messages.push_back(error.message); };
  WorkQueue<std::string> queue(loop, 3, recorder.handler(), wall_clock, hooks);
  queue.start();
  queue.add("throws");
  loop.block_on(recorder.done.wait());
  loop.block_on(queue.drain());
  EXPECT_THAT(messages, testing::ElementsAre("reconcile ended with an exception: oops",
                                             "reconcile ended with an exception: oops"));
}

TEST(WorkQueue, StopCancelsTheHandlersThatRun) {
  Loop loop;
  Recorder recorder;
  recorder.duration = Seconds(60);
  WorkQueue<std::string> queue(loop, 3, recorder.handler(), wall_clock);
  queue.start();
  queue.add("a");
  queue.add_after("later", Seconds(60));
  loop.block_on(sleep_for(Millis(1)));
  loop.block_on(queue.stop());
  EXPECT_EQ(recorder.runs.size(), 1U);
  EXPECT_FALSE(recorder.done.is_set());
}

}  // namespace
}  // namespace canaria::async
