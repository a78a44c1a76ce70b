// See pod_defaults.h. The template is first brought into canonical form, so that every member found here has its type.
#include "api/core/pod_defaults.h"

#include <initializer_list>

#include "api/core/pod_template.h"
#include "api/object_members.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

// Canonical text leaves zero values out, so a missing member is the only form of "unset" there is here; members that are
// pointers in the model stay, even as zero, and keep the user's value.
void set_missing(Object& object, std::string_view key, Value value) {
  if (!object.contains(key)) object.emplace(key, std::move(value));
}

// Amounts of resources are kept in milli units, rounded up.
void round_resources(Object* amounts) {
  if (!amounts) return;
  for (auto& member : *amounts) {
    if (!member.value().is_string()) continue;
    const auto amount = lang::Quantity::parse(member.value().get_string());
    if (amount) member.value() = amount->rounded_up(-3).canonical();
  }
}

void default_resources(Object* resources) {
  if (!resources) return;
  round_resources(object_at(*resources, "limits"));
  round_resources(object_at(*resources, "requests"));
}

void default_http_get(Object& action) {
  set_missing(action, "path", "/");
  set_missing(action, "scheme", "HTTP");
}

void default_probe(Object* probe) {
  if (!probe) return;
  set_missing(*probe, "timeoutSeconds", 1);
  set_missing(*probe, "periodSeconds", 10);
  set_missing(*probe, "successThreshold", 1);
  set_missing(*probe, "failureThreshold", 3);
  if (Object* http = object_at(*probe, "httpGet")) default_http_get(*http);
  if (Object* grpc = object_at(*probe, "grpc"); grpc && grpc->at("service").is_null()) grpc->at("service") = "";
}

void default_lifecycle(Object* lifecycle) {
  if (!lifecycle) return;
  for (const std::string_view hook : {"postStart", "preStop"}) {
    Object* handler = object_at(*lifecycle, hook);
    if (!handler) continue;
    if (Object* http = object_at(*handler, "httpGet")) default_http_get(*http);
  }
}

void default_field_ref(Object& owner) {
  if (Object* reference = object_at(owner, "fieldRef")) set_missing(*reference, "apiVersion", "v1");
}

void default_environment(Object& container) {
  for_each_object(container, "env", [](Object& variable) {
    Object* source = object_at(variable, "valueFrom");
    if (!source) return;
    default_field_ref(*source);
    if (Object* file = object_at(*source, "fileKeyRef")) set_missing(*file, "optional", false);
  });
}

void default_container(Object& container) {
  set_missing(container, "terminationMessagePath", "/dev/termination-log");
  set_missing(container, "terminationMessagePolicy", "File");
  set_missing(container, "imagePullPolicy", Value(default_pull_policy(text_of(container, "image"))));
  for_each_object(container, "ports", [](Object& port) { set_missing(port, "protocol", "TCP"); });
  default_environment(container);
  default_resources(object_at(container, "resources"));
  for (const std::string_view probe : {"livenessProbe", "readinessProbe", "startupProbe"})
    default_probe(object_at(container, probe));
  default_lifecycle(object_at(container, "lifecycle"));
}

void default_projected(Object& projected) {
  set_missing(projected, "defaultMode", 0644);
  for_each_object(projected, "sources", [](Object& source) {
    if (Object* downward = object_at(source, "downwardAPI")) for_each_object(*downward, "items", default_field_ref);
    if (Object* token = object_at(source, "serviceAccountToken")) set_missing(*token, "expirationSeconds", 3600);
  });
}

struct Default {
  std::string_view key;
  Value value;
};

void default_members(Object& volume, std::string_view source_name, std::initializer_list<Default> defaults) {
  Object* source = object_at(volume, source_name);
  if (!source) return;
  for (const Default& entry : defaults) set_missing(*source, entry.key, entry.value);
}

void default_volume(Object& volume) {
  if (volume.size() == 1) volume.emplace("emptyDir", Object());  // a name and no source
  default_members(volume, "secret", {{"defaultMode", 0644}});
  default_members(volume, "configMap", {{"defaultMode", 0644}});
  default_members(volume, "downwardAPI", {{"defaultMode", 0644}});
  if (Object* downward = object_at(volume, "downwardAPI")) for_each_object(*downward, "items", default_field_ref);
  if (Object* projected = object_at(volume, "projected")) default_projected(*projected);
  default_members(volume, "hostPath", {{"type", ""}});
  default_members(volume, "iscsi", {{"iscsiInterface", "default"}});
  default_members(volume, "rbd", {{"pool", "rbd"}, {"user", "admin"}, {"keyring", "/etc/ceph/keyring"}});
  default_members(volume, "azureDisk",
                  {{"cachingMode", "ReadWrite"}, {"kind", "Shared"}, {"fsType", "ext4"}, {"readOnly", false}});
  default_members(volume, "scaleIO", {{"storageMode", "ThinProvisioned"}, {"fsType", "xfs"}});
  if (Object* image = object_at(volume, "image"))
    set_missing(*image, "pullPolicy", Value(default_pull_policy(text_of(*image, "reference"))));
  Object* ephemeral = object_at(volume, "ephemeral");
  Object* claim = ephemeral ? object_at(*ephemeral, "volumeClaimTemplate") : nullptr;
  if (Object* spec = claim ? object_at(*claim, "spec") : nullptr) {
    set_missing(*spec, "volumeMode", "Filesystem");
    default_resources(object_at(*spec, "resources"));
  }
}

void default_pod(Object& pod) {
  set_missing(pod, "restartPolicy", "Always");
  set_missing(pod, "terminationGracePeriodSeconds", 30);
  set_missing(pod, "dnsPolicy", "ClusterFirst");
  set_missing(pod, "securityContext", Object());
  set_missing(pod, "schedulerName", "default-scheduler");
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"})
    for_each_object(pod, list, default_container);
  for_each_object(pod, "volumes", default_volume);
  default_resources(object_at(pod, "resources"));
  round_resources(object_at(pod, "overhead"));
}

}  // namespace

std::string_view default_pull_policy(std::string_view image) {
  const auto digest = image.find('@');
  const std::string_view name = image.substr(0, digest);
  const auto slash = name.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? name : name.substr(slash + 1);
  const auto colon = last.find(':');
  const std::string_view tag = colon == std::string_view::npos ? std::string_view() : last.substr(colon + 1);
  const bool is_latest = tag == "latest" || (tag.empty() && digest == std::string_view::npos && !image.empty());
  return is_latest ? "Always" : "IfNotPresent";
}

void set_host_ports(json::Object& pod_spec) {
  if (!pod_spec.contains("hostNetwork")) return;
  for (const std::string_view list : {"initContainers", "containers"})
    for_each_object(pod_spec, list, [](Object& container) {
      for_each_object(container, "ports", [](Object& port) { set_missing(port, "hostPort", port.at("containerPort")); });
    });
}

json::Value with_pod_defaults(json::Value pod_template) {
  auto typed = json::parse(canonical_pod_template(pod_template));
  if (!typed) return pod_template;
  if (Object* pod = object_at(typed->as_object(), "spec")) default_pod(*pod);
  auto ordered = json::parse(canonical_pod_template(*typed));
  return ordered ? *std::move(ordered) : *std::move(typed);
}

}  // namespace canaria::api
