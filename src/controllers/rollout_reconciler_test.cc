// The reconciler against a world in memory: each test says what is there, what a plan wants, and what is there afterwards.
#include "controllers/rollout_reconciler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/loop.h"
#include "controllers/fake_world.h"
#include "json/write.h"

namespace canaria::controllers {
namespace {

using api::ObjectKey;
using testing::ElementsAre;
using testing::HasSubstr;

const ObjectKey kWeb{"shop", "web"};
const ObjectKey kSet{"shop", "web-1"};

json::Value text(std::string_view source) { return json::parse(source).value(); }

json::Value rollout_json() {
  return text(R"({"metadata":{"namespace":"shop","name":"web","uid":"web-uid","generation":1},
    "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
      "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}},
      "strategy":{"canary":{}}},"status":{}})");
}
json::Value set_json(std::string name, std::string owner_uid, std::string image = "web:1") {
  json::Value set = text(R"({"metadata":{"namespace":"shop","labels":{"app":"web","rollouts-pod-template-hash":"1"}},
    "spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"web","rollouts-pod-template-hash":"1"}},
      "spec":{"containers":[{"name":"web"}]}}}})");
  set.at("metadata").get_object()["name"] = name;
  set.at("spec").at("template").at("spec").at("containers").at(0).get_object()["image"] = image;
  if (!owner_uid.empty())
    set.at("metadata").get_object()["ownerReferences"] =
        json::Array{json::Object{{"apiVersion", "argoproj.io/v1alpha1"}, {"kind", "Rollout"}, {"name", "web"}, {"uid", owner_uid}, {"controller", true}}};
  return set;
}

class RolloutReconcilerTest : public testing::Test {
 protected:
  FakeWorld world;
  FakeClock clock;
  RecordedEvents events;
  RolloutCaches caches;
  async::Loop loop;
  std::vector<plan::Snapshot> seen;

  void SetUp() override {
    world.seed(api::resources::rollouts(), rollout_json());
    world.fill(caches);
  }
  Pass run(std::vector<plan::Effect> effects, Mode mode = Mode::kApply) {
    return run_planner(
        [&effects](const plan::Snapshot&) {
          plan::Plan result;
          for (const plan::Effect& effect : effects) result.actions.push_back({effect, "because"});
          return result;
        },
        mode);
  }
  Pass run_planner(RolloutReconciler::Planner planner, Mode mode = Mode::kApply) {
    RolloutReconciler reconciler({world, events, clock}, caches, plan::ControllerOptions(), mode,
                                 [this, planner](const plan::Snapshot& snapshot) {
                                   seen.push_back(snapshot);
                                   return planner(snapshot);
                                 });
    return loop.block_on(reconciler.reconcile(kWeb));
  }
  json::Value rollout() { return world.at(api::resources::rollouts(), kWeb); }
  json::Value set(const ObjectKey& key = kSet) { return world.at(api::resources::replica_sets(), key); }
};

const api::Resource kHttpRoutes{"gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", api::Scope::kNamespaced};

json::Value routed_rollout_json() {
  json::Value rollout = rollout_json();
  rollout.at("spec").get_object()["strategy"] =
      text(R"({"canary":{"trafficRouting":{"plugins":{"argoproj-labs/gatewayAPI":{"httpRoute":"web"}}}}})");
  return rollout;
}

TEST_F(RolloutReconcilerTest, RoutesAreReadLiveAndWrittenOnWhatWasRead) {
  world.seed(api::resources::rollouts(), routed_rollout_json());
  world.seed(kHttpRoutes, text(R"({"metadata":{"namespace":"shop","name":"web"},"spec":{"rules":[1]}})"));
  world.fill(caches);
  plan::UpdateRoute update{kHttpRoutes, kWeb, "", 25, text(R"({"spec":{"rules":[2]}})")};
  const auto planner = [&update](const plan::Snapshot& snapshot) {
    plan::Plan result;
    update.resource_version = std::string(json::text_at(snapshot.routes.at(0).object, "metadata.resourceVersion"));
    result.actions.push_back({update, "because"});
    return result;
  };
  EXPECT_FALSE(run_planner(planner).error);
  EXPECT_EQ(world.at(kHttpRoutes, kWeb).at("spec").at("rules").at(0), 2);

  const auto too_late = [&update](const plan::Snapshot&) {
    plan::Plan result;
    result.actions.push_back({update, "because"});
    return result;
  };
  ASSERT_EQ(run_planner(too_late).error->code, Code::kConflict);
}

TEST_F(RolloutReconcilerTest, ARouteThatIsMissingFailsThePassAndIsToldAsAnEvent) {
  world.seed(api::resources::rollouts(), routed_rollout_json());
  world.fill(caches);
  const auto planner = [](const plan::Snapshot& snapshot) {
    EXPECT_TRUE(snapshot.routes.at(0).object.is_null());
    plan::Plan result;
    result.actions.push_back({plan::EmitEvent{api::EventType::kWarning, "TrafficRoutingError", "not found"}, ""});
    result.failure = Error{Code::kNotFound, "not found"};
    return result;
  };
  EXPECT_EQ(run_planner(planner).error->code, Code::kNotFound);
  EXPECT_THAT(events.reasons(), ElementsAre("TrafficRoutingError"));

  world.fail_next("get", kHttpRoutes, Error{Code::kUnavailable, "no route to host"});
  EXPECT_THAT(run_planner(planner).error->message, HasSubstr("read HTTPRoute shop/web: no route to host"));
}

TEST_F(RolloutReconcilerTest, GoneRolloutIsNothingToDo) {
  world.erase(api::resources::rollouts(), kWeb);
  world.fill(caches);
  const Pass pass = run({});
  EXPECT_FALSE(pass.error);
  EXPECT_TRUE(seen.empty());
}

TEST_F(RolloutReconcilerTest, DeletingRolloutIsLeftAlone) {
  json::Value deleting = rollout();
  deleting.at("metadata").get_object()["deletionTimestamp"] = "2026-08-01T09:00:00Z";
  world.seed(api::resources::rollouts(), deleting);
  world.fill(caches);
  run({});
  EXPECT_TRUE(seen.empty());
}

TEST_F(RolloutReconcilerTest, ObservesOwnAndMatchingOwnerlessSetsOnly) {
  world.seed(api::resources::replica_sets(), set_json("own", "web-uid"));
  world.seed(api::resources::replica_sets(), set_json("foreign", "other-uid"));
  world.seed(api::resources::replica_sets(), set_json("free", ""));
  json::Value unrelated = set_json("unrelated", "");
  unrelated.at("metadata").at("labels").get_object()["app"] = "db";
  world.seed(api::resources::replica_sets(), unrelated);
  world.fill(caches);
  run({});
  ASSERT_EQ(seen.size(), 1U);
  std::vector<std::string> names;
  for (const auto& found : seen[0].sets) names.push_back(found.metadata.name);
  EXPECT_THAT(names, ElementsAre("own", "free"));
}

TEST_F(RolloutReconcilerTest, CreatedSetIsSeenByTheNextPass) {
  const Pass pass = run({plan::CreateReplicaSet{"web-1", set_json("web-1", "web-uid")}});
  EXPECT_FALSE(pass.error);
  EXPECT_TRUE(pass.has_written);
  run({});
  ASSERT_EQ(seen.back().sets.size(), 1U);
  EXPECT_EQ(seen.back().sets[0].metadata.name, "web-1");
}

TEST_F(RolloutReconcilerTest, ExistingSetOfOursIsTakenAsCreated) {
  world.seed(api::resources::replica_sets(), set_json("web-1", "web-uid"));  // the cache does not know it
  const Pass pass = run({plan::CreateReplicaSet{"web-1", set_json("web-1", "web-uid")}});
  EXPECT_FALSE(pass.error);
  EXPECT_NE(caches.sets().find(kSet), nullptr);
  EXPECT_EQ(json::find(rollout(), "status.collisionCount"), nullptr);
}

TEST_F(RolloutReconcilerTest, ExistingSetWithAnotherTemplateIsACollision) {
  world.seed(api::resources::replica_sets(), set_json("web-1", "web-uid", "web:2"));
  const Pass pass = run({plan::CreateReplicaSet{"web-1", set_json("web-1", "web-uid")}, plan::PatchStatus{text(R"({"status":{"phase":"x"}})")}});
  ASSERT_TRUE(pass.error);
  EXPECT_EQ(pass.error->code, Code::kAlreadyExists);
  EXPECT_EQ(json::int_at(rollout(), "status.collisionCount"), 1);
  EXPECT_EQ(json::text_at(rollout(), "status.phase"), "");
}

TEST_F(RolloutReconcilerTest, RefusedCreateSetsTheConditionOnceAndTellsEveryTime) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    world.fail_next("create", api::resources::replica_sets(), Error{Code::kForbidden, "exceeded quota: pods", std::nullopt});
    const Pass pass = run({plan::CreateReplicaSet{"web-1", set_json("web-1", "web-uid")}});
    ASSERT_TRUE(pass.error);
    EXPECT_THAT(pass.error->message, HasSubstr("create ReplicaSet web-1: exceeded quota"));
  }
  const json::Value condition = rollout().at("status").at("conditions").at(0);
  EXPECT_EQ(json::text_at(condition, "reason"), "ReplicaSetCreateError");
  EXPECT_EQ(json::text_at(condition, "message"), "Failed to create new replica set \"web-1\": exceeded quota: pods");
  EXPECT_EQ(json::text_at(condition, "status"), "False");
  EXPECT_EQ(world.writes(), 1);
  EXPECT_THAT(events.reasons(), ElementsAre("ReplicaSetCreateError", "ReplicaSetCreateError"));
}

TEST_F(RolloutReconcilerTest, FirstFailureStopsThePass) {
  world.fail_next("patch", api::resources::rollouts(), Error{Code::kUnavailable, "no route", std::nullopt});
  const Pass pass = run({plan::PatchRollout{text(R"({"metadata":{"annotations":{"a":"b"}}})")}, plan::PatchStatus{text(R"({"status":{"phase":"Healthy"}})")}});
  ASSERT_TRUE(pass.error);
  EXPECT_EQ(pass.error->message, "patch Rollout: no route");
  EXPECT_EQ(world.writes(), 0);
}

TEST_F(RolloutReconcilerTest, StatusPatchTouchesOnlyTheStatusAndIsSeenByTheNextPass) {
  run({plan::PatchStatus{text(R"({"spec":{"replicas":9},"status":{"phase":"Healthy"}})")}});
  EXPECT_EQ(json::text_at(rollout(), "status.phase"), "Healthy");
  EXPECT_EQ(json::int_at(rollout(), "spec.replicas"), 2);
  run({});
  EXPECT_EQ(seen.back().rollout.status.phase, "Healthy");
}

TEST_F(RolloutReconcilerTest, TwoPatchesOfOneSetInAPlanDoNotConflict) {
  world.seed(api::resources::replica_sets(), set_json("web-1", "web-uid"));
  world.fill(caches);
  const std::string version = caches.sets().find(kSet)->metadata.resourceVersion;
  const Pass pass = run({plan::PatchReplicaSet{kSet, version, text(R"({"spec":{"replicas":2}})")},
                         plan::PatchReplicaSet{kSet, version, text(R"({"metadata":{"annotations":{"a":"b"}}})")}});
  EXPECT_FALSE(pass.error);
  EXPECT_EQ(json::int_at(set(), "spec.replicas"), 2);
  EXPECT_THAT(pass.actions, ElementsAre("scale ReplicaSet web-1 to 2", "patch ReplicaSet web-1"));
}

TEST_F(RolloutReconcilerTest, ScaleOfAChangedSetIsAConflict) {
  world.seed(api::resources::replica_sets(), set_json("web-1", "web-uid"));
  const Pass pass = run({plan::PatchReplicaSet{kSet, "1", text(R"({"spec":{"replicas":0}})")}});
  ASSERT_TRUE(pass.error);
  EXPECT_EQ(pass.error->code, Code::kConflict);
  EXPECT_EQ(json::int_at(set(), "spec.replicas"), 1);
}

TEST_F(RolloutReconcilerTest, AdoptsWithAllOwnersKept) {
  json::Value free = set_json("web-1", "");
  free.at("metadata").get_object()["ownerReferences"] = json::Array{json::Object{{"kind", "Team"}, {"name", "a"}, {"uid", "team-uid"}}};
  const std::string uid(json::text_at(world.seed(api::resources::replica_sets(), free), "metadata.uid"));
  world.fill(caches);
  const Pass pass = run({plan::AdoptReplicaSet{kSet, uid}});
  EXPECT_FALSE(pass.error);
  const api::ReplicaSet adopted = api::parse_replica_set(set());
  ASSERT_EQ(adopted.metadata.ownerReferences.size(), 2U);
  EXPECT_EQ(adopted.metadata.controller()->uid, "web-uid");
}

TEST_F(RolloutReconcilerTest, DoesNotAdoptForARolloutThatWasReplaced) {
  const std::string uid(json::text_at(world.seed(api::resources::replica_sets(), set_json("web-1", "")), "metadata.uid"));
  world.fill(caches);
  json::Value newer = rollout();
  newer.at("metadata").get_object()["uid"] = "another-uid";
  world.seed(api::resources::rollouts(), newer);
  const Pass pass = run({plan::AdoptReplicaSet{kSet, uid}});
  ASSERT_TRUE(pass.error);
  EXPECT_TRUE(api::parse_replica_set(set()).metadata.ownerReferences.empty());
}

TEST_F(RolloutReconcilerTest, ReleasesByTakingOurReferenceAway) {
  const std::string uid(json::text_at(world.seed(api::resources::replica_sets(), set_json("web-1", "web-uid")), "metadata.uid"));
  world.fill(caches);
  EXPECT_FALSE(run({plan::ReleaseReplicaSet{kSet, uid}}).error);
  EXPECT_TRUE(api::parse_replica_set(set()).metadata.ownerReferences.empty());
}

TEST_F(RolloutReconcilerTest, DeletesOnceAndForgetsIt) {
  const std::string uid(json::text_at(world.seed(api::resources::replica_sets(), set_json("web-1", "web-uid")), "metadata.uid"));
  world.fill(caches);
  const plan::DeleteReplicaSet remove{kSet, uid};
  EXPECT_FALSE(run({remove}).error);
  EXPECT_TRUE(set().is_null());
  run({});
  EXPECT_TRUE(seen.back().sets.empty());
}

TEST_F(RolloutReconcilerTest, ReadsPodsOnlyWhenAskedAndUpdatesThem) {
  world.seed(api::resources::pods(), text(R"({"metadata":{"namespace":"shop","name":"web-1-a","labels":{"app":"web"}}})"));
  world.seed(api::resources::pods(), text(R"({"metadata":{"namespace":"shop","name":"db-1-a","labels":{"app":"db"}}})"));
  const Pass pass = run_planner([](const plan::Snapshot& snapshot) {
    plan::Plan result;
    result.needs_pods = !snapshot.pods;
    if (!snapshot.pods) return result;
    for (const api::Pod& pod : *snapshot.pods)
      result.actions.push_back({plan::PatchPod{pod.metadata.key(), text(R"({"metadata":{"labels":{"role":"canary"}}})")}, ""});
    return result;
  });
  EXPECT_FALSE(pass.error);
  EXPECT_EQ(json::text_at(world.at(api::resources::pods(), {"shop", "web-1-a"}), "metadata.labels.role"), "canary");
  EXPECT_EQ(json::text_at(world.at(api::resources::pods(), {"shop", "db-1-a"}), "metadata.labels.role"), "");
  EXPECT_EQ(seen.size(), 2U);
}

TEST_F(RolloutReconcilerTest, ProtectedPodIsSkippedAndTheNextOneEvicted) {
  world.seed(api::resources::pods(), text(R"({"metadata":{"namespace":"shop","name":"a"}})"));
  world.seed(api::resources::pods(), text(R"({"metadata":{"namespace":"shop","name":"b"}})"));
  world.fail_next("create", api::resources::pods(), Error{Code::kTooManyRequests, "budget", std::nullopt});
  EXPECT_FALSE(run({plan::EvictPod{{"shop", "a"}}, plan::EvictPod{{"shop", "b"}}}).error);
  EXPECT_FALSE(world.at(api::resources::pods(), {"shop", "a"}).is_null());
  EXPECT_TRUE(world.at(api::resources::pods(), {"shop", "b"}).is_null());
}

TEST_F(RolloutReconcilerTest, ScalesADeploymentOnlyWhenItDiffers) {
  world.seed(api::resources::deployments(), text(R"({"metadata":{"namespace":"shop","name":"old"},"spec":{"replicas":3}})"));
  const plan::ScaleDeployment scale{{"shop", "old"}, 0};
  EXPECT_FALSE(run({scale, scale}).error);
  EXPECT_EQ(json::int_at(world.at(api::resources::deployments(), {"shop", "old"}), "spec.replicas", -1), 0);
  EXPECT_EQ(world.writes(), 1);
}

TEST_F(RolloutReconcilerTest, DryRunChangesNothing) {
  const Pass pass = run({plan::CreateReplicaSet{"web-1", set_json("web-1", "web-uid")}, plan::EmitEvent{api::EventType::kNormal, "A", "b"}}, Mode::kDryRun);
  EXPECT_THAT(pass.actions, ElementsAre("create ReplicaSet web-1", "event A"));
  EXPECT_EQ(world.requests(), 0);
  EXPECT_TRUE(events.entries.empty());
}

TEST_F(RolloutReconcilerTest, EventsNameTheRollout) {
  run({plan::EmitEvent{api::EventType::kWarning, "RolloutAborted", "why"}});
  ASSERT_EQ(events.entries.size(), 1U);
  EXPECT_EQ(events.entries[0].target.api_version, "argoproj.io/v1alpha1");
  EXPECT_EQ(events.entries[0].target.kind, "Rollout");
  EXPECT_EQ(events.entries[0].target.uid, "web-uid");
}

TEST_F(RolloutReconcilerTest, StatusThatPeopleSetTooIsNotOverwritten) {
  const std::string planned_on(json::text_at(rollout(), "metadata.resourceVersion"));
  json::Value promoted = rollout();
  promoted.get_object()["status"] = json::Object{{"currentStepIndex", 3}};
  world.seed(api::resources::rollouts(), promoted);  // after the cache was filled
  const plan::PatchStatus stale{text(R"({"status":{"currentStepIndex":1}})"), planned_on};
  const Pass pass = run({stale});
  ASSERT_TRUE(pass.error);
  EXPECT_EQ(pass.error->code, Code::kConflict);
  EXPECT_EQ(json::int_at(rollout(), "status.currentStepIndex"), 3);
}

TEST_F(RolloutReconcilerTest, CountersWaitAMomentForTheNextChange) {
  RolloutReconciler reconciler({world, events, clock}, caches, plan::ControllerOptions(), Mode::kApply, [](const plan::Snapshot&) {
    plan::Plan result;
    result.actions.push_back({plan::PatchStatus{text(R"({"status":{"readyReplicas":3}})")}, ""});
    result.counters_can_wait = true;
    return result;
  });
  const Time start = clock.time;
  const Pass first = loop.block_on(reconciler.reconcile(kWeb));
  EXPECT_TRUE(first.actions.empty());
  EXPECT_EQ(first.wake_at, start + Millis(150));
  clock.time = start + Millis(100);
  EXPECT_EQ(loop.block_on(reconciler.reconcile(kWeb)).wake_at, start + Millis(150)) << "further counts must not put it off";
  clock.time = start + Millis(150);
  EXPECT_FALSE(loop.block_on(reconciler.reconcile(kWeb)).actions.empty());
  EXPECT_EQ(json::int_at(rollout(), "status.readyReplicas"), 3);
}

class WorkloadTest : public RolloutReconcilerTest {
 protected:
  void refer_to(const char* api_version, const char* kind, const char* name) {
    json::Value referring = rollout();
    json::Object& spec = referring.at("spec").get_object();
    spec.erase("template");
    spec.erase("selector");
    spec["workloadRef"] = json::Object{{"apiVersion", api_version}, {"kind", kind}, {"name", name}};
    world.seed(api::resources::rollouts(), referring);
    world.fill(caches);
  }
};

TEST_F(WorkloadTest, WaitsForTheFirstListAndStartsItsWatchOnce) {
  int started = 0;
  caches.on_workload_cache([&](const api::Resource&, WorkloadCache&) { ++started; });
  refer_to("apps/v1", "Deployment", "old");
  EXPECT_EQ(run({}).wake_at, clock.time + Millis(200));
  run({});
  EXPECT_EQ(started, 1);
  EXPECT_TRUE(seen.empty());
}

TEST_F(WorkloadTest, TakesTemplateSelectorAndRecordsTheGeneration) {
  refer_to("apps/v1beta9", "Deployment", "old");
  caches.workloads(api::resources::deployments())
      .replace({text(R"({"metadata":{"namespace":"shop","name":"old","resourceVersion":"7","generation":4},"spec":{"replicas":3,
        "selector":{"matchLabels":{"app":"old"}},"template":{"metadata":{"labels":{"app":"old"}},"spec":{"containers":[]}}}})")});
  const Pass pass = run({});
  EXPECT_FALSE(pass.error);
  EXPECT_EQ(rollout().at("metadata").at("annotations").at(api::kWorkloadGenerationAnnotation), "4");
  ASSERT_TRUE(seen.back().workload);
  EXPECT_EQ(seen.back().workload->replicas, 3);
  EXPECT_THAT(seen.back().workload->pod_template, HasSubstr(R"("app":"old")"));
  EXPECT_EQ(world.writes(), 1);
  run({});
  EXPECT_EQ(world.writes(), 1);
}

TEST_F(WorkloadTest, SaysWhyThereIsNone) {
  refer_to("apps/v1", "Deployment", "old");
  caches.workloads(api::resources::deployments()).replace({});
  run({});
  EXPECT_EQ(seen.back().workload->error, "deployments.apps \"old\" not found");
  refer_to("batch/v1", "Job", "old");
  run({});
  EXPECT_EQ(seen.back().workload->error, "workload of type batch/Job is not supported");
}

}  // namespace
}  // namespace canaria::controllers
