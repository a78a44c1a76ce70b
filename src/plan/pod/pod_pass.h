// What the stages of one planning pass add to: actions, the next wake, and notes for the status.
#pragma once

#include "plan/pod/pod_plan.h"
#include "plan/pod/pod_view.h"

namespace canaria::plan {

class PodPass {
 public:
  explicit PodPass(const PodSnapshot& snapshot) : view_(snapshot) {}

  PodView& view() { return view_; }
  void add(PodAction action) { plan_.actions.push_back(std::move(action)); }
  void event(api::EventType type, std::string reason, std::string message, std::string container = "") {
    add(RecordPodEvent{type, std::move(reason), std::move(message), std::move(container)});
  }
  void wake(Time at) {
    if (!plan_.wake_at || at < *plan_.wake_at) plan_.wake_at = at;
  }
  bool has_actions() const { return !plan_.actions.empty(); }
  PodPlan take() { return std::move(plan_); }

 private:
  PodView view_;
  PodPlan plan_;
};

// Makes the pod's volumes and keeps them up to date. Returns whether all are there, so that containers may start.
bool plan_volumes(PodPass& pass);
// Init containers in order, then all others; restarts with back-off; hooks after the start; what probes have defeated.
void plan_runs(PodPass& pass);
// Ends what has to end: everything when the pod ends, sidecars after the main containers.
void plan_ending(PodPass& pass);
// Takes every stop that is under way one step further.
void plan_stops(PodPass& pass);
// The status as the facts say, as one patch, with the Events that its changes are worth.
void plan_status(PodPass& pass);

}  // namespace canaria::plan
