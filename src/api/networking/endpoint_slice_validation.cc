// The rules on EndpointSlices. A Kubernetes API server refuses addresses of the loopback range; here they are what pods have.
#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void validate_ports(const Array& ports, FieldProblems& problems) {
  NameSet names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Object& port = as_object(ports[i]);
    const std::string path = item_path("ports", i);
    const auto name = text_of(port, "name");
    if (!names.emplace(name).second) problems.duplicate(path + ".name", Value(name));
    else if (!name.empty()) problems.invalid_text(path + ".name", name, dns_label_problems(name));
    problems.one_of(path + ".protocol", text_of(port, "protocol"), {"SCTP", "TCP", "UDP"});
  }
}

void validate_address(const std::string& path, std::string_view type, std::string_view address, FieldProblems& problems) {
  if (type == "FQDN") {
    problems.invalid_text(path, address, dns_subdomain_problems(address));
    return;
  }
  if (!is_ip_address(address)) problems.invalid_text(path, address, kIpAddressText);
  else if (is_ipv4_address(address) != (type == "IPv4"))
    problems.invalid_text(path, address, type == "IPv4" ? "must be an IPv4 address" : "must be an IPv6 address");
}

}  // namespace

void validate_endpoint_slice(const json::Object& object, const json::Object* before, FieldProblems& problems) {
  const auto type = text_of(object, "addressType");
  if (type.empty()) problems.required("addressType");
  problems.one_of("addressType", type, {"FQDN", "IPv4", "IPv6"});
  const bool is_known = type == "FQDN" || type == "IPv4" || type == "IPv6";
  const bool is_changed = before && text_of(*before, "addressType") != type;
  validate_ports(list_in(object, "ports"), problems);
  const Array& endpoints = list_in(object, "endpoints");
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const std::string path = item_path("endpoints", i) + ".addresses";
    const Array& addresses = list_in(as_object(endpoints[i]), "addresses");
    if (addresses.empty()) problems.required(path, "must contain at least 1 address");
    for (std::size_t k = 0; k < addresses.size(); ++k)
      if (addresses[k].is_string() && is_known && !is_changed)
        validate_address(item_path(path, k), type, addresses[k].get_string(), problems);
    if (const auto host = text_of(as_object(endpoints[i]), "hostname"); !host.empty())
      problems.invalid_text(item_path("endpoints", i) + ".hostname", host, dns_label_problems(host));
  }
  if (before) problems.unchanged("addressType", before->if_contains("addressType"), object.if_contains("addressType"));
}

}  // namespace canaria::api
