// The rules on one container: its name, image, ports and how it is pulled. Environment, probes, resources and mounts have
// files of their own.
#include <cctype>

#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void validate_ports(const std::string& path, const Array& ports, FieldProblems& problems) {
  NameSet names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Object& port = as_object(ports[i]);
    const std::string at = item_path(path, i);
    if (const auto name = text_of(port, "name"); !name.empty()) {
      const auto found = port_name_problems(name);
      problems.invalid_text(at + ".name", name, found);
      if (found.empty() && !names.emplace(name).second) problems.duplicate(at + ".name", Value(name));
    }
    const auto number = integer_in(port, "containerPort").value_or(0);
    if (number == 0) problems.required(at + ".containerPort");
    else if (number < 1 || number > 65535) problems.invalid(at + ".containerPort", number, kPortRange);
    const auto host_port = integer_in(port, "hostPort").value_or(0);
    if (host_port < 0 || host_port > 65535) problems.invalid(at + ".hostPort", host_port, kPortRange);
    problems.one_of(at + ".protocol", text_of(port, "protocol"), {"SCTP", "TCP", "UDP"});
  }
}

void validate_image(const std::string& path, std::string_view image, FieldProblems& problems) {
  if (image.empty()) {
    problems.required(path);
    return;
  }
  const auto is_blank = [](char letter) { return std::isspace(static_cast<unsigned char>(letter)) != 0; };
  if (is_blank(image.front()) || is_blank(image.back()))
    problems.invalid_text(path, image, "must not have leading or trailing whitespace");
}

}  // namespace

void validate_unique_label(const std::string& path, std::string_view name, NameSet& names, FieldProblems& problems) {
  if (name.empty()) {
    problems.required(path);
    return;
  }
  const auto found = dns_label_problems(name);
  problems.invalid_text(path, name, found);
  if (!names.emplace(name).second) problems.duplicate(path, Value(name));
}

void validate_container(const std::string& path, const json::Object& container, const ContainerSurroundings& around,
                        FieldProblems& problems) {
  validate_unique_label(path + ".name", text_of(container, "name"), *around.names, problems);
  validate_image(path + ".image", text_of(container, "image"), problems);
  const bool ends_by_itself = around.role == ContainerRole::kInit && text_of(container, "restartPolicy") != "Always";
  if (ends_by_itself) {
    for (const char* member : {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"})
      if (container.contains(member))
        problems.forbidden(path + "." + member, "may not be set for init containers without restartPolicy=Always");
  } else {
    if (const Object* lifecycle = object_at(container, "lifecycle"))
      validate_lifecycle(path + ".lifecycle", *lifecycle, around.grace_seconds, problems);
    validate_probes(path, container, problems);
  }
  validate_ports(path + ".ports", list_in(container, "ports"), problems);
  validate_environment(path, container, problems);
  validate_mounts(path + ".volumeMounts", list_in(container, "volumeMounts"), *around.volumes, problems);
  problems.one_of(path + ".terminationMessagePolicy", text_of(container, "terminationMessagePolicy"),
                  {"File", "FallbackToLogsOnError"});
  problems.one_of(path + ".imagePullPolicy", text_of(container, "imagePullPolicy"), {"Always", "IfNotPresent", "Never"});
  validate_resource_amounts(path + ".resources", object_in(container, "resources"), *around.claims, problems);
  validate_container_security(path + ".securityContext", object_in(container, "securityContext"), problems);
}

}  // namespace canaria::api
