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
#include "plan/rollout/traffic_routes.h"

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

// A Rollout behind an HTTPRoute; its simulation has the route and both Services.
Simulation routed(const std::string& steps, const std::string& canary = "", const std::string& route_services = "{name: stable}, {name: canary}") {
  Simulation simulation(
      manifest("stableService: stable, canaryService: canary, trafficRouting: {plugins: {argoproj-labs/gatewayAPI: {httpRoute: web}}}, "
               "steps: [" + steps + "]" + (canary.empty() ? "" : ", " + canary)),
      kStart);
  simulation.world().services = {service("stable"), service("canary")};
  const std::vector<RouteReference> references = routes_of(simulation.world().rollout);
  const std::string route = "{metadata: {name: web, namespace: shop, resourceVersion: '7'}, spec: {rules: [{backendRefs: [" + route_services + "]}]}}";
  simulation.world().routes = {{references.at(0), json::parse_yaml(route).value()}};
  return simulation;
}

// "stable/canary" weights of the route; "-" where none was ever set.
std::string route_weights(const Simulation& simulation) {
  const json::Value& references = simulation.world().routes.at(0).object.at("spec").at("rules").at(0).at("backendRefs");
  const auto weight = [&](std::size_t index) {
    const json::Value* found = references.at(index).as_object().if_contains("weight");
    return found ? std::to_string(found->as_int64()) : "-";
  };
  return weight(0) + "/" + weight(1);
}

std::string recorded_weights(const Simulation& simulation) {
  const auto& weights = simulation.world().rollout.status.canary.weights;
  return weights ? fmt::format("{}/{}", *weights->stable.weight, *weights->canary.weight) : "none";
}

TEST(Traffic, GetsTheWeightOfItsStepOnceThePodsAreThere) {
  Simulation simulation = routed("{setWeight: 25}, {pause: {}}, {setWeight: 60}, {pause: {}}");
  simulation.settle(never_ready);
  EXPECT_EQ(route_weights(simulation), "-/-") << "a route was written before anything could serve";
  simulation.settle(always_ready);
  EXPECT_EQ(route_weights(simulation), "100/0");
  EXPECT_EQ(recorded_weights(simulation), "100/0");

  simulation.patch(image("web:2"));
  simulation.settle(never_ready);
  EXPECT_EQ(route_weights(simulation), "100/0") << "users were sent to a version without available pods";
  simulation.take_log();
  simulation.settle(always_ready);
  EXPECT_EQ(route_weights(simulation), "75/25");
  EXPECT_EQ(recorded_weights(simulation), "75/25");
  const std::vector<std::string> log = simulation.take_log();
  EXPECT_THAT(log, testing::IsSupersetOf({std::string("set HTTPRoute web to weight 25"),
                                          std::string("event Normal TrafficWeightUpdated: Traffic weight updated from 0 to 25")}));
  const auto promote = json::parse(R"({"pauseConditions":null})").value();
  simulation.patch_status(promote);
  simulation.settle(always_ready);
  EXPECT_EQ(route_weights(simulation), "40/60");

  simulation.patch_status(promote);
  simulation.settle(always_ready);
  EXPECT_EQ(simulation.world().rollout.status.phase, "Healthy");
  EXPECT_EQ(route_weights(simulation), "100/0") << "the stable Service has the new version now";
  EXPECT_EQ(selected(simulation, "stable"), simulation.world().rollout.status.currentPodHash);
  EXPECT_THAT(simulation.take_log(), Contains("set HTTPRoute web to weight 100"));
  EXPECT_THAT(described(plan(simulation.world())), IsEmpty());
}

TEST(Traffic, LeavesTheCanaryBeforeItsPodsDo) {
  Simulation simulation = routed("{setWeight: 50}, {pause: {}}");
  simulation.settle(always_ready);
  simulation.patch(image("web:2"));
  simulation.settle(always_ready);
  ASSERT_EQ(route_weights(simulation), "50/50");
  simulation.take_log();
  simulation.patch_status(json::parse(R"({"abort":true})").value());
  simulation.settle(always_ready);
  EXPECT_EQ(route_weights(simulation), "100/0");
  EXPECT_EQ(simulation.world().sets[1].replicas(), 1) << "it is kept for a while, without traffic";
  simulation.advance(Seconds(40), always_ready);
  EXPECT_EQ(simulation.world().sets[1].replicas(), 0);

  // Canary pods that die take their traffic with them.
  simulation.patch_status(json::parse(R"({"abort":false})").value());
  simulation.settle(always_ready);
  ASSERT_EQ(route_weights(simulation), "50/50");
  simulation.world().sets[1].status.availableReplicas = 0;
  simulation.settle(never_ready);
  EXPECT_EQ(route_weights(simulation), "100/0");
}

TEST(Traffic, ANewRevisionInTheMiddleStartsWithoutAnyTraffic) {
  Simulation simulation = routed("{setWeight: 50}, {pause: {}}");
  simulation.settle(always_ready);
  simulation.patch(image("web:2"));
  simulation.settle(always_ready);
  ASSERT_EQ(route_weights(simulation), "50/50");
  simulation.patch(image("web:3"));
  const auto not_the_third = [](const api::ReplicaSet& set) { return set.pod_template.find("web:3") == std::string::npos; };
  simulation.settle(not_the_third);
  EXPECT_EQ(route_weights(simulation), "100/0");
  simulation.settle(always_ready);
  EXPECT_EQ(route_weights(simulation), "50/50");
  EXPECT_EQ(selected(simulation, "canary"), simulation.world().rollout.status.currentPodHash);
}

TEST(Traffic, ARouteThatCannotBeWrittenStopsThePass) {
  Simulation simulation = routed("{setWeight: 50}, {pause: {}}", "", "{name: stable}, {name: other}");
  simulation.settle(always_ready);
  const Plan todo = plan(simulation.world());
  ASSERT_TRUE(todo.failure);
  EXPECT_EQ(todo.failure->message, "backendRef was not found in httpRoute");
  EXPECT_THAT(described(todo), Contains("event Warning TrafficRoutingError: backendRef was not found in httpRoute"));

  simulation.world().routes[0].object = nullptr;
  EXPECT_EQ(plan(simulation.world()).failure->message, "httproutes.gateway.networking.k8s.io \"web\" not found");
}

TEST(Traffic, WithDynamicStableScaleGoesBackAsThePodsDo) {
  Simulation simulation = routed("{setWeight: 50}, {pause: {}}", "dynamicStableScale: true");
  simulation.settle(always_ready);
  simulation.patch(image("web:2"));
  simulation.settle(always_ready);
  ASSERT_EQ(route_weights(simulation), "50/50");
  ASSERT_EQ(simulation.world().sets[0].replicas(), 1);
  const std::string canary_hash = simulation.world().rollout.status.currentPodHash;
  simulation.patch_status(json::parse(R"({"abort":true})").value());
  simulation.settle(never_ready);
  EXPECT_EQ(route_weights(simulation), "50/50") << "stable has one pod of two";
  EXPECT_EQ(selected(simulation, "canary"), canary_hash);
  simulation.settle(always_ready);
  EXPECT_EQ(route_weights(simulation), "100/0");
  EXPECT_NE(selected(simulation, "canary"), canary_hash);
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
