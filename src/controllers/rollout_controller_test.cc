// The wiring with the real planner on a world in memory: which event leads to which change. Time runs for real here, but
// nothing waits longer than until what it waits for is there.
#include "controllers/rollout_controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/timers.h"
#include "controllers/fake_world.h"

namespace canaria::controllers {
namespace {

using api::ObjectKey;
using testing::Contains;
using testing::Not;

const ObjectKey kWeb{"shop", "web"};

json::Value text(std::string_view source) { return json::parse(source).value(); }

json::Value rollout_json() {
  return text(R"({"metadata":{"namespace":"shop","name":"web","generation":1},
    "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
      "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}},
      "strategy":{"canary":{"canaryService":"web-canary"}}}})");
}

class RolloutControllerTest : public testing::Test {
 protected:
  FakeWorld world;
  FakeClock clock;
  RecordedEvents events;
  async::Loop loop;
  telemetry::Registry registry;
  RolloutMetrics metrics{registry, clock, BuildLabels{"v1", "C++20", "amd64", "abc"}};
  std::vector<WatchOrder> orders;
  std::optional<RolloutController> controller;
  async::Scope scope{loop};

  void open(Mode mode = Mode::kApply) {
    RolloutController::Options options;
    options.mode = mode;
    options.plan.instance_id = "blue";
    controller.emplace(
        loop, RolloutReconciler::Doors{world, events, clock}, metrics,
        [this](WatchOrder order) { orders.push_back(std::move(order)); }, options);
    controller->watch();
  }
  void lead() { scope.spawn(controller->lead()); }
  void sync() { world.fill(controller->caches()); }
  void TearDown() override {
    loop.block_on(controller->stop());
    loop.block_on(scope.stop());
  }
  // Lets the loop run until the world is as wanted; false after a second.
  bool comes_true(std::function<bool()> wanted) { return loop.block_on(poll(std::move(wanted))); }
  static Task<bool> poll(std::function<bool()> wanted) {
    for (int i = 0; i < 500; ++i) {
      if (wanted()) co_return true;
      co_await async::sleep_for(Millis(2));
    }
    co_return false;
  }
  void let_settle() {
    comes_true([this, last = -1, calm = 0]() mutable {
      calm = last == world.requests() ? calm + 1 : 0;
      last = world.requests();
      return calm > 25;
    });
  }
  json::Value rollout() { return world.at(api::resources::rollouts(), kWeb); }
  std::vector<json::Value> sets() { return world.all(api::resources::replica_sets()); }
};

TEST_F(RolloutControllerTest, WatchesItsOwnInstanceAndHashedSetsOnly) {
  open();
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(orders[0].label_selector, "argo-rollouts.argoproj.io/controller-instance-id=blue");
  EXPECT_EQ(orders[1].label_selector, "rollouts-pod-template-hash");
  EXPECT_EQ(orders[2].label_selector, "");
}

TEST_F(RolloutControllerTest, StandbyKeepsWarmAndWritesNothing) {
  world.seed(api::resources::rollouts(), rollout_json());
  open();
  sync();
  let_settle();
  EXPECT_EQ(world.requests(), 0);
  EXPECT_TRUE(events.entries.empty());
  EXPECT_NE(controller->caches().rollouts().find(kWeb), nullptr);
}

TEST_F(RolloutControllerTest, LeaderWaitsForTheFirstLists) {
  world.seed(api::resources::rollouts(), rollout_json());
  open();
  lead();
  controller->caches().rollouts().replace(world.all(api::resources::rollouts()));
  let_settle();
  EXPECT_EQ(world.requests(), 0);
  sync();
  EXPECT_TRUE(comes_true([this] { return world.writes() > 0; }));
}

TEST_F(RolloutControllerTest, NewRolloutGetsItsReplicaSetAndSettles) {
  world.seed(api::resources::services(), text(R"({"metadata":{"namespace":"shop","name":"web-canary"},"spec":{"selector":{"app":"web"}}})"));
  open();
  sync();
  lead();
  controller->caches().rollouts().put(world.seed(api::resources::rollouts(), rollout_json()));
  EXPECT_TRUE(comes_true([this] { return sets().size() == 1 && json::int_at(sets()[0], "spec.replicas") == 2; }));
  EXPECT_THAT(events.reasons(), Contains("RolloutAddedToInformer"));
  let_settle();
  const int writes = world.writes();
  controller->caches().sets().put(sets()[0]);  // the watch is slower than the response: no news
  let_settle();
  EXPECT_EQ(world.writes(), writes);
}

TEST_F(RolloutControllerTest, CountersOfASetReachTheStatus) {
  world.seed(api::resources::services(), text(R"({"metadata":{"namespace":"shop","name":"web-canary"},"spec":{"selector":{"app":"web"}}})"));
  world.seed(api::resources::rollouts(), rollout_json());
  open();
  sync();
  lead();
  ASSERT_TRUE(comes_true([this] { return sets().size() == 1 && json::int_at(sets()[0], "spec.replicas") == 2; }));
  let_settle();
  json::Value set = sets()[0];
  set.get_object()["status"] = text(R"({"replicas":2,"readyReplicas":2,"availableReplicas":2,"observedGeneration":1})");
  controller->caches().sets().put(world.seed(api::resources::replica_sets(), set));
  EXPECT_TRUE(comes_true([this] { return json::text_at(rollout(), "status.phase") == "Healthy"; }));
}

TEST_F(RolloutControllerTest, KnownRolloutIsNotAnnouncedAgainAfterARestart) {
  json::Value known = rollout_json();
  known.get_object()["status"] = json::Object{{"observedGeneration", "1"}};
  world.seed(api::resources::rollouts(), known);
  open();
  sync();
  lead();
  let_settle();
  EXPECT_THAT(events.reasons(), Not(Contains("RolloutAddedToInformer")));
}

TEST_F(RolloutControllerTest, DeletedRolloutGivesItsServiceBack) {
  world.seed(api::resources::services(),
             text(R"({"metadata":{"namespace":"shop","name":"web-canary","annotations":{"argo-rollouts.argoproj.io/managed-by-rollouts":"web"}},
               "spec":{"selector":{"app":"web","rollouts-pod-template-hash":"1"}}})"));
  json::Value live = world.seed(api::resources::rollouts(), rollout_json());
  open();
  sync();
  lead();
  let_settle();
  world.erase(api::resources::rollouts(), kWeb);
  controller->caches().rollouts().replace({});
  EXPECT_TRUE(comes_true([this] {
    const json::Value service = world.at(api::resources::services(), {"shop", "web-canary"});
    return !json::find(service, "spec.selector")->as_object().contains(api::kHashLabel);
  }));
  EXPECT_THAT(events.reasons(), Contains("RolloutDeleted"));
}

TEST_F(RolloutControllerTest, DryRunWritesNothing) {
  world.seed(api::resources::rollouts(), rollout_json());
  open(Mode::kDryRun);
  sync();
  lead();
  let_settle();
  EXPECT_GT(controller->passes(), 0U);
  EXPECT_EQ(world.requests(), 0);
  EXPECT_TRUE(events.entries.empty());
}

}  // namespace
}  // namespace canaria::controllers
