// Deployments on a real store, with the ReplicaSet controller below them: releases, rollbacks, faults and restarts.
#include <gmock/gmock.h>
#include <set>

#include "machine/workloads/workload_world.h"

namespace canaria::machine {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

const api::Resource& kDeployments() { return api::resources::deployments(); }
const api::Resource& kSets() { return api::resources::replica_sets(); }

class DeploymentsTest : public WorkloadWorld {
 protected:
  json::Value deployment(const std::string& name, int replicas, std::string_view strategy = "{}") {
    json::Value object = parsed(R"({"metadata":{"name":"web"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},
      "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}}})");
    object.at("metadata").get_object()["name"] = name;
    object.at("spec").get_object()["replicas"] = replicas;
    object.at("spec").get_object()["strategy"] = parsed(strategy);
    object.at("spec").at("selector").at("matchLabels").get_object()["app"] = name;
    object.at("spec").at("template").at("metadata").at("labels").get_object()["app"] = name;
    return object;
  }
  void set_image(const std::string& image, const std::string& name = "web") {
    patch(kDeployments(), name, R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":")" + image + R"("}]}}}})");
  }
  json::Value condition(const std::string& type, const std::string& name = "web") {
    const json::Value object = get(kDeployments(), name);
    if (const json::Value* conditions = json::find(object, "status.conditions"))
      for (const json::Value& entry : conditions->as_array())
        if (json::text_at(entry, "type") == type) return entry;
    return nullptr;
  }
  std::string reason(const std::string& type, const std::string& name = "web") {
    return std::string(json::text_at(condition(type, name), "reason"));
  }
  // What `kubectl rollout status` waits for.
  bool is_rolled_out(const std::string& name, int replicas) {
    const json::Value object = get(kDeployments(), name);
    return json::int_at(object, "status.observedGeneration") == json::int_at(object, "metadata.generation") &&
           json::int_at(object, "status.updatedReplicas") == replicas && json::int_at(object, "status.replicas") == replicas &&
           json::int_at(object, "status.availableReplicas") == replicas;
  }
  bool rolls_out(int replicas, const std::string& name = "web") {
    return comes_true([&] { return is_rolled_out(name, replicas); });
  }
  std::multiset<std::string> images(const std::string& name = "web") {
    std::multiset<std::string> found;
    for (const json::Value& pod : pods("app=" + name))
      found.emplace(pod.at("spec").at("containers").at(0).at("image").as_string());
    return found;
  }
  std::string revision_of_set(const std::string& image) {
    for (const json::Value& set : all(kSets()))
      if (set.at("spec").at("template").at("spec").at("containers").at(0).at("image").as_string() == image)
        return std::string(set.at("metadata").at("annotations").at("deployment.kubernetes.io/revision").as_string());
    return "";
  }
  std::string revision() {
    return std::string(get(kDeployments(), "web").at("metadata").at("annotations").at("deployment.kubernetes.io/revision").as_string());
  }
};

TEST_F(DeploymentsTest, FirstReleaseThenUpdateThenUndo) {
  start_controllers();
  create(kDeployments(), deployment("web", 4));
  ASSERT_TRUE(rolls_out(4));
  ASSERT_TRUE(comes_true([this] { return reason("Progressing") == "NewReplicaSetAvailable"; }));
  EXPECT_EQ(reason("Available"), "MinimumReplicasAvailable");
  const json::Value set = all(kSets())[0];
  const std::string hash(json::text_at(set, "metadata.labels.pod-template-hash"));
  EXPECT_EQ(json::text_at(set, "metadata.name"), "web-" + hash);
  EXPECT_EQ(json::text_at(set, "spec.selector.matchLabels.pod-template-hash"), hash);
  EXPECT_EQ(json::text_at(condition("Progressing"), "message"), "ReplicaSet \"web-" + hash + "\" has successfully progressed.");
  EXPECT_EQ(events.messages("ScalingReplicaSet")[0], "Scaled up replica set web-" + hash + " from 0 to 4");
  EXPECT_EQ(revision(), "1");

  set_image("web:2");
  ASSERT_TRUE(rolls_out(4));
  EXPECT_TRUE(comes_true([this] { return images() == std::multiset<std::string>{"web:2", "web:2", "web:2", "web:2"}; }));
  EXPECT_TRUE(comes_true([this] { return revision() == "2"; }));
  EXPECT_EQ(all(kSets()).size(), 2U);

  set_image("web:1");  // as `kubectl rollout undo` does it
  ASSERT_TRUE(rolls_out(4));
  EXPECT_TRUE(comes_true([this] { return revision() == "3"; }));
  EXPECT_EQ(revision_of_set("web:1"), "3");
  EXPECT_EQ(revision_of_set("web:2"), "2");
  EXPECT_EQ(all(kSets()).size(), 2U);
}

TEST_F(DeploymentsTest, UpdateKeepsToSurgeAndAvailability) {
  start_controllers();
  create(kDeployments(), deployment("web", 5, R"({"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}})"));
  ASSERT_TRUE(rolls_out(5));
  let_settle();
  int most = 0;
  int fewest = 99;
  store_->on_change([&](const store::Change& change) {
    if (change.object->text.find("\"kind\":\"ReplicaSet\"") == std::string::npos) return;
    int wanted = 0, available = 0;
    for (const json::Value& set : sets_now()) {
      wanted += static_cast<int>(json::int_at(set, "spec.replicas"));
      available += static_cast<int>(std::min(json::int_at(set, "spec.replicas"), json::int_at(set, "status.availableReplicas")));
    }
    most = std::max(most, wanted);
    fewest = std::min(fewest, available);
  });
  set_image("web:2");
  ASSERT_TRUE(rolls_out(5));
  let_settle();
  EXPECT_EQ(most, 6);
  EXPECT_EQ(fewest, 5);
}

TEST_F(DeploymentsTest, BadReleaseStopsAndIsReported) {
  start_controllers();
  json::Value object = deployment("web", 4, R"({"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}})");
  object.at("spec").get_object()["progressDeadlineSeconds"] = 5;
  create(kDeployments(), object);
  ASSERT_TRUE(rolls_out(4));
  ASSERT_TRUE(comes_true([this] { return reason("Progressing") == "NewReplicaSetAvailable"; }));
  pods_become_ready = false;
  set_image("web:bad");
  ASSERT_TRUE(comes_true([this] { return images().size() == 5; }));
  let_settle();
  EXPECT_EQ(images().count("web:1"), 4U);
  clock.time += Seconds(7);
  patch(kDeployments(), "web", R"({"metadata":{"annotations":{"look":"again"}}})");
  EXPECT_TRUE(comes_true([this] { return reason("Progressing") == "ProgressDeadlineExceeded"; }));
  EXPECT_THAT(std::string(json::text_at(condition("Progressing"), "message")), HasSubstr("has timed out progressing."));
  set_image("web:1");
  EXPECT_TRUE(comes_true([this] { return is_rolled_out("web", 4) && images().size() == 4 && reason("Progressing") == "NewReplicaSetAvailable"; }));
}

TEST_F(DeploymentsTest, RecreateNeverRunsBothVersions) {
  start_controllers();
  create(kDeployments(), deployment("web", 3, R"({"type":"Recreate"})"));
  ASSERT_TRUE(rolls_out(3));
  node_works = false;  // old pods do not end
  set_image("web:2");
  let_settle();
  EXPECT_EQ(images().count("web:2"), 0U);
  EXPECT_EQ(images().count("web:1"), 3U);
  node_works = true;
  for (const json::Value& pod : pods()) {
    const api::ObjectKey key{"shop", std::string(json::text_at(pod, "metadata.name"))};
    loop.block_on(finish_pod(key));
  }
  ASSERT_TRUE(rolls_out(3));
  EXPECT_EQ(images().count("web:2"), 3U);
}

TEST_F(DeploymentsTest, PausedOnesScaleButDoNotRelease) {
  start_controllers();
  create(kDeployments(), deployment("web", 2));
  ASSERT_TRUE(rolls_out(2));
  patch(kDeployments(), "web", R"({"spec":{"paused":true}})");
  ASSERT_TRUE(comes_true([this] { return reason("Progressing") == "DeploymentPaused"; }));
  set_image("web:2");
  patch(kDeployments(), "web", R"({"spec":{"replicas":3}})");
  ASSERT_TRUE(comes_true([this] { return images().count("web:1") == 3; }));
  let_settle();
  EXPECT_EQ(images().count("web:2"), 0U);
  patch(kDeployments(), "web", R"({"spec":{"paused":null}})");
  ASSERT_TRUE(rolls_out(3));
  EXPECT_EQ(images().count("web:2"), 3U);
}

// What a Rollout with a workloadRef does to the Deployment whose template it uses.
TEST_F(DeploymentsTest, ScalesToNothingAndBack) {
  start_controllers();
  create(kDeployments(), deployment("web", 3));
  ASSERT_TRUE(rolls_out(3));
  patch(kDeployments(), "web", R"({"spec":{"replicas":0}})");
  ASSERT_TRUE(comes_true([this] { return pods().empty() && is_rolled_out("web", 0); }));
  set_image("web:2");
  ASSERT_TRUE(rolls_out(0));
  EXPECT_TRUE(pods().empty());
  patch(kDeployments(), "web", R"({"spec":{"replicas":2}})");
  ASSERT_TRUE(rolls_out(2));
  EXPECT_EQ(images().count("web:2"), 2U);
}

TEST_F(DeploymentsTest, KeepsSoManyOldRevisions) {
  start_controllers();
  json::Value object = deployment("web", 1);
  object.at("spec").get_object()["revisionHistoryLimit"] = 1;
  create(kDeployments(), object);
  for (const char* image : {"web:2", "web:3", "web:4"}) {
    ASSERT_TRUE(rolls_out(1));
    set_image(image);
  }
  ASSERT_TRUE(rolls_out(1));
  EXPECT_TRUE(comes_true([this] { return all(kSets()).size() == 2; }));
  EXPECT_EQ(revision_of_set("web:3"), "3");
  EXPECT_EQ(revision_of_set("web:4"), "4");
}

TEST_F(DeploymentsTest, SameEndAfterADeathBeforeEveryWrite) {
  for (int lives = 0; lives < 24; ++lives) {
    const std::string name = "web" + std::to_string(lives);
    const std::multiset<std::string> wanted{"web:2", "web:2"};
    start_controllers();
    create(kDeployments(), deployment(name, 2));
    ASSERT_TRUE(rolls_out(2, name));
    let_settle();
    set_image("web:2", name);
    client->writes_left = lives;
    let_settle();
    stop_controllers();
    client->writes_left = -1;
    start_controllers();
    ASSERT_TRUE(comes_true([&] { return is_rolled_out(name, 2) && images(name) == wanted; })) << "after " << lives << " writes";
    ASSERT_TRUE(comes_true([&] { return reason("Progressing", name) == "NewReplicaSetAvailable"; })) << lives;
    let_settle();
    EXPECT_EQ(all(kSets()).size(), 2U * static_cast<std::size_t>(lives + 1)) << "after " << lives << " writes";
    const auto changes = store_->counts().changes;
    stop_controllers();
    start_controllers();
    let_settle();
    EXPECT_EQ(store_->counts().changes, changes) << "a settled world is written to";
    stop_controllers();
  }
}

TEST_F(DeploymentsTest, NameTakenByAnotherTemplateIsACollision) {
  start_controllers();
  create(kDeployments(), deployment("web", 1));
  ASSERT_TRUE(rolls_out(1));
  const std::string first(json::text_at(all(kSets())[0], "metadata.name"));
  stop_controllers();
  erase(kDeployments(), "web");
  ASSERT_TRUE(comes_true([this] { return all(kSets()).empty(); }));
  json::Value squatter = replica_set(first, 0);
  squatter.at("spec").at("selector").at("matchLabels").get_object()["app"] = "other";
  squatter.at("spec").at("template").at("metadata").at("labels").get_object()["app"] = "other";
  create(kSets(), squatter);
  start_controllers();
  create(kDeployments(), deployment("web", 1));
  ASSERT_TRUE(rolls_out(1));
  EXPECT_EQ(json::int_at(get(kDeployments(), "web"), "status.collisionCount"), 1);
}

}  // namespace
}  // namespace canaria::machine
