// What transcripts show badly: Services, restarts, injected metadata and affinity, workloadRef, claiming, takeover.
#include "plan/rollout/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "api/core/pod_template.h"
#include "json/write.h"
#include "json/yaml.h"
#include "plan/rollout/describe.h"
#include "plan/rollout/simulation.h"

namespace canaria::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

bool always_ready(const api::ReplicaSet&) { return true; }
bool never_ready(const api::ReplicaSet&) { return false; }

const Time kStart = *parse_time("2026-08-01T12:00:00Z");

// A Rollout `web` of two pods with the given canary block.
json::Value manifest(const std::string& canary, const std::string& spec = "") {
  return json::parse_yaml(fmt::format("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {{name: web, namespace: shop}}\n"
                                      "spec: {{replicas: 2, selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: "
                                      "{{app: web}}}}, spec: {{containers: [{{name: main, image: 'web:1'}}]}}}}, strategy: {{canary: "
                                      "{{{}}}}}{}}}",
                                      canary, spec.empty() ? "" : ", " + spec))
      .value();
}

json::Value image(const std::string& name) {
  return json::parse_yaml(fmt::format("{{spec: {{template: {{spec: {{containers: [{{name: main, image: '{}'}}]}}}}}}}}", name)).value();
}

api::Service service(const std::string& name) {
  api::Service result;
  result.metadata.name = name;
  result.metadata.namespace_ = "shop";
  result.spec.selector = {{"app", "web"}};
  return result;
}

std::string selected(const Simulation& simulation, const std::string& name) {
  for (const api::Service& each : simulation.world().services)
    if (each.metadata.name == name) return each.spec.selector.contains(api::kHashLabel) ? each.spec.selector.at(api::kHashLabel) : "";
  return "?";
}

std::vector<std::string> described(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Action& action : plan.actions) lines.push_back(describe(action));
  return lines;
}

TEST(Services, FollowTheirReplicaSetsOnceTheyCanServe) {
  Simulation simulation(manifest("stableService: stable, canaryService: canary, steps: [{setWeight: 50}, {pause: {}}]"), kStart);
  simulation.world().services = {service("stable"), service("canary")};
  simulation.settle(never_ready);
  EXPECT_EQ(selected(simulation, "stable"), "") << "a Service was pointed at a version without any available pod";
  simulation.settle(always_ready);
  const std::string old_hash = simulation.world().rollout.status.stableRS;
  EXPECT_EQ(selected(simulation, "stable"), old_hash);
  EXPECT_EQ(selected(simulation, "canary"), old_hash);

  simulation.patch(image("web:bad"));
  simulation.settle(never_ready);
  EXPECT_EQ(selected(simulation, "canary"), old_hash);
  simulation.patch(image("web:2"));
  simulation.settle(always_ready);
  const std::string new_hash = simulation.world().rollout.status.currentPodHash;
  EXPECT_EQ(selected(simulation, "canary"), new_hash);
  EXPECT_EQ(selected(simulation, "stable"), old_hash);

  simulation.patch_status(json::parse(R"({"abort":true})").value());
  simulation.settle(always_ready);
  EXPECT_EQ(selected(simulation, "canary"), old_hash);
}

TEST(Services, MissingOneIsAnInvalidSpecThatHealsItself) {
  Simulation simulation(manifest("stableService: stable"), kStart);
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.message,
            "InvalidSpec: The Rollout \"web\" is invalid: spec.strategy.canary.stableService: Invalid value: \"stable\": service "
            "\"stable\" not found");
  simulation.world().services = {service("stable")};
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.phase, "Healthy");
}

TEST(NewReplicaSet, CarriesAntiAffinityAgainstTheStableVersion) {
  Simulation simulation(manifest("antiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: {weight: 7}}"), kStart);
  simulation.settle(always_ready);
  EXPECT_THAT(simulation.world().sets[0].pod_template, Not(HasSubstr("podAntiAffinity")));
  const std::string stable = simulation.world().rollout.status.stableRS;
  simulation.patch(image("web:2"));
  simulation.settle(never_ready);
  const std::string text = simulation.world().sets[1].pod_template;
  EXPECT_THAT(text, HasSubstr(fmt::format(R"("weight":7,"podAffinityTerm":{{"labelSelector":{{"matchExpressions":[{{"key":"rollouts-pod-template-hash","operator":"In","values":["{}"]}}]}},"namespaces":["shop"],"topologyKey":"kubernetes.io/hostname"}})", stable)));
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.phase, "Healthy");
}

TEST(NewReplicaSet, IsFoundByItsTemplateWhenTheHashFunctionDiffers) {
  Simulation simulation(manifest("steps: [{setWeight: 50}]"), kStart);
  simulation.settle(always_ready);
  // The state that a controller with another hash function leaves behind.
  Snapshot world = simulation.world();
  world.sets[0].metadata.labels[api::kHashLabel] = "oldhash";
  world.sets[0].pod_template = api::canonical_pod_template(api::with_pod_defaults(json::parse(world.sets[0].pod_template).value()));
  world.rollout.status.stableRS = world.rollout.status.currentPodHash = "oldhash";
  EXPECT_THAT(described(plan(world)), IsEmpty());
}

TEST(Claiming, AdoptsTheOwnerlessAndReleasesTheStrangers) {
  Simulation simulation(manifest("maxSurge: 1"), kStart);
  simulation.settle(always_ready);
  Snapshot world = simulation.world();
  api::ReplicaSet orphan = world.sets[0];
  orphan.metadata.name = "web-orphan";
  orphan.metadata.ownerReferences.clear();
  api::ReplicaSet stranger = world.sets[0];
  stranger.metadata.name = "web-stranger";
  stranger.metadata.labels["app"] = "other";
  world.sets.push_back(orphan);
  world.sets.push_back(stranger);
  EXPECT_THAT(described(plan(world)), ElementsAre("adopt ReplicaSet web-orphan", "release ReplicaSet web-stranger"));
}

TEST(Claiming, ValidatesBeforeItAdopts) {
  Simulation simulation(manifest("maxSurge: 1", "minReadySeconds: -1"), kStart);
  api::ReplicaSet orphan;
  orphan.metadata.name = "web-orphan";
  orphan.metadata.namespace_ = "shop";
  orphan.metadata.labels = {{"app", "web"}, {api::kHashLabel, "x"}};
  simulation.world().sets.push_back(orphan);
  EXPECT_THAT(described(plan(simulation.world())), ElementsAre(HasSubstr("InvalidSpec")));
}

api::Pod pod_of(const api::ReplicaSet& set, const std::string& name, Time created) {
  api::Pod pod;
  pod.metadata.name = name;
  pod.metadata.namespace_ = "shop";
  pod.metadata.creationTimestamp = created;
  pod.metadata.ownerReferences.push_back({"apps/v1", "ReplicaSet", set.metadata.name, set.metadata.uid, true, true});
  pod.status.conditions = {{"Ready", "True"}};
  return pod;
}

TEST(Restart, EvictsAsManyPodsAsAvailabilityAllows) {
  Simulation simulation(manifest("maxSurge: 0, maxUnavailable: 1"), kStart);
  simulation.settle(always_ready);
  simulation.patch(json::parse(R"({"spec":{"restartAt":"2026-08-01T12:00:30Z"}})").value());
  EXPECT_EQ(plan(simulation.world()).wake_at, kStart + Seconds(30) + Millis(1));
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.message, "rollout is restarting");

  Snapshot world = simulation.world();
  world.now = kStart + Seconds(31);
  EXPECT_TRUE(plan(world).needs_pods);
  world.pods = {pod_of(world.sets[0], "old-1", kStart), pod_of(world.sets[0], "old-2", kStart)};
  const Plan first = plan(world);
  EXPECT_THAT(described(first), ElementsAre("evict Pod old-1"));
  EXPECT_EQ(first.wake_at, world.now + Seconds(30));

  world.pods = {pod_of(world.sets[0], "new-1", world.now), pod_of(world.sets[0], "old-2", kStart)};
  EXPECT_THAT(described(plan(world)), ElementsAre("evict Pod old-2"));
  world.pods = {pod_of(world.sets[0], "new-1", world.now), pod_of(world.sets[0], "new-2", world.now)};
  EXPECT_THAT(described(plan(world)), ElementsAre("write status: Healthy"));
}

TEST(RoleMetadata, GoesToTheRunningPodsBeforeTheReplicaSet) {
  Simulation simulation(manifest("canaryMetadata: {labels: {role: canary}}, stableMetadata: {labels: {role: stable}}, steps: "
                                 "[{setWeight: 50}, {pause: {}}]"),
                        kStart);
  simulation.world().pods.emplace();
  simulation.settle(always_ready);
  EXPECT_THAT(simulation.world().sets[0].pod_template, HasSubstr(R"("role":"stable")"));
  EXPECT_FALSE(simulation.world().sets[0].metadata.labels.contains("role"));
  simulation.patch(image("web:2"));
  simulation.settle(always_ready);
  EXPECT_THAT(simulation.world().sets[1].pod_template, HasSubstr(R"("role":"canary")"));

  // Promoted: the new version's pods change their role in place.
  api::Pod running = pod_of(simulation.world().sets[1], "web-2-a", kStart);
  running.metadata.labels["role"] = "canary";
  simulation.world().pods->push_back(running);
  simulation.patch_status(json::parse(R"({"pauseConditions":null})").value());
  simulation.take_log();
  simulation.settle(always_ready);
  const std::vector<std::string> log = simulation.take_log();
  EXPECT_THAT(log, Contains(R"(patch Pod web-2-a {"metadata":{"labels":{"role":"stable"}}})"));
  EXPECT_THAT(simulation.world().sets[1].pod_template, HasSubstr(R"("role":"stable")"));
  EXPECT_EQ(simulation.world().sets[1].metadata.annotation(api::kEphemeralMetadataAnnotation), R"({"labels":{"role":"stable"}})");
}

TEST(WorkloadRef, TakesTemplateAndSelectorAndScalesTheDeploymentDown) {
  json::Value object = manifest("maxSurge: 1");
  object.at("spec").as_object().erase("template");
  object.at("spec").as_object().erase("selector");
  object.at("spec").as_object()["workloadRef"] =
      json::parse(R"({"apiVersion":"apps/v1","kind":"Deployment","name":"web","scaleDown":"progressively"})").value();
  Simulation simulation(object, kStart);
  simulation.world().workload.emplace();
  simulation.world().workload->error = "deployments.apps \"shop/web\" not found";
  simulation.reconcile();
  EXPECT_THAT(simulation.world().rollout.status.message, HasSubstr("deployments.apps \"shop/web\" not found"));
  EXPECT_EQ(plan(simulation.world()).wake_at, kStart + Seconds(20));

  Workload workload;
  workload.generation = 4;
  workload.pod_template = api::canonical_pod_template(
      json::parse(R"({"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"web:1"}]}})").value());
  workload.selector.emplace().matchLabels["app"] = "web";
  workload.replicas = 2;
  simulation.world().workload = workload;
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.phase, "Healthy");
  EXPECT_EQ(simulation.world().rollout.status.workloadObservedGeneration, "4");
  EXPECT_EQ(simulation.world().workload->replicas, 0);
}

TEST(History, OfSetsMadeInOneSecondTheLowestRevisionGoesFirst) {
  Simulation simulation(manifest("maxSurge: 1", "revisionHistoryLimit: 1"), kStart);
  for (const char* name : {"web:1", "web:2", "web:3", "web:4", "web:5"}) {
    simulation.patch(image(name));
    simulation.settle(always_ready);
  }
  std::vector<std::int64_t> left;
  for (const api::ReplicaSet& set : simulation.world().sets) left.push_back(*set.revision());
  EXPECT_THAT(left, ElementsAre(4, 5));
}

TEST(InvalidSpec, NamesTheValueThatATemplateCannotHold) {
  json::Value odd = manifest("maxSurge: 1");
  odd.at("spec").at("template").at("spec").at("containers").at(0).as_object()["resources"] =
      json::parse(R"({"limits":{"cpu":"a lot"}})").value();
  Simulation simulation(odd, kStart);
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.message,
            "InvalidSpec: The Rollout \"web\" is invalid: spec.template.spec.containers[0].resources.limits[cpu]: Invalid value: "
            "\"a lot\": must be a quantity such as 500m or 1Gi");
  EXPECT_THAT(simulation.world().sets, IsEmpty());
}

TEST(Plan, StatusCarriesAPreconditionWhereItSetsWhatPeopleSet) {
  Simulation simulation(manifest("steps: [{setWeight: 50}, {pause: {}}]"), kStart);
  simulation.settle(always_ready);
  simulation.patch(image("web:2"));
  simulation.world().rollout.metadata.resourceVersion = "7";
  std::vector<std::string> step_writes, other_writes;
  simulation.set_gate([&](const Action& action) {
    const auto* change = std::get_if<PatchStatus>(&action.effect);
    if (change) (json::find(change->patch, "status.currentStepIndex") ? step_writes : other_writes).push_back(change->resource_version);
    return true;
  });
  simulation.settle(always_ready);
  EXPECT_THAT(step_writes, testing::AllOf(Not(IsEmpty()), testing::Each("7")));
  EXPECT_THAT(other_writes, testing::AllOf(Not(IsEmpty()), testing::Each("")));
}

TEST(Plan, IsEmptyForADeletedRollout) {
  Simulation simulation(manifest("maxSurge: 1"), kStart);
  simulation.world().rollout.metadata.deletionTimestamp = kStart;
  EXPECT_THAT(plan(simulation.world()).actions, IsEmpty());
}

TEST(Plan, WakesWhenATimedPauseIsOver) {
  Simulation simulation(manifest("steps: [{setWeight: 50}, {pause: {duration: 10}}]"), kStart);
  simulation.settle(always_ready);
  simulation.patch(image("web:2"));
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.phase, "Paused");
  EXPECT_EQ(plan(simulation.world()).wake_at, kStart + Seconds(10) + Millis(1));
}

TEST(Plan, ActsOnOneReplicaSetWithOneWrite) {
  Simulation simulation(manifest("maxSurge: 1"), kStart);
  simulation.settle(always_ready);
  simulation.patch(json::parse(R"({"metadata":{"annotations":{"team":"shop"}},"spec":{"replicas":5}})").value());
  simulation.world().rollout.metadata.annotations["team"] = "shop";
  const auto lines = described(plan(simulation.world()));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("patch ReplicaSet"), HasSubstr("team"), HasSubstr("\"replicas\":5"))));
}

}  // namespace
}  // namespace canaria::plan
