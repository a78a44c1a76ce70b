// How containers end: first what is asked (preStop, SIGTERM), at the deadline what cannot be refused (SIGKILL).
#include <algorithm>

#include "plan/pod/pod_pass.h"

namespace canaria::plan {
namespace {

// After a preStop hook that took the whole grace period the container still gets this long for SIGTERM.
constexpr Seconds kLeastTermTime{2};
constexpr Seconds kKillRetry{5};

Time deadline_of(const PodView& view) {
  // The timestamp has lost its fraction of a second; the second is given back.
  Time deadline = view.now() + Seconds(view.pod().spec.terminationGracePeriodSeconds);
  if (view.is_being_deleted()) deadline = *view.pod().metadata.deletionTimestamp + Seconds(1);
  return view.snapshot().stop_all_by ? std::min(deadline, *view.snapshot().stop_all_by) : deadline;
}

// A serving pod is taken out of endpoints and proxies first. Whoever has a preStop hook does that on its own.
Millis drain_delay(const PodView& view, const ContainerView& container, Time deadline) {
  const bool serves = view.is_being_deleted() && !view.snapshot().stop_all_by && container.role != ContainerRole::kInit &&
                      container.is_ready() && view.pod().spec.restartPolicy == "Always";
  if (!serves || container.spec->lifecycle.preStop) return Millis(0);
  return std::clamp(view.snapshot().timing.drain_delay, Millis(0), std::max(Millis(0), (deadline - view.now()) / 2));
}

void begin_stop(PodPass& pass, const ContainerView& container) {
  const PodView& view = pass.view();
  const Time deadline = deadline_of(view);
  const auto& known = container.facts.stopping;
  // A later deletion can shorten the period. Without one the deadline was settled when the stop began.
  const bool has_fixed_deadline = view.is_being_deleted() || view.snapshot().stop_all_by;
  if (known && (!has_fixed_deadline || known->deadline <= deadline)) return;
  Stopping stopping;
  if (known) {
    stopping = *known;
  } else {
    stopping.term_from = view.now() + drain_delay(view, container, deadline);
    pass.event(api::EventType::kNormal, "Killing", "Stopping container " + container.spec->name, container.spec->name);
  }
  stopping.deadline = deadline;
  pass.add(BeginStop{container.spec->name, stopping});
}

void send_term(PodPass& pass, const ContainerView& container, const Stopping& stopping) {
  const Time now = pass.view().now();
  const HookState hook = container.facts.pre_stop;
  if (container.spec->lifecycle.preStop && now < stopping.deadline) {
    if (hook == HookState::kNotRun) {
      pass.add(RunHook{container.spec->name, RunHook::Kind::kPreStop, stopping.deadline - now});
      return;
    }
    if (hook == HookState::kRunning) {
      pass.wake(stopping.deadline);
      return;
    }
  }
  if (now >= stopping.term_from || now >= stopping.deadline)
    pass.add(SignalContainer{container.spec->name, SignalContainer::Strength::kTerminate});
  else pass.wake(std::min(stopping.term_from, stopping.deadline));
}

void send_kill(PodPass& pass, const ContainerView& container, const Stopping& stopping) {
  Time at = stopping.deadline;
  if (container.spec->lifecycle.preStop && !pass.view().snapshot().stop_all_by)
    at = std::max(at, *stopping.term_sent_at + kLeastTermTime);
  if (stopping.kill_sent_at) at = *stopping.kill_sent_at + kKillRetry;
  if (pass.view().now() >= at) pass.add(SignalContainer{container.spec->name, SignalContainer::Strength::kKill});
  else pass.wake(at);
}

}  // namespace

void plan_ending(PodPass& pass) {
  const PodView& view = pass.view();
  const bool is_main_running = std::any_of(view.containers().begin(), view.containers().end(), [](const auto& container) {
    return container.role == ContainerRole::kMain && container.is_running();
  });
  for (const ContainerView& container : view.containers()) {
    if (!container.is_running()) continue;
    if (container.role == ContainerRole::kSidecar && is_main_running) continue;
    begin_stop(pass, container);
  }
}

void plan_stops(PodPass& pass) {
  for (const ContainerView& container : pass.view().containers()) {
    if (!container.is_running() || !container.facts.stopping) continue;
    const Stopping& stopping = *container.facts.stopping;
    if (stopping.term_sent_at) send_kill(pass, container, stopping);
    else send_term(pass, container, stopping);
  }
}

}  // namespace canaria::plan
