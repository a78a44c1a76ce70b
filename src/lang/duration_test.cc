#include "lang/duration.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace canaria::lang {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(Duration, ReadsAndPrintsAsGoDoes) {
  const struct {
    const char* text;
    std::int64_t nanoseconds;
    const char* printed;
  } cases[] = {
      {"0", 0, "0s"},
      {"-0", 0, "0s"},
      {"1s", kSecond, "1s"},
      {"1h30m", 5400 * kSecond, "1h30m0s"},
      {"1.5s", 1'500'000'000, "1.5s"},
      {"100ms", 100'000'000, "100ms"},
      {"-1s", -kSecond, "-1s"},
      {"+5s", 5 * kSecond, "5s"},
      {".5s", 500'000'000, "500ms"},
      {"1.s", kSecond, "1s"},
      {"1us", 1000, "1\xC2\xB5s"},
      {"1\xC2\xB5s", 1000, "1\xC2\xB5s"},
      {"1\xCE\xBCs", 1000, "1\xC2\xB5s"},
      {"1.5us", 1500, "1.5\xC2\xB5s"},
      {"1ns", 1, "1ns"},
      {"1m1m", 120 * kSecond, "2m0s"},
      {"1.000000001s", kSecond + 1, "1.000000001s"},
      {"0.0000000001s", 0, "0s"},
      {"0.3333333333333333333h", 1200 * kSecond, "20m0s"},
      {"0.9223372036854775807h", 3'320'413'933'267, "55m20.413933267s"},
      {"1.5h30.5m", 7230 * kSecond, "2h0m30s"},
      {"-1.5h", -5400 * kSecond, "-1h30m0s"},
      {"9223372036854775807ns", std::numeric_limits<std::int64_t>::max(), "2562047h47m16.854775807s"},
      {"-9223372036854775808ns", std::numeric_limits<std::int64_t>::min(), "-2562047h47m16.854775808s"},
  };
  for (const auto& [text, count, printed] : cases) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text << ": " << duration.error().message;
    EXPECT_EQ(duration->count(), count) << text;
    EXPECT_EQ(format_duration(*duration), printed) << text;
    EXPECT_EQ(*parse_duration(printed), *duration) << printed;
  }
}

TEST(Duration, RefusesWithTheTextsOfGo) {
  const struct {
    const char *text, *message;
  } cases[] = {
      {"", R"(time: invalid duration "")"},
      {"-", R"(time: invalid duration "-")"},
      {"x", R"(time: invalid duration "x")"},
      {"5", R"(time: missing unit in duration "5")"},
      {"00", R"(time: missing unit in duration "00")"},
      {"1.2.3s", R"(time: missing unit in duration "1.2.3s")"},
      {"1d", R"(time: unknown unit "d" in duration "1d")"},
      {"1h 30m", R"(time: unknown unit "h " in duration "1h 30m")"},
      {" 1s", R"(time: invalid duration " 1s")"},
      {".s", R"(time: invalid duration ".s")"},
      {"--1s", R"(time: invalid duration "--1s")"},
      {"1e3s", R"(time: unknown unit "e" in duration "1e3s")"},
      {"1\"", R"(time: unknown unit "\"" in duration "1\"")"},
      {"\xC3\xA9\n", R"(time: invalid duration "\xc3\xa9\x0a")"},
      {"9223372036854775808ns", R"(time: invalid duration "9223372036854775808ns")"},
      {"-9223372036854775809ns", R"(time: invalid duration "-9223372036854775809ns")"},
      {"2562048h", R"(time: invalid duration "2562048h")"},
      {"999999999999999999999s", R"(time: invalid duration "999999999999999999999s")"},
      {"2562047h2562047h", R"(time: invalid duration "2562047h2562047h")"},
  };
  for (const auto& [text, message] : cases) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().message, message);
    EXPECT_EQ(duration.error().code, Code::kInvalid);
  }
}

TEST(HumanDuration, FollowsTheTableOfKubectl) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  constexpr std::int64_t kYear = 365 * kDay;
  const struct {
    std::int64_t seconds;
    const char* text;
  } cases[] = {
      {-2, "<invalid>"},
      {-1, "0s"},
      {0, "0s"},
      {119, "119s"},
      {120, "2m"},
      {4 * kMinute + 10, "4m10s"},
      {10 * kMinute - 1, "9m59s"},
      {10 * kMinute + 5, "10m"},
      {3 * kHour - 1, "179m"},
      {3 * kHour, "3h"},
      {3 * kHour + 5 * kMinute, "3h5m"},
      {8 * kHour - 1, "7h59m"},
      {8 * kHour + 59 * kMinute, "8h"},
      {2 * kDay - 1, "47h"},
      {2 * kDay, "2d"},
      {2 * kDay + 3 * kHour, "2d3h"},
      {8 * kDay - 1, "7d23h"},
      {8 * kDay + kHour, "8d"},
      {2 * kYear - 1, "729d"},
      {2 * kYear, "2y"},
      {2 * kYear + 30 * kDay, "2y30d"},
      {8 * kYear - 1, "7y364d"},
      {8 * kYear + kDay, "8y"},
      {100 * kYear, "100y"},
  };
  for (const auto& [elapsed, text] : cases) EXPECT_EQ(human_duration(seconds(elapsed)), text) << elapsed;
}

}  // namespace
}  // namespace canaria::lang
