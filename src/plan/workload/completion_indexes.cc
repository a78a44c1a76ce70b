#include "plan/workload/completion_indexes.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace canaria::plan::workload {
namespace {

constexpr const char* kVariable = "JOB_COMPLETION_INDEX";

std::optional<std::int32_t> number(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

void add_interval(std::string& text, std::int32_t first, std::int32_t last) {
  text += (text.empty() ? "" : ",") + std::to_string(first);
  if (last > first) text += (last == first + 1 ? "," : "-") + std::to_string(last);
}

// A variable of the author's own of that name stays.
void add_variable(json::Object& container) {
  json::Value& list = container["env"];
  if (!list.is_array()) list = json::Array();
  for (const json::Value& variable : list.get_array())
    if (json::text_at(variable, "name") == kVariable) return;
  const json::Object field{{"apiVersion", "v1"}, {"fieldPath", fmt::format("metadata.labels['{}']", kCompletionIndex)}};
  list.get_array().push_back(json::Object{{"name", kVariable}, {"valueFrom", json::Object{{"fieldRef", field}}}});
}

json::Object& object_in(json::Object& parent, std::string_view key) {
  json::Value& member = parent[key];
  if (!member.is_object()) member = json::Object();
  return member.get_object();
}

}  // namespace

std::string index_text(const IndexSet& indexes) {
  std::string text;
  std::int32_t first = -1;
  std::int32_t last = -1;
  for (const std::int32_t index : indexes) {
    if (first >= 0 && index == last + 1) {
      last = index;
      continue;
    }
    if (first >= 0) add_interval(text, first, last);
    first = last = index;
  }
  if (first >= 0) add_interval(text, first, last);
  return text;
}

IndexSet parse_indexes(std::string_view text, std::int32_t count) {
  IndexSet indexes;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t dash = std::min(part.find('-'), part.size());
    const auto first = number(part.substr(0, dash));
    const auto last = dash == part.size() ? first : number(part.substr(dash + 1));
    if (!first || !last) continue;
    for (std::int32_t index = *first; index <= *last && index < count; ++index) indexes.insert(index);
  }
  return indexes;
}

IndexedPods sort_by_index(const std::vector<const PodState*>& active, const IndexSet& succeeded, std::int32_t count) {
  IndexedPods pods;
  for (const PodState* pod : active) {
    const auto index = pod->completion_index;
    const bool is_wanted = index && *index >= 0 && *index < count && !succeeded.contains(*index);
    if (is_wanted && pods.taken.insert(*index).second) pods.kept.push_back(pod);
    else pods.surplus.push_back(pod);
  }
  return pods;
}

std::vector<std::int32_t> next_indexes(const IndexSet& succeeded, const IndexSet& taken, std::int32_t count,
                                       std::int32_t wanted) {
  std::vector<std::int32_t> next;
  for (std::int32_t index = 0; index < count && static_cast<std::int32_t>(next.size()) < wanted; ++index)
    if (!succeeded.contains(index) && !taken.contains(index)) next.push_back(index);
  return next;
}

json::Value with_index(json::Value pod, const std::string& job, std::int32_t index) {
  const std::string text = std::to_string(index);
  json::Object& metadata = object_in(pod.as_object(), "metadata");
  metadata["generateName"] = fmt::format("{}-{}-", job, text);
  for (const char* map : {"labels", "annotations"}) object_in(metadata, map)[kCompletionIndex] = text;
  json::Object& spec = object_in(pod.as_object(), "spec");
  spec["hostname"] = fmt::format("{}-{}", job, text);
  for (const char* list : {"containers", "initContainers"})
    if (json::Value* containers = spec.if_contains(list); containers && containers->is_array())
      for (json::Value& container : containers->get_array())
        if (container.is_object()) add_variable(container.get_object());
  return pod;
}

}  // namespace canaria::plan::workload
