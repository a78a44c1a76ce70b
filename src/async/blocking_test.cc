#include "async/blocking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "async/scope.h"

namespace canaria::async {
namespace {

Task<void> run_and_note(Blocking& blocking, int number, std::vector<int>& ran, std::vector<int>& returned) {
  std::function<void()> work = [number, &ran] { ran.push_back(number); };
  co_await blocking.run(std::move(work));
  returned.push_back(number);
}

Task<void> note_thread(Blocking& blocking, std::thread::id& inside) {
  std::function<void()> work = [&inside] { inside = std::this_thread::get_id(); };
  co_await blocking.run(std::move(work));
}

TEST(Blocking, RunsWorkInOrderOnAnotherThreadAndReturnsOnTheLoop) {
  Loop loop;
  Blocking blocking(loop);
  std::thread::id inside;
  loop.block_on(note_thread(blocking, inside));
  EXPECT_NE(inside, std::thread::id());
  EXPECT_NE(inside, std::this_thread::get_id());
  std::vector<int> ran, returned;
  Scope scope(loop);
  for (int i = 0; i < 5; ++i) scope.spawn(run_and_note(blocking, i, ran, returned));
  loop.block_on(scope.join());
  EXPECT_THAT(ran, testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(returned, testing::UnorderedElementsAre(0, 1, 2, 3, 4));
}

}  // namespace
}  // namespace canaria::async
