#include "plan/workload/pod_state.h"

#include <charconv>

#include "json/codec.h"
#include "plan/workload/completion_indexes.h"

namespace canaria::plan::workload {
namespace {

const json::Array& list_at(const json::Value& value, std::string_view path) {
  static const json::Array none;
  const json::Value* found = json::find(value, path);
  return found && found->is_array() ? found->get_array() : none;
}

void read_spec(const json::Value& object, PodState& pod) {
  pod.node_name = json::text_at(object, "spec.nodeName");
  pod.scheduler_name = json::text_at(object, "spec.schedulerName");
  if (const auto* selector = json::find(object, "spec.nodeSelector")) json::decode_into(*selector, pod.node_selector);
  if (const auto* tolerations = json::find(object, "spec.tolerations")) json::decode_into(*tolerations, pod.tolerations);
  pod.avoidances = parse_avoidances(object);
  for (const json::Value& container : list_at(object, "spec.containers"))
    if (const auto* ports = json::find(container, "ports")) json::decode_into(*ports, pod.ports);
  pod.is_gated = !list_at(object, "spec.schedulingGates").empty();
}

void read_status(const json::Value& object, PodState& pod) {
  pod.phase = json::text_at(object, "status.phase");
  if (pod.phase.empty()) pod.phase = "Pending";
  pod.address = json::text_at(object, "status.podIP");
  if (const auto* conditions = json::find(object, "status.conditions")) json::decode_into(*conditions, pod.conditions);
  for (const json::Value& container : list_at(object, "status.containerStatuses")) {
    pod.restarts += json::int_at(container, "restartCount");
    const auto finished = parse_time(json::text_at(container, "state.terminated.finishedAt"));
    if (finished && (!pod.finished_at || *pod.finished_at < *finished)) pod.finished_at = finished;
  }
}

}  // namespace

const PodCondition* PodState::condition(std::string_view type) const {
  for (const PodCondition& entry : conditions)
    if (entry.type == type) return &entry;
  return nullptr;
}

bool PodState::is_ready() const {
  const PodCondition* ready = condition("Ready");
  return ready && ready->status == "True";
}

std::optional<Time> PodState::ready_since() const {
  if (!is_ready()) return std::nullopt;
  return condition("Ready")->lastTransitionTime;
}

bool PodState::is_available(Seconds min_ready, Time now) const {
  if (!is_ready()) return false;
  if (min_ready == Seconds(0)) return true;
  const auto since = ready_since();
  return since && *since + min_ready <= now;
}

PodState parse_pod_state(const json::Value& object) {
  PodState pod;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, pod.metadata);
  if (const std::string index = pod.metadata.annotation(kCompletionIndex); !index.empty()) {
    std::int32_t number = 0;
    if (std::from_chars(index.data(), index.data() + index.size(), number).ec == std::errc()) pod.completion_index = number;
  }
  std::erase_if(pod.metadata.annotations, [](const auto& entry) { return entry.first != kDeletionCostAnnotation; });
  read_spec(object, pod);
  read_status(object, pod);
  return pod;
}

}  // namespace canaria::plan::workload
