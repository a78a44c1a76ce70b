#include "plan/rollout/preview.h"

#include <algorithm>
#include <map>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/phase.h"
#include "plan/rollout/project.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

// Far more than a release needs; reached only when two states lead to each other.
constexpr int kTurnsMax = 5000;

const api::ReplicaSet* find_by_hash(const Snapshot& world, const std::string& hash) {
  if (hash.empty()) return nullptr;
  for (const api::ReplicaSet& set : world.sets)
    if (set.hash() == hash) return &set;
  return nullptr;
}

Sizes sizes_of(const Snapshot& world) {
  const api::RolloutStatus& status = world.rollout.status;
  const api::ReplicaSet* stable = find_by_hash(world, status.stableRS);
  const api::ReplicaSet* canary = find_by_hash(world, status.currentPodHash);
  if (canary == stable) canary = nullptr;
  return {canary ? canary->replicas() : 0, stable ? stable->replicas() : 0};
}

bool waits_for_person(const api::Rollout& rollout) {
  if (rollout.spec.paused) return true;
  if (rollout.status.pauseConditions.empty()) return false;
  const api::CanaryStep* step = rollout.current_step();
  return !step || !step->pause || !step->pause->duration;
}

class Simulation {
 public:
  explicit Simulation(Snapshot world) : world_(std::move(world)), begun_(whole_seconds(world_.now)) {
    world_.now = begun_;  // pauses count from whole seconds
    settle_pods();
    for (api::ReplicaSet& set : world_.sets) set.status.availableReplicas = set.replicas();
    ready_at_.clear();
    result_.is_first_release = world_.rollout.status.stableRS.empty();
  }

  Preview run() {
    for (int turn = 0; turn < kTurnsMax; ++turn)
      if (!advance()) return finish();
    result_.stopped = "the preview was given up after " + std::to_string(kTurnsMax) + " turns";
    return finish();
  }

 private:
  Seconds elapsed() const { return std::chrono::round<Seconds>(world_.now - begun_); }

  // One plan and what follows from it; false when the release is over.
  bool advance() {
    note_steps();
    const Plan todo = next_plan();
    if (!todo.actions.empty()) {
      for (const Action& action : todo.actions) {
        note_action(action);
        if (const auto* eviction = std::get_if<EvictPod>(&action.effect)) born_[eviction->pod.name] = world_.now;
        project(action, world_);
      }
      settle_pods();
      return true;
    }
    const Phase phase = compute_phase(world_.rollout);
    if (phase.phase == "Healthy") return false;
    if (become_available()) return true;
    if (phase.phase == "Degraded") {
      result_.stopped = phase.message;
      return false;
    }
    if (waits_for_person(world_.rollout)) {
      resume();
      return true;
    }
    if (todo.wake_at) {
      world_.now = std::max(*todo.wake_at, world_.now + Millis(1));
      return true;
    }
    result_.stopped = phase.message.empty() ? phase.phase : phase.message;
    return false;
  }

  Plan next_plan() {
    world_.pods.reset();
    Plan todo = plan(world_);
    if (!todo.needs_pods) return todo;
    world_.pods.emplace();
    for (const api::ReplicaSet& set : world_.sets)
      for (std::int32_t i = 0; i < set.status.replicas; ++i) world_.pods->push_back(make_pod(set, i));
    return plan(world_);
  }

  api::Pod make_pod(const api::ReplicaSet& set, std::int32_t number) {
    api::Pod pod;
    pod.metadata.name = set.metadata.name + "-" + std::to_string(number);
    pod.metadata.namespace_ = set.metadata.namespace_;
    pod.metadata.labels[api::kHashLabel] = set.hash();
    if (world_.rollout.spec.selector)
      for (const auto& [key, value] : world_.rollout.spec.selector->matchLabels) pod.metadata.labels[key] = value;
    const auto born = born_.find(pod.metadata.name);
    pod.metadata.creationTimestamp = born != born_.end() ? born->second : set.metadata.creationTimestamp;
    pod.metadata.ownerReferences.push_back({"apps/v1", "ReplicaSet", set.metadata.name, set.metadata.uid, true, true});
    pod.status.phase = "Running";
    pod.status.conditions.push_back({"Ready", "True"});
    return pod;
  }

  // Every ReplicaSet gets the pods it asks for, ready at once and available after minReadySeconds.
  void settle_pods() {
    for (api::ReplicaSet& set : world_.sets) {
      const std::int32_t want = set.replicas();
      if (want > set.status.readyReplicas && set.spec.minReadySeconds > 0)
        ready_at_[set.metadata.name] = world_.now + Seconds(set.spec.minReadySeconds);
      set.status.replicas = set.status.readyReplicas = want;
      set.status.observedGeneration = set.metadata.generation;
      if (!ready_at_.contains(set.metadata.name)) set.status.availableReplicas = want;
      set.status.availableReplicas = std::min(set.status.availableReplicas, want);
      set.status.conditions.clear();
    }
  }

  // Lets minReadySeconds pass where pods wait for it; false when none do.
  bool become_available() {
    if (ready_at_.empty()) return false;
    const auto next = std::ranges::min_element(ready_at_, {}, [](const auto& entry) { return entry.second; });
    world_.now = std::max(world_.now, next->second);
    for (api::ReplicaSet& set : world_.sets)
      if (set.metadata.name == next->first) set.status.availableReplicas = set.status.replicas;
    ready_at_.erase(next);
    return true;
  }

  // What `promote` does.
  void resume() {
    ++result_.waits_for_person;
    person_at_ = world_.rollout.status.currentStepIndex.value_or(-1);
    if (world_.rollout.spec.paused) {
      world_.rollout.spec.paused = false;
      ++world_.rollout.metadata.generation;
    }
    world_.rollout.status.pauseConditions.clear();
  }

  // Adds a row for every step that was completed since the last look. The sizes are those of that look: a step completes
  // only when they are reached.
  void note_steps() {
    const api::RolloutStatus& status = world_.rollout.status;
    const bool updating = !status.stableRS.empty() && status.stableRS != status.currentPodHash;
    const std::int32_t index = world_.rollout.step_index();
    const bool is_new_update = !is_first_look_ && updating && status.currentPodHash != seen_hash_;
    if (is_new_update) {
      // A plan may complete first steps in the same write that starts the update, when they change no size.
      seen_index_ = 0;
      seen_sizes_ = sizes_of(world_);
    }
    if (is_new_update || (was_updating_ && status.currentPodHash == seen_hash_))
      for (std::int32_t at = seen_index_; at < std::min(index, world_.rollout.step_count()); ++at) note_step(at);
    is_first_look_ = false;
    was_updating_ = updating;
    seen_index_ = index;
    seen_sizes_ = sizes_of(world_);
    seen_hash_ = status.currentPodHash;
  }

  void note_step(std::int32_t index) {
    api::Rollout there = world_.rollout;
    there.status.currentStepIndex = index;
    there.status.abort = false;
    PreviewStep step;
    step.index = index;
    step.text = step_text(*there.current_step());
    step.pods = seen_sizes_;
    step.weight = step_weight(there);
    step.after = elapsed();
    step.waits_for_person = person_at_ == index;
    result_.steps.push_back(std::move(step));
  }

  void note_action(const Action& action) {
    const std::string text = action_text(action);
    if (!text.empty()) result_.actions.push_back({elapsed(), text, action.reason});
  }

  // What a reader wants to know; bookkeeping (status, annotations, events) is left out.
  std::string action_text(const Action& action) const {
    const Effect& effect = action.effect;
    if (const auto* create = std::get_if<CreateReplicaSet>(&effect))
      return "create ReplicaSet " + create->name + " with " + std::to_string(json::int_at(create->object, "spec.replicas")) +
             " pods";
    if (const auto* change = std::get_if<PatchReplicaSet>(&effect)) {
      if (!json::find(change->patch, "spec.replicas")) return "";
      const auto set = std::ranges::find(world_.sets, change->set, [](const api::ReplicaSet& s) { return s.metadata.key(); });
      return "scale ReplicaSet " + change->set.name + " from " + std::to_string(set == world_.sets.end() ? 0 : set->replicas()) +
             " to " + std::to_string(json::int_at(change->patch, "spec.replicas"));
    }
    if (const auto* adopt = std::get_if<AdoptReplicaSet>(&effect)) return "adopt ReplicaSet " + adopt->set.name;
    if (const auto* release = std::get_if<ReleaseReplicaSet>(&effect)) return "give up ReplicaSet " + release->set.name;
    if (const auto* gone = std::get_if<DeleteReplicaSet>(&effect)) return "delete ReplicaSet " + gone->set.name;
    if (const auto* change = std::get_if<PatchService>(&effect)) return "switch Service " + change->service.name;
    if (const auto* eviction = std::get_if<EvictPod>(&effect)) return "restart pod " + eviction->pod.name;
    if (const auto* scale = std::get_if<ScaleDeployment>(&effect))
      return "scale Deployment " + scale->deployment.name + " to " + std::to_string(scale->replicas);
    return "";
  }

  Preview finish() {
    const api::ReplicaSet* current = find_by_hash(world_, world_.rollout.status.currentPodHash);
    result_.pods_at_end = current ? current->replicas() : 0;
    result_.shortest = elapsed();
    return std::move(result_);
  }

  Snapshot world_;
  Time begun_;
  Preview result_;
  std::map<std::string, Time> ready_at_;  // ReplicaSets whose pods wait for minReadySeconds
  std::map<std::string, Time> born_;      // pods that were restarted
  bool is_first_look_ = true;
  bool was_updating_ = false;
  std::int32_t seen_index_ = 0;
  Sizes seen_sizes_;
  std::string seen_hash_;
  std::int32_t person_at_ = -1;
};

}  // namespace

Preview preview(Snapshot world) { return Simulation(std::move(world)).run(); }

}  // namespace canaria::plan
