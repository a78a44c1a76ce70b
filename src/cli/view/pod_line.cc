#include "cli/view/pod_line.h"

#include <optional>

namespace canaria::cli {
namespace {

const json::Array& array_at(const json::Value& value, std::string_view path) {
  static const json::Array none;
  const json::Value* found = json::find(value, path);
  return found && found->is_array() ? found->get_array() : none;
}

bool flag_at(const json::Value& value, std::string_view path) {
  const json::Value* found = json::find(value, path);
  return found && found->is_bool() && found->get_bool();
}

// Why a container ended: its reason, else the signal, else the exit code.
std::string end_word(const json::Value& terminated) {
  const auto reason = json::text_at(terminated, "reason");
  if (!reason.empty()) return std::string(reason);
  const auto signal = json::int_at(terminated, "signal");
  if (signal != 0) return "Signal:" + std::to_string(signal);
  return "ExitCode:" + std::to_string(json::int_at(terminated, "exitCode"));
}

bool is_sidecar(const json::Value& pod, std::string_view container) {
  for (const json::Value& declared : array_at(pod, "spec.initContainers"))
    if (json::text_at(declared, "name") == container) return json::text_at(declared, "restartPolicy") == "Always";
  return false;
}

// Step 2: the first init container that is not done decides.
bool read_init_containers(const json::Value& pod, PodLine& line) {
  const auto total = array_at(pod, "spec.initContainers").size();
  std::size_t index = 0;
  for (const json::Value& container : array_at(pod, "status.initContainerStatuses")) {
    const std::size_t at = index++;
    line.restarts += json::int_at(container, "restartCount");
    const json::Value* terminated = json::find(container, "state.terminated");
    if (terminated && json::int_at(*terminated, "exitCode") == 0) continue;
    if (is_sidecar(pod, json::text_at(container, "name")) && flag_at(container, "started")) {
      if (flag_at(container, "ready")) continue;
      return false;
    }
    const auto waiting = json::text_at(container, "state.waiting.reason");
    if (terminated) line.status = "Init:" + end_word(*terminated);
    else if (!waiting.empty() && waiting != "PodInitializing") line.status = "Init:" + std::string(waiting);
    else line.status = "Init:" + std::to_string(at) + "/" + std::to_string(total);
    return true;
  }
  return false;
}

// Step 3: from last to first, so the first container that has something to say wins.
void read_containers(const json::Value& pod, PodLine& line) {
  line.restarts = 0;
  bool has_running = false;
  const json::Array& containers = array_at(pod, "status.containerStatuses");
  for (auto at = containers.rbegin(); at != containers.rend(); ++at) {
    line.restarts += json::int_at(*at, "restartCount");
    const auto waiting = json::text_at(*at, "state.waiting.reason");
    const json::Value* terminated = json::find(*at, "state.terminated");
    if (!waiting.empty()) line.status = waiting;
    else if (terminated) line.status = end_word(*terminated);
    else if (flag_at(*at, "ready") && json::find(*at, "state.running")) {
      has_running = true;
      ++line.ready;
    }
  }
  if (line.status == "Completed" && has_running) line.status = "Running";
}

}  // namespace

PodLine pod_line(const json::Value& pod) {
  PodLine line;
  line.containers = static_cast<int>(array_at(pod, "spec.containers").size());
  line.status = json::text_at(pod, "status.phase");
  const std::string reason(json::text_at(pod, "status.reason"));
  if (!reason.empty()) line.status = reason;
  if (!read_init_containers(pod, line)) read_containers(pod, line);
  if (json::find(pod, "metadata.deletionTimestamp")) line.status = reason == "NodeLost" ? "Unknown" : "Terminating";
  return line;
}

}  // namespace canaria::cli
