// The rules on the pod template. Of what Kubernetes checks in a pod only the mistakes that people make are repeated here:
// an invalid template that gets through is refused by the API server when its ReplicaSet is created, and shows up then.

#include <algorithm>
#include <cctype>
#include <set>

#include "api/core/pod_template.h"
#include "api/rollouts/validation_rules.h"
#include "json/codec.h"
#include "lang/selector.h"

namespace canaria::api {
namespace {

constexpr std::string_view kDnsLabelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
    "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::size_t kDnsLabelMax = 63;

bool is_dns_label(std::string_view text) {
  const auto is_word = [](char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'); };
  return !text.empty() && is_word(text.front()) && is_word(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char letter) { return is_word(letter) || letter == '-'; });
}

const json::Array& list_at(const json::Value& value, std::string_view path) {
  static const json::Array kNone;
  const auto* found = json::find(value, path);
  const auto* array = found ? found->if_array() : nullptr;
  return array ? *array : kNone;
}

bool is_present(const json::Value& value, std::string_view path) {
  const auto* found = json::find(value, path);
  return found && !found->is_null();
}

// Labels and annotations.
// Compat: Kubernetes reports both without the "metadata" in the path.
void validate_metadata(const json::Value& pod_template, FieldErrors& errors) {
  if (const auto* labels = json::find(pod_template, "metadata.labels")) {
    for (const auto& [key, value] : json::decode<StringMap>(*labels)) {
      for (const auto& problem : lang::label_key_problems(key)) errors.invalid("spec.template.labels", json::Value(key), problem);
      for (const auto& problem : lang::label_value_problems(value))
        errors.invalid("spec.template.labels", json::Value(value), problem);
    }
  }
  if (const auto* annotations = json::find(pod_template, "metadata.annotations")) {
    for (const auto& [key, value] : json::decode<StringMap>(*annotations)) {
      std::string lower = key;  // annotation keys may have capitals in their prefix
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
      for (const auto& problem : lang::label_key_problems(lower))
        errors.invalid("spec.template.annotations", json::Value(key), problem);
    }
  }
}

void validate_name(const std::string& path, std::string_view name, std::set<std::string, std::less<>>& names,
                   FieldErrors& errors) {
  if (name.empty()) {
    errors.required(path);
    return;
  }
  const json::Value printed(name);
  if (name.size() > kDnsLabelMax) errors.invalid(path, printed, "must be no more than 63 bytes");
  if (!is_dns_label(name)) errors.invalid(path, printed, kDnsLabelText);
  if (!names.emplace(name).second) errors.duplicate(path, printed);
}

void validate_ports(const std::string& path, const json::Array& ports, FieldErrors& errors) {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string port_path = element(path, i) + ".containerPort";
    const auto port = json::int_at(ports[i], "containerPort");
    if (port == 0) errors.required(port_path);
    else if (port < 1 || port > 65535) errors.invalid(port_path, port, "must be between 1 and 65535, inclusive");
  }
}

void validate_mounts(const std::string& path, const json::Array& mounts, const std::set<std::string, std::less<>>& volumes,
                     FieldErrors& errors) {
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const std::string mount_path = element(path, i);
    const auto name = json::text_at(mounts[i], "name");
    if (name.empty()) errors.required(mount_path + ".name");
    else if (!volumes.contains(name)) errors.not_found(mount_path + ".name", json::Value(name));
    if (json::text_at(mounts[i], "mountPath").empty()) errors.required(mount_path + ".mountPath");
  }
}

void validate_container(const std::string& path, const json::Value& container, const std::set<std::string, std::less<>>& volumes,
                        std::set<std::string, std::less<>>& names, FieldErrors& errors) {
  validate_name(path + ".name", json::text_at(container, "name"), names, errors);
  const auto image = json::text_at(container, "image");
  if (image.empty()) errors.required(path + ".image");
  else if (std::isspace(static_cast<unsigned char>(image.front())) || std::isspace(static_cast<unsigned char>(image.back())))
    errors.invalid(path + ".image", json::Value(image), "must not have leading or trailing whitespace");
  validate_ports(path + ".ports", list_at(container, "ports"), errors);
  const auto& variables = list_at(container, "env");
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (json::text_at(variables[i], "name").empty()) errors.required(element(path + ".env", i) + ".name");
  validate_mounts(path + ".volumeMounts", list_at(container, "volumeMounts"), volumes, errors);
  const auto policy = json::text_at(container, "imagePullPolicy");
  if (!policy.empty() && policy != "Always" && policy != "IfNotPresent" && policy != "Never")
    errors.unsupported(path + ".imagePullPolicy", json::Value(policy), R"("Always", "IfNotPresent", "Never")");
}

// Rule 8, as far as it goes.
void validate_pod(const json::Value& pod_template, FieldErrors& errors) {
  validate_metadata(pod_template, errors);
  std::set<std::string, std::less<>> volumes;
  const auto& listed = list_at(pod_template, "spec.volumes");
  for (std::size_t i = 0; i < listed.size(); ++i)
    validate_name(element("spec.template.spec.volumes", i) + ".name", json::text_at(listed[i], "name"), volumes, errors);
  std::set<std::string, std::less<>> names;
  const auto& containers = list_at(pod_template, "spec.containers");
  if (containers.empty()) errors.required("spec.template.spec.containers");
  for (std::size_t i = 0; i < containers.size(); ++i)
    validate_container(element("spec.template.spec.containers", i), containers[i], volumes, names, errors);
  const auto& init_containers = list_at(pod_template, "spec.initContainers");
  for (std::size_t i = 0; i < init_containers.size(); ++i)
    validate_container(element("spec.template.spec.initContainers", i), init_containers[i], volumes, names, errors);
}

}  // namespace

StringMap template_labels(const std::string& pod_template) {
  const auto parsed = json::parse(pod_template);
  const auto* labels = parsed ? json::find(*parsed, "metadata.labels") : nullptr;
  return labels ? json::decode<StringMap>(*labels) : StringMap();
}

bool has_template_metadata(const std::string& pod_template) {
  const auto parsed = json::parse(pod_template);
  if (!parsed) return false;
  for (const char* part : {"metadata.labels", "metadata.annotations"}) {
    const auto* found = json::find(*parsed, part);
    if (found && has_entries(*found)) return true;
  }
  return false;
}

void validate_template(const std::string& pod_template, FieldErrors& errors) {
  const auto parsed = json::parse(pod_template);
  const json::Value content = parsed ? *parsed : json::Value(json::Object());
  // 8.
  validate_pod(content, errors);
  // 9. Kubernetes fills "Always" in before it looks, so an unset policy is fine below.
  if (!list_at(content, "spec.ephemeralContainers").empty())
    errors.forbidden("spec.template.spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
  // 10. A word that is no policy at all is refused by rule 8 already.
  const auto policy = json::text_at(content, "spec.restartPolicy");
  if (!policy.empty() && policy != "Always") {
    const std::string path = "spec.template.spec.restartPolicy";
    if (policy != "OnFailure" && policy != "Never")
      errors.unsupported(path, json::Value(policy), R"("Always", "OnFailure", "Never")");
    errors.unsupported(path, json::Value(policy), R"("Always")");
  }
  // 11.
  if (is_present(content, "spec.activeDeadlineSeconds"))
    errors.forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
}

}  // namespace canaria::api
