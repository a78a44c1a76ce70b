#include "plan/rollout/pod_trouble.h"

#include "api/rollouts/rollout.h"

namespace canaria::plan {
namespace {

const json::Array& list_at(const json::Value& value, std::string_view path) {
  static const json::Array none;
  const json::Value* found = json::find(value, path);
  return found && found->is_array() ? found->get_array() : none;
}

const json::Value* condition(const json::Value& pod, std::string_view type) {
  for (const json::Value& entry : list_at(pod, "status.conditions"))
    if (json::text_at(entry, "type") == type) return &entry;
  return nullptr;
}

// Fills in what a container status says; false when it has nothing to say.
bool read_container(const json::Value& container, PodTrouble& trouble) {
  const std::string name(json::text_at(container, "name"));
  const std::string waiting(json::text_at(container, "state.waiting.reason"));
  if (!waiting.empty() && waiting != "ContainerCreating" && waiting != "PodInitializing") {
    trouble.reason = waiting;
    trouble.message = json::text_at(container, "state.waiting.message");
    const auto ended = json::text_at(container, "lastState.terminated.reason");
    if (trouble.message.empty()) trouble.message = "container " + name;
    if (!ended.empty())
      trouble.message += "; it last ended with " + std::string(ended) + ", exit code " +
                         std::to_string(json::int_at(container, "lastState.terminated.exitCode"));
    return true;
  }
  const json::Value* terminated = json::find(container, "state.terminated");
  if (terminated && json::int_at(*terminated, "exitCode") != 0) {
    trouble.reason = std::string(json::text_at(*terminated, "reason"));
    if (trouble.reason.empty()) trouble.reason = "Error";
    trouble.message = "container " + name + " ended with exit code " + std::to_string(json::int_at(*terminated, "exitCode"));
    trouble.since = parse_time(json::text_at(*terminated, "finishedAt"));
    return true;
  }
  return false;
}

}  // namespace

std::optional<PodTrouble> pod_trouble(const json::Value& pod) {
  if (json::find(pod, "metadata.deletionTimestamp")) return std::nullopt;
  PodTrouble trouble;
  trouble.pod = json::text_at(pod, "metadata.name");
  if (const json::Value* labels = json::find(pod, "metadata.labels"); labels && labels->is_object())
    if (const json::Value* hash = labels->get_object().if_contains(api::kHashLabel); hash && hash->is_string())
      trouble.hash = hash->get_string();
  const auto phase = json::text_at(pod, "status.phase");
  if (phase == "Succeeded") return std::nullopt;
  const json::Value* ready = condition(pod, "Ready");
  if (ready && json::text_at(*ready, "status") == "True") return std::nullopt;
  trouble.since = parse_time(json::text_at(pod, "metadata.creationTimestamp"));
  if (ready)
    if (const auto changed = parse_time(json::text_at(*ready, "lastTransitionTime"))) trouble.since = changed;

  for (const char* path : {"status.initContainerStatuses", "status.containerStatuses"})
    for (const json::Value& container : list_at(pod, path))
      if (read_container(container, trouble)) return trouble;
  const json::Value* scheduled = condition(pod, "PodScheduled");
  if (scheduled && json::text_at(*scheduled, "status") == "False") {
    trouble.reason = "Unschedulable";
    trouble.message = json::text_at(*scheduled, "message");
    if (const auto changed = parse_time(json::text_at(*scheduled, "lastTransitionTime"))) trouble.since = changed;
    return trouble;
  }
  if (phase == "Failed") {
    trouble.reason = json::text_at(pod, "status.reason");
    if (trouble.reason.empty()) trouble.reason = "Failed";
    trouble.message = json::text_at(pod, "status.message");
    return trouble;
  }
  trouble.reason = phase == "Running" ? "NotReady" : "Starting";
  if (ready) trouble.message = json::text_at(*ready, "message");
  return trouble;
}

}  // namespace canaria::plan
