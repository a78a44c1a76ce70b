// Which containers run: the stage for a pod that lives.
#include "plan/pod/container_launch.h"
#include "plan/pod/pod_pass.h"

namespace canaria::plan {
namespace {

constexpr const char* kConfigError = "CreateContainerConfigError";
constexpr const char* kCreateError = "CreateContainerError";

Seconds grace_of(const PodView& view, const ContainerView& container) {
  const auto& defeat = container.facts.defeat;
  return Seconds(defeat && defeat->grace_seconds ? *defeat->grace_seconds : view.pod().spec.terminationGracePeriodSeconds);
}

void stop_for_restart(PodPass& pass, const ContainerView& container, std::string message) {
  const Time now = pass.view().now();
  Stopping stopping;
  stopping.term_from = now;
  stopping.deadline = now + grace_of(pass.view(), container);
  pass.event(api::EventType::kNormal, "Killing", std::move(message), container.spec->name);
  pass.add(BeginStop{container.spec->name, stopping});
}

// A failed start is tried again with the delays of the back-off.
bool is_start_due(PodPass& pass, ContainerView& container) {
  const auto& failure = container.facts.start_failure;
  if (!failure) return true;
  const PodTiming& timing = pass.view().snapshot().timing;
  const Millis delay =
      std::min(timing.first_back_off * (std::int64_t{1} << std::min(failure->failures - 1, 20)), timing.longest_back_off);
  if (pass.view().now() >= failure->at + delay) return true;
  container.trouble = ContainerTrouble{kCreateError, failure->message};
  pass.wake(failure->at + delay);
  return false;
}

void start(PodPass& pass, ContainerView& container) {
  if (!pass.view().has_volumes() || !is_start_due(pass, container)) return;
  const PodView& view = pass.view();
  const auto& run = container.facts.run;
  auto launch = container_launch(view.snapshot(), *container.spec, run ? run->attempt + 1 : 0);
  if (!launch) {
    container.trouble = ContainerTrouble{kConfigError, launch.error().message};
    return;
  }
  pass.add(StartContainer{*std::move(launch), run ? view.restarts_in_a_row(container) + 1 : 0});
}

void restart_when_due(PodPass& pass, ContainerView& container) {
  const PodView& view = pass.view();
  if (!view.wants_restart(container)) return;
  const Time at = view.restart_at(container);
  if (view.now() >= at) start(pass, container);
  else pass.wake(at);
}

// What happens to a container that runs: its postStart hook, and the end when a hook or a probe says so.
void look_after(PodPass& pass, const ContainerView& container) {
  const ContainerFacts& facts = container.facts;
  const std::string& name = container.spec->name;
  if (facts.stopping) return;
  if (container.spec->lifecycle.postStart && facts.post_start == HookState::kNotRun) {
    pass.add(RunHook{name, RunHook::Kind::kPostStart, Millis(0)});
  } else if (facts.post_start == HookState::kFailed) {
    pass.event(api::EventType::kWarning, "FailedPostStartHook", "PostStartHook failed: " + facts.hook_message, name);
    stop_for_restart(pass, container, "FailedPostStartHook");
  } else if (facts.defeat) {
    stop_for_restart(pass, container, "Container " + name + " failed " + facts.defeat->probe + " probe, will be restarted");
  }
}

// Returns whether the next container in the order may start.
bool plan_one(PodPass& pass, ContainerView& container) {
  if (!container.facts.run) start(pass, container);
  else if (container.is_running()) look_after(pass, container);
  else restart_when_due(pass, container);
  switch (container.role) {
    case ContainerRole::kInit: return container.has_succeeded();
    case ContainerRole::kSidecar: return container.is_started();
    case ContainerRole::kMain: return true;
  }
  return true;
}

}  // namespace

void plan_runs(PodPass& pass) {
  PodView& view = pass.view();
  if (!plan_volumes(pass)) view.hold_starts_back();
  const bool has_passed_init = view.is_initialized();
  for (ContainerView& container : view.containers()) {
    if (container.role == ContainerRole::kInit && has_passed_init) continue;
    const bool may_go_on = plan_one(pass, container);
    if (!may_go_on && !has_passed_init) break;
  }
  if (view.are_mains_done()) plan_ending(pass);
}

}  // namespace canaria::plan
