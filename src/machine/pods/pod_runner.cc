#include "machine/pods/pod_runner.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sys/stat.h>

#include "async/timers.h"
#include "machine/volumes/volume_folder.h"
#include "telemetry/log.h"

namespace canaria::machine {
namespace {

constexpr Seconds kWaitRetry{1};

const api::Container* find_container(const api::RunningPod& pod, const std::string& name) {
  for (const auto* containers : {&pod.spec.containers, &pod.spec.initContainers})
    for (const api::Container& container : *containers)
      if (container.name == name) return &container;
  return nullptr;
}

ProbeTarget target_of(const PodMemory& memory, const api::Container& container, std::int32_t attempt) {
  ProbeTarget target;
  target.id = ContainerId{memory.uid, container.name, attempt};
  target.address = memory.address;
  target.ports = container.ports;
  return target;
}

ContainerSpec spec_of(const PodMemory& memory, plan::ContainerLaunch launch) {
  ContainerSpec spec;
  spec.id = ContainerId{memory.uid, launch.name, launch.attempt};
  spec.namespace_ = memory.key.namespace_;
  spec.pod_name = memory.key.name;
  spec.image = std::move(launch.image);
  spec.command = std::move(launch.command);
  spec.arguments = std::move(launch.arguments);
  spec.environment = std::move(launch.environment);
  spec.working_directory = std::move(launch.working_directory);
  spec.address = memory.address;
  spec.cpu_limit_millis = launch.cpu_limit_millis;
  spec.memory_limit_bytes = launch.memory_limit_bytes;
  if (launch.user) spec.user = static_cast<std::uint32_t>(*launch.user);
  if (launch.group) spec.group = static_cast<std::uint32_t>(*launch.group);
  return spec;
}

}  // namespace

plan::ContainerRun run_from(const ContainerStatus& status) {
  plan::ContainerRun run;
  run.attempt = status.id.attempt;
  switch (status.state) {
    case ContainerState::kRunning: run.state = plan::RunState::kRunning; break;
    case ContainerState::kExited: run.state = plan::RunState::kExited; break;
    case ContainerState::kLost: run.state = plan::RunState::kLost; break;
  }
  run.runtime_id = status.runtime_id;
  if (status.started_at != Time()) run.started_at = status.started_at;
  run.finished_at = status.finished_at;
  run.exit_code = status.exit_code;
  run.signal = status.signal;
  run.reason = status.reason;
  run.message = status.message;
  return run;
}

PodRunner::PodRunner(async::Loop& loop, Doors doors, std::function<void(const std::string&)> on_news,
                     std::function<void(const json::Value&)> on_written)
    : doors_(doors),
      prober_(doors.http, doors.runtime),
      on_news_(std::move(on_news)),
      on_written_(std::move(on_written)),
      scope_(loop) {}

Task<void> PodRunner::stop() { return scope_.stop(); }

Task<Status> PodRunner::apply(MemoryPointer memory, PodPointer pod, plan::PodPlan plan) {
  for (plan::PodAction& action : plan.actions) {
    if (telemetry::is_logged(telemetry::Level::kDebug))
      telemetry::log_debug("pod", {{"pod", memory->key.text()}, {"action", plan::describe_pod_action(action)}});
    CO_CHECK(co_await apply_one(memory, pod, std::move(action)));
  }
  co_return Status();
}

Task<Status> PodRunner::apply_one(MemoryPointer memory, PodPointer pod, plan::PodAction action) {
  if (auto* start = std::get_if<plan::StartContainer>(&action)) {
    co_await start_container(memory, pod, std::move(*start));
  } else if (auto* write = std::get_if<plan::WritePodStatus>(&action)) {
    co_return co_await write_status(pod, std::move(write->patch));
  } else if (std::get_if<plan::DeletePod>(&action)) {
    co_return co_await delete_pod(memory, pod);
  } else if (const auto* hook = std::get_if<plan::RunHook>(&action)) {
    begin_hook(memory, pod, *hook);
  } else if (const auto* signal = std::get_if<plan::SignalContainer>(&action)) {
    send_signal(*memory, *signal);
  } else if (const auto* stop = std::get_if<plan::BeginStop>(&action)) {
    memory->containers[stop->container].stopping = stop->stopping;
  } else if (auto* volume = std::get_if<plan::WriteVolume>(&action)) {
    write_pod_volume(*memory, std::move(*volume));
  } else if (auto* trouble = std::get_if<plan::TellVolumeTrouble>(&action)) {
    memory->volumes.told_trouble = trouble->message;
    record(*pod, api::EventType::kWarning, "FailedMount", std::move(trouble->message));
  } else if (auto* event = std::get_if<plan::RecordPodEvent>(&action)) {
    record(*pod, event->type, std::move(event->reason), std::move(event->message), event->container);
  }
  co_return Status();
}

// ---- writes

Task<Status> PodRunner::write_status(PodPointer pod, json::Value patch) {
  json::Object metadata;
  metadata["uid"] = pod->metadata.uid;
  metadata["resourceVersion"] = pod->metadata.resourceVersion;
  patch.get_object()["metadata"] = std::move(metadata);
  WriteOptions options;
  options.subresource = "status";
  const auto written =
      co_await doors_.client.patch(api::resources::pods(), pod->metadata.key(), PatchKind::kMerge, std::move(patch), options);
  if (written) on_written_(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

Task<Status> PodRunner::delete_pod(MemoryPointer memory, PodPointer pod) {
  if (memory->is_delete_confirmed) co_return Status();
  const Status removed = co_await doors_.client.remove_now(api::resources::pods(), pod->metadata.key(), pod->metadata.uid);
  const bool is_gone = !removed && (removed.error().code == Code::kNotFound || removed.error().code == Code::kConflict);
  if (!removed && !is_gone) co_return fail(removed.error());
  memory->is_delete_confirmed = true;
  co_return Status();
}

void PodRunner::record(const api::RunningPod& pod, api::EventType type, std::string reason, std::string message,
                       const std::string& container) {
  EventTarget target{"v1", "Pod", pod.metadata.key(), pod.metadata.uid, pod.metadata.resourceVersion};
  const auto is_it = [&](const api::Container& one) { return one.name == container; };
  const bool is_init = std::ranges::any_of(pod.spec.initContainers, is_it);
  if (!container.empty()) target.field_path = (is_init ? "spec.initContainers{" : "spec.containers{") + container + "}";
  doors_.events.record(std::move(target), type, std::move(reason), std::move(message));
}

// ---- starting and ending

Task<void> PodRunner::start_container(MemoryPointer memory, PodPointer pod, plan::StartContainer action) {
  const std::string name = action.launch.name;
  ContainerSpec spec = spec_of(*memory, action.launch);
  for (const plan::LaunchMount& mount : action.launch.mounts) {
    auto resolved = resolve_mount(volumes_of(*memory), mount);
    if (!resolved) {
      note_start_failure(*memory, name, resolved.error().message);
      co_return;
    }
    spec.mounts.push_back(*std::move(resolved));
  }
  const auto started = co_await doors_.runtime.start(std::move(spec));
  if (!started) {
    note_start_failure(*memory, name, started.error().message);
    co_return;
  }
  note_start(*memory, *started, action);
  record(*pod, api::EventType::kNormal, "Created", "Created container: " + name, name);
  record(*pod, api::EventType::kNormal, "Started", "Started container " + name, name);
  const api::Container* container = find_container(*pod, name);
  watch_run(memory, pod, container, name);
}

void PodRunner::note_start_failure(PodMemory& memory, const std::string& container, std::string message) {
  auto& failure = memory.containers[container].start_failure;
  const std::int32_t failures = failure ? failure->failures + 1 : 1;
  failure = plan::StartFailure{doors_.clock.now(), failures, std::move(message)};
}

void PodRunner::write_pod_volume(PodMemory& memory, plan::WriteVolume action) {
  const std::string name = action.content.name;
  ::mkdir(doors_.volumes_folder.c_str(), 0700);  // Secrets are for containers, not for all users of the machine
  const Status written = write_volume(volumes_of(memory) + "/" + name, action.content);
  if (written) {
    memory.volumes.written[name] = std::move(action.fingerprint);
    memory.volumes.write_failures.erase(name);
    return;
  }
  auto& failure = memory.volumes.write_failures[name];
  if (failure.message.empty()) failure.failures = 0;
  ++failure.failures;
  failure.at = doors_.clock.now();
  failure.message = written.error().message;
}

// The run before stays for its logs, older ones go.
void PodRunner::note_start(PodMemory& memory, const ContainerStatus& status, const plan::StartContainer& action) {
  plan::ContainerFacts& facts = memory.containers[action.launch.name];
  plan::ContainerFacts fresh;
  fresh.run_before = facts.run;
  fresh.run = run_from(status);
  fresh.restarts_in_a_row = action.restarts_in_a_row;
  facts = std::move(fresh);
  auto& kept = memory.kept_attempts[action.launch.name];
  kept.push_back(status.id.attempt);
  while (kept.size() > 2) {
    const Status removed = doors_.runtime.remove(ContainerId{memory.uid, action.launch.name, kept.front()});
    if (!removed) telemetry::log_warning("an ended container cannot be removed", {{"error", removed.error().message}});
    kept.erase(kept.begin());
  }
}

void PodRunner::adopt(const MemoryPointer& memory, const PodPointer& pod, const std::string& container) {
  watch_run(memory, pod, pod ? find_container(*pod, container) : nullptr, container);
}

void PodRunner::watch_run(const MemoryPointer& memory, const PodPointer& pod, const api::Container* container,
                          const std::string& name) {
  const plan::ContainerFacts& facts = memory->containers[name];
  if (!facts.run || facts.run->state != plan::RunState::kRunning) return;
  auto session = std::make_shared<ProbeSession>();
  memory->sessions[name] = session;
  scope_.spawn(wait_for_end(memory, memory->latest(name)));
  if (!container) return;
  const bool is_known = facts.startup_passed || facts.readiness_passed;
  const bool is_started = !container->startupProbe || facts.startup_passed;
  if (is_started) session->started.set();
  else begin_probe(memory, pod, *container, ProbeKind::kStartup, container->startupProbe, ProbeVerdict::kUnknown);
  begin_probe(memory, pod, *container, ProbeKind::kLiveness, container->livenessProbe, ProbeVerdict::kPassed);
  begin_probe(memory, pod, *container, ProbeKind::kReadiness, container->readinessProbe,
              is_known && facts.readiness_passed ? ProbeVerdict::kPassed : ProbeVerdict::kUnknown);
}

Task<void> PodRunner::wait_for_end(MemoryPointer memory, ContainerId id) {
  for (;;) {
    const auto ended = co_await doors_.runtime.wait(id);
    if (ended) {
      note_end(*memory, *ended);
      co_return;
    }
    if (ended.error().code == Code::kNotFound) {
      ContainerStatus lost;
      lost.id = id;
      lost.state = ContainerState::kLost;
      note_end(*memory, lost);
      co_return;
    }
    telemetry::log_warning("a container cannot be waited for and will be tried again",
                           {{"container", id.text()}, {"error", ended.error().message}});
    co_await async::sleep_for(kWaitRetry);
  }
}

void PodRunner::note_end(PodMemory& memory, const ContainerStatus& status) {
  plan::ContainerFacts* facts = memory.facts_of(status.id.name, status.id.attempt);
  if (!facts) return;
  plan::ContainerRun ended = run_from(status);
  if (!ended.started_at) ended.started_at = facts->run->started_at;
  if (ended.runtime_id.empty()) ended.runtime_id = facts->run->runtime_id;
  if (ended.state == plan::RunState::kRunning) ended.state = plan::RunState::kLost;
  facts->run = std::move(ended);
  const auto session = memory.sessions.find(status.id.name);
  if (session != memory.sessions.end()) {
    session->second->ended.set();
    session->second->started.set();  // probes that have not begun must end as well
    memory.sessions.erase(session);
  }
  on_news_(memory.uid);
}

void PodRunner::send_signal(PodMemory& memory, const plan::SignalContainer& action) {
  auto& facts = memory.containers[action.container];
  if (!facts.stopping) return;
  const bool is_kill = action.strength == plan::SignalContainer::Strength::kKill;
  (is_kill ? facts.stopping->kill_sent_at : facts.stopping->term_sent_at) = doors_.clock.now();
  const Status sent = doors_.runtime.signal(memory.latest(action.container), is_kill ? SIGKILL : SIGTERM);
  if (!sent)
    telemetry::log_warning("a container could not be signalled",
                           {{"pod", memory.key.text()}, {"container", action.container}, {"error", sent.error().message}});
}

bool PodRunner::purge(const MemoryPointer& memory) {
  if (memory->is_anything_running()) {
    for (auto& [name, facts] : memory->containers) {
      if (!facts.run || facts.run->state != plan::RunState::kRunning) continue;
      const Status killed = doors_.runtime.signal(memory->latest(name), SIGKILL);
      if (!killed) telemetry::log_warning("a container cannot be killed", {{"error", killed.error().message}});
    }
    return false;
  }
  for (const auto& [name, attempts] : memory->kept_attempts)
    for (const std::int32_t attempt : attempts) {
      const Status removed = doors_.runtime.remove(ContainerId{memory->uid, name, attempt});
      if (!removed) telemetry::log_warning("an ended container cannot be removed", {{"error", removed.error().message}});
    }
  std::error_code ignored;
  if (!doors_.volumes_folder.empty()) std::filesystem::remove_all(volumes_of(*memory), ignored);
  return true;
}

// ---- hooks and probes

void PodRunner::begin_hook(const MemoryPointer& memory, const PodPointer& pod, const plan::RunHook& action) {
  plan::ContainerFacts& facts = memory->containers[action.container];
  (action.kind == plan::RunHook::Kind::kPostStart ? facts.post_start : facts.pre_stop) = plan::HookState::kRunning;
  scope_.spawn(finish_hook(memory, pod, action));
}

Task<void> PodRunner::finish_hook(MemoryPointer memory, PodPointer pod, plan::RunHook action) {
  const api::Container* container = find_container(*pod, action.container);
  if (!container) co_return;
  const ContainerId id = memory->latest(action.container);
  const bool is_post_start = action.kind == plan::RunHook::Kind::kPostStart;
  const auto& hook = is_post_start ? container->lifecycle.postStart : container->lifecycle.preStop;
  if (!hook) co_return;
  ProbeTarget target = target_of(*memory, *container, id.attempt);
  api::LifecycleHook call = *hook;
  const Status outcome = co_await prober_.run_hook(std::move(call), std::move(target), action.limit);
  plan::ContainerFacts* facts = memory->facts_of(id.name, id.attempt);
  if (!facts) co_return;
  (is_post_start ? facts->post_start : facts->pre_stop) = outcome ? plan::HookState::kSucceeded : plan::HookState::kFailed;
  if (!outcome) facts->hook_message = outcome.error().message;
  if (!outcome && !is_post_start)
    record(*pod, api::EventType::kWarning, "FailedPreStopHook", "PreStopHook failed: " + outcome.error().message,
           action.container);
  on_news_(memory->uid);
}

void PodRunner::begin_probe(const MemoryPointer& memory, const PodPointer& pod, const api::Container& container, ProbeKind kind,
                            const std::optional<api::Probe>& probe, ProbeVerdict known) {
  if (!probe) return;
  const ContainerId id = memory->latest(container.name);
  ProbeRound round;
  round.kind = kind;
  round.probe = *probe;
  round.target = target_of(*memory, container, id.attempt);
  round.known = known;
  round.on_verdict = [this, memory, id, kind, grace = probe->terminationGracePeriodSeconds](ProbeVerdict verdict) {
    note_verdict(*memory, id, kind, verdict, grace);
  };
  round.on_failure = [this, memory, id, pod, kind](const std::string& message) {
    const plan::ContainerFacts* facts = memory->facts_of(id.name, id.attempt);
    if (!facts || facts->stopping) return;  // that it no longer answers is what was asked for
    record(*pod, api::EventType::kWarning, "Unhealthy", to_string(kind) + " probe failed: " + message, id.name);
  };
  scope_.spawn(ask_repeatedly(&prober_, std::move(round), memory->sessions[container.name]));
}

void PodRunner::note_verdict(PodMemory& memory, const ContainerId& id, ProbeKind kind, ProbeVerdict verdict,
                             std::optional<std::int64_t> grace) {
  plan::ContainerFacts* facts = memory.facts_of(id.name, id.attempt);
  if (!facts) return;
  const bool has_passed = verdict == ProbeVerdict::kPassed;
  if (kind == ProbeKind::kReadiness) {
    facts->readiness_passed = has_passed;
  } else if (has_passed) {
    if (kind == ProbeKind::kStartup) facts->startup_passed = true;
    const auto session = memory.sessions.find(id.name);
    if (session != memory.sessions.end()) session->second->started.set();
  } else {
    facts->defeat = plan::ProbeDefeat{kind == ProbeKind::kStartup ? "startup" : "liveness", grace};
  }
  on_news_(memory.uid);
}

}  // namespace canaria::machine
