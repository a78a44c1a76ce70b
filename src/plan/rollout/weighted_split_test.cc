// Surge limits and the split of pods by weight, as tables.

#include <gtest/gtest.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {

inline void PrintTo(const SurgeLimits& limits, std::ostream* out) {
  *out << "surge " << limits.surge << ", unavailable " << limits.unavailable;
}

namespace {

using Amount = std::optional<api::IntOrString>;

TEST(SurgeLimits, RoundSurgeUpAndUnavailableDown) {
  struct Row {
    std::int32_t replicas;
    Amount surge, unavailable;
    SurgeLimits want;
  };
  const Row rows[] = {
      {1, {}, {}, {1, 0}},
      {3, {}, {}, {1, 0}},
      {4, {}, {}, {1, 1}},
      {5, {}, {}, {2, 1}},
      {10, {}, {}, {3, 2}},
      {5, amount(0), amount("10%"), {0, 1}},
      {8, amount("0%"), amount("25%"), {0, 2}},
      {3, amount("100%"), amount(0), {3, 0}},
      {6, amount(2), amount(20), {2, 6}},
      {7, amount("30%"), amount("10%"), {3, 0}},
      // Without pods only an absolute surge is left.
      {0, {}, {}, {0, 0}},
      {0, amount(2), amount(3), {2, 0}},
      // Any string is a percentage; one that is no number switches both off.
      {10, amount("25"), amount("20"), {3, 2}},
      {10, amount("many"), amount(2), {0, 0}},
  };
  for (const Row& row : rows) EXPECT_EQ(surge_limits(row.replicas, row.surge, row.unavailable), row.want) << "R " << row.replicas;
}

TEST(SurgeLimits, OfARolloutAreThoseOfItsStrategy) {
  const auto rollout = RolloutBuilder("web").replicas(10).max_surge(1).max_unavailable("30%").build();
  EXPECT_EQ(surge_limits(rollout), (SurgeLimits{1, 3}));
  EXPECT_EQ(surge_limits(RolloutBuilder("web").replicas(10).build()), (SurgeLimits{3, 2}));
}

struct SplitRow {
  const char* name;
  std::int32_t replicas, weight, surge;
  Sizes want;
};

TEST(WeightedSplit, ComesClosestToTheWeight) {
  const SplitRow rows[] = {
      {"A1", 1, 1, 1, {1, 1}},      {"A2", 1, 30, 0, {0, 1}},    {"A3", 1, 60, 0, {1, 0}},     {"A4", 2, 10, 0, {1, 1}},
      {"A5", 2, 60, 1, {2, 1}},     {"A6", 3, 20, 0, {1, 2}},    {"A7", 3, 40, 1, {1, 2}},     {"A8", 3, 66, 0, {2, 1}},
      {"A9", 4, 12, 1, {1, 4}},     {"A10", 4, 33, 2, {2, 3}},   {"A11", 5, 10, 0, {1, 4}},    {"A12", 5, 10, 1, {1, 5}},
      {"A13", 5, 30, 1, {2, 4}},    {"A14", 5, 50, 0, {3, 2}},   {"A15", 5, 50, 2, {3, 3}},    {"A16", 5, 95, 2, {5, 1}},
      {"A17", 6, 40, 1, {3, 4}},    {"A18", 6, 40, 0, {2, 4}},   {"A19", 7, 60, 2, {5, 3}},    {"A20", 8, 15, 0, {1, 7}},
      {"A21", 9, 50, 1, {5, 5}},    {"A22", 10, 25, 0, {3, 7}},  {"A23", 10, 99, 3, {10, 1}},  {"A24", 20, 3, 5, {1, 20}},
      {"A25", 100, 1, 25, {1, 99}}, {"A26", 6, 100, 2, {6, 0}},
  };
  for (const SplitRow& row : rows) EXPECT_EQ(weighted_split(row.replicas, row.weight, row.surge), row.want) << row.name;
}

// Argo Rollouts gives these five no canary at all and lets the step complete; one pod has to stay stable instead.
TEST(WeightedSplit, AlmostFullWeightWithoutSurgeLeavesOneStablePod) {
  const SplitRow rows[] = {
      {"2 pods, 75 %", 2, 75, 0, {1, 1}},    {"5 pods, 90 %", 5, 90, 0, {4, 1}},    {"10 pods, 95 %", 10, 95, 0, {9, 1}},
      {"25 pods, 98 %", 25, 98, 0, {24, 1}}, {"50 pods, 99 %", 50, 99, 0, {49, 1}},
  };
  for (const SplitRow& row : rows) EXPECT_EQ(weighted_split(row.replicas, row.weight, row.surge), row.want) << row.name;
}

TEST(WeightedSplit, HasNothingToSplitWithoutPods) {
  EXPECT_EQ(weighted_split(0, 50, 2), (Sizes{0, 0}));
  EXPECT_EQ(weighted_split(10, 0, 3), (Sizes{0, 10}));
}

TEST(WeightedSplit, CountsInSixtyFourBits) {
  EXPECT_EQ(weighted_split(100'000'000, 50, 0), (Sizes{50'000'000, 50'000'000}));
  EXPECT_EQ(weighted_split(2'000'000'000, 100, 0), (Sizes{2'000'000'000, 0}));
}

// Whatever the weight, both sides get pods strictly between 0 and 100 % and the total stays within one pod of the wish.
TEST(WeightedSplit, KeepsBothSidesServingForEveryWeight) {
  for (std::int32_t replicas = 2; replicas <= 60; ++replicas)
    for (std::int32_t weight = 1; weight < 100; ++weight)
      for (std::int32_t surge : {0, 1, 3}) {
        const Sizes sizes = weighted_split(replicas, weight, surge);
        ASSERT_GT(sizes.canary, 0) << replicas << " " << weight;
        ASSERT_GT(sizes.stable, 0) << replicas << " " << weight;
        ASSERT_GE(sizes.canary + sizes.stable, replicas);
        ASSERT_LE(sizes.canary + sizes.stable, replicas + std::min(surge, 1));
      }
}

}  // namespace
}  // namespace canaria::plan
