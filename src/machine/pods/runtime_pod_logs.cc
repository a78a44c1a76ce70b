#include "machine/pods/runtime_pod_logs.h"

#include "async/timers.h"
#include "machine/pods/log_lines.h"

namespace canaria::machine {
namespace {

constexpr Millis kFollowInterval{100};

std::string listed(const std::vector<api::Container>& containers) {
  std::string text = "[";
  for (const api::Container& container : containers) text += (text.size() > 1 ? " " : "") + container.name;
  return text + "]";
}

bool has_container(const std::vector<api::Container>& containers, const std::string& name) {
  for (const api::Container& container : containers)
    if (container.name == name) return true;
  return false;
}

Result<std::string> choose_container(const api::RunningPod& pod, const std::string& wanted) {
  const api::RunningPodSpec& spec = pod.spec;
  if (!wanted.empty()) {
    if (has_container(spec.containers, wanted) || has_container(spec.initContainers, wanted)) return wanted;
    return fail(Code::kBadRequest, "container " + wanted + " is not valid for pod " + pod.metadata.name);
  }
  if (spec.containers.size() == 1) return spec.containers.front().name;
  std::string text =
      "a container name must be specified for pod " + pod.metadata.name + ", choose one of: " + listed(spec.containers);
  if (!spec.initContainers.empty()) text += " or one of the init containers: " + listed(spec.initContainers);
  return fail(Code::kBadRequest, std::move(text));
}

const api::ContainerStatusEntry* entry_of(const api::RunningPod& pod, const std::string& name) {
  for (const auto* entries : {&pod.status.containerStatuses, &pod.status.initContainerStatuses})
    for (const api::ContainerStatusEntry& entry : *entries)
      if (entry.name == name) return &entry;
  return nullptr;
}

}  // namespace

Result<ContainerId> RuntimePodLogs::find_run(const LogQuery& query) const {
  const auto pod = node_.caches().pods.find(query.pod);
  if (!pod) return fail(Code::kNotFound, "pods \"" + query.pod.name + "\" not found");
  TRY(const std::string name, choose_container(*pod, query.container));
  if (pod->spec.nodeName.empty()) return fail(Code::kBadRequest, "pod " + query.pod.name + " does not have a host assigned");
  const auto memory = node_.memory_of(pod->metadata.uid);
  const auto facts = memory ? memory->containers.find(name) : std::map<std::string, plan::ContainerFacts>::const_iterator();
  const bool has_run = memory && facts != memory->containers.end() && facts->second.run;
  const api::ContainerStatusEntry* entry = entry_of(*pod, name);
  if (query.previous) {
    // While a container waits for its restart, its last run is the previous one already.
    const bool waits = has_run && entry && entry->state.waiting && facts->second.run->state != plan::RunState::kRunning;
    const auto& run = waits ? facts->second.run : has_run ? facts->second.run_before : std::nullopt;
    if (run) return ContainerId{pod->metadata.uid, name, run->attempt};
    return fail(Code::kBadRequest, "previous terminated container \"" + name + "\" in pod \"" + query.pod.name + "\" not found");
  }
  if (has_run) return ContainerId{pod->metadata.uid, name, facts->second.run->attempt};
  const std::string reason = entry && entry->state.waiting ? entry->state.waiting->reason : "ContainerCreating";
  return fail(Code::kBadRequest, "container \"" + name + "\" in pod \"" + query.pod.name + "\" is waiting to start: " + reason);
}

bool RuntimePodLogs::is_running(const ContainerId& id) const {
  const auto memory = node_.memory_of(id.pod_uid);
  if (!memory) return false;
  const auto found = memory->containers.find(id.name);
  return found != memory->containers.end() && found->second.run && found->second.run->attempt == id.attempt &&
         found->second.run->state == plan::RunState::kRunning;
}

Task<Status> RuntimePodLogs::read(LogQuery query, LogSink sink) {
  CO_TRY(const ContainerId id, find_run(query));
  LogLines lines([this, id] { return runtime_.log_files(id); });
  if (query.tail_lines) lines.start_at_last(*query.tail_lines);
  LogFormat format;
  format.has_timestamps = query.timestamps;
  format.since = query.since;
  std::int64_t bytes_left = query.limit_bytes.value_or(-1);
  bool was_running = query.follow && is_running(id);
  for (;;) {
    const std::string raw = lines.next();
    if (!raw.empty()) {
      std::string text = format_log_lines(raw, format);
      if (bytes_left >= 0 && static_cast<std::int64_t>(text.size()) > bytes_left)
        text.resize(static_cast<std::size_t>(bytes_left));
      if (bytes_left >= 0) bytes_left -= static_cast<std::int64_t>(text.size());
      if (!text.empty()) {
        CO_CHECK(co_await sink(std::move(text)));
      }
      if (bytes_left == 0) co_return Status();
      continue;
    }
    if (!was_running) co_return Status();
    // Once more after the end: what was written last may have come after the last look.
    was_running = is_running(id);
    if (was_running) co_await async::sleep_for(kFollowInterval);
  }
}

}  // namespace canaria::machine
