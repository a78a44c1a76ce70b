// The rules on Ingresses and their classes.
#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void validate_service_backend(const std::string& path, const Object& service, FieldProblems& problems) {
  const auto name = text_of(service, "name");
  if (name.empty()) problems.required(path + ".service.name");
  else problems.invalid_text(path + ".service.name", name, dns_label_problems(name));
  const Object& port = object_in(service, "port");
  const auto port_name = text_of(port, "name");
  const auto number = integer_in(port, "number").value_or(0);
  if (!port_name.empty() && number != 0) problems.invalid_text(path, "", "cannot set both port name & port number");
  else if (!port_name.empty()) problems.invalid_text(path + ".service.port.name", port_name, port_name_problems(port_name));
  else if (number == 0) problems.required(path, "port name or number is required");
  else if (number < 1 || number > 65535) problems.invalid(path + ".service.port.number", number, kPortRange);
}

void validate_backend(const std::string& path, const Object& backend, FieldProblems& problems) {
  const Object* service = object_at(backend, "service");
  const Object* resource = object_at(backend, "resource");
  if (service && resource) problems.invalid_text(path, "", "cannot set both resource and service backends");
  else if (service) validate_service_backend(path, *service, problems);
  else if (!resource) problems.invalid_text(path, "", "resource or service backend is required");
  else
    for (const char* member : {"kind", "name"})
      if (text_of(*resource, member).empty()) problems.required(path + ".resource." + member);
}

// The first thing that does not belong into a path that is compared part by part.
std::string_view bad_part(std::string_view path) {
  for (const std::string_view part : {"//", "/./", "/../", "%2f", "%2F"})
    if (path.find(part) != std::string_view::npos) return part;
  for (const std::string_view end : {"/..", "/."})
    if (path.ends_with(end)) return end;
  return {};
}

void validate_path(const std::string& at, const Object& path, FieldProblems& problems) {
  const auto type = text_of(path, "pathType");
  const auto text = text_of(path, "path");
  if (type == "Exact" || type == "Prefix") {
    if (!text.starts_with('/')) problems.invalid_text(at + ".path", text, "must be an absolute path");
    else if (const auto part = bad_part(text); !part.empty())
      problems.invalid_text(
          at + ".path", text,
          (text.ends_with(part) && part != "//" ? "cannot end with '" : "must not contain '") + std::string(part) + "'");
  } else if (type == "ImplementationSpecific") {
    if (!text.empty() && !text.starts_with('/')) problems.invalid_text(at + ".path", text, "must be an absolute path");
  } else if (type.empty()) {
    // Compat: what else is wrong with the path is not told then.
    problems.required(at + ".pathType", "pathType must be specified");
    return;
  } else {
    problems.unsupported(at + ".pathType", Value(type), {"Exact", "ImplementationSpecific", "Prefix"});
  }
  validate_backend(at + ".backend", object_in(path, "backend"), problems);
}

void validate_host(const std::string& path, std::string_view host, FieldProblems& problems) {
  if (host.empty()) return;
  if (is_ip_address(host)) problems.invalid_text(path, host, "must be a DNS name, not an IP address");
  else if (host.find('*') != std::string_view::npos) problems.invalid_text(path, host, wildcard_subdomain_problems(host));
  else problems.invalid_text(path, host, dns_subdomain_problems(host));
}

void validate_rules(const Array& rules, FieldProblems& problems) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Object& rule = as_object(rules[i]);
    const std::string at = item_path("spec.rules", i);
    validate_host(at + ".host", text_of(rule, "host"), problems);
    const Object* http = object_at(rule, "http");
    if (!http) continue;
    const Array& paths = list_in(*http, "paths");
    if (paths.empty()) problems.required(at + ".http.paths");
    for (std::size_t k = 0; k < paths.size(); ++k) validate_path(item_path(at + ".http.paths", k), as_object(paths[k]), problems);
  }
}

void validate_tls(const Array& entries, FieldProblems& problems) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Object& entry = as_object(entries[i]);
    const std::string at = item_path("spec.tls", i);
    const Array& hosts = list_in(entry, "hosts");
    for (std::size_t k = 0; k < hosts.size(); ++k)
      if (hosts[k].is_string()) validate_host(item_path(at + ".hosts", k), hosts[k].get_string(), problems);
    if (const auto secret = text_of(entry, "secretName"); !secret.empty())
      problems.invalid_text(at + ".secretName", secret, dns_subdomain_problems(secret));
  }
}

void validate_parameters(const Object& parameters, FieldProblems& problems) {
  if (const auto group = text_of(parameters, "apiGroup"); !group.empty())
    problems.invalid_text("spec.parameters.apiGroup", group, dns_subdomain_problems(group));
  for (const char* member : {"kind", "name"})
    if (text_of(parameters, member).empty()) problems.required(std::string("spec.parameters.") + member);
  const auto scope = text_of(parameters, "scope");
  problems.one_of("spec.parameters.scope", scope, {"Cluster", "Namespace"});
  const auto space = text_of(parameters, "namespace");
  if (scope == "Namespace" && space.empty())
    problems.required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'");
  if (scope == "Cluster" && !space.empty())
    problems.forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'");
}

}  // namespace

void validate_ingress(const json::Object& object, const json::Object*, FieldProblems& problems) {
  const Object& spec = object_in(object, "spec");
  const Object* backend = object_at(spec, "defaultBackend");
  const Array& rules = list_in(spec, "rules");
  if (rules.empty() && !backend) problems.invalid("spec", Value(nullptr), "either `defaultBackend` or `rules` must be specified");
  if (backend) validate_backend("spec.defaultBackend", *backend, problems);
  validate_rules(rules, problems);
  validate_tls(list_in(spec, "tls"), problems);
  if (const auto class_name = text_of(spec, "ingressClassName"); !class_name.empty())
    problems.invalid_text("spec.ingressClassName", class_name, dns_subdomain_problems(class_name));
}

void validate_ingress_class(const json::Object& object, const json::Object* before, FieldProblems& problems) {
  const Object& spec = object_in(object, "spec");
  const auto controller = text_of(spec, "controller");
  if (controller.empty()) problems.required("spec.controller");
  else problems.invalid_text("spec.controller", controller, domain_path_problems(controller));
  if (const Object* parameters = object_at(spec, "parameters")) validate_parameters(*parameters, problems);
  if (before)
    problems.unchanged("spec.controller", object_in(*before, "spec").if_contains("controller"), spec.if_contains("controller"));
}

}  // namespace canaria::api
