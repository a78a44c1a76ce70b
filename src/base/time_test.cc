#include "base/time.h"

#include <gtest/gtest.h>

namespace canaria {
namespace {

TEST(Time, RoundTripsWholeSeconds) {
  const auto time = parse_time("2026-08-01T11:58:03Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(format_time(*time), "2026-08-01T11:58:03Z");
  EXPECT_EQ(format_micro_time(*time + Millis(7)), "2026-08-01T11:58:03.007000Z");
}

TEST(Time, ReadsFractionsAndOffsets) {
  EXPECT_EQ(*parse_time("2026-08-01T11:58:03.123456789Z") - *parse_time("2026-08-01T11:58:03Z"), Millis(123));
  EXPECT_EQ(*parse_time("2026-08-01T13:58:03+02:00"), *parse_time("2026-08-01T11:58:03Z"));
}

TEST(Time, RefusesWhatIsNotRfc3339) {
  for (const char* text : {"", "2026-08-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-08-01T24:00:00Z",
                           "2026-08-01T11:58:03", "2026-08-01T11:58:03.Z", "2026-08-01T11:58:03Zx", "-026-08-01T11:58:03Z"})
    EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace canaria
