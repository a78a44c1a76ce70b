// When the pods of a step are there.

#include <gtest/gtest.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {
namespace {

struct Row {
  const char* type;  // null: no threshold
  std::int32_t value;
  std::int32_t spec, available, want;
  bool met;
};

TEST(ProgressThreshold, AsksForAllPodsOrForItsShare) {
  const Row rows[] = {
      {nullptr, 0, 4, 4, 4, true},
      {nullptr, 0, 4, 3, 4, false},
      {nullptr, 0, 5, 4, 4, false},
      {"Percent", 70, 10, 7, 10, true},
      {"Percent", 70, 10, 6, 10, false},
      {"Percent", 66, 3, 2, 3, true},
      {"Percent", 67, 3, 2, 3, false},
      {"Percent", 50, 0, 0, 0, true},
      {"Pods", 3, 10, 3, 10, true},
      {"Pods", 3, 2, 2, 3, false},
      {"Percent", -1, 4, 4, 4, true},
      {"Percent", -1, 4, 3, 4, false},
      {"Anything", 3, 10, 3, 10, true},
      // A threshold larger than the step's target blocks Argo Rollouts forever; here the target is enough.
      {"Pods", 3, 2, 2, 2, true},
      {"Pods", 3, 2, 1, 2, false},
      {"Percent", 150, 4, 4, 4, true},
      {"Percent", 150, 4, 3, 4, false},
      // A threshold of 0 lets Argo Rollouts pass without a pod; here it counts as unset.
      {"Pods", 0, 5, 0, 5, false},
      {"Pods", 0, 5, 5, 5, true},
      {"Percent", 0, 5, 0, 5, false},
  };
  for (const Row& row : rows) {
    RolloutBuilder builder("web");
    if (row.type) builder.threshold(row.type, row.value);
    const auto set = make_set("web-new", "new", row.spec, row.available);
    EXPECT_EQ(meets_threshold(builder, &set, row.want), row.met)
        << (row.type ? row.type : "none") << " " << row.value << ", " << row.spec << "/" << row.available << " of " << row.want;
  }
}

TEST(ProgressThreshold, MissingSetHasNoPods) {
  EXPECT_TRUE(meets_threshold(RolloutBuilder("web"), nullptr, 0));
  EXPECT_FALSE(meets_threshold(RolloutBuilder("web"), nullptr, 1));
}

TEST(DesiredCounts, NeedNewAvailableStableShrunkAndOthersGone) {
  const auto rollout = RolloutBuilder("web").replicas(10).updating().steps({set_weight(20)}).at_step(0).build();
  auto fresh = make_set("web-new", "new", 2, 2);
  auto stable = make_set("web-old", "old", 8, 8);
  auto other = make_set("web-mid", "mid", 0, 0);
  const Roles roles{&fresh, &stable, {&other}};
  EXPECT_TRUE(at_desired_counts(rollout, roles, std::nullopt));
  stable.status.availableReplicas = 5;  // stable need not be available
  EXPECT_TRUE(at_desired_counts(rollout, roles, std::nullopt));
  stable.status.replicas = 9;  // but its surplus pods must be gone
  EXPECT_FALSE(at_desired_counts(rollout, roles, std::nullopt));
  stable.status.replicas = 8;
  other.status.availableReplicas = 1;
  EXPECT_FALSE(at_desired_counts(rollout, roles, std::nullopt));
  other.status.availableReplicas = 0;
  fresh.status.availableReplicas = 1;
  EXPECT_FALSE(at_desired_counts(rollout, roles, std::nullopt));
  EXPECT_FALSE(at_desired_counts(rollout, {nullptr, &stable, {}}, std::nullopt));
  fresh.status.availableReplicas = 2;
  EXPECT_FALSE(at_desired_counts(rollout, {&fresh, nullptr, {}}, std::nullopt));
}

TEST(DesiredCounts, WithARouterIgnoreOthersAndADynamicStable) {
  auto builder = RolloutBuilder("web").replicas(10).routed().updating().steps({set_weight(20)}).at_step(0);
  const auto fresh = make_set("web-new", "new", 2, 2);
  const auto other = make_set("web-mid", "mid", 3, 3);
  const auto whole = make_set("web-old", "old", 10, 10);
  const auto shrunk = make_set("web-old", "old", 8, 8);
  EXPECT_TRUE(at_desired_counts(builder, {&fresh, &whole, {&other}}, std::nullopt));
  EXPECT_FALSE(at_desired_counts(builder, {&fresh, &shrunk, {&other}}, std::nullopt));
  builder.dynamic_stable_scale();
  EXPECT_TRUE(at_desired_counts(builder, {&fresh, &shrunk, {&other}}, std::nullopt));
}

}  // namespace
}  // namespace canaria::plan
