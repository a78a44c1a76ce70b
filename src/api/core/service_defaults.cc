// Defaults of Services. This machine has one address family, IPv4.
#include "api/object_members.h"
#include "api/kind_defaults.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

bool is_zero(const Value* number) { return !number || (number->is_int64() && number->get_int64() == 0); }

void default_port(Object& port) {
  set_unset(port, "protocol", "TCP");
  const Value* number = port.if_contains("port");
  if (number && (is_unset(port, "targetPort") || is_zero(port.if_contains("targetPort")))) {
    Value target(*number);
    port["targetPort"] = std::move(target);
  }
}

// Both spellings of the address, and its family.
void default_addresses(Object& spec) {
  if (!is_unset(spec, "clusterIP")) set_unset(spec, "clusterIPs", Array({Value(spec.at("clusterIP"))}));
  else if (const Array* listed = array_at(spec, "clusterIPs"); listed && !listed->empty() && listed->front().is_string())
    spec["clusterIP"] = Value(listed->front());
  const Object* selector = object_at(spec, "selector");
  // Compat: who manages the endpoints of a headless Service without help may use both families.
  const bool is_unmanaged = text_of(spec, "clusterIP") == "None" && (!selector || selector->empty());
  const bool is_v6 = text_of(spec, "clusterIP").find(':') != std::string_view::npos;
  if (is_unmanaged && is_unset(spec, "ipFamilyPolicy") && is_unset(spec, "ipFamilies")) {
    spec["ipFamilies"] = Array({Value("IPv4"), Value("IPv6")});
    spec["ipFamilyPolicy"] = "RequireDualStack";
  }
  set_unset(spec, "ipFamilies", Array({Value(is_v6 ? "IPv6" : "IPv4")}));
  set_unset(spec, "ipFamilyPolicy", "SingleStack");
}

}  // namespace

void keep_allocations(json::Object& service, const json::Object& before) {
  Object* spec = object_at(service, "spec");
  const Object& old = object_in(before, "spec");
  // Who leaves the kind of Service with addresses leaves them behind, too.
  if (!spec || text_of(*spec, "type") == "ExternalName" || text_of(old, "type") == "ExternalName") return;
  if (is_unset(*spec, "clusterIP") && is_unset(*spec, "clusterIPs"))
    for (const char* member : {"clusterIP", "clusterIPs"})
      if (const Value* address = old.if_contains(member)) (*spec)[member] = *address;
  // Who changes one spelling of the address means the other as well.
  const Value* listed = spec->if_contains("clusterIPs");
  const Value* listed_before = old.if_contains("clusterIPs");
  if (listed && listed_before && *listed == *listed_before && !is_unset(*spec, "clusterIP") &&
      text_of(*spec, "clusterIP") != text_of(old, "clusterIP"))
    (*spec)["clusterIPs"] = Array({Value(spec->at("clusterIP"))});
  const auto type = text_of(*spec, "type");
  if (type != "NodePort" && type != "LoadBalancer") return;
  for_each_object(*spec, "ports", [&](Object& port) {
    for (const Value& known : list_in(old, "ports")) {
      const bool is_same = integer_in(as_object(known), "port") == integer_in(port, "port");
      const auto node_port = integer_in(as_object(known), "nodePort");
      if (is_same && node_port && !port.contains("nodePort")) port["nodePort"] = *node_port;
    }
  });
}

void default_service(Object& service) {
  Object* spec = made_object(service, "spec");
  if (!spec) return;
  set_unset(*spec, "type", "ClusterIP");
  set_unset(*spec, "sessionAffinity", "None");
  if (text_of(*spec, "sessionAffinity") == "None") spec->erase("sessionAffinityConfig");
  if (text_of(*spec, "sessionAffinity") == "ClientIP") {
    Object* config = made_object(*spec, "sessionAffinityConfig");
    Object* client = config ? made_object(*config, "clientIP") : nullptr;
    if (client) set_unset(*client, "timeoutSeconds", 10800);
  }
  const std::string type(text_of(*spec, "type"));
  if (type == "NodePort" || type == "LoadBalancer") set_unset(*spec, "externalTrafficPolicy", "Cluster");
  if (type == "LoadBalancer") set_unset(*spec, "allocateLoadBalancerNodePorts", true);
  if (type != "ExternalName") {
    set_unset(*spec, "internalTrafficPolicy", "Cluster");
    default_addresses(*spec);
  }
  for_each_object(*spec, "ports", default_port);
  if (Object* status = made_object(service, "status")) made_object(*status, "loadBalancer");
}

}  // namespace canaria::api
