// One pass over a Rollout: what the stages read (View) and what they hand back (Pass).
//
// The parent in plan.cc calls the stages in a fixed order and holds every branch; a stage looks at the View and adds to the
// Pass. Nothing a stage adds is visible to the stages after it, so their order only matters for the order of the actions.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/rollout/plan.h"
#include "plan/rollout/roles.h"

namespace canaria::plan {

// The facts of one pass, all derived from the snapshot. Holds pointers into it.
struct View {
  const Snapshot& snapshot;
  const api::Rollout& rollout;                    // template and selector in force, a workload's included
  std::vector<const api::ReplicaSet*> claimed;    // ours by owner and selector, oldest first
  Roles roles;
  std::string template_hash;                      // of today's template; the label on new_set may differ

  Time now() const { return snapshot.now; }
  const api::CanaryStrategy& canary() const { return *rollout.spec.strategy.canary; }
  bool has_traffic_routing() const { return canary().trafficRouting.has_value(); }
  // The hash in force: the label of the new ReplicaSet, or the computed one before it exists.
  std::string current_hash() const { return roles.new_set ? roles.new_set->hash() : template_hash; }
  // Whether status.stableRS names a version other than the current one.
  bool is_updating() const { return !rollout.status.stableRS.empty() && rollout.status.stableRS != current_hash(); }
  std::int64_t max_older_revision() const;
  // The number of the new ReplicaSet, as it is or is about to be: a rollback raises an older one to the highest.
  std::int64_t current_revision() const;
};
View make_view(const Snapshot& snapshot);

// Whether the Rollout's spec halts scaling, and its pausing in general.
bool is_scaling_halted(const View& view);

// The changes to pauses and to the abort that a pass decides on.
struct PauseChanges {
  std::vector<std::string> added;
  std::vector<std::string> removed;
  bool clear_all = false;
  bool abort = false;
  bool unabort = false;
  std::string abort_message;

  bool is_aborted(const api::RolloutStatus& stored) const { return (abort || stored.abort) && !unabort; }
};

class Pass {
 public:
  explicit Pass(api::RolloutStatus stored) : status(std::move(stored)) {}

  std::vector<Action> actions;   // effects and their events, in order
  std::vector<Action> news;      // events about the status, told after it is written
  std::vector<Plan::Finished> finished;
  api::RolloutStatus status;     // as it should be after this pass
  PauseChanges pauses;
  std::optional<Time> wake_at;
  bool needs_pods = false;
  std::optional<Error> failure;  // the pass ends here and its status is not written

  void act(Effect effect, std::string reason) { actions.push_back({std::move(effect), std::move(reason)}); }
  void tell(api::EventType type, std::string reason, std::string message) {
    actions.push_back({EmitEvent{type, std::move(reason), std::move(message)}, ""});
  }
  void tell_later(api::EventType type, std::string reason, std::string message) {
    news.push_back({EmitEvent{type, std::move(reason), std::move(message)}, ""});
  }
  // Keeps the earliest wish.
  void wake(Time at) {
    if (!wake_at || at < *wake_at) wake_at = at;
  }
};

}  // namespace canaria::plan
