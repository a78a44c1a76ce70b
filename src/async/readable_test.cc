// Waiting for descriptors on a real loop.
#include "async/readable.h"

#include <array>
#include <gtest/gtest.h>
#include <unistd.h>

#include "async/loop.h"
#include "async/scope.h"
#include "async/timers.h"
#include "base/time.h"

namespace canaria::async {
namespace {

Task<void> note_readable(int descriptor, int* count) {
  co_await wait_readable(descriptor);
  ++*count;
}

TEST(WaitReadable, ReturnsWhenThereIsSomethingAndLeavesTheDescriptorOpen) {
  Loop loop;
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  int count = 0;
  Scope scope(loop);
  scope.spawn(note_readable(ends[0], &count));
  loop.block_on(sleep_for(Millis(5)));
  EXPECT_EQ(count, 0);
  ASSERT_EQ(::write(ends[1], "ab", 2), 2);
  loop.block_on(scope.join());
  EXPECT_EQ(count, 1);

  loop.block_on(note_readable(ends[0], &count));
  EXPECT_EQ(count, 2) << "what is readable already is at once";
  std::array<char, 4> chunk{};
  EXPECT_EQ(::read(ends[0], chunk.data(), chunk.size()), 2);

  scope.spawn(note_readable(ends[0], &count));
  loop.block_on(sleep_for(Millis(5)));
  loop.block_on(scope.stop());
  EXPECT_EQ(count, 2) << "cancelled";
  ::close(ends[1]);
  loop.block_on(note_readable(ends[0], &count));
  EXPECT_EQ(count, 3) << "the end counts as readable";
  EXPECT_EQ(::read(ends[0], chunk.data(), chunk.size()), 0);
  EXPECT_EQ(::close(ends[0]), 0);
}

}  // namespace
}  // namespace canaria::async
