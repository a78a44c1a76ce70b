#include "plan/rollout/simulation.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/assert.h"
#include "json/codec.h"
#include "json/patch.h"
#include "plan/rollout/describe.h"
#include "plan/rollout/project.h"

namespace canaria::plan {
namespace {

constexpr int kPlansMax = 200;  // a release that needs more in a row is going in circles

}  // namespace

Simulation::Simulation(json::Value manifest, Time start) : manifest_(std::move(manifest)) {
  world_.now = start;
  json::Value& metadata = manifest_.as_object()["metadata"];
  if (!metadata.as_object().contains("namespace")) metadata.as_object()["namespace"] = "default";
  metadata.as_object()["uid"] = "rollout-uid";
  metadata.as_object()["generation"] = 1;
  read_manifest();
}

void Simulation::read_manifest() {
  const api::RolloutStatus status = std::move(world_.rollout.status);
  const api::StringMap annotations = std::move(world_.rollout.metadata.annotations);
  world_.rollout = api::parse_rollout(manifest_);
  world_.rollout.status = status;
  for (const auto& [key, value] : annotations) world_.rollout.metadata.annotations.emplace(key, value);
}

int Simulation::reconcile() {
  int writes = 0;
  for (int plans = 0;; ++plans) {
    CANARIA_ASSERT(plans < kPlansMax, "the plans of this Rollout never come to an end");
    const Plan todo = plan(world_);
    wake_at_ = todo.wake_at;
    CANARIA_ASSERT(!todo.wake_at || *todo.wake_at >= world_.now, "a wake-up in the past");
    bool has_crashed = false;
    int written = 0;
    for (const Action& action : todo.actions) {
      if (gate_ && !gate_(action)) {
        has_crashed = true;
        break;
      }
      apply(action);
      written += !std::holds_alternative<EmitEvent>(action.effect);
    }
    writes += written;
    if (!has_crashed && written == 0) return writes;
  }
}

void Simulation::apply(const Action& action) {
  log_.push_back(describe(action));
  project(action, world_);
  const auto* change = std::get_if<PatchRollout>(&action.effect);
  const json::Value* spec = change ? json::find(change->patch, "spec") : nullptr;
  if (spec) manifest_.as_object()["spec"] = json::merge_patch(manifest_.as_object()["spec"], *spec);
}

bool Simulation::move_pods(const std::function<bool(const api::ReplicaSet&)>& is_ready) {
  bool changed = false;
  for (api::ReplicaSet& set : world_.sets) {
    const api::ReplicaSetStatus before = set.status;
    const std::int32_t wanted = set.replicas();
    const std::int32_t available = is_ready(set) ? wanted : std::min(set.status.availableReplicas, wanted);
    set.status.replicas = wanted;
    set.status.readyReplicas = set.status.availableReplicas = available;
    set.status.observedGeneration = set.metadata.generation;
    changed = changed || before.replicas != wanted || before.availableReplicas != available ||
              before.observedGeneration != set.metadata.generation;
  }
  return changed;
}

void Simulation::settle(const std::function<bool(const api::ReplicaSet&)>& is_ready) {
  for (int turns = 0;; ++turns) {
    CANARIA_ASSERT(turns < kPlansMax, "the release never settles");
    const int writes = reconcile();
    if (!move_pods(is_ready) && writes == 0) return;
  }
}

void Simulation::advance(Seconds time, const std::function<bool(const api::ReplicaSet&)>& is_ready) {
  const Time end = world_.now + time;
  settle(is_ready);
  while (wake_at_ && *wake_at_ <= end) {
    world_.now = std::max(*wake_at_, world_.now + Millis(1));
    settle(is_ready);
  }
  world_.now = std::max(world_.now, end);
  settle(is_ready);
}

void Simulation::patch(const json::Value& changes) {
  const json::Value before = manifest_;
  manifest_ = json::merge_patch(std::move(manifest_), changes);
  json::Value& generation = manifest_.as_object()["metadata"].as_object()["generation"];
  if (before.at("spec") != manifest_.at("spec")) generation = json::int_at(manifest_, "metadata.generation") + 1;
  read_manifest();
}

void Simulation::patch_status(const json::Value& changes) {
  world_.rollout.status = api::parse_status(json::merge_patch(api::encode_status(world_.rollout.status), changes));
}

std::vector<std::string> Simulation::take_log() { return std::exchange(log_, {}); }

std::string Simulation::summary() const {
  const api::RolloutStatus& status = world_.rollout.status;
  std::string text = status.phase.empty() ? "(no phase)" : status.phase;
  if (!status.message.empty()) text += fmt::format(" ({})", status.message);
  if (status.currentStepIndex) text += fmt::format(", step {}/{}", *status.currentStepIndex, world_.rollout.step_count());
  for (const api::ReplicaSet& set : world_.sets) {
    text += fmt::format(", {} rev {} {}/{}", set.metadata.name, set.revision().value_or(0), set.status.availableReplicas,
                        set.replicas());
    if (set.hash() == status.stableRS) text += " stable";
    else if (set.hash() == status.currentPodHash) text += " canary";
  }
  return text;
}

}  // namespace canaria::plan
