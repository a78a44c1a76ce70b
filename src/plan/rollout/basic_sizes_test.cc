// A canary without a router: single moves as a table, whole updates as transcripts.

#include <gtest/gtest.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {

namespace {

struct Pods {
  std::int32_t spec, available;
};
enum class Mode { kStepping, kAborted, kPromoteFull };

struct Row {
  const char* name;
  std::int32_t replicas, weight;
  std::optional<api::IntOrString> surge, unavailable;
  Pods stable, fresh;
  std::int32_t others;
  Sizes want;
  Mode mode = Mode::kStepping;
};

TEST(BasicSizes, MoveWithinSurgeAndAvailability) {
  const std::optional<api::IntOrString> d;
  const auto n = [](std::int32_t number) { return amount(number); };
  const Row rows[] = {
      {"B1", 10, 20, d, d, {10, 10}, {0, 0}, 0, {2, 8}},
      {"B2", 10, 20, n(3), n(0), {10, 10}, {0, 0}, 0, {2, 10}},
      {"B3", 10, 20, n(3), n(0), {10, 10}, {2, 0}, 0, {2, 10}},
      {"B4", 10, 20, n(3), n(0), {10, 10}, {2, 2}, 0, {2, 8}},
      {"B5", 10, 30, n(0), n(3), {10, 10}, {0, 0}, 0, {0, 7}},
      {"B6", 10, 30, n(0), n(3), {7, 7}, {0, 0}, 0, {3, 7}},
      {"B7", 10, 50, n(2), n(0), {10, 10}, {0, 0}, 0, {2, 10}},
      {"B8", 10, 50, n(2), n(0), {10, 10}, {2, 1}, 0, {2, 9}},
      {"B9", 10, 50, n(2), n(0), {9, 9}, {2, 2}, 0, {3, 8}},
      {"B10", 5, 20, n(1), n(0), {4, 4}, {0, 0}, 2, {0, 4}},
      {"B11", 5, 20, n(1), n(0), {4, 4}, {0, 0}, 1, {1, 4}},
      {"B12", 4, 100, n(1), n(0), {4, 4}, {0, 0}, 0, {1, 4}},
      {"B13", 4, 100, n(1), n(0), {4, 4}, {1, 0}, 0, {1, 4}},
      {"B14", 4, 100, n(1), n(0), {4, 4}, {1, 1}, 0, {1, 3}},
      {"B15", 4, 100, n(1), n(0), {1, 1}, {4, 4}, 0, {4, 0}},
      {"B16", 4, 0, n(1), n(0), {1, 1}, {3, 3}, 0, {3, 2}, Mode::kAborted},
      {"B17", 4, 0, n(1), n(0), {2, 2}, {3, 3}, 0, {2, 2}, Mode::kAborted},
      {"B18", 4, 0, n(1), n(0), {4, 4}, {1, 1}, 0, {0, 4}, Mode::kAborted},
      {"B19", 4, 0, n(1), n(0), {4, 2}, {3, 3}, 0, {2, 3}, Mode::kAborted},
      {"B20", 3, 0, n(2), n(0), {0, 0}, {3, 3}, 0, {3, 2}},
      {"B21", 3, 0, n(2), n(0), {2, 2}, {3, 3}, 0, {1, 2}},
      {"B22", 6, 10, amount("50%"), amount("0%"), {6, 6}, {0, 0}, 0, {3, 6}, Mode::kPromoteFull},
      {"B23", 8, 20, d, d, {4, 4}, {1, 1}, 0, {2, 7}},
      {"B24", 4, 50, d, d, {4, 4}, {4, 4}, 0, {2, 3}},
      {"B25", 10, 20, n(3), n(0), {10, 6}, {2, 2}, 0, {2, 8}},
      {"B26", 4, 50, n(1), n(0), {4, 0}, {1, 1}, 0, {1, 3}},
      {"B27", 1, 20, d, d, {1, 1}, {0, 0}, 0, {1, 1}},
      {"B28", 0, 50, d, d, {2, 2}, {1, 1}, 0, {0, 0}},
  };
  for (const Row& row : rows) {
    RolloutBuilder builder("web");
    builder.replicas(row.replicas).updating().steps({set_weight(row.mode == Mode::kAborted ? 50 : row.weight), pause_step()}).at_step(1);
    builder.canary().maxSurge = row.surge;
    builder.canary().maxUnavailable = row.unavailable;
    if (row.mode == Mode::kAborted) builder.aborted();
    if (row.mode == Mode::kPromoteFull) builder.promote_full();
    const auto stable = make_set("web-old", "old", row.stable.spec, row.stable.available);
    const auto fresh = make_set("web-new", "new", row.fresh.spec, row.fresh.available);
    const auto other = make_set("web-mid", "mid", row.others, row.others);
    EXPECT_EQ(next_basic_sizes(builder, {&fresh, &stable, {&other}}), row.want) << row.name;
  }
}

TEST(BasicSizes, FirstRevisionGoesStraightToFullSize) {
  const auto fresh = make_set("web-new", "new", 0, 0);
  const auto rollout = RolloutBuilder("web").replicas(5).current("new").steps({set_weight(20)}).at_step(0).build();
  EXPECT_EQ(next_basic_sizes(rollout, {&fresh, nullptr, {}}), (Sizes{5, 0}));
}

TEST(BasicSizes, SettledRolloutKeepsItsSizeAndFollowsReplicas) {
  const auto only = make_set("web-new", "new", 5, 0);
  const auto rollout = [](std::int32_t replicas) {
    return RolloutBuilder("web").replicas(replicas).stable("new").current("new").steps({set_weight(20)}).at_step(1).build();
  };
  EXPECT_EQ(next_basic_sizes(rollout(5), {&only, &only, {}}), (Sizes{5, 0}));
  EXPECT_EQ(next_basic_sizes(rollout(8), {&only, &only, {}}), (Sizes{8, 0}));
  // Even while none of its pods is available.
  EXPECT_EQ(next_basic_sizes(rollout(3), {&only, &only, {}}), (Sizes{3, 0}));
  EXPECT_EQ(next_basic_sizes(rollout(0), {&only, &only, {}}), (Sizes{0, 0}));
}

TEST(BasicSizes, IgnoreSetCanaryScaleWithoutARouter) {
  const auto rollout = RolloutBuilder("web").replicas(10).updating().steps({set_weight(20), scale_to_replicas(7)}).at_step(1).build();
  const auto stable = make_set("web-old", "old", 10, 10);
  const auto fresh = make_set("web-new", "new", 0, 0);
  EXPECT_EQ(next_basic_sizes(rollout, {&fresh, &stable, {}}), (Sizes{2, 8}));
  EXPECT_EQ(next_sizes(rollout, {&fresh, &stable, {}}, std::nullopt), (Sizes{2, 8}));
}

// A small world: in every pass at most one ReplicaSet changes size, stable before new before the others, and pods become
// available only when nothing else happens.
class World {
 public:
  World(api::Rollout rollout, Pods stable, Pods fresh, Pods other = {0, 0})
      : rollout_(std::move(rollout)),
        stable_(make_set("web-old", "old", stable.spec, stable.available)),
        fresh_(make_set("web-new", "new", fresh.spec, fresh.available)),
        other_(make_set("web-mid", "mid", other.spec, other.available)) {}

  World& with_broken_image() {
    broken_ = true;
    return *this;
  }

  // "new 0>1, ready, stable 4>3": everything that happens until nothing does any more.
  std::string run() {
    bool ready_since = false;
    for (int passes = 0; passes < 100; ++passes) {
      check_limits();
      const std::string change = pass();
      if (!change.empty()) {
        if (ready_since) log("ready");
        ready_since = false;
        log(change);
      } else if (become_ready()) {
        ready_since = true;
      } else {
        return log_;
      }
    }
    return log_ + ", never ends";
  }

  api::ReplicaSet& fresh() { return fresh_; }
  api::ReplicaSet& stable() { return stable_; }

 private:
  std::string pass() {
    const Roles roles{&fresh_, &stable_, {&other_}};
    const Sizes sizes = next_basic_sizes(rollout_, roles);
    if (sizes.stable != stable_.replicas()) return resize("stable", stable_, sizes.stable);
    if (sizes.canary != fresh_.replicas()) return resize("new", fresh_, sizes.canary);
    const auto spare = fresh_.status.availableReplicas + stable_.status.availableReplicas + other_.status.availableReplicas -
                       (rollout_.replicas() - surge_limits(rollout_).unavailable);
    if (spare > 0 && other_.replicas() > 0) return resize("other", other_, std::max(0, other_.replicas() - spare));
    return {};
  }

  static std::string resize(const std::string& name, api::ReplicaSet& set, std::int32_t size) {
    const std::string change = name + " " + std::to_string(set.replicas()) + ">" + std::to_string(size);
    set.spec.replicas = size;
    set.status.replicas = size;
    set.status.availableReplicas = std::min(set.status.availableReplicas, size);
    return change;
  }

  bool become_ready() {
    bool changed = false;
    for (auto* set : {&stable_, &fresh_}) {
      if (set == &fresh_ && broken_) continue;
      changed |= set->status.availableReplicas != set->replicas();
      set->status.availableReplicas = set->replicas();
    }
    return changed;
  }

  void check_limits() const {
    const auto limits = surge_limits(rollout_);
    EXPECT_LE(fresh_.replicas() + stable_.replicas() + other_.replicas(), rollout_.replicas() + limits.surge);
    EXPECT_GE(fresh_.status.availableReplicas + stable_.status.availableReplicas + other_.status.availableReplicas,
              rollout_.replicas() - limits.unavailable);
  }

  void log(const std::string& event) { log_ += (log_.empty() ? "" : ", ") + event; }

  api::Rollout rollout_;
  api::ReplicaSet stable_, fresh_, other_;
  bool broken_ = false;
  std::string log_;
};

RolloutBuilder limited(std::int32_t replicas, std::int32_t surge, std::int32_t unavailable) {
  return RolloutBuilder("web").replicas(replicas).max_surge(surge).max_unavailable(unavailable).updating();
}

TEST(BasicSizesSequence, RollingUpdateTradesOnePodAtATime) {
  World world(limited(4, 1, 0), {4, 4}, {0, 0});
  EXPECT_EQ(world.run(),
            "new 0>1, ready, stable 4>3, new 1>2, ready, stable 3>2, new 2>3, ready, stable 2>1, new 3>4, ready, stable 1>0");
}

TEST(BasicSizesSequence, BrokenImageStopsAtTheSurge) {
  World world(limited(4, 1, 0), {4, 4}, {0, 0});
  EXPECT_EQ(world.with_broken_image().run(), "new 0>1");
  EXPECT_EQ(world.stable().replicas(), 4);
}

TEST(BasicSizesSequence, WithoutSurgeStableMakesRoomFirst) {
  World world(limited(5, 0, 1).steps({set_weight(40), pause_step()}).at_step(1), {5, 5}, {0, 0});
  EXPECT_EQ(world.run(), "stable 5>4, new 0>1, ready, stable 4>3, new 1>2");
}

TEST(BasicSizesSequence, AbortWalksBackWithinTheSurge) {
  World world(limited(4, 1, 0).aborted(), {1, 1}, {3, 3});
  EXPECT_EQ(world.run(), "stable 1>2, ready, new 3>2, stable 2>3, ready, new 2>1, stable 3>4, ready, new 1>0");
}

TEST(BasicSizesSequence, ThirdRevisionReplacesTheSecondFirst) {
  World world(limited(5, 1, 0).steps({set_weight(20), pause_step()}).at_step(1), {4, 4}, {0, 0}, {2, 2});
  EXPECT_EQ(world.run(), "other 2>1, new 0>1, ready, other 1>0");
}

// Any update ends with exactly the pods that were asked for, never leaving the limits on the way (see check_limits).
TEST(BasicSizesSequence, EveryUpdateAndAbortArrives) {
  for (std::int32_t replicas = 1; replicas <= 12; ++replicas)
    for (std::int32_t surge = 0; surge <= 3; ++surge)
      for (std::int32_t unavailable = surge == 0 ? 1 : 0; unavailable <= 3; ++unavailable)
        for (std::int32_t weight : {0, 10, 33, 50, 90, 100}) {
          const auto rollout = limited(replicas, surge, unavailable).steps({set_weight(weight), pause_step()}).at_step(1).build();
          World update(rollout, {replicas, replicas}, {0, 0});
          update.run();
          const auto want = weighted_split(replicas, weight, surge_limits(rollout).surge);
          ASSERT_EQ((Sizes{update.fresh().replicas(), update.stable().replicas()}), want)
              << "R " << replicas << " surge " << surge << " unavailable " << unavailable << " weight " << weight;
          auto aborted = rollout;
          aborted.status.abort = true;
          World back(aborted, {want.stable, want.stable}, {want.canary, want.canary});
          back.run();
          ASSERT_EQ((Sizes{back.fresh().replicas(), back.stable().replicas()}), (Sizes{0, replicas}));
        }
}

}  // namespace
}  // namespace canaria::plan
