// A release on paper: one Rollout, its ReplicaSets and a clock, driven by plan() with no cluster. Used by scenario tests and by
// the seeded simulation; the pods here behave as told, and a "crash" may come after any single write.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plan/rollout/plan.h"

namespace canaria::plan {

class Simulation {
 public:
  // `manifest` is the Rollout as a user would apply it.
  Simulation(json::Value manifest, Time start);

  // Plans and applies until the plan is empty. Returns the number of writes made.
  int reconcile();
  // Lets ReplicaSets create, ready and delete pods: every set has as many pods as it wants, `is_ready` says of which template
  // text they become available. True when any counter changed.
  bool move_pods(const std::function<bool(const api::ReplicaSet&)>& is_ready);
  // reconcile and move_pods by turns until nothing changes any more.
  void settle(const std::function<bool(const api::ReplicaSet&)>& is_ready);
  // Time passes, waking up where plans asked for it.
  void advance(Seconds time, const std::function<bool(const api::ReplicaSet&)>& is_ready);

  // A client's merge patch of the Rollout or of its status.
  void patch(const json::Value& changes);
  void patch_status(const json::Value& changes);

  // Called with each action before it is applied; returning false "crashes": the rest of the plan is lost.
  using Gate = std::function<bool(const Action&)>;
  void set_gate(Gate gate) { gate_ = std::move(gate); }

  const Snapshot& world() const { return world_; }
  Snapshot& world() { return world_; }
  // What was done since the last call, one line an action.
  std::vector<std::string> take_log();
  // One line: phase, step, ReplicaSets with sizes and roles.
  std::string summary() const;

 private:
  void apply(const Action& action);
  void read_manifest();

  json::Value manifest_;
  Snapshot world_;
  Gate gate_;
  std::vector<std::string> log_;
  std::optional<Time> wake_at_;
};

}  // namespace canaria::plan
