// The rules on the rights of pods and containers, and on host ports, which depend on one of them.
#include <algorithm>

#include "api/kind_validation.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::string_view kIdRange = "must be between 0 and 2147483647, inclusive";
constexpr std::string_view kSysctlText =
    "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

void validate_id(const std::string& path, const Value& id, FieldProblems& problems) {
  if (id.is_int64() && (id.get_int64() < 0 || id.get_int64() > 2147483647)) problems.invalid(path, id, kIdRange);
}

void validate_profile(const std::string& path, const Object& context, FieldProblems& problems) {
  const Object* profile = object_at(context, "seccompProfile");
  if (!profile) return;
  const std::string at = path + ".seccompProfile";
  const auto type = text_of(*profile, "type");
  const auto file = text_of(*profile, "localhostProfile");
  if (type.empty()) problems.required(at + ".type", "type is required when seccompProfile is set");
  else problems.one_of(at + ".type", type, {"Localhost", "RuntimeDefault", "Unconfined"});
  if (type == "Localhost" && file.empty())
    problems.required(at + ".localhostProfile", "must be set when seccomp type is Localhost");
  else if (type != "Localhost" && !file.empty())
    problems.invalid_text(at + ".localhostProfile", file, "can only be set when seccomp type is Localhost");
}

bool is_sysctl_part(std::string_view part) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !part.empty() && is_word(part.front()) && is_word(part.back()) &&
         std::ranges::all_of(part, [&](char c) { return is_word(c) || c == '-' || c == '_'; });
}

bool is_sysctl_name(std::string_view name) {
  if (name.size() > 253) return false;
  for (;;) {
    const auto end = name.find_first_of("./");
    if (!is_sysctl_part(name.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    name.remove_prefix(end + 1);
  }
}

void validate_sysctls(const std::string& path, const Array& sysctls, FieldProblems& problems) {
  NameSet names;
  for (std::size_t i = 0; i < sysctls.size(); ++i) {
    const auto name = text_of(as_object(sysctls[i]), "name");
    const std::string at = item_path(path, i) + ".name";
    if (name.empty()) problems.required(at);
    else if (!is_sysctl_name(name)) problems.invalid_text(at, name, kSysctlText);
    else if (!names.emplace(name).second) problems.duplicate(at, Value(name));
  }
}

// The context as Go's struct prints it: every member, also those that are not set.
std::string go_context(const Object& context) {
  std::string text = "{";
  for (const std::string_view member :
       {"capabilities", "privileged", "seLinuxOptions", "windowsOptions", "runAsUser", "runAsGroup", "runAsNonRoot",
        "readOnlyRootFilesystem", "allowPrivilegeEscalation", "procMount", "seccompProfile", "appArmorProfile"}) {
    std::string name(member);
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    if (name.starts_with("SeLinux")) name[1] = 'E';
    const Value* value = context.if_contains(member);
    text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + (value ? json::write(*value) : "null");
  }
  return text + "}";
}

}  // namespace

void validate_pod_security(const std::string& path, const json::Object& context, FieldProblems& problems) {
  for (const char* member : {"fsGroup", "runAsUser", "runAsGroup"})
    if (const Value* id = context.if_contains(member)) validate_id(path + "." + member, *id, problems);
  const Array& groups = list_in(context, "supplementalGroups");
  for (std::size_t i = 0; i < groups.size(); ++i) validate_id(item_path(path + ".supplementalGroups", i), groups[i], problems);
  validate_sysctls(path + ".sysctls", list_in(context, "sysctls"), problems);
  problems.one_of(path + ".fsGroupChangePolicy", text_of(context, "fsGroupChangePolicy"), {"Always", "OnRootMismatch"});
  validate_profile(path, context, problems);
}

void validate_container_security(const std::string& path, const json::Object& context, FieldProblems& problems) {
  for (const char* member : {"runAsUser", "runAsGroup"})
    if (const Value* id = context.if_contains(member)) validate_id(path + "." + member, *id, problems);
  problems.one_of(path + ".procMount", text_of(context, "procMount"), {"Default", "Unmasked"});
  validate_profile(path, context, problems);
  const Value* escalation = context.if_contains("allowPrivilegeEscalation");
  const bool is_refused = escalation && escalation->is_bool() && !escalation->get_bool();
  if (is_refused && flag_in(context, "privileged"))
    problems.add(
        json::Problem::kInvalidValue, path,
        "Invalid value: " + go_context(context) + ": cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
}

void validate_host_ports(const std::string& path, const json::Array& containers, HostNetwork network, FieldProblems& problems) {
  NameSet taken;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Array& ports = list_in(as_object(containers[i]), "ports");
    for (std::size_t k = 0; k < ports.size(); ++k) {
      const Object& port = as_object(ports[k]);
      const auto number = integer_in(port, "hostPort").value_or(0);
      if (number == 0) continue;
      const std::string at = item_path(item_path(path, i) + ".ports", k) + ".hostPort";
      const std::string place =
          std::string(text_of(port, "protocol")) + "/" + std::string(text_of(port, "hostIP")) + "/" + std::to_string(number);
      if (!taken.insert(place).second) problems.duplicate(at, Value(place));
      if (network == HostNetwork::kYes && number != integer_in(port, "containerPort").value_or(0))
        problems.invalid(at, number, "must match `containerPort` when `hostNetwork` is true");
    }
  }
}

}  // namespace canaria::api
