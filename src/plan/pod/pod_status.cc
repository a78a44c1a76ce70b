// The status of a pod from the facts about it: phase, conditions, containers; and what its changes are worth as Events.
#include <algorithm>

#include "json/codec.h"
#include "json/patch.h"
#include "lang/duration.h"
#include "lang/quantity.h"
#include "plan/pod/pod_conditions.h"
#include "plan/pod/pod_pass.h"

namespace canaria::plan {
namespace {

constexpr const char* kCrashLoop = "CrashLoopBackOff";
constexpr const char* kConfigError = "CreateContainerConfigError";
constexpr const char* kCreateError = "CreateContainerError";
constexpr const char* kDeadlineExceeded = "DeadlineExceeded";
constexpr int kLostExitCode = 255;

api::TerminatedState terminated(const ContainerRun& run) {
  api::TerminatedState state;
  state.exitCode = run.state == RunState::kLost ? kLostExitCode : run.exit_code;
  state.signal = run.signal;
  state.reason = run.reason;
  if (run.state == RunState::kLost) state.reason = "Unknown";
  else if (state.reason.empty()) state.reason = run.exit_code == 0 ? "Completed" : "Error";
  state.message = run.message;
  if (run.started_at) state.startedAt = whole_seconds(*run.started_at);
  if (run.finished_at) state.finishedAt = whole_seconds(*run.finished_at);
  state.containerID = run.runtime_id;
  return state;
}

api::WaitingState not_started_yet(const PodView& view, const ContainerView& container) {
  if (container.trouble) return {container.trouble->reason, container.trouble->message};
  const bool waits_for_others = container.role == ContainerRole::kMain && !view.is_initialized();
  const bool has_waiting_init = container.role != ContainerRole::kMain && &container != &view.containers().front();
  return {waits_for_others || has_waiting_init ? "PodInitializing" : "ContainerCreating", ""};
}

api::WaitingState waiting_for_restart(const PodView& view, const ContainerView& container) {
  if (container.trouble) return {container.trouble->reason, container.trouble->message};
  if (view.now() >= view.restart_at(container)) return {"ContainerCreating", ""};
  const api::ObjectMeta& metadata = view.pod().metadata;
  return {kCrashLoop, "back-off " + lang::format_duration(view.back_off(container)) + " restarting failed container=" +
                          container.spec->name + " pod=" + metadata.name + "_" + metadata.namespace_ + "(" + metadata.uid + ")"};
}

api::ContainerStatusEntry container_status(const PodView& view, const ContainerView& container) {
  api::ContainerStatusEntry entry;
  const ContainerFacts& facts = container.facts;
  entry.name = container.spec->name;
  entry.image = container.spec->image;
  entry.ready = container.is_ready();
  entry.started = container.is_started();
  entry.restartCount = facts.run ? facts.run->attempt : 0;
  if (!facts.run) {
    entry.state.waiting = not_started_yet(view, container);
    return entry;
  }
  entry.imageID = container.spec->image;
  entry.containerID = facts.run->runtime_id;
  if (container.is_running()) {
    entry.state.running =
        api::RunningState{facts.run->started_at ? std::optional(whole_seconds(*facts.run->started_at)) : std::nullopt};
    if (facts.run_before) entry.lastState.terminated = terminated(*facts.run_before);
  } else if (!view.is_ending() && !view.has_failed_init() && view.wants_restart(container)) {
    entry.state.waiting = waiting_for_restart(view, container);
    entry.lastState.terminated = terminated(*facts.run);
  } else {
    entry.state.terminated = terminated(*facts.run);
    if (facts.run_before) entry.lastState.terminated = terminated(*facts.run_before);
  }
  return entry;
}

std::string phase_of(const PodView& view) {
  if (view.pod().is_finished()) return view.pod().status.phase;
  if (view.is_past_deadline() || view.has_failed_init()) return "Failed";
  if (!view.is_initialized()) return view.is_being_deleted() && !view.is_anything_running() ? "Failed" : "Pending";
  int waiting = 0, running = 0, failed = 0, restarting = 0;
  for (const ContainerView& container : view.containers()) {
    if (container.role != ContainerRole::kMain) continue;
    if (!container.facts.run) ++waiting;
    else if (container.is_running()) ++running;
    else {
      if (!container.has_succeeded()) ++failed;
      if (view.wants_restart(container)) ++restarting;
    }
  }
  // A pod that is being deleted gets its last phase; one that only pauses with the node goes on later.
  const bool ends_for_good = view.is_being_deleted() && !view.is_anything_running();
  if (ends_for_good) return failed + waiting > 0 ? "Failed" : "Succeeded";
  if (waiting > 0) return "Pending";
  if (running > 0 || restarting > 0) return "Running";
  return failed > 0 ? "Failed" : "Succeeded";
}

// "Guaranteed" when every container has equal requests and limits for cpu and memory, "BestEffort" when none has any.
std::string qos_class(const api::RunningPodSpec& spec) {
  bool has_any = false, is_guaranteed = true;
  const auto amount = [](const std::map<std::string, json::Value>& amounts, const char* resource) {
    const auto found = amounts.find(resource);
    const auto parsed =
        found == amounts.end() ? lang::Quantity::parse("0") : lang::Quantity::parse(api::quantity_text(found->second));
    return parsed ? parsed->amount() : std::string();
  };
  for (const auto* containers : {&spec.initContainers, &spec.containers})
    for (const api::Container& container : *containers)
      for (const char* resource : {"cpu", "memory"}) {
        const auto& needs = container.resources;
        const bool has_limit = needs.limits.contains(resource), has_request = needs.requests.contains(resource);
        has_any = has_any || has_limit || has_request;
        is_guaranteed =
            is_guaranteed && has_limit && (!has_request || amount(needs.limits, resource) == amount(needs.requests, resource));
      }
  return !has_any ? "BestEffort" : is_guaranteed ? "Guaranteed" : "Burstable";
}

void add_container_statuses(const PodView& view, api::RunningPodStatus& status) {
  status.initContainerStatuses.clear();
  status.containerStatuses.clear();
  for (const ContainerView& container : view.containers()) {
    auto& list = container.role == ContainerRole::kMain ? status.containerStatuses : status.initContainerStatuses;
    list.push_back(container_status(view, container));
  }
  std::sort(status.containerStatuses.begin(), status.containerStatuses.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

api::RunningPodStatus wanted_status(const PodView& view) {
  api::RunningPodStatus status = view.pod().status;
  status.phase = phase_of(view);
  if (view.is_past_deadline() && !view.pod().is_finished()) {
    status.reason = kDeadlineExceeded;
    status.message = "Pod was active on the node longer than the specified deadline";
  }
  status.hostIP = view.snapshot().host_address;
  status.hostIPs = {{status.hostIP}};
  status.podIP = view.snapshot().pod_address;
  status.podIPs = {{status.podIP}};
  if (!status.startTime) status.startTime = whole_seconds(view.now());
  if (status.qosClass.empty()) status.qosClass = qos_class(view.pod().spec);
  add_container_statuses(view, status);
  status.conditions = pod_conditions(view, status.phase);
  return status;
}

const api::WaitingState* waiting_of(const std::vector<api::ContainerStatusEntry>& entries, const std::string& name) {
  for (const auto& entry : entries)
    if (entry.name == name && entry.state.waiting) return &*entry.state.waiting;
  return nullptr;
}

// The kubelet repeats these at every sync; here a change of the status is told once.
void announce(PodPass& pass, const std::vector<api::ContainerStatusEntry>& before,
              const std::vector<api::ContainerStatusEntry>& after) {
  const api::ObjectMeta& metadata = pass.view().pod().metadata;
  for (const auto& entry : after) {
    const api::WaitingState* now = waiting_of(after, entry.name);
    const api::WaitingState* then = waiting_of(before, entry.name);
    if (!now || (then && then->reason == now->reason && then->message == now->message)) continue;
    if (now->reason == kCrashLoop)
      pass.event(api::EventType::kWarning, "BackOff",
                 "Back-off restarting failed container " + entry.name + " in pod " + metadata.name + "_" + metadata.namespace_ +
                     "(" + metadata.uid + ")",
                 entry.name);
    if (now->reason == kConfigError || now->reason == kCreateError)
      pass.event(api::EventType::kWarning, "Failed", "Error: " + now->message, entry.name);
  }
}

}  // namespace

void plan_status(PodPass& pass) {
  const PodView& view = pass.view();
  const api::RunningPodStatus& before = view.pod().status;
  const api::RunningPodStatus after = wanted_status(view);
  json::Value difference = json::merge_diff(json::encode(before), json::encode(after));
  if (difference.get_object().empty()) return;
  json::Object patch;
  patch["status"] = std::move(difference);
  pass.add(WritePodStatus{json::Value(std::move(patch))});
  announce(pass, before.initContainerStatuses, after.initContainerStatuses);
  announce(pass, before.containerStatuses, after.containerStatuses);
}

}  // namespace canaria::plan
