#include "plan/pod/pod_view.h"

#include <algorithm>

namespace canaria::plan {
namespace {

constexpr const char* kDeadlineExceeded = "DeadlineExceeded";

ContainerRun run_of(const api::TerminatedState& state, std::int32_t attempt) {
  ContainerRun run;
  run.attempt = attempt;
  run.state = RunState::kExited;
  run.runtime_id = state.containerID;
  run.started_at = state.startedAt;
  run.finished_at = state.finishedAt;
  run.exit_code = state.exitCode.value_or(0);
  run.signal = state.signal;
  run.reason = state.reason;
  run.message = state.message;
  return run;
}

// What the status says about a run that the runtime does not know: it has ended, seen or unseen. So a container that ran
// to its end is not run again only because its files are gone.
std::optional<ContainerRun> remembered_run(const std::vector<api::ContainerStatusEntry>& entries, const std::string& name) {
  for (const api::ContainerStatusEntry& entry : entries) {
    if (entry.name != name || entry.containerID.empty()) continue;
    const std::int32_t attempt = entry.restartCount.value_or(0);
    if (entry.state.terminated) return run_of(*entry.state.terminated, attempt);
    if (entry.state.waiting && entry.lastState.terminated) return run_of(*entry.lastState.terminated, attempt);
    ContainerRun run;
    run.attempt = attempt;
    run.state = RunState::kLost;
    run.runtime_id = entry.containerID;
    if (entry.state.running) run.started_at = entry.state.running->startedAt;
    return run;
  }
  return std::nullopt;
}

}  // namespace

bool ContainerView::is_started() const {
  if (!is_running()) return false;
  if (spec->lifecycle.postStart && facts.post_start != HookState::kSucceeded) return false;
  return !spec->startupProbe || facts.startup_passed;
}

bool ContainerView::is_ready() const {
  if (role == ContainerRole::kInit) return has_succeeded();
  return is_started() && (!spec->readinessProbe || facts.readiness_passed);
}

PodView::PodView(const PodSnapshot& snapshot) : snapshot_(snapshot) {
  for (const api::Container& container : pod().spec.initContainers)
    add(container, container.restartPolicy == "Always" ? ContainerRole::kSidecar : ContainerRole::kInit);
  for (const api::Container& container : pod().spec.containers) add(container, ContainerRole::kMain);
}

void PodView::add(const api::Container& spec, ContainerRole role) {
  ContainerView view;
  view.spec = &spec;
  view.role = role;
  const auto found = snapshot_.containers.find(spec.name);
  if (found != snapshot_.containers.end()) view.facts = found->second;
  const auto& entries = role == ContainerRole::kMain ? pod().status.containerStatuses : pod().status.initContainerStatuses;
  if (!view.facts.run) view.facts.run = remembered_run(entries, spec.name);
  containers_.push_back(std::move(view));
}

std::optional<Time> PodView::active_deadline() const {
  if (!pod().spec.activeDeadlineSeconds || !pod().status.startTime) return std::nullopt;
  return *pod().status.startTime + Seconds(*pod().spec.activeDeadlineSeconds);
}

bool PodView::is_past_deadline() const {
  if (pod().status.reason == kDeadlineExceeded) return true;
  const auto deadline = active_deadline();
  return deadline && *deadline <= now() && !pod().is_finished();
}

bool PodView::is_anything_running() const {
  return std::any_of(containers_.begin(), containers_.end(), [](const auto& container) { return container.is_running(); });
}

bool PodView::has_failed_init() const {
  if (pod().spec.restartPolicy != "Never") return false;
  return std::any_of(containers_.begin(), containers_.end(), [](const auto& container) {
    return container.role == ContainerRole::kInit && container.has_ended() && !container.has_succeeded();
  });
}

bool PodView::is_initialized() const {
  for (const ContainerView& container : containers_)
    if (container.role == ContainerRole::kMain && container.facts.run) return true;
  for (const ContainerView& container : containers_) {
    if (container.role == ContainerRole::kInit && !container.has_succeeded()) return false;
    if (container.role == ContainerRole::kSidecar && !container.is_started()) return false;
  }
  return true;
}

bool PodView::wants_restart(const ContainerView& container) const {
  if (!container.has_ended()) return false;
  const std::string& policy = pod().spec.restartPolicy;
  switch (container.role) {
    case ContainerRole::kInit: return policy != "Never" && !container.has_succeeded();
    case ContainerRole::kSidecar: return !are_mains_done();
    case ContainerRole::kMain: return policy == "Always" || (policy == "OnFailure" && !container.has_succeeded());
  }
  return false;
}

std::int32_t PodView::restarts_in_a_row(const ContainerView& container) const {
  const auto& run = container.facts.run;
  if (!run || !run->finished_at || !run->started_at) return 0;
  if (*run->finished_at - *run->started_at >= snapshot_.timing.back_off_reset) return 0;
  return container.facts.restarts_in_a_row;
}

Millis PodView::back_off(const ContainerView& container) const {
  const std::int32_t restarts = restarts_in_a_row(container);
  if (restarts == 0) return Millis(0);
  const Millis delay = snapshot_.timing.first_back_off * (std::int64_t{1} << std::min(restarts - 1, 20));
  return std::min(delay, snapshot_.timing.longest_back_off);
}

Time PodView::restart_at(const ContainerView& container) const {
  const auto& run = container.facts.run;
  return run && run->finished_at ? *run->finished_at + back_off(container) : now();
}

bool PodView::are_mains_done() const {
  return std::all_of(containers_.begin(), containers_.end(), [this](const ContainerView& container) {
    return container.role != ContainerRole::kMain || (container.has_ended() && !wants_restart(container));
  });
}

}  // namespace canaria::plan
