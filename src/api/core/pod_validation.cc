// The rules on pods and pod templates, as far as they catch what people get wrong.
#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

void validate_toleration(const std::string& path, const Object& toleration, FieldProblems& problems) {
  const auto key = text_of(toleration, "key");
  const auto mode = text_of(toleration, "operator");
  const auto value = text_of(toleration, "value");
  const auto effect = text_of(toleration, "effect");
  if (!key.empty()) problems.invalid_text(path + ".key", key, lang::label_key_problems(key));
  else if (mode != "Exists")
    problems.invalid_text(path + ".operator", mode,
                          "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
  if (integer_in(toleration, "tolerationSeconds") && effect != "NoExecute")
    problems.invalid_text(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
  if (mode == "Exists" && !value.empty())
    problems.invalid_text(path + ".operator", value, "value must be empty when `operator` is 'Exists'");
  if (mode.empty() || mode == "Equal") problems.invalid_text(path + ".operator", value, lang::label_value_problems(value));
  problems.one_of(path + ".operator", mode, {"Equal", "Exists"});
  problems.one_of(path + ".effect", effect, {"NoSchedule", "PreferNoSchedule", "NoExecute"});
}

void validate_host_alias(const std::string& path, const Object& alias, FieldProblems& problems) {
  const auto address = text_of(alias, "ip");
  if (!is_ip_address(address)) problems.invalid_text(path + ".ip", address, kIpAddressText);
  const Array& names = list_in(alias, "hostnames");
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].is_string())
      problems.invalid_text(item_path(path + ".hostnames", i), names[i].get_string(),
                            dns_subdomain_problems(names[i].get_string()));
}

void validate_names(const std::string& path, const Object& spec, FieldProblems& problems) {
  const auto subdomain = [&](std::string_view member) {
    const auto name = text_of(spec, member);
    if (!name.empty()) problems.invalid_text(path + "." + std::string(member), name, dns_subdomain_problems(name));
  };
  const auto label = [&](std::string_view member) {
    const auto name = text_of(spec, member);
    if (!name.empty()) problems.invalid_text(path + "." + std::string(member), name, dns_label_problems(name));
  };
  subdomain("serviceAccountName");
  subdomain("nodeName");
  const auto deadline = integer_in(spec, "activeDeadlineSeconds");
  if (deadline && (*deadline < 1 || *deadline > 2147483647))
    problems.invalid(path + ".activeDeadlineSeconds", *deadline, "must be between 1 and 2147483647, inclusive");
  label("hostname");
  label("subdomain");
}

void validate_dns(const std::string& path, const Object& spec, FieldProblems& problems) {
  const Object* config = object_at(spec, "dnsConfig");
  const bool is_alone = text_of(spec, "dnsPolicy") == "None";
  if (!config) {
    if (is_alone) problems.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
    return;
  }
  const Array& servers = list_in(*config, "nameservers");
  if (is_alone && servers.empty())
    problems.required(path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
  for (std::size_t i = 0; i < servers.size(); ++i)
    if (servers[i].is_string() && !is_ip_address(servers[i].get_string()))
      problems.invalid(item_path(path + ".nameservers", i), servers[i], kIpAddressText);
  const Array& domains = list_in(*config, "searches");
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (!domains[i].is_string()) continue;
    std::string_view domain = domains[i].get_string();
    if (domain.ends_with('.')) domain.remove_suffix(1);
    if (!domain.empty()) problems.invalid_text(item_path(path + ".searches", i), domain, dns_subdomain_problems(domain));
  }
  const Array& options = list_in(*config, "options");
  for (std::size_t i = 0; i < options.size(); ++i)
    if (text_of(as_object(options[i]), "name").empty()) problems.required(item_path(path + ".options", i), "must not be empty");
}

void validate_containers(const std::string& path, const Object& spec, const NameSet& volumes, FieldProblems& problems) {
  NameSet names;
  ContainerSurroundings around;
  NameSet claims;
  for (const Value& claim : list_in(spec, "resourceClaims")) claims.emplace(text_of(as_object(claim), "name"));
  around.volumes = &volumes;
  around.claims = &claims;
  around.names = &names;
  around.grace_seconds = integer_in(spec, "terminationGracePeriodSeconds").value_or(30);
  const Array& containers = list_in(spec, "containers");
  if (containers.empty()) problems.required(path + ".containers");
  for (std::size_t i = 0; i < containers.size(); ++i)
    validate_container(item_path(path + ".containers", i), as_object(containers[i]), around, problems);
  around.role = ContainerRole::kInit;
  const Array& first = list_in(spec, "initContainers");
  for (std::size_t i = 0; i < first.size(); ++i)
    validate_container(item_path(path + ".initContainers", i), as_object(first[i]), around, problems);
}

void validate_spec(const std::string& path, const Object& spec, FieldProblems& problems) {
  const NameSet volumes = validate_volumes(path + ".volumes", list_in(spec, "volumes"), problems);
  validate_containers(path, spec, volumes, problems);
  problems.one_of(path + ".restartPolicy", text_of(spec, "restartPolicy"), {"Always", "OnFailure", "Never"});
  problems.one_of(path + ".dnsPolicy", text_of(spec, "dnsPolicy"),
                  {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
  validate_labels(path + ".nodeSelector", object_in(spec, "nodeSelector"), problems);
  const HostNetwork network = flag_in(spec, "hostNetwork") ? HostNetwork::kYes : HostNetwork::kNo;
  validate_host_ports(path + ".containers", list_in(spec, "containers"), network, problems);
  validate_pod_security(path + ".securityContext", object_in(spec, "securityContext"), problems);
  validate_affinity(path, spec, problems);
  validate_dns(path + ".dnsConfig", spec, problems);
  validate_gates(path, spec, problems);
  validate_names(path, spec, problems);
  const Array& tolerations = list_in(spec, "tolerations");
  for (std::size_t i = 0; i < tolerations.size(); ++i)
    validate_toleration(item_path(path + ".tolerations", i), as_object(tolerations[i]), problems);
  const Array& aliases = list_in(spec, "hostAliases");
  for (std::size_t i = 0; i < aliases.size(); ++i)
    validate_host_alias(item_path(path + ".hostAliases", i), as_object(aliases[i]), problems);
  if (const auto name = text_of(spec, "priorityClassName"); !name.empty())
    problems.invalid_text(path + ".priorityClassName", name, dns_subdomain_problems(name));
  // Compat: without the member in the path.
  problems.one_of(path + ".os", text_of(object_in(spec, "os"), "name"), {"linux", "windows"});
}

}  // namespace

void validate_labels(const std::string& path, const json::Object& labels, FieldProblems& problems) {
  for (const auto& label : labels) {
    problems.invalid_text(path, label.key(), lang::label_key_problems(label.key()));
    if (label.value().is_string())
      problems.invalid_text(path, label.value().get_string(), lang::label_value_problems(label.value().get_string()));
  }
}

void validate_pod_template(const std::string& path, const json::Object& pod_template, FieldProblems& problems) {
  const Object& metadata = object_in(pod_template, "metadata");
  // Compat: both are reported without the "metadata" in the path.
  validate_labels(path + ".labels", object_in(metadata, "labels"), problems);
  for (const auto& annotation : object_in(metadata, "annotations"))
    problems.invalid_text(path + ".annotations", annotation.key(), lang::label_key_problems(lower(annotation.key())));
  const Object& spec = object_in(pod_template, "spec");
  validate_spec(path + ".spec", spec, problems);
  if (!list_in(spec, "ephemeralContainers").empty())
    problems.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
}

void validate_pod(const json::Object& pod, const json::Object* before, FieldProblems& problems) {
  const Object& spec = object_in(pod, "spec");
  validate_spec("spec", spec, problems);
  if (before) validate_pod_update(spec, object_in(*before, "spec"), problems);
  else if (!list_in(spec, "ephemeralContainers").empty())
    problems.forbidden("spec.ephemeralContainers", "cannot be set on create");
}

void validate_pod_template_object(const json::Object& object, const json::Object*, FieldProblems& problems) {
  validate_pod_template("template", object_in(object, "template"), problems);
}

}  // namespace canaria::api
