// Defaults that pods have and pod templates have not: requests from limits, priority, tolerations, the first status.
#include <array>
#include <optional>

#include "api/core/pod_defaults.h"
#include "api/core/pod_template.h"
#include "api/object_members.h"
#include "api/kind_defaults.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void request_what_is_limited(Object& holder) {
  Object* resources = object_at(holder, "resources");
  const Object* limits = resources ? object_at(*resources, "limits") : nullptr;
  if (!limits || limits->empty()) return;
  const Object copy = *limits;
  Object* requests = made_object(*resources, "requests");
  if (!requests) return;
  for (const auto& limit : copy)
    if (!requests->contains(limit.key())) requests->emplace(limit.key(), limit.value());
}

bool tolerates(const Object& toleration, std::string_view taint) {
  const auto effect = text_of(toleration, "effect");
  const auto key = text_of(toleration, "key");
  return (effect.empty() || effect == "NoExecute") && (key.empty() || key == taint);
}

// A pod stays for five minutes on a node that is lost, unless it says how long itself.
void tolerate_lost_nodes(Object& spec) {
  constexpr std::array<std::string_view, 2> kTaints{"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"};
  for (const std::string_view taint : kTaints) {
    bool is_tolerated = false;
    for_each_object(spec, "tolerations",
                    [&](Object& toleration) { is_tolerated = is_tolerated || tolerates(toleration, taint); });
    if (is_tolerated) continue;
    set_unset(spec, "tolerations", Array());
    Array* list = array_at(spec, "tolerations");
    if (!list) return;
    Object toleration;
    toleration["key"] = taint;
    toleration["operator"] = "Exists";
    toleration["effect"] = "NoExecute";
    toleration["tolerationSeconds"] = 300;
    list->push_back(std::move(toleration));
  }
}

// The amount of cpu or memory, absent when it is missing or zero.
std::optional<lang::Quantity> amount_of(Object& resources, std::string_view part, std::string_view name) {
  Object* amounts = object_at(resources, part);
  const Value* text = amounts ? amounts->if_contains(name) : nullptr;
  if (!text || !text->is_string()) return std::nullopt;
  const auto amount = lang::Quantity::parse(text->get_string());
  if (!amount || amount->is_zero()) return std::nullopt;
  return *amount;
}

// Guaranteed: every container requests exactly what it is limited to, of cpu and memory. BestEffort: none asks for any.
std::string_view quality_of_service(Object& spec) {
  bool is_guaranteed = true;
  bool is_best_effort = true;
  const auto judge = [&](Object& holder) {
    Object none;
    Object* resources = object_at(holder, "resources");
    if (!resources) resources = &none;
    for (const std::string_view name : {"cpu", "memory"}) {
      const auto request = amount_of(*resources, "requests", name);
      const auto limit = amount_of(*resources, "limits", name);
      if (request || limit) is_best_effort = false;
      if (!limit || request != limit) is_guaranteed = false;
    }
  };
  // Amounts of the pod as a whole come before those of its containers.
  if (object_at(spec, "resources")) judge(spec);
  else
    for (const std::string_view list : {"containers", "initContainers"}) for_each_object(spec, list, judge);
  if (is_best_effort) return "BestEffort";
  return is_guaranteed ? "Guaranteed" : "Burstable";
}

// The two spellings of the service account.
void unite_service_account(Object& spec) {
  if (is_unset(spec, "serviceAccountName") && is_unset(spec, "serviceAccount")) return;
  if (is_unset(spec, "serviceAccountName")) spec["serviceAccountName"] = Value(spec.at("serviceAccount"));
  spec["serviceAccount"] = Value(spec.at("serviceAccountName"));
}

}  // namespace

void default_pod_object(Object& pod) {
  Object* given = object_at(pod, "spec");
  if (!given) return;
  // A value that the typed model cannot hold would get lost on the way: leave the pod to validation.
  Object as_template;
  as_template["spec"] = *given;
  if (!pod_template_problem(as_template).empty()) return;
  const Value defaulted = with_pod_defaults(std::move(as_template));
  pod["spec"] = defaulted.at("spec");
  Object& spec = *object_at(pod, "spec");
  for (const std::string_view list : {"containers", "initContainers"}) for_each_object(spec, list, request_what_is_limited);
  set_host_ports(spec);
  unite_service_account(spec);
  set_unset(spec, "enableServiceLinks", true);
  if (is_unset(spec, "priorityClassName")) set_unset(spec, "priority", 0);
  set_unset(spec, "preemptionPolicy", "PreemptLowerPriority");
  tolerate_lost_nodes(spec);
  if (Object* status = made_object(pod, "status")) {
    set_unset(*status, "phase", "Pending");
    set_unset(*status, "qosClass", Value(quality_of_service(spec)));
  }
  // Members in the order of the model, so that filling in twice gives the same text.
  Object complete;
  complete["spec"] = pod.at("spec");
  const auto ordered = json::parse(canonical_pod_template(complete));
  if (ordered) pod["spec"] = ordered->at("spec");
}

}  // namespace canaria::api
