// Which Services lose their hash selector, and which must not.
#include "controllers/service_cleanup.h"

#include <gtest/gtest.h>

#include "async/loop.h"
#include "controllers/fake_world.h"

namespace canaria::controllers {
namespace {

using api::ObjectKey;

const ObjectKey kService{"shop", "web"};

class ServiceCleanupTest : public testing::Test {
 protected:
  FakeWorld world;
  RolloutCaches caches;
  async::Loop loop;
  std::vector<ObjectKey> enqueued;

  void service(const char* managed_by, const char* hash) {
    json::Object metadata{{"namespace", "shop"}, {"name", "web"}};
    if (*managed_by) metadata["annotations"] = json::Object{{api::kManagedByAnnotation, managed_by}};
    json::Object selector{{"app", "web"}};
    if (*hash) selector[api::kHashLabel] = hash;
    world.seed(api::resources::services(), json::Object{{"metadata", metadata}, {"spec", json::Object{{"selector", selector}}}});
    world.fill(caches);
  }
  void rollout(const char* name, const char* stable_service) {
    const json::Object canary{{"stableService", stable_service}};
    world.seed(api::resources::rollouts(),
               json::Object{{"metadata", json::Object{{"namespace", "shop"}, {"name", name}}},
                            {"spec", json::Object{{"strategy", json::Object{{"canary", canary}}}}}});
  }
  Result<std::optional<Time>> run() {
    ServiceCleanup cleanup(world, caches, [this](const ObjectKey& key) { enqueued.push_back(key); });
    return loop.block_on(cleanup.reconcile(kService));
  }
  bool has_hash() {
    return json::find(world.at(api::resources::services(), kService), "spec.selector")->as_object().contains(api::kHashLabel);
  }
};

TEST_F(ServiceCleanupTest, NamedServiceWakesItsRolloutAndStays) {
  rollout("web", "web");
  service("web", "abc");
  EXPECT_TRUE(run());
  EXPECT_TRUE(has_hash());
  EXPECT_EQ(enqueued, std::vector<ObjectKey>({{"shop", "web"}}));
  EXPECT_EQ(world.requests(), 0);
}

TEST_F(ServiceCleanupTest, ServiceOfADeletedRolloutLosesHashAndAnnotation) {
  service("web", "abc");
  EXPECT_TRUE(run());
  EXPECT_FALSE(has_hash());
  EXPECT_FALSE(json::find(world.at(api::resources::services(), kService), "metadata.annotations")
                   ->as_object()
                   .contains(api::kManagedByAnnotation));
}

TEST_F(ServiceCleanupTest, ServiceThatItsRolloutNoLongerNamesIsCleaned) {
  rollout("web", "other");
  service("web", "abc");
  EXPECT_TRUE(run());
  EXPECT_FALSE(has_hash());
}

TEST_F(ServiceCleanupTest, RolloutOfAnotherInstanceKeepsItsService) {
  service("web", "abc");
  rollout("web", "web");  // live, but not in our cache
  EXPECT_TRUE(run());
  EXPECT_TRUE(has_hash());
}

TEST_F(ServiceCleanupTest, FailedLookUpKeepsTheServiceAndIsRetried) {
  service("web", "abc");
  world.fail_next("get", api::resources::rollouts(), Error{Code::kUnavailable, "no route", std::nullopt});
  EXPECT_FALSE(run());
  EXPECT_TRUE(has_hash());
}

TEST_F(ServiceCleanupTest, WithoutAnnotationTheHashGoesWhenNobodyNamesTheService) {
  service("", "abc");
  EXPECT_TRUE(run());
  EXPECT_FALSE(has_hash());
}

TEST_F(ServiceCleanupTest, WithoutAnnotationALiveRolloutKeepsTheHash) {
  service("", "abc");
  rollout("any", "web");
  EXPECT_TRUE(run());
  EXPECT_TRUE(has_hash());
}

TEST_F(ServiceCleanupTest, ServiceWithoutHashCostsNothing) {
  service("", "");
  EXPECT_TRUE(run());
  EXPECT_EQ(world.requests(), 0);
}

}  // namespace
}  // namespace canaria::controllers
