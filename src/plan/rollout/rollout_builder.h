// Rollouts and ReplicaSets for tests, written the way one would say them:
//
//   RolloutBuilder("web").replicas(10).steps({set_weight(20), pause_step()}).at_step(1).updating().build()
//
// A fresh builder is a valid canary Rollout `web` in namespace `shop` whose controller has seen its latest spec. Its pods
// carry the label app=<name>. Hashes are plain words: "old" is stable and "new" is the update in progress after updating().
// Only tests include this file.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/apps/replica_set.h"
#include "api/rollouts/rollout.h"
#include "plan/rollout/roles.h"

namespace canaria::plan {

inline api::IntOrString amount(std::int32_t number) { return api::IntOrString{number}; }
inline api::IntOrString amount(const char* text) { return api::IntOrString{std::string(text)}; }

inline api::CanaryStep set_weight(std::int32_t weight) {
  api::CanaryStep step;
  step.setWeight = weight;
  return step;
}
inline api::CanaryStep pause_step() {
  api::CanaryStep step;
  step.pause.emplace();
  return step;
}
inline api::CanaryStep pause_step(api::IntOrString duration) {
  api::CanaryStep step = pause_step();
  step.pause->duration = std::move(duration);
  return step;
}
inline api::CanaryStep pause_step(std::int32_t seconds) { return pause_step(amount(seconds)); }
inline api::CanaryStep pause_step(const char* duration) { return pause_step(amount(duration)); }
inline api::CanaryStep scale_to_replicas(std::int32_t replicas) {
  api::CanaryStep step;
  step.setCanaryScale.emplace().replicas = replicas;
  return step;
}
inline api::CanaryStep scale_to_weight(std::int32_t weight) {
  api::CanaryStep step;
  step.setCanaryScale.emplace().weight = weight;
  return step;
}
inline api::CanaryStep match_traffic_weight() {
  api::CanaryStep step;
  step.setCanaryScale.emplace().matchTrafficWeight = true;
  return step;
}

// Canonical text of a one-container template with the label app=<app>.
inline std::string template_of(const std::string& app, const std::string& image) {
  return R"({"metadata":{"labels":{"app":")" + app + R"("}},"spec":{"containers":[{"name":")" + app + R"(","image":")" + image +
         R"(","resources":{}}]}})";
}

class RolloutBuilder {
 public:
  explicit RolloutBuilder(const std::string& name = "web") {
    rollout_.metadata.name = name;
    rollout_.metadata.namespace_ = "shop";
    rollout_.metadata.uid = name + "-uid";
    rollout_.metadata.generation = 1;
    rollout_.metadata.resourceVersion = "100";
    rollout_.status.observedGeneration = "1";
    rollout_.spec.replicas = 1;
    rollout_.spec.selector.emplace().matchLabels["app"] = name;
    rollout_.spec.strategy.canary.emplace();
    rollout_.pod_template = template_of(name, name + ":1");
  }

  RolloutBuilder& replicas(std::int32_t count) {
    rollout_.spec.replicas = count;
    return *this;
  }
  RolloutBuilder& image(const std::string& image) {
    rollout_.pod_template = template_of(rollout_.metadata.name, image);
    return *this;
  }
  RolloutBuilder& paused() {
    rollout_.spec.paused = true;
    return *this;
  }

  // Strategy. An amount is a count (2) or a percentage ("25%").
  template <class Amount>
  RolloutBuilder& max_surge(Amount share) {
    canary().maxSurge = as_amount(share);
    return *this;
  }
  template <class Amount>
  RolloutBuilder& max_unavailable(Amount share) {
    canary().maxUnavailable = as_amount(share);
    return *this;
  }
  RolloutBuilder& steps(std::vector<api::CanaryStep> list) {
    canary().steps = std::move(list);
    return *this;
  }
  RolloutBuilder& routed() {
    router();
    return *this;
  }
  RolloutBuilder& max_weight(std::int32_t weight) {
    router().maxTrafficWeight = weight;
    return *this;
  }
  RolloutBuilder& dynamic_stable_scale() {
    router();
    canary().dynamicStableScale = true;
    return *this;
  }
  RolloutBuilder& min_pods(std::int32_t count) {
    canary().minPodsPerReplicaSet = count;
    return *this;
  }
  RolloutBuilder& abort_delay(std::int32_t seconds) {
    canary().abortScaleDownDelaySeconds = seconds;
    return *this;
  }
  RolloutBuilder& threshold(const std::string& type, std::int32_t value) {
    canary().replicaProgressThreshold = api::ReplicaProgressThreshold{type, value};
    return *this;
  }
  RolloutBuilder& services(const std::string& stable, const std::string& canary_service) {
    canary().stableService = stable;
    canary().canaryService = canary_service;
    return *this;
  }

  // Status.
  RolloutBuilder& stable(const std::string& hash) {
    rollout_.status.stableRS = hash;
    return *this;
  }
  RolloutBuilder& current(const std::string& hash) {
    rollout_.status.currentPodHash = hash;
    return *this;
  }
  RolloutBuilder& updating() { return stable("old").current("new"); }
  RolloutBuilder& at_step(std::int32_t index) {
    rollout_.status.currentStepIndex = index;
    return *this;
  }
  RolloutBuilder& aborted() {
    rollout_.status.abort = true;
    return *this;
  }
  RolloutBuilder& promote_full() {
    rollout_.status.promoteFull = true;
    return *this;
  }
  RolloutBuilder& weights(std::int32_t canary_weight, std::int32_t stable_weight) {
    api::TrafficWeights& weights = rollout_.status.canary.weights.emplace();
    weights.canary.weight = canary_weight;
    weights.canary.podTemplateHash = rollout_.status.currentPodHash;
    weights.stable.weight = stable_weight;
    weights.stable.podTemplateHash = rollout_.status.stableRS;
    return *this;
  }
  RolloutBuilder& pause_condition(const std::string& reason, std::optional<Time> start = std::nullopt) {
    rollout_.status.pauseConditions.push_back({reason, start});
    return *this;
  }
  RolloutBuilder& condition(const std::string& type, const std::string& status, const std::string& reason,
                            const std::string& message) {
    api::Condition condition;
    condition.type = type;
    condition.status = status;
    condition.reason = reason;
    condition.message = message;
    rollout_.status.conditions.push_back(std::move(condition));
    return *this;
  }
  // status.replicas, updatedReplicas and availableReplicas; as many ready as available.
  RolloutBuilder& counted(std::int32_t all, std::int32_t updated, std::int32_t available) {
    rollout_.status.replicas = all;
    rollout_.status.updatedReplicas = updated;
    rollout_.status.readyReplicas = available;
    rollout_.status.availableReplicas = available;
    return *this;
  }

  // For whatever has no word here.
  api::Rollout& rollout() { return rollout_; }
  api::CanaryStrategy& canary() { return *rollout_.spec.strategy.canary; }

  api::Rollout build() const { return rollout_; }
  operator api::Rollout() const { return rollout_; }

 private:
  static api::IntOrString as_amount(std::int32_t number) { return amount(number); }
  static api::IntOrString as_amount(const char* text) { return amount(text); }
  static api::IntOrString as_amount(api::IntOrString share) { return share; }
  api::TrafficRouting& router() {
    if (!canary().trafficRouting) canary().trafficRouting.emplace();
    return *canary().trafficRouting;
  }

  api::Rollout rollout_;
};

// A ReplicaSet with `spec` wanted pods, all of them created, of which `available` are ready and available.
inline api::ReplicaSet make_set(const std::string& name, const std::string& hash, std::int32_t spec, std::int32_t available) {
  api::ReplicaSet set;
  set.metadata.name = name;
  set.metadata.namespace_ = "shop";
  set.metadata.uid = name + "-uid";
  set.metadata.resourceVersion = "50";
  set.metadata.labels[api::kHashLabel] = hash;
  set.spec.replicas = spec;
  set.status.replicas = spec;
  set.status.readyReplicas = available;
  set.status.availableReplicas = available;
  return set;
}

// For failure messages of GoogleTest.
inline void PrintTo(const Sizes& sizes, std::ostream* out) { *out << "canary " << sizes.canary << ", stable " << sizes.stable; }

}  // namespace canaria::plan
