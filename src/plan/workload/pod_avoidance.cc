#include "plan/workload/pod_avoidance.h"

#include <algorithm>

#include "json/codec.h"
#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {
namespace {

// A term without a selector avoids nobody.
void add_term(const json::Value& term, std::string_view own_namespace, std::int64_t weight, std::vector<PodAvoidance>& terms) {
  const json::Value* selector = json::find(term, "labelSelector");
  auto requirements = selector ? lang::to_requirements(json::decode<lang::LabelSelector>(*selector))
                               : Result<lang::Requirements>(fail(Code::kNotFound, ""));
  if (!requirements) return;
  PodAvoidance avoidance;
  avoidance.others = *std::move(requirements);
  avoidance.topology_key = json::text_at(term, "topologyKey");
  avoidance.weight = weight;
  if (const auto* namespaces = json::find(term, "namespaces")) json::decode_into(*namespaces, avoidance.namespaces);
  const json::Value* by_label = json::find(term, "namespaceSelector");
  const bool is_everywhere = by_label && by_label->is_object() && by_label->get_object().empty();
  if (is_everywhere) avoidance.namespaces.clear();
  else if (avoidance.namespaces.empty()) avoidance.namespaces.emplace_back(own_namespace);
  terms.push_back(std::move(avoidance));
}

const json::Array& list_at(const json::Value& value, std::string_view path) {
  static const json::Array kNone;
  const json::Value* found = json::find(value, path);
  return found && found->is_array() ? found->get_array() : kNone;
}

}  // namespace

std::vector<PodAvoidance> parse_avoidances(const json::Value& pod) {
  std::vector<PodAvoidance> terms;
  const json::Value* rules = json::find(pod, "spec.affinity.podAntiAffinity");
  if (!rules) return terms;
  const std::string_view own = json::text_at(pod, "metadata.namespace");
  for (const json::Value& term : list_at(*rules, "requiredDuringSchedulingIgnoredDuringExecution")) add_term(term, own, 0, terms);
  for (const json::Value& wish : list_at(*rules, "preferredDuringSchedulingIgnoredDuringExecution"))
    if (const json::Value* term = json::find(wish, "podAffinityTerm"))
      add_term(*term, own, std::max<std::int64_t>(1, json::int_at(wish, "weight")), terms);
  return terms;
}

bool avoids(const PodAvoidance& avoidance, const PodState& other) {
  const auto& places = avoidance.namespaces;
  if (!places.empty() && std::find(places.begin(), places.end(), other.metadata.namespace_) == places.end()) return false;
  return lang::matches(avoidance.others, other.metadata.labels);
}

}  // namespace canaria::plan::workload
