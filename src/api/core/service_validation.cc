// The rules on Services.
#include <algorithm>

#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void validate_number(const std::string& path, std::int64_t number, FieldProblems& problems) {
  if (number < 1 || number > 65535) problems.invalid(path, number, kPortRange);
}

void validate_port(const std::string& path, const Object& port, std::string_view type, FieldProblems& problems) {
  validate_number(path + ".port", integer_in(port, "port").value_or(0), problems);
  problems.one_of(path + ".protocol", text_of(port, "protocol"), {"SCTP", "TCP", "UDP"});
  validate_port_reference(path + ".targetPort", port.if_contains("targetPort"), problems);
  if (const auto spoken = text_of(port, "appProtocol"); !spoken.empty())
    problems.invalid_text(path + ".appProtocol", spoken, lang::label_key_problems(spoken));
  const auto node_port = integer_in(port, "nodePort").value_or(0);
  if (node_port == 0) return;
  if (type == "ClusterIP") problems.forbidden(path + ".nodePort", "may not be used when `type` is 'ClusterIP'");
  else validate_number(path + ".nodePort", node_port, problems);
}

void validate_ports(const Object& spec, std::string_view type, FieldProblems& problems) {
  const Array& ports = list_in(spec, "ports");
  const bool needs_ports = type != "ExternalName" && text_of(spec, "clusterIP") != "None";
  if (ports.empty() && needs_ports) problems.required("spec.ports");
  NameSet names;
  NameSet numbers;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Object& port = as_object(ports[i]);
    const std::string path = item_path("spec.ports", i);
    const auto name = text_of(port, "name");
    if (!name.empty()) validate_unique_label(path + ".name", name, names, problems);
    else if (ports.size() > 1) problems.required(path + ".name");
    validate_port(path, port, type, problems);
    // As Go's struct prints what of a port must be unique.
    const std::string shown = "{\"Name\":\"\",\"Protocol\":" + json::write(Value(text_of(port, "protocol"))) +
                              ",\"AppProtocol\":null,\"Port\":" + std::to_string(integer_in(port, "port").value_or(0)) +
                              ",\"TargetPort\":0,\"NodePort\":0}";
    if (!numbers.insert(shown).second) problems.add(json::Problem::kDuplicate, path, "Duplicate value: " + shown);
  }
}

void validate_addresses(const Object& spec, const Object* before, std::string_view type, FieldProblems& problems) {
  const Array& given = list_in(spec, "clusterIPs");
  // Who changes the one address alone means the list as well.
  const bool is_list_old =
      before && text_of(*before, "clusterIP") != text_of(spec, "clusterIP") && given == list_in(*before, "clusterIPs");
  const Array listed = is_list_old ? Array{Value(text_of(spec, "clusterIP"))} : given;
  const std::string_view first =
      !listed.empty() && listed.front().is_string() ? std::string_view(listed.front().get_string()) : std::string_view();
  const auto single = text_of(spec, "clusterIP");
  if (type == "ExternalName") {
    if (!single.empty()) problems.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
    return;
  }
  if (!listed.empty() && single.empty())
    problems.invalid("spec.clusterIPs", Value(listed), "must be empty when `clusterIP` is not specified");
  else if (!listed.empty() && single != first)
    problems.invalid("spec.clusterIPs", Value(listed), "first value must match `clusterIP`");
  else if (single == "None") {
    if (type != "ClusterIP")
      problems.invalid_text("spec.clusterIPs[0]", single, "may not be set to 'None' for " + std::string(type) + " services");
  } else if (!single.empty() && !is_ip_address(single)) {
    problems.invalid_text("spec.clusterIPs[0]", single, kIpAddressText);
  }
  const Array& families = list_in(spec, "ipFamilies");
  for (std::size_t i = 0; i < families.size(); ++i)
    if (families[i].is_string()) problems.one_of(item_path("spec.ipFamilies", i), families[i].get_string(), {"IPv4", "IPv6"});
  problems.one_of("spec.ipFamilyPolicy", text_of(spec, "ipFamilyPolicy"), {"PreferDualStack", "RequireDualStack", "SingleStack"});
  const Array& external = list_in(spec, "externalIPs");
  for (std::size_t i = 0; i < external.size(); ++i)
    if (external[i].is_string() && !is_ip_address(external[i].get_string()))
      problems.invalid(item_path("spec.externalIPs", i), external[i], kIpAddressText);
}

void validate_affinity(const Object& spec, FieldProblems& problems) {
  problems.one_of("spec.sessionAffinity", text_of(spec, "sessionAffinity"), {"ClientIP", "None"});
  const auto seconds = integer_in(object_in(object_in(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds");
  if (seconds && (*seconds <= 0 || *seconds > 86400))
    problems.invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", *seconds,
                     "must be greater than 0 and less than 86400");
}

void validate_policies(const Object& spec, std::string_view type, FieldProblems& problems) {
  problems.one_of("spec.internalTrafficPolicy", text_of(spec, "internalTrafficPolicy"), {"Cluster", "Local"});
  const auto external = text_of(spec, "externalTrafficPolicy");
  if (external.empty()) return;
  if (type == "NodePort" || type == "LoadBalancer") problems.one_of("spec.externalTrafficPolicy", external, {"Cluster", "Local"});
  else if (list_in(spec, "externalIPs").empty())
    problems.invalid_text("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
}

bool is_range(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !is_ip_address(text.substr(0, slash))) return false;
  const std::string_view bits = text.substr(slash + 1);
  const bool is_number =
      !bits.empty() && bits.size() <= 3 && std::ranges::all_of(bits, [](char c) { return c >= '0' && c <= '9'; });
  return is_number && std::stoi(std::string(bits)) <= (is_ipv4_address(text.substr(0, slash)) ? 32 : 128);
}

// What only load balancers have.
void validate_balancer(const Object& spec, std::string_view type, FieldProblems& problems) {
  constexpr std::string_view kOnlyThere = "may only be used when `type` is 'LoadBalancer'";
  const bool is_balancer = type == "LoadBalancer";
  const Array& ranges = list_in(spec, "loadBalancerSourceRanges");
  // Compat: this one is spelled with a capital.
  if (!ranges.empty() && !is_balancer) problems.forbidden("spec.LoadBalancerSourceRanges", kOnlyThere);
  for (std::size_t i = 0; i < ranges.size(); ++i)
    if (ranges[i].is_string() && !is_range(ranges[i].get_string()))
      problems.invalid(item_path("spec.LoadBalancerSourceRanges", i), ranges[i],
                       "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  if (spec.contains("allocateLoadBalancerNodePorts") && !is_balancer)
    problems.forbidden("spec.allocateLoadBalancerNodePorts", kOnlyThere);
  if (spec.contains("loadBalancerClass") && !is_balancer) problems.forbidden("spec.loadBalancerClass", kOnlyThere);
  const auto health_port = integer_in(spec, "healthCheckNodePort").value_or(0);
  if (health_port != 0 && !(is_balancer && text_of(spec, "externalTrafficPolicy") == "Local"))
    problems.invalid("spec.healthCheckNodePort", health_port,
                     "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
  problems.one_of("spec.trafficDistribution", text_of(spec, "trafficDistribution"),
                  {"PreferClose", "PreferSameZone", "PreferSameNode"});
}

}  // namespace

void validate_service(const json::Object& service, const json::Object* before, FieldProblems& problems) {
  const Object& spec = object_in(service, "spec");
  const std::string type(text_of(spec, "type"));
  validate_ports(spec, type, problems);
  validate_labels("spec.selector", object_in(spec, "selector"), problems);
  validate_affinity(spec, problems);
  problems.one_of("spec.type", type, {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"});
  validate_addresses(spec, before ? &object_in(*before, "spec") : nullptr, type, problems);
  if (type == "ExternalName") {
    const auto name = text_of(spec, "externalName");
    if (name.empty()) problems.required("spec.externalName");
    else
      problems.invalid_text("spec.externalName", name, dns_subdomain_problems(name.substr(0, name.size() - name.ends_with('.'))));
  }
  validate_balancer(spec, type, problems);
  validate_policies(spec, type, problems);
  if (!before || type == "ExternalName") return;
  const Object& old = object_in(*before, "spec");
  const auto address = text_of(old, "clusterIP");
  if (!address.empty() && text_of(old, "type") != "ExternalName" && text_of(spec, "clusterIP") != address)
    problems.invalid("spec.clusterIPs[0]", Value(Array{Value(text_of(spec, "clusterIP"))}), "may not change once set");
}

}  // namespace canaria::api
