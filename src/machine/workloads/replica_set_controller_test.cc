// ReplicaSets on a real store: the state of the world after changes, faults and restarts.
#include "machine/workloads/workload_world.h"

#include <gmock/gmock.h>
#include <set>

namespace canaria::machine {
namespace {

using testing::SizeIs;

const api::Resource& kSets() { return api::resources::replica_sets(); }

class ReplicaSetsTest : public WorkloadWorld {
 protected:
  std::int64_t status(const char* counter, const std::string& name = "web") {
    return json::int_at(get(kSets(), name), std::string("status.") + counter);
  }
  bool has_available(int count) {
    return comes_true([this, count] { return status("availableReplicas") == count && status("replicas") == count; });
  }
};

TEST_F(ReplicaSetsTest, ScalesUpAndDownAndReportsIt) {
  start_controllers();
  create(kSets(), replica_set("web", 3));
  ASSERT_TRUE(has_available(3));
  EXPECT_EQ(pods().size(), 3U);
  const json::Value pod = pods()[0];
  EXPECT_EQ(json::text_at(pod, "metadata.generateName"), "web-");
  EXPECT_EQ(json::text_at(pod, "metadata.labels.app"), "web");
  const json::Value& owner = json::find(pod, "metadata.ownerReferences")->at(0);
  EXPECT_EQ(json::text_at(owner, "kind"), "ReplicaSet");
  EXPECT_TRUE(owner.at("controller").as_bool() && owner.at("blockOwnerDeletion").as_bool());
  EXPECT_EQ(json::text_at(pod, "spec.nodeName"), "local");
  EXPECT_EQ(events.count("SuccessfulCreate"), 3);
  EXPECT_EQ(events.messages("Scheduled")[0].find("Successfully assigned shop/web-"), 0U);

  patch(kSets(), "web", R"({"spec":{"replicas":1}})");
  ASSERT_TRUE(has_available(1));
  EXPECT_TRUE(comes_true([this] { return pods().size() == 1; }));
  EXPECT_EQ(events.count("SuccessfulDelete"), 2);
  EXPECT_EQ(status("observedGeneration"), 2);

  patch(kSets(), "web", R"({"spec":{"replicas":0}})");
  EXPECT_TRUE(comes_true([this] { return pods().empty() && status("replicas") == 0; }));
  EXPECT_NE(json::find(get(kSets(), "web"), "status.replicas"), nullptr);
}

TEST_F(ReplicaSetsTest, SettledSetsCauseNoWrites) {
  start_controllers();
  create(kSets(), replica_set("web", 5));
  ASSERT_TRUE(has_available(5));
  let_settle();
  const auto before = store_->counts().changes;
  stop_controllers();
  start_controllers();
  let_settle();
  EXPECT_EQ(store_->counts().changes, before);
}

// A watch that is slower than the controller's own writes must not make it create or delete twice.
TEST_F(ReplicaSetsTest, DeadPodsAreReplacedOnceEach) {
  start_controllers();
  create(kSets(), replica_set("web", 20));
  ASSERT_TRUE(has_available(20));
  std::set<std::string> names;
  for (const json::Value& pod : pods()) names.emplace(json::text_at(pod, "metadata.name"));
  for (const std::string& name : names) set_pod_status(name, pod_status("Failed", "False"));
  ASSERT_TRUE(comes_true([this] { return pods().size() == 40 && status("availableReplicas") == 20; }));
  let_settle();
  EXPECT_EQ(events.count("SuccessfulCreate"), 40);
  EXPECT_EQ(events.count("SuccessfulDelete"), 0);
}

TEST_F(ReplicaSetsTest, SameEndAfterADeathBeforeEveryWrite) {
  for (int lives = 0; lives < 14; ++lives) {
    const std::string name = "web" + std::to_string(lives);
    json::Value set = replica_set(name, 3);
    set.at("spec").at("selector") = parsed(R"({"matchLabels":{"app":"NAME"}})");
    set.at("spec").at("selector").at("matchLabels").get_object()["app"] = name;
    set.at("spec").at("template").at("metadata").at("labels").get_object()["app"] = name;
    create(kSets(), set);
    client->writes_left = lives;
    start_controllers();
    let_settle();
    stop_controllers();
    client->writes_left = -1;
    start_controllers();
    ASSERT_TRUE(comes_true([&] { return status("availableReplicas", name) == 3; })) << "after " << lives << " writes";
    let_settle();
    EXPECT_EQ(pods("app=" + name).size(), 3U) << "after " << lives << " writes";
    client->writes_left = lives % 4;
    patch(kSets(), name, R"({"spec":{"replicas":1}})");
    let_settle();
    stop_controllers();
    client->writes_left = -1;
    start_controllers();
    ASSERT_TRUE(comes_true([&] { return status("availableReplicas", name) == 1 && pods("app=" + name).size() == 1; })) << lives;
    let_settle();
    EXPECT_EQ(pods("app=" + name).size(), 1U);
    stop_controllers();
  }
}

TEST_F(ReplicaSetsTest, AdoptsWhatMatchesAndReleasesWhatNoLongerDoes) {
  create(api::resources::pods(), parsed(R"({"metadata":{"name":"orphan","labels":{"app":"web"}},"spec":{"containers":[{"name":"a","image":"a:1"}]}})"));
  start_controllers();
  create(kSets(), replica_set("web", 2));
  ASSERT_TRUE(has_available(2));
  EXPECT_EQ(pods().size(), 2U);
  EXPECT_EQ(events.count("SuccessfulCreate"), 1);
  patch(api::resources::pods(), "orphan", R"({"metadata":{"labels":{"app":"debug"}}})");
  ASSERT_TRUE(comes_true([this] { return pods("app=web").size() == 2; }));
  EXPECT_TRUE(comes_true([this] {
    const json::Value pod = get(api::resources::pods(), "orphan");
    const json::Value* owners = json::find(pod, "metadata.ownerReferences");
    return !owners || owners->as_array().empty();
  }));
}

TEST_F(ReplicaSetsTest, RefusedPodsAreReportedAndTriedAgain) {
  bool is_refused = true;
  client->fault = [&](const api::Resource& resource, const std::string& verb) -> std::optional<Error> {
    if (!is_refused || resource.plural != "pods" || verb != "create") return std::nullopt;
    return Error{Code::kForbidden, "pods \"web-\" is forbidden: exceeded quota", std::nullopt};
  };
  start_controllers();
  create(kSets(), replica_set("web", 4));
  ASSERT_TRUE(comes_true([this] { return json::find(get(kSets(), "web"), "status.conditions") != nullptr; }));
  const json::Value condition = json::find(get(kSets(), "web"), "status.conditions")->at(0);
  EXPECT_EQ(json::text_at(condition, "type"), "ReplicaFailure");
  EXPECT_EQ(json::text_at(condition, "reason"), "FailedCreate");
  EXPECT_EQ(events.messages("FailedCreate")[0], "Error creating: pods \"web-\" is forbidden: exceeded quota");
  is_refused = false;
  ASSERT_TRUE(has_available(4));
  EXPECT_TRUE(comes_true([this] { return json::find(get(kSets(), "web"), "status.conditions") == nullptr; }));
  EXPECT_EQ(pods().size(), 4U);
}

TEST_F(ReplicaSetsTest, AvailabilityWaitsForMinReadySeconds) {
  start_controllers();
  json::Value set = replica_set("web", 2);
  set.at("spec").get_object()["minReadySeconds"] = 1;
  create(kSets(), set);
  ASSERT_TRUE(comes_true([this] { return status("readyReplicas") == 2; }));
  EXPECT_EQ(status("availableReplicas"), 0);
  clock.time += Seconds(1);
  EXPECT_TRUE(has_available(2));
}

TEST_F(ReplicaSetsTest, PodsOfADeletedSetGoWithIt) {
  start_controllers();
  create(kSets(), replica_set("web", 3));
  ASSERT_TRUE(has_available(3));
  erase(kSets(), "web");
  EXPECT_TRUE(comes_true([this] { return pods().empty(); }));
  let_settle();
  EXPECT_THAT(pods(), SizeIs(0));
  EXPECT_EQ(events.count("SuccessfulCreate"), 3);
}

TEST_F(ReplicaSetsTest, PodsWaitForANodeAndSayWhy) {
  change_node("local", R"({"spec":{"unschedulable":true}})");
  start_controllers();
  create(kSets(), replica_set("web", 1));
  ASSERT_TRUE(comes_true([this] { return events.count("FailedScheduling") == 1; }));
  EXPECT_EQ(events.messages("FailedScheduling")[0], "0/1 nodes are available: 1 node(s) were unschedulable.");
  const json::Value condition = json::find(pods()[0], "status.conditions")->at(0);
  EXPECT_EQ(json::text_at(condition, "reason"), "Unschedulable");
  EXPECT_EQ(json::text_at(condition, "status"), "False");
  change_node("local", R"({"spec":{"unschedulable":false}})");
  EXPECT_TRUE(has_available(1));
}

}  // namespace
}  // namespace canaria::machine
