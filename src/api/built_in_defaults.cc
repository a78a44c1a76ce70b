// See built_in_defaults.h. Here: the table of kinds and those kinds that need a line or two.
#include "api/built_in_defaults.h"

#include <array>
#include <cctype>
#include <initializer_list>
#include <string>

#include "api/core/pod_template.h"
#include "api/object_members.h"
#include "api/kind_defaults.h"
#include "api/schema/kinds.h"
#include "base/base64.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void drop_nulls(Value& value) {
  if (Array* array = value.if_array()) {
    for (Value& item : *array) drop_nulls(item);
    return;
  }
  Object* object = value.if_object();
  if (!object) return;
  for (auto member = object->begin(); member != object->end();) {
    if (member->value().is_null()) {
      member = object->stable_erase(member);
      continue;
    }
    drop_nulls(member->value());
    ++member;
  }
}

// Whoever deletes a namespace empties spec.finalizers in the end; they are not to come back.
void default_namespace(Object& object) {
  Object* metadata = made_object(object, "metadata");
  if (!metadata) return;
  if (Object* labels = made_object(*metadata, "labels")) (*labels)["kubernetes.io/metadata.name"] = text_of(*metadata, "name");
  if (Object* spec = made_object(object, "spec"); spec && !metadata->contains("deletionTimestamp"))
    set_unset(*spec, "finalizers", Array({Value("kubernetes")}));
  if (Object* status = made_object(object, "status")) set_unset(*status, "phase", "Active");
}

void default_secret(Object& object) {
  set_unset(object, "type", "Opaque");
  const Object* texts = object_at(object, "stringData");
  if (!texts) return;
  const Object copy = *texts;
  object.erase("stringData");
  if (copy.empty()) return;
  Object* bytes = made_object(object, "data");
  if (!bytes) return;
  for (const auto& member : copy)
    if (member.value().is_string()) (*bytes)[member.key()] = encode_base64(member.value().get_string());
}

void default_pod_template_object(Object& object) {
  if (Object* content = object_at(object, "template")) object["template"] = with_pod_defaults(*content);
}

void default_endpoints(Object& object) {
  for_each_object(object, "subsets", [](Object& subset) {
    for_each_object(subset, "ports", [](Object& port) { set_unset(port, "protocol", "TCP"); });
  });
}

void default_endpoint_slice(Object& object) {
  for_each_object(object, "endpoints", [](Object& endpoint) { made_object(endpoint, "conditions"); });
  for_each_object(object, "ports", [](Object& port) {
    if (!port.contains("name")) port["name"] = "";
    set_unset(port, "protocol", "TCP");
  });
}

void default_event(Object& object) { made_object(object, "source"); }

void default_ingress(Object& object) {
  if (Object* status = made_object(object, "status")) made_object(*status, "loadBalancer");
}

void default_ingress_class(Object& object) {
  Object* spec = object_at(object, "spec");
  if (Object* parameters = spec ? object_at(*spec, "parameters") : nullptr) set_unset(*parameters, "scope", "Cluster");
}

void default_disruption_budget(Object& object) {
  Object* status = made_object(object, "status");
  if (!status) return;
  for (const char* counter : {"currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"})
    set_unset(*status, counter, 0);
}

void default_definition(Object& object) {
  Object* spec = object_at(object, "spec");
  if (!spec) return;
  if (Object* conversion = made_object(*spec, "conversion")) set_unset(*conversion, "strategy", "None");
  Object* names = object_at(*spec, "names");
  const std::string kind(names ? text_of(*names, "kind") : std::string_view());
  if (kind.empty()) return;
  std::string singular;
  for (const char letter : kind) singular += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  set_unset(*names, "singular", Value(singular));
  set_unset(*names, "listKind", Value(kind + "List"));
}

// What their CRDs say until a controller has seen the object.
void wait_for_controller(Object& object, std::initializer_list<std::string_view> condition_types) {
  Object* status = made_object(object, "status");
  if (!status || status->contains("conditions")) return;
  Array conditions;
  for (const std::string_view type : condition_types) {
    Object condition;
    condition["lastTransitionTime"] = "1970-01-01T00:00:00Z";
    condition["message"] = "Waiting for controller";
    condition["reason"] = "Pending";
    condition["status"] = "Unknown";
    condition["type"] = type;
    conditions.push_back(std::move(condition));
  }
  (*status)["conditions"] = std::move(conditions);
}

void default_gateway_class(Object& object) { wait_for_controller(object, {"Accepted"}); }
void default_gateway(Object& object) { wait_for_controller(object, {"Accepted", "Programmed"}); }

struct KindDefaults {
  std::string_view api_version;
  std::string_view kind;
  void (*fill_in)(Object&);
};

constexpr std::string_view kGatewayVersion = "gateway.networking.k8s.io/v1";

constexpr std::array kKindDefaults{
    KindDefaults{"v1", "Pod", default_pod_object},
    KindDefaults{"v1", "Service", default_service},
    KindDefaults{"v1", "Namespace", default_namespace},
    KindDefaults{"v1", "Secret", default_secret},
    KindDefaults{"v1", "PodTemplate", default_pod_template_object},
    KindDefaults{"v1", "Endpoints", default_endpoints},
    KindDefaults{"v1", "Event", default_event},
    KindDefaults{"apps/v1", "ReplicaSet", default_replica_set},
    KindDefaults{"apps/v1", "Deployment", default_deployment},
    KindDefaults{"batch/v1", "Job", default_job},
    KindDefaults{"autoscaling/v2", "HorizontalPodAutoscaler", default_autoscaler},
    KindDefaults{"discovery.k8s.io/v1", "EndpointSlice", default_endpoint_slice},
    KindDefaults{"networking.k8s.io/v1", "Ingress", default_ingress},
    KindDefaults{"networking.k8s.io/v1", "IngressClass", default_ingress_class},
    KindDefaults{"policy/v1", "PodDisruptionBudget", default_disruption_budget},
    KindDefaults{"apiextensions.k8s.io/v1", "CustomResourceDefinition", default_definition},
    KindDefaults{kGatewayVersion, "GatewayClass", default_gateway_class},
    KindDefaults{kGatewayVersion, "Gateway", default_gateway},
};

}  // namespace

json::Value with_defaults(std::string_view api_version, std::string_view kind, json::Value object) {
  if (!object.is_object() || origin_of(api_version, kind) != KindOrigin::kBuiltIn) return object;
  // The schemas inside a definition are the author's: null may be a default or one of an enumeration.
  if (kind != "CustomResourceDefinition") drop_nulls(object);
  if (api_version == kGatewayVersion) object = json::apply_defaults(std::move(object), *find_schema(api_version, kind));
  for (const KindDefaults& known : kKindDefaults)
    if (known.kind == kind && known.api_version == api_version) known.fill_in(object.get_object());
  return object;
}

json::Value with_allocations(std::string_view api_version, std::string_view kind, json::Value object, const json::Value& before) {
  if (api_version == "v1" && kind == "Service" && object.is_object() && before.is_object())
    keep_allocations(object.get_object(), before.get_object());
  return object;
}

}  // namespace canaria::api
