// The row of a Pod. Its STATUS is a story told in one word: the phase, unless something more telling is going on in an init
// container, in a container, or in the deletion.
#include <optional>

#include "apiserver/table_cells.h"

namespace canaria::apiserver {
namespace {

std::string number_text(const json::Value& object, std::string_view path) { return std::to_string(json::int_at(object, path)); }

const json::Value* terminated(const json::Value& status) { return json::find(status, "state.terminated"); }

bool flag_at(const json::Value& object, std::string_view path) {
  const json::Value* flag = json::find(object, path);
  return flag && flag->is_bool() && flag->get_bool();
}

// Why a container ended: "Error", or by which signal or exit code.
std::string end_reason(const json::Value& end) {
  const std::string_view reason = json::text_at(end, "reason");
  if (!reason.empty()) return std::string(reason);
  return json::int_at(end, "signal") != 0 ? "Signal:" + number_text(end, "signal") : "ExitCode:" + number_text(end, "exitCode");
}

struct PodRow {
  int total = 0;
  int ready = 0;
  std::string reason;
  std::int64_t restarts = 0;
  std::string last_restart;          // RFC 3339; the texts compare like the times
  bool is_initializing = false;
  std::int64_t sidecar_restarts = 0;  // of init containers that keep running
  std::string last_sidecar_restart;
};

void count_restarts(const json::Value& status, std::int64_t& restarts, std::string& last) {
  restarts += json::int_at(status, "restartCount");
  const std::string_view ended = json::text_at(status, "lastState.terminated.finishedAt");
  if (ended > last) last = ended;
}

bool is_sidecar(const json::Value& pod, std::string_view name) {
  for (const json::Value& container : list_at(pod, "spec.initContainers"))
    if (json::text_at(container, "name") == name) return json::text_at(container, "restartPolicy") == "Always";
  return false;
}

// The reason while this init container is not done; empty when it is.
std::optional<std::string> init_reason(const json::Value& pod, const json::Value& status, std::size_t index, PodRow& row) {
  const json::Value* end = terminated(status);
  if (end && json::int_at(*end, "exitCode") == 0) return std::nullopt;
  if (is_sidecar(pod, json::text_at(status, "name")) && flag_at(status, "started")) {
    if (flag_at(status, "ready")) ++row.ready;
    return std::nullopt;
  }
  if (end) return "Init:" + end_reason(*end);
  const std::string_view waiting = json::text_at(status, "state.waiting.reason");
  if (!waiting.empty() && waiting != "PodInitializing") return "Init:" + std::string(waiting);
  return "Init:" + std::to_string(index) + "/" + std::to_string(list_at(pod, "spec.initContainers").size());
}

void take_init_containers(const json::Value& pod, PodRow& row) {
  const json::Array& statuses = list_at(pod, "status.initContainerStatuses");
  for (std::size_t i = 0; i < statuses.size() && !row.is_initializing; ++i) {
    count_restarts(statuses[i], row.restarts, row.last_restart);
    if (is_sidecar(pod, json::text_at(statuses[i], "name")))
      count_restarts(statuses[i], row.sidecar_restarts, row.last_sidecar_restart);
    if (auto reason = init_reason(pod, statuses[i], i, row)) {
      row.reason = *std::move(reason);
      row.is_initializing = true;
    }
  }
}

void take_containers(const json::Value& pod, PodRow& row) {
  row.restarts = row.sidecar_restarts;
  row.last_restart = row.last_sidecar_restart;
  bool has_running = false;
  const json::Array& statuses = list_at(pod, "status.containerStatuses");
  for (std::size_t i = statuses.size(); i-- > 0;) {
    const json::Value& status = statuses[i];
    count_restarts(status, row.restarts, row.last_restart);
    const std::string_view waiting = json::text_at(status, "state.waiting.reason");
    const json::Value* end = terminated(status);
    if (!waiting.empty()) row.reason = waiting;
    else if (end) row.reason = end_reason(*end);
    else if (flag_at(status, "ready") && json::find(status, "state.running")) {
      has_running = true;
      ++row.ready;
    }
  }
  if (row.reason == "Completed" && has_running) row.reason = has_true_condition(pod, "Ready") ? "Running" : "NotReady";
}

PodRow row_of(const json::Value& pod) {
  PodRow row;
  row.reason = text_or(pod, "status.reason", json::text_at(pod, "status.phase"));
  row.total = static_cast<int>(list_at(pod, "spec.containers").size());
  for (const json::Value& container : list_at(pod, "spec.initContainers"))
    if (json::text_at(container, "restartPolicy") == "Always") ++row.total;
  for (const json::Value& condition : list_at(pod, "status.conditions"))
    if (json::text_at(condition, "type") == "PodScheduled" && json::text_at(condition, "reason") == "SchedulingGated")
      row.reason = "SchedulingGated";
  take_init_containers(pod, row);
  if (!row.is_initializing || has_true_condition(pod, "Initialized")) take_containers(pod, row);
  const std::string_view phase = json::text_at(pod, "status.phase");
  if (!json::text_at(pod, "metadata.deletionTimestamp").empty()) {
    if (json::text_at(pod, "status.reason") == "NodeLost") row.reason = "Unknown";
    else if (phase != "Succeeded" && phase != "Failed") row.reason = "Terminating";
  }
  return row;
}

// "1/2" of the conditions that a pod names as readiness gates.
std::string gates_of(const json::Value& pod) {
  const json::Array& gates = list_at(pod, "spec.readinessGates");
  if (gates.empty()) return "<none>";
  std::size_t open = 0;
  for (const json::Value& gate : gates)
    if (has_true_condition(pod, json::text_at(gate, "conditionType"))) ++open;
  return std::to_string(open) + "/" + std::to_string(gates.size());
}

json::Array pod_cells(const json::Value& pod, Time now) {
  const PodRow row = row_of(pod);
  std::string restarts = std::to_string(row.restarts);
  if (row.restarts != 0 && !row.last_restart.empty()) restarts += " (" + since(row.last_restart, now) + " ago)";
  return {name_of(pod),
          std::to_string(row.ready) + "/" + std::to_string(row.total),
          row.reason,
          restarts,
          age_of(pod, now),
          text_or(pod, "status.podIP", "<none>"),
          text_or(pod, "spec.nodeName", "<none>"),
          text_or(pod, "status.nominatedNodeName", "<none>"),
          gates_of(pod)};
}

json::Array pod_template_cells(const json::Value& object, Time) {
  return {name_of(object), container_names(object, "template.spec.containers"),
          container_images(object, "template.spec.containers"), labels_text(object, "template.metadata.labels")};
}

}  // namespace

const TableKind kPodTable = {{name_column(),
                              {"Ready", "string", "Containers that are ready, of all."},
                              {"Status", "string", "The phase, or what keeps the pod from going on."},
                              {"Restarts", "string", "How often containers were restarted, and when last."},
                              age_column(),
                              {"IP", "string", "The address of the pod.", 1},
                              {"Node", "string", "The node that the pod runs on.", 1},
                              {"Nominated Node", "string", "The node that the pod waits for.", 1},
                              {"Readiness Gates", "string", "Readiness gates that are met, of all.", 1}},
                             pod_cells};

const TableKind kPodTemplateTable = {{name_column(),
                                      {"Containers", "string", "Names of the containers."},
                                      {"Images", "string", "Images of the containers."},
                                      {"Pod Labels", "string", "Labels of the pods."}},
                                     pod_template_cells};

}  // namespace canaria::apiserver
