#include "plan/pod/pod_conditions.h"

#include <algorithm>

namespace canaria::plan {
namespace {

using Condition = api::RunningPodCondition;

const Condition* find(const std::vector<Condition>& conditions, const std::string& type) {
  for (const Condition& condition : conditions)
    if (condition.type == type) return &condition;
  return nullptr;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text = "[";
  for (const std::string& name : names) text += (text.size() > 1 ? " " : "") + name;
  return text + "]";
}

Condition condition(const std::string& type, bool is_true, std::string reason = "", std::string message = "") {
  Condition result;
  result.type = type;
  result.status = is_true ? "True" : "False";
  result.reason = std::move(reason);
  result.message = std::move(message);
  return result;
}

Condition initialized(const PodView& view, const std::string& phase) {
  const bool is_done = view.is_initialized();
  if (is_done) return condition("Initialized", true, phase == "Succeeded" ? "PodCompleted" : "");
  std::vector<std::string> incomplete;
  for (const ContainerView& container : view.containers())
    if ((container.role == ContainerRole::kInit && !container.has_succeeded()) ||
        (container.role == ContainerRole::kSidecar && !container.is_started()))
      incomplete.push_back(container.spec->name);
  return condition("Initialized", false, "ContainersNotInitialized", "containers with incomplete status: " + listed(incomplete));
}

Condition containers_ready(const PodView& view, const std::string& phase) {
  const std::string type = "ContainersReady";
  if (phase == "Succeeded") return condition(type, false, "PodCompleted");
  if (phase == "Failed") return condition(type, false, "PodFailed");
  std::vector<std::string> unready;
  for (const ContainerView& container : view.containers())
    if (container.role != ContainerRole::kInit && !container.is_ready()) unready.push_back(container.spec->name);
  if (unready.empty()) return condition(type, true);
  return condition(type, false, "ContainersNotReady", "containers with unready status: " + listed(unready));
}

Condition ready(const PodView& view, const Condition& of_containers) {
  Condition result = of_containers;
  result.type = "Ready";
  if (result.status != "True") return result;
  std::string problems;
  for (const api::ReadinessGate& gate : view.pod().spec.readinessGates) {
    const Condition* asked = find(view.pod().status.conditions, gate.conditionType);
    std::string problem;
    if (!asked) problem = "corresponding condition of pod readiness gate \"" + gate.conditionType + "\" does not exist.";
    else if (asked->status != "True")
      problem = "the status of pod readiness gate \"" + gate.conditionType + "\" is not \"True\", but " + asked->status;
    if (!problem.empty()) problems += (problems.empty() ? "" : ", ") + problem;
  }
  if (problems.empty()) return result;
  return condition("Ready", false, "ReadinessGatesNotReady", problems);
}

}  // namespace

std::vector<Condition> pod_conditions(const PodView& view, const std::string& phase) {
  const bool is_over = phase == "Succeeded" || phase == "Failed";
  const Condition of_containers = containers_ready(view, phase);
  std::vector<Condition> result = {condition("PodReadyToStartContainers", !is_over), initialized(view, phase),
                                   ready(view, of_containers), of_containers, condition("PodScheduled", true)};
  for (Condition& fresh : result) {
    const Condition* before = find(view.pod().status.conditions, fresh.type);
    const bool is_same = before && before->status == fresh.status && before->lastTransitionTime;
    fresh.lastTransitionTime = is_same ? *before->lastTransitionTime : whole_seconds(view.now());
  }
  for (const Condition& other : view.pod().status.conditions)
    if (!find(result, other.type)) result.push_back(other);
  return result;
}

}  // namespace canaria::plan
