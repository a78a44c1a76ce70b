#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "async/event.h"
#include "async/race.h"
#include "async/scope.h"
#include "async/timers.h"

namespace canaria::async {
namespace {

struct OnExit {
  int& count;
  ~OnExit() { ++count; }
};

Task<void> sleep_and_count(Millis time, int* woke, int* left) {
  const OnExit exit{*left};
  co_await sleep_for(time);
  ++*woke;
}
Task<void> end_at_once() { co_return; }
Task<void> break_after(Millis time) {
  co_await sleep_for(time);
  throw std::runtime_error("broken");
}

TEST(Race, TheFirstToEndEndsTheOther) {
  Loop loop;
  int woke = 0;
  int left = 0;
  loop.block_on(race(sleep_and_count(Millis(1), &woke, &left), sleep_and_count(Millis(60'000), &woke, &left)));
  EXPECT_EQ(woke, 1);
  EXPECT_EQ(left, 2);
  loop.block_on(race(sleep_and_count(Millis(60'000), &woke, &left), end_at_once()));
  EXPECT_EQ(woke, 1) << "whether it had begun or not";
}

TEST(Race, BothMayEndAtOnce) {
  Loop loop;
  loop.block_on(race(end_at_once(), end_at_once()));
}

TEST(Race, AnExceptionGoesOn) {
  Loop loop;
  int woke = 0;
  int left = 0;
  EXPECT_THROW(loop.block_on(race(break_after(Millis(1)), sleep_and_count(Millis(60'000), &woke, &left))), std::runtime_error);
  EXPECT_EQ(left, 1);
}

TEST(Race, CancellingTheCallerCancelsBoth) {
  Loop loop;
  int woke = 0;
  int left = 0;
  Scope scope(loop);
  scope.spawn(race(sleep_and_count(Millis(60'000), &woke, &left), sleep_and_count(Millis(60'000), &woke, &left)));
  loop.block_on(sleep_for(Millis(2)));
  loop.block_on(scope.stop());
  EXPECT_EQ(woke, 0);
  EXPECT_EQ(left, 2);
}

}  // namespace
}  // namespace canaria::async
