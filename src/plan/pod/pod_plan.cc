#include "plan/pod/pod_plan.h"

#include "plan/pod/pod_pass.h"

namespace canaria::plan {
namespace {

// Only finalizers keep the object; its end has been confirmed already.
bool is_confirmed_gone(const api::RunningPod& pod) { return pod.deletion_grace_seconds == 0; }

struct Describe {
  std::string operator()(const StartContainer& action) const {
    return "start " + action.launch.name + " #" + std::to_string(action.launch.attempt);
  }
  std::string operator()(const BeginStop& action) const {
    return "stop " + action.container + " by " + format_time(action.stopping.deadline);
  }
  std::string operator()(const RunHook& action) const {
    return std::string(action.kind == RunHook::Kind::kPostStart ? "postStart " : "preStop ") + action.container;
  }
  std::string operator()(const SignalContainer& action) const {
    return std::string(action.strength == SignalContainer::Strength::kKill ? "kill " : "terminate ") + action.container;
  }
  std::string operator()(const RecordPodEvent& action) const {
    return std::string("event ") + (action.type == api::EventType::kWarning ? "Warning " : "Normal ") + action.reason + ": " +
           action.message;
  }
  std::string operator()(const WritePodStatus&) const { return "write status"; }
  std::string operator()(const DeletePod&) const { return "delete pod"; }
  std::string operator()(const WriteVolume& action) const { return "write volume " + action.content.name; }
  std::string operator()(const TellVolumeTrouble& action) const { return "event Warning FailedMount: " + action.message; }
};

}  // namespace

PodPlan plan_pod(const PodSnapshot& snapshot) {
  PodPass pass(snapshot);
  const PodView& view = pass.view();
  const bool has_address = view.pod().status.podIP == snapshot.pod_address;
  if (view.is_ending() || view.has_failed_init()) plan_ending(pass);
  else if (has_address) plan_runs(pass);
  plan_stops(pass);
  if (!pass.has_actions()) plan_status(pass);
  if (const auto deadline = view.active_deadline(); deadline && !view.is_ending()) pass.wake(*deadline);
  if (view.is_being_deleted() && !view.is_anything_running() && !is_confirmed_gone(view.pod())) pass.add(DeletePod{});
  return pass.take();
}

std::string describe_pod_action(const PodAction& action) { return std::visit(Describe(), action); }

}  // namespace canaria::plan
