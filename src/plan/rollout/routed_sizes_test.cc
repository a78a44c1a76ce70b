// Sizes of a canary behind a traffic router, and the walk back of one with dynamicStableScale, as tables.

#include <gtest/gtest.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {

namespace {

using Steps = std::vector<api::CanaryStep>;

// A routed update in the middle, at the last of its steps unless at_step() says otherwise.
RolloutBuilder update(std::int32_t replicas, Steps steps) {
  const auto last = static_cast<std::int32_t>(steps.size()) - 1;
  return RolloutBuilder("web").replicas(replicas).routed().updating().steps(std::move(steps)).at_step(last);
}
RolloutBuilder dynamic(std::int32_t replicas, Steps steps) { return update(replicas, std::move(steps)).dynamic_stable_scale(); }

Sizes sizes_of(const api::Rollout& rollout, std::int32_t new_size) {
  const auto stable = make_set("web-old", "old", rollout.replicas(), rollout.replicas());
  const auto fresh = make_set("web-new", "new", new_size, new_size);
  return routed_sizes(rollout, {&fresh, &stable, {}}, rollout.status.canary.weights);
}

TEST(RoutedSizes, FollowWeightOrExplicitScale) {
  struct Row {
    const char* name;
    api::Rollout rollout;
    Sizes want;
    std::int32_t new_size = 0;
  };
  const Row rows[] = {
      {"T1", update(10, {set_weight(5)}), {1, 10}},
      {"T2", update(3, {set_weight(20)}), {1, 3}},
      {"T3", update(10, {set_weight(5)}).min_pods(2), {2, 10}},
      {"T4", update(1, {set_weight(5)}).min_pods(2), {1, 1}},
      {"T5", update(10, {set_weight(0)}).min_pods(2), {0, 10}},
      {"T6", update(4, {scale_to_weight(25), set_weight(50)}), {1, 4}},
      {"T7", update(4, {set_weight(50), scale_to_replicas(3)}), {3, 4}},
      {"T8", update(4, {scale_to_replicas(15)}), {15, 4}},
      {"T9", update(4, {scale_to_replicas(1)}).min_pods(2), {1, 4}},
      {"T10", dynamic(4, {scale_to_replicas(1)}).min_pods(2).weights(0, 100), {2, 4}},
      {"T11", update(4, {set_weight(50), scale_to_replicas(3), match_traffic_weight()}), {2, 4}},
      {"T12", update(8, {set_weight(20), scale_to_replicas(3)}).at_step(2), {8, 8}},
      {"T13", update(8, {scale_to_replicas(3)}).promote_full(), {8, 8}},
      {"T14", update(8, {set_weight(50)}).at_step(0).aborted().weights(50, 50), {0, 8}, 4},
      {"T15", update(8, {scale_to_replicas(3)}).aborted().weights(0, 100), {0, 8}, 3},
      {"T18", update(10, {set_weight(25)}).max_weight(1000), {1, 10}},
      {"T19", dynamic(10, {set_weight(20)}).weights(0, 100), {2, 10}},
      {"T20", dynamic(10, {set_weight(20)}).weights(20, 80), {2, 8}},
      {"T21", dynamic(10, {set_weight(33)}).weights(33, 67), {4, 7}},
      {"T22", dynamic(10, {set_weight(60), set_weight(30)}).weights(60, 40), {3, 7}},
      {"T23", dynamic(10, {set_weight(95)}).min_pods(2).weights(95, 5), {10, 2}},
      {"T24", dynamic(10, {set_weight(20), scale_to_replicas(4)}).weights(20, 80), {4, 10}},
      {"T25", dynamic(10, {set_weight(20), scale_to_weight(50)}).weights(20, 80), {5, 8}},
      {"T26", dynamic(10, {set_weight(80)}).at_step(1).weights(80, 20), {10, 2}},
      {"T27", dynamic(10, {set_weight(80)}).at_step(1).weights(100, 0), {10, 0}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(sizes_of(row.rollout, row.new_size), row.want) << row.name;
    EXPECT_EQ(canaria::plan::next_sizes(row.rollout, {}, row.rollout.status.canary.weights).stable, row.want.stable) << row.name;
  }
}

// abortScaleDownDelaySeconds: 0 means "leave the canary running" in the documentation. Argo Rollouts scales it to 0 at once
// (T17), or to the count of a setCanaryScale in step 0 (T16: 3, whatever its size was). Here the canary keeps the size it has
// when the abort comes, so T17 is 4 instead of 0, and T16 is 5 when a later step had raised it to 5.
TEST(RoutedSizes, AbortWithZeroDelayKeepsTheCanaryRunning) {
  const auto t16 = update(8, {scale_to_replicas(3)}).aborted().abort_delay(0).weights(0, 100).build();
  EXPECT_EQ(sizes_of(t16, 3), (Sizes{3, 8}));
  EXPECT_EQ(sizes_of(t16, 5), (Sizes{5, 8}));
  const auto t17 = update(8, {set_weight(50)}).at_step(0).aborted().abort_delay(0).weights(50, 50).build();
  EXPECT_EQ(sizes_of(t17, 4), (Sizes{4, 8}));
  EXPECT_EQ(sizes_of(t17, 0), (Sizes{0, 8}));
}

TEST(RoutedSizes, AbortWithZeroDelayAndDynamicScaleStillReturnsAllTraffic) {
  const auto rollout = dynamic(10, {set_weight(10), set_weight(50)}).at_step(0).aborted().abort_delay(0).weights(10, 90).build();
  const auto fresh = make_set("web-new", "new", 5, 5);
  const auto stable = make_set("web-old", "old", 10, 10);
  EXPECT_EQ(return_traffic_weight(rollout, {&fresh, &stable, {}}), 0);
  EXPECT_EQ(routed_sizes(rollout, {&fresh, &stable, {}}, rollout.status.canary.weights), (Sizes{5, 10}));
}

TEST(RoutedSizes, CountInSixtyFourBits) {
  EXPECT_EQ(sizes_of(update(100'000, {set_weight(500'000)}).max_weight(1'000'000), 0), (Sizes{50'000, 100'000}));
}

TEST(RoutedSizes, SurviveWeightsThatMakeNoSense) {
  EXPECT_EQ(sizes_of(update(10, {set_weight(0)}).max_weight(0), 0), (Sizes{0, 10}));
  EXPECT_EQ(sizes_of(update(10, {scale_to_replicas(-1)}), 0), (Sizes{0, 10}));
  EXPECT_EQ(sizes_of(update(10, {scale_to_weight(-5)}), 0), (Sizes{0, 10}));
}

TEST(StepWeight, IsTheNearestAtOrBeforeTheStep) {
  const auto at = [](std::int32_t index) {
    return step_weight(RolloutBuilder("web").updating().steps({pause_step(), set_weight(20), pause_step(), set_weight(60)}).at_step(index));
  };
  EXPECT_EQ(at(0), 0);
  EXPECT_EQ(at(1), 20);
  EXPECT_EQ(at(2), 20);
  EXPECT_EQ(at(3), 60);
  EXPECT_EQ(at(4), 100);
  EXPECT_EQ(step_weight(RolloutBuilder("web").updating().max_weight(1000)), 1000);
}

struct ReturnRow {
  const char* name;
  std::vector<std::int32_t> set_weights;
  std::int32_t replicas, new_available, stable_available, canary_weight, stable_weight;
  std::optional<std::int32_t> delay;
  std::int32_t want_weight, want_traffic;
  Sizes want;
};

TEST(ReturnToStable, FollowsThePodsOfBothSides) {
  const ReturnRow rows[] = {
      {"E1", {10, 30, 60}, 10, 6, 4, 60, 40, {}, 30, 60, {6, 7}},    {"E2", {10, 30, 60}, 10, 6, 7, 60, 40, {}, 30, 30, {6, 7}},
      {"E3", {10, 30, 60}, 10, 6, 7, 30, 70, {}, 30, 30, {3, 7}},    {"E4", {10, 30, 60}, 10, 3, 7, 30, 70, {}, 10, 30, {3, 9}},
      {"E5", {10, 30, 60}, 10, 3, 9, 30, 70, {}, 10, 10, {3, 9}},    {"E6", {10, 30, 60}, 10, 1, 9, 10, 90, {}, 0, 10, {1, 10}},
      {"E7", {10, 30, 60}, 10, 1, 10, 10, 90, {}, 0, 0, {1, 10}},    {"E8", {10, 30, 60}, 10, 1, 10, 0, 100, {}, 0, 0, {0, 10}},
      {"E9", {25, 75}, 4, 3, 1, 75, 25, {}, 25, 75, {3, 3}},         {"E10", {25, 75}, 4, 3, 3, 75, 25, {}, 25, 25, {3, 3}},
      {"E11", {10, 50}, 10, 5, 9, 10, 90, {}, 10, 10, {1, 9}},       {"E12", {10, 50}, 10, 5, 9, 10, 90, 30, 0, 10, {1, 10}},
      {"E13", {10, 50}, 10, 5, 5, 50, 50, 30, 10, 50, {5, 9}},
  };
  for (const ReturnRow& row : rows) {
    Steps steps;
    for (const auto weight : row.set_weights) steps.push_back(set_weight(weight));
    auto builder = dynamic(row.replicas, steps).at_step(0).aborted().weights(row.canary_weight, row.stable_weight);
    if (row.delay) builder.abort_delay(*row.delay);
    const api::Rollout rollout = builder;
    const auto fresh = make_set("web-new", "new", row.new_available, row.new_available);
    const auto stable = make_set("web-old", "old", row.stable_available, row.stable_available);
    const Roles roles{&fresh, &stable, {}};
    EXPECT_EQ(canary_share(rollout, roles).weight, row.want_weight) << row.name;
    EXPECT_EQ(return_traffic_weight(rollout, roles), row.want_traffic) << row.name;
    EXPECT_EQ(routed_sizes(rollout, roles, rollout.status.canary.weights), row.want) << row.name;
  }
}

TEST(ReturnToStable, WithoutStoredWeightsTakesWhatStableCannotServe) {
  const auto rollout = dynamic(10, {set_weight(10), set_weight(30)}).at_step(0).aborted().build();
  const auto fresh = make_set("web-new", "new", 3, 3);
  const auto stable = make_set("web-old", "old", 7, 6);
  EXPECT_EQ(return_traffic_weight(rollout, {&fresh, &stable, {}}), 40);
}

TEST(ReturnToStable, IsImmediateWithoutDynamicScaleOrEitherSet) {
  const auto fresh = make_set("web-new", "new", 3, 3);
  const auto stable = make_set("web-old", "old", 7, 7);
  EXPECT_EQ(return_traffic_weight(update(10, {set_weight(30)}).aborted().weights(30, 70), {&fresh, &stable, {}}), 0);
  const auto rollout = dynamic(10, {set_weight(30)}).aborted().weights(30, 70).build();
  EXPECT_EQ(return_traffic_weight(rollout, {nullptr, &stable, {}}), 0);
  EXPECT_EQ(return_traffic_weight(rollout, {&fresh, nullptr, {}}), 0);
  EXPECT_EQ(return_traffic_weight(dynamic(0, {set_weight(30)}).aborted().weights(30, 70), {&fresh, &stable, {}}), 0);
}

// The template went back to stable after all steps were done: traffic stays until stable has all its pods.
TEST(ReturnToStable, RollbackKeepsTheWeightWhileStableGrows) {
  const auto rollout = dynamic(10, {set_weight(30)}).stable("old").current("old").at_step(1).weights(30, 70).build();
  const auto stable = make_set("web-old", "old", 10, 8);
  EXPECT_EQ(return_traffic_weight(rollout, {&stable, &stable, {}}), 30);
}

// An autoscaler doubles the Rollout after the abort. Argo Rollouts reads the missing stable pods as traffic for the canary
// and gives 6 pods to the rejected version.
TEST(ReturnToStable, AutoscalerDoesNotInflateAnAbortedCanary) {
  const auto rollout = dynamic(20, {set_weight(10), set_weight(30), set_weight(60)}).at_step(0).aborted().weights(0, 100).build();
  const auto stable = make_set("web-old", "old", 10, 10);
  for (const std::int32_t left : {0, 1}) {
    const auto fresh = make_set("web-new", "new", left, left);
    EXPECT_EQ(return_traffic_weight(rollout, {&fresh, &stable, {}}), 0);
    EXPECT_EQ(routed_sizes(rollout, {&fresh, &stable, {}}, rollout.status.canary.weights), (Sizes{0, 20}));
  }
  // Half drained: it may keep its pods while they have traffic, but gets no new ones.
  const auto draining = dynamic(20, {set_weight(10), set_weight(30), set_weight(60)}).at_step(0).aborted().weights(30, 70).build();
  const auto fresh = make_set("web-new", "new", 3, 3);
  EXPECT_LE(routed_sizes(draining, {&fresh, &stable, {}}, draining.status.canary.weights).canary, 3);
}

// Driven to the end, pods and traffic arrive at stable, and no side ever has less pods than its traffic needs.
TEST(ReturnToStable, EveryAbortArrives) {
  for (std::int32_t replicas = 1; replicas <= 15; ++replicas)
    for (const std::int32_t weight : {5, 30, 60, 95, 100}) {
      auto rollout = dynamic(replicas, {set_weight(5), set_weight(30), set_weight(60), set_weight(weight)})
                         .at_step(0).aborted().weights(weight, 100 - weight).build();
      const auto pods = [&](std::int32_t share) { return (share * replicas + 99) / 100; };
      auto fresh = make_set("web-new", "new", pods(weight), pods(weight));
      auto stable = make_set("web-old", "old", pods(100 - weight), pods(100 - weight));
      const Roles roles{&fresh, &stable, {}};
      for (int pass = 0; pass < 60; ++pass) {
        const auto traffic = return_traffic_weight(rollout, roles);
        rollout.status.canary.weights->canary.weight = traffic;
        rollout.status.canary.weights->stable.weight = 100 - traffic;
        const Sizes sizes = routed_sizes(rollout, roles, rollout.status.canary.weights);
        fresh = make_set("web-new", "new", sizes.canary, sizes.canary);
        stable = make_set("web-old", "old", sizes.stable, sizes.stable);
        ASSERT_GE(sizes.canary, pods(traffic)) << "R " << replicas << " from " << weight;
        ASSERT_GE(sizes.stable, pods(100 - traffic)) << "R " << replicas << " from " << weight;
      }
      EXPECT_EQ(rollout.status.canary.weights->canary.weight, 0) << "R " << replicas << " from " << weight;
      EXPECT_EQ((Sizes{fresh.replicas(), stable.replicas()}), (Sizes{0, replicas})) << "R " << replicas << " from " << weight;
    }
}

TEST(PromotionWeight, FollowsTheNewPodsButNeverExceedsTheMaximum) {
  const auto rollout = dynamic(10, {set_weight(20)}).promote_full().weights(20, 80).build();
  const auto weight_with = [&](std::int32_t available) {
    const auto fresh = make_set("web-new", "new", 10, available);
    return promotion_traffic_weight(rollout, {&fresh, nullptr, {}});
  };
  EXPECT_EQ(weight_with(3), 30);
  EXPECT_EQ(weight_with(10), 100);
  // More pods than asked for, as after an autoscaler's reduction; Argo Rollouts sets a weight of 120 here.
  EXPECT_EQ(weight_with(12), 100);
  EXPECT_EQ(promotion_traffic_weight(update(10, {set_weight(20)}).promote_full().weights(20, 80), {}), 20);
  EXPECT_EQ(promotion_traffic_weight(update(10, {set_weight(20)}).promote_full(), {}), 0);
}

}  // namespace
}  // namespace canaria::plan
