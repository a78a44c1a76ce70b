#include "plan/rollout/injected.h"

#include "api/core/pod_template.h"
#include "json/codec.h"
#include "json/write.h"

namespace canaria::plan {
namespace {

constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr const char* kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";

json::Value parsed(const std::string& canonical) {
  auto value = json::parse(canonical);
  return value ? *std::move(value) : json::Value(json::Object());
}

// The hash that an anti-affinity term of ours names; empty when the term is the user's.
std::string hash_in_term(const json::Value& term) {
  const json::Value* selector = json::find(term, "podAffinityTerm");
  const json::Value* expressions = json::find(selector ? *selector : term, "labelSelector.matchExpressions");
  if (!expressions || !expressions->is_array()) return "";
  for (const json::Value& expression : expressions->get_array()) {
    if (json::text_at(expression, "key") != api::kHashLabel) continue;
    const json::Value* values = json::find(expression, "values");
    if (values && values->is_array() && !values->get_array().empty() && values->get_array()[0].is_string())
      return std::string(values->get_array()[0].get_string());
  }
  return "";
}

// The hash named by a term of ours in a template's affinity; empty when there is none.
std::string injected_hash(const json::Value& pod_template) {
  for (const char* kind : {kRequired, kPreferred}) {
    const json::Value* terms = json::find(pod_template, std::string("spec.affinity.podAntiAffinity.") + kind);
    if (!terms || !terms->is_array()) continue;
    for (const json::Value& term : terms->get_array())
      if (const std::string hash = hash_in_term(term); !hash.empty()) return hash;
  }
  return "";
}

void remove_injected_affinity(json::Value& pod_template) {
  json::Object* spec = pod_template.as_object().contains("spec") ? pod_template.as_object()["spec"].if_object() : nullptr;
  json::Object* affinity = spec && spec->contains("affinity") ? (*spec)["affinity"].if_object() : nullptr;
  json::Object* anti = affinity && affinity->contains("podAntiAffinity") ? (*affinity)["podAntiAffinity"].if_object() : nullptr;
  if (!anti) return;
  for (const char* kind : {kRequired, kPreferred}) {
    json::Array* terms = anti->contains(kind) ? (*anti)[kind].if_array() : nullptr;
    if (!terms) continue;
    for (auto at = terms->begin(); at != terms->end();) at = hash_in_term(*at).empty() ? at + 1 : terms->erase(at);
    if (terms->empty()) anti->erase(kind);
  }
  if (anti->empty()) affinity->erase("podAntiAffinity");
  if (affinity->empty()) spec->erase("affinity");
}

void erase_keys(json::Value& pod_template, const char* map, const api::StringMap& keys) {
  json::Value* metadata = pod_template.as_object().if_contains("metadata");
  json::Value* target = metadata && metadata->is_object() ? metadata->get_object().if_contains(map) : nullptr;
  if (!target || !target->is_object()) return;
  for (const auto& [key, value] : keys) target->get_object().erase(key);
}

json::Value term_against(const View& view, const api::AntiAffinity& wish) {
  json::Value term = {
      {"labelSelector",
       {{"matchExpressions", json::Array{json::Object{{"key", api::kHashLabel},
                                                      {"operator", "In"},
                                                      {"values", json::Array{json::Value(view.rollout.status.stableRS)}}}}}}},
      {"namespaces", json::Array{json::Value(view.rollout.metadata.namespace_)}},
      {"topologyKey", "kubernetes.io/hostname"}};
  if (!wish.preferredDuringSchedulingIgnoredDuringExecution) return term;
  return json::Object{{"weight", wish.preferredDuringSchedulingIgnoredDuringExecution->weight}, {"podAffinityTerm", term}};
}

const api::AntiAffinity* anti_affinity(const View& view) {
  const auto& strategy = view.rollout.spec.strategy;
  if (strategy.canary && strategy.canary->antiAffinity) return &*strategy.canary->antiAffinity;
  if (strategy.blueGreen && strategy.blueGreen->antiAffinity) return &*strategy.blueGreen->antiAffinity;
  return nullptr;
}

// `key: value` pairs of `wanted` plus nulls for those of `recorded` that are no longer wanted.
json::Object changes(const api::StringMap& wanted, const api::StringMap& recorded, const api::StringMap& current) {
  json::Object patch;
  for (const auto& [key, value] : wanted) {
    const auto found = current.find(key);
    if (found == current.end() || found->second != value) patch[key] = value;
  }
  for (const auto& [key, value] : recorded)
    if (!wanted.contains(key) && current.contains(key)) patch[key] = nullptr;
  return patch;
}

struct MetadataPatch {
  json::Object labels;
  json::Object annotations;
  bool empty() const { return labels.empty() && annotations.empty(); }
  json::Object metadata() const {
    json::Object result;
    if (!labels.empty()) result["labels"] = labels;
    if (!annotations.empty()) result["annotations"] = annotations;
    return result;
  }
};

MetadataPatch metadata_patch(const api::EphemeralMetadata& wanted, const api::EphemeralMetadata& recorded,
                             const api::StringMap& labels, const api::StringMap& annotations) {
  return {changes(wanted.labels, recorded.labels, labels), changes(wanted.annotations, recorded.annotations, annotations)};
}

api::StringMap map_at(const json::Value& value, const char* path) {
  const json::Value* found = json::find(value, path);
  return found ? json::decode<api::StringMap>(*found) : api::StringMap();
}

// One ReplicaSet: running pods first and the set last, so that a crash in between is noticed by the set still being wrong.
void plan_set_metadata(const View& view, const api::ReplicaSet& set, const api::EphemeralMetadata& wanted, Pass& pass) {
  const std::string recorded_text = set.metadata.annotation(api::kEphemeralMetadataAnnotation);
  const api::EphemeralMetadata recorded = parse_ephemeral_annotation(recorded_text);
  const json::Value pod_template = parsed(set.pod_template);
  const MetadataPatch for_set =
      metadata_patch(wanted, recorded, map_at(pod_template, "metadata.labels"), map_at(pod_template, "metadata.annotations"));
  const bool is_record_wrong = recorded != wanted;
  const bool is_settled = view.rollout.status.phase == "Healthy";
  if (set.replicas() > 0 && (!for_set.empty() || is_record_wrong || !is_settled)) {
    if (!view.snapshot.pods) {
      pass.needs_pods = true;
      return;
    }
    for (const api::Pod& pod : *view.snapshot.pods) {
      const api::OwnerReference* owner = pod.metadata.controller();
      if (!owner || owner->uid != set.metadata.uid || pod.metadata.deletionTimestamp) continue;
      const MetadataPatch for_pod = metadata_patch(wanted, recorded, pod.metadata.labels, pod.metadata.annotations);
      if (for_pod.empty()) continue;
      pass.act(PatchPod{pod.metadata.key(), json::Object{{"metadata", for_pod.metadata()}}}, "metadata of the pod's role");
    }
  }
  if (for_set.empty() && !is_record_wrong) return;
  json::Object patch;
  const std::string record = ephemeral_annotation(wanted);
  patch["metadata"] = json::Object{{"annotations", json::Object{{api::kEphemeralMetadataAnnotation,
                                                                 record.empty() ? json::Value(nullptr) : json::Value(record)}}}};
  if (!for_set.empty()) patch["spec"] = json::Object{{"template", json::Object{{"metadata", for_set.metadata()}}}};
  pass.act(PatchReplicaSet{set.metadata.key(), "", std::move(patch)}, "metadata of the role");
}

}  // namespace

std::string without_injected_parts(const api::ReplicaSet& set) {
  const std::string record = set.metadata.annotation(api::kEphemeralMetadataAnnotation);
  if (record.empty() && set.pod_template.find("podAntiAffinity") == std::string::npos) return set.pod_template;
  json::Value pod_template = parsed(set.pod_template);
  const api::EphemeralMetadata injected = parse_ephemeral_annotation(record);
  erase_keys(pod_template, "labels", injected.labels);
  erase_keys(pod_template, "annotations", injected.annotations);
  remove_injected_affinity(pod_template);
  return api::canonical_pod_template(pod_template);
}

json::Value wanted_affinity(const View& view) {
  const json::Value pod_template = parsed(view.rollout.pod_template);
  const json::Value* own = json::find(pod_template, "spec.affinity");
  json::Value affinity = own ? *own : json::Value(nullptr);
  const api::AntiAffinity* wish = anti_affinity(view);
  if (!wish || !view.is_updating()) return affinity;
  if (affinity.is_null()) affinity = json::Object();
  json::Value& anti = affinity.as_object()["podAntiAffinity"];
  if (!anti.is_object()) anti = json::Object();
  json::Value& terms = anti.get_object()[wish->preferredDuringSchedulingIgnoredDuringExecution ? kPreferred : kRequired];
  if (!terms.is_array()) terms = json::Array();
  terms.get_array().push_back(term_against(view, *wish));
  return affinity;
}

bool is_affinity_outdated(const View& view) {
  if (!anti_affinity(view) || !view.roles.new_set || !view.is_updating()) return false;
  const std::string named = injected_hash(parsed(view.roles.new_set->pod_template));
  return !named.empty() && named != view.rollout.status.stableRS;
}

RoleMetadata role_metadata(const View& view) {
  const auto& strategy = view.rollout.spec.strategy;
  const auto& fresh = strategy.canary ? strategy.canary->canaryMetadata : strategy.blueGreen->previewMetadata;
  const auto& settled = strategy.canary ? strategy.canary->stableMetadata : strategy.blueGreen->activeMetadata;
  RoleMetadata result;
  result.is_configured = fresh.has_value() || settled.has_value();
  result.stable = settled.value_or(api::EphemeralMetadata{});
  result.new_set = view.is_updating() ? fresh.value_or(api::EphemeralMetadata{}) : result.stable;
  return result;
}

std::string ephemeral_annotation(const api::EphemeralMetadata& metadata) {
  if (metadata == api::EphemeralMetadata{}) return "";
  return json::write(json::encode(metadata));
}

api::EphemeralMetadata parse_ephemeral_annotation(const std::string& text) {
  const auto value = json::parse(text);
  return value ? json::decode<api::EphemeralMetadata>(*value) : api::EphemeralMetadata{};
}

void plan_role_metadata(const View& view, Pass& pass) {
  const RoleMetadata wanted = role_metadata(view);
  if (!wanted.is_configured) return;
  if (view.roles.new_set) plan_set_metadata(view, *view.roles.new_set, wanted.new_set, pass);
  if (view.roles.stable && view.roles.stable != view.roles.new_set)
    plan_set_metadata(view, *view.roles.stable, wanted.stable, pass);
}

}  // namespace canaria::plan
