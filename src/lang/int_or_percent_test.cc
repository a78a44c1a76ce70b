#include "lang/int_or_percent.h"

#include <boost/describe/class.hpp>
#include <gtest/gtest.h>

#include "json/codec.h"
#include "json/write.h"

namespace canaria::lang {
namespace {

struct Budget {
  std::optional<IntOrString> maxSurge;
  std::optional<IntOrString> maxUnavailable;
};
BOOST_DESCRIBE_STRUCT(Budget, (), (maxSurge, maxUnavailable))

TEST(IntOrString, RoundTripsThroughTheCodec) {
  for (const char* text : {R"({"maxSurge":0,"maxUnavailable":"25%"})", R"({"maxSurge":"","maxUnavailable":-3})", "{}"})
    EXPECT_EQ(json::write(json::encode(json::decode<Budget>(*json::parse(text)))), text);
  EXPECT_EQ(json::write(json::encode(json::decode<Budget>(*json::parse(R"({"maxSurge":99999999999,"maxUnavailable":2.7})")))),
            R"({"maxSurge":2147483647,"maxUnavailable":2})");
}

// The first rows: what the maxSurge and maxUnavailable of a Rollout come to.
TEST(Resolve, TakesNumbersAsCountsAndStringsAsShares) {
  const struct {
    IntOrString share;
    int total;
    std::optional<int> up, down;
  } cases[] = {
      {{"25"}, 1, 1, 0},     {{"25"}, 3, 1, 0},      {{"25"}, 4, 1, 1},       {{"25"}, 5, 2, 1},
      {{"25"}, 10, 3, 2},    {{"10%"}, 5, 1, 0},     {{"0%"}, 8, 0, 0},       {{"100%"}, 3, 3, 3},
      {{"30%"}, 7, 3, 2},    {{20}, 6, 20, 20},      {{0}, 6, 0, 0},          {{-1}, 6, -1, -1},
      {{"25%"}, 0, 0, 0},    {{"150%"}, 3, 5, 4},    {{"-10%"}, 15, -1, -2},  {{"%2%5%"}, 4, 1, 1},
      {{"+50%"}, 4, 2, 2},   {{"29%"}, 100, 29, 29}, {{"7%"}, 100, 7, 7},
      {{""}, 4, {}, {}},     {{"%"}, 4, {}, {}},     {{"x"}, 4, {}, {}},      {{"1.5%"}, 4, {}, {}},
      {{" 5%"}, 4, {}, {}},  {{"5 %"}, 4, {}, {}},   {{"+-5"}, 4, {}, {}},    {{"99999999999999999999%"}, 4, {}, {}},
      {{"9999999999%"}, 1000, 2147483647, 2147483647},
  };
  for (const auto& [share, total, up, down] : cases) {
    const std::string text = json::write(to_json(share));
    EXPECT_EQ(resolve(share, total, Rounding::kUp), up) << text << " of " << total;
    EXPECT_EQ(resolve(share, total, Rounding::kDown), down) << text << " of " << total;
  }
}

}  // namespace
}  // namespace canaria::lang
