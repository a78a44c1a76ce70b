// The parent of all stages: it holds every branch and the order of a pass.
//
// A plan is one or more passes. A pass that only changes the status would, applied by itself, lead straight to the next pass
// with nothing in the world changed; such passes are folded, so a plan writes the status once. A pass with effects ends the
// folding before it if the status has already changed: effects never run ahead of the status that justifies them.
#include "plan/rollout/plan.h"

#include <algorithm>
#include <fmt/format.h>

#include "api/rollouts/validation.h"
#include "json/patch.h"
#include "plan/rollout/conditions.h"
#include "plan/rollout/injected.h"
#include "plan/rollout/phase.h"
#include "plan/rollout/project.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

// More passes than any chain of status changes needs; reached only by a bug, and then the rest waits for the next reconcile.
constexpr int kFoldedPassesMax = 64;
constexpr Seconds kWorkloadRetry{20};

Pass invalid_spec(const Snapshot& snapshot, const std::string& error) {
  const api::Rollout& rollout = snapshot.rollout;
  Pass pass(rollout.status);
  const std::string message = fmt::format("The Rollout \"{}\" is invalid: {}", rollout.metadata.name, error);
  const api::Condition* stored = find_condition(pass.status.conditions, "InvalidSpec");
  if (!stored || stored->message != message) {
    remove_condition(pass.status.conditions, "InvalidSpec");
    set_condition(pass.status.conditions, snapshot.now, {"InvalidSpec", "True", {}, {}, "InvalidSpec", message});
  }
  pass.status.observedGeneration = std::to_string(rollout.metadata.generation);
  // The condition decides the phase whatever else is in the list.
  pass.status.phase = "Degraded";
  pass.status.message = "InvalidSpec: " + message;
  return pass;
}

// The first reason why this Rollout cannot be carried out; empty when there is none.
std::string first_error(const Snapshot& snapshot) {
  const api::Rollout& rollout = snapshot.rollout;
  if (snapshot.workload && !snapshot.workload->error.empty()) return snapshot.workload->error;
  if (!snapshot.workload && !rollout.template_problem.empty()) return rollout.template_problem;
  for (const auto& errors :
       {api::validate(rollout, rollout.pod_template, rollout.spec.selector), api::unavailable_features(rollout),
        api::validate_services(rollout, rollout.pod_template, snapshot.services)})
    if (!errors.empty()) return errors.front().text();
  return "";
}

Pass start_over_pass(const View& view) {
  Pass pass(view.rollout.status);
  sync_revision(view, pass);
  start_over(view, pass);
  finish_status(view, pass);
  return pass;
}

Pass scaling_pass(const View& view) {
  Pass pass(view.rollout.status);
  sync_revision(view, pass);
  plan_sizes(view, pass);
  decide_scaling_status(view, pass);
  finish_status(view, pass);
  return pass;
}

Pass canary_pass(const View& view) {
  Pass pass(view.rollout.status);
  sync_revision(view, pass);
  if (plan_restart(view, pass)) return pass;
  plan_role_metadata(view, pass);
  plan_history(view, pass);
  plan_services(view, pass);
  if (plan_traffic(view, pass) == Routed::kFailed) return pass;
  const bool has_scaled = !is_scaling_halted(view) && plan_sizes(view, pass) == Scaled::kYes;
  if (!has_scaled) plan_pause_step(view, pass);
  decide_canary_status(view, pass);
  finish_status(view, pass);
  return pass;
}

// `error` is what first_error says of this snapshot.
Pass one_pass(const Snapshot& snapshot, const std::string& error) {
  const api::Rollout& rollout = snapshot.rollout;
  if (!error.empty()) return invalid_spec(snapshot, error);
  Pass claims(rollout.status);
  plan_claims(snapshot, claims);
  if (!claims.actions.empty()) return claims;
  if (!rollout.spec.replicas) {
    Pass pass(rollout.status);
    pass.act(PatchRollout{json::Object{{"spec", json::Object{{"replicas", 1}}}}}, "autoscalers need the field");
    return pass;
  }
  const View view = make_view(snapshot);
  if (!view.roles.new_set) {
    Pass pass(rollout.status);
    plan_new_set(view, pass);
    return pass;
  }
  Pass early(rollout.status);
  if (rollout.status.observedGeneration == std::to_string(rollout.metadata.generation)) {
    update_pause_conditions(rollout, snapshot.now, early.status);
    if (early.status.conditions != rollout.status.conditions) {
      api::Rollout after = rollout;
      after.status = early.status;
      const Phase phase = compute_phase(after);
      early.status.phase = phase.phase;
      early.status.message = phase.message;
      return early;
    }
  }
  if (is_template_changed(view) || are_steps_changed(view)) return start_over_pass(view);
  // While scaling is halted sizes stay as they are, but the rest of the pass goes on.
  if (is_scaling_event(view) && !is_scaling_halted(view)) return scaling_pass(view);
  return canary_pass(view);
}

bool is_effect(const Action& action) { return !std::holds_alternative<EmitEvent>(action.effect); }

bool has_effects(const Pass& pass) { return std::any_of(pass.actions.begin(), pass.actions.end(), is_effect); }

// Several changes of one ReplicaSet become one write, at the place of the first.
std::vector<Action> combine_set_patches(std::vector<Action> actions) {
  std::vector<Action> combined;
  for (Action& action : actions) {
    const auto* change = std::get_if<PatchReplicaSet>(&action.effect);
    const auto earlier = std::find_if(combined.begin(), combined.end(), [&](const Action& other) {
      const auto* patch = std::get_if<PatchReplicaSet>(&other.effect);
      return change && patch && patch->set == change->set;
    });
    if (earlier == combined.end()) {
      combined.push_back(std::move(action));
      continue;
    }
    auto& combined_change = std::get<PatchReplicaSet>(earlier->effect);
    combine_patches(combined_change.patch, change->patch);
    if (combined_change.resource_version.empty()) combined_change.resource_version = change->resource_version;
    earlier->reason += "; " + action.reason;
  }
  return combined;
}

// Whether a status patch sets what people set too: promote, skip, abort and retry must not be overwritten.
bool writes_client_fields(const json::Value& patch) {
  for (const char* field : {"abort", "pauseConditions", "controllerPause", "promoteFull", "currentStepIndex"})
    if (patch.get_object().contains(field)) return true;
  return false;
}

// The status without what every pod that comes or goes changes.
json::Value without_counters(api::RolloutStatus status) {
  status.replicas = status.updatedReplicas = status.readyReplicas = status.availableReplicas = status.HPAReplicas = 0;
  for (api::Condition& condition : status.conditions) condition.lastUpdateTime.reset();
  // A condition that is refreshed moves to the end of the list.
  std::sort(status.conditions.begin(), status.conditions.end(), [](const auto& a, const auto& b) { return a.type < b.type; });
  return api::encode_status(status);
}

void append(std::vector<Action>& target, std::vector<Action> actions) {
  std::move(actions.begin(), actions.end(), std::back_inserter(target));
}

// The template and selector in force: a workload's where the Rollout refers to one.
Snapshot resolved(Snapshot snapshot) {
  if (!snapshot.workload || !snapshot.workload->error.empty()) return snapshot;
  snapshot.rollout.pod_template = snapshot.workload->pod_template;
  if (!snapshot.rollout.spec.selector) snapshot.rollout.spec.selector = snapshot.workload->selector;
  return snapshot;
}

}  // namespace

Plan plan(const Snapshot& snapshot) {
  Plan result;
  if (snapshot.rollout.metadata.deletionTimestamp) return result;
  Snapshot world = resolved(snapshot);
  // A status that was never written is written whole, its empty blocks included.
  const json::Value before =
      snapshot.rollout.status.phase.empty() ? json::Value(json::Object()) : api::encode_status(snapshot.rollout.status);
  json::Value reached = api::encode_status(snapshot.rollout.status);
  // Folding changes nothing that validation looks at.
  const std::string error = first_error(world);
  std::vector<Action> news;
  bool has_acted = false;
  bool is_changed = false;  // the status differs from the stored one
  bool is_dirty = false;    // ... in more than pod counters, which justify nothing
  for (int passes = 0; passes < kFoldedPassesMax; ++passes) {
    Pass pass = one_pass(world, error);
    if (pass.needs_pods) {
      result.needs_pods = true;
      return result;
    }
    json::Value status = api::encode_status(pass.status);
    const bool is_status_changed = status != reached;
    const bool acts = has_effects(pass);
    if (acts && (has_acted || is_dirty)) {
      result.wake_at = world.now;  // the rest follows once this much is written
      break;
    }
    result.wake_at = pass.wake_at;
    has_acted = has_acted || acts;
    pass.actions = combine_set_patches(std::move(pass.actions));
    for (const Action& action : pass.actions) project(action, world);
    append(result.actions, std::move(pass.actions));
    append(news, std::move(pass.news));
    std::move(pass.finished.begin(), pass.finished.end(), std::back_inserter(result.finished));
    if (pass.failure) {
      result.failure = std::move(pass.failure);
      break;
    }
    if (!is_status_changed && !acts) break;
    is_changed = is_changed || is_status_changed;
    is_dirty = is_dirty || (is_status_changed && without_counters(world.rollout.status) != without_counters(pass.status));
    reached = std::move(status);
    world.rollout.status = std::move(pass.status);
  }
  if (snapshot.workload && !snapshot.workload->error.empty()) result.wake_at = snapshot.now + kWorkloadRetry;
  const json::Value patch = is_changed ? json::merge_diff(before, reached) : json::Value(json::Object());
  if (!patch.get_object().empty()) {
    result.counters_can_wait = !is_dirty && news.empty() && result.finished.empty() && !before.get_object().empty();
    std::string reason = "status: " + world.rollout.status.phase;
    if (!world.rollout.status.message.empty()) reason += " (" + world.rollout.status.message + ")";
    std::string planned_on = writes_client_fields(patch) ? snapshot.rollout.metadata.resourceVersion : "";
    result.actions.push_back({PatchStatus{json::Object{{"status", patch}}, std::move(planned_on)}, std::move(reason)});
  }
  append(result.actions, std::move(news));
  return result;
}

}  // namespace canaria::plan
