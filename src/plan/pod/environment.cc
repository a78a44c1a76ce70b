#include "plan/pod/environment.h"

#include <algorithm>
#include <cmath>

#include "lang/quantity.h"

namespace canaria::plan {
namespace {

// WEB_SERVICE for "web-service".
std::string variable_name(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    if (c == '-') return '_';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

void add_service(Environment& environment, const ServiceFacts& service) {
  if (service.address.empty() || service.address == "None" || service.ports.empty()) return;
  const std::string name = variable_name(service.name);
  const auto url = [&](const ServiceFacts::Port& port, std::string protocol) {
    return protocol + "://" + service.address + ":" + std::to_string(port.port);
  };
  const auto lower = [](std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text.empty() ? std::string("tcp") : text;
  };
  environment.set(name + "_SERVICE_HOST", service.address);
  environment.set(name + "_SERVICE_PORT", std::to_string(service.ports.front().port));
  for (const auto& port : service.ports)
    if (!port.name.empty()) environment.set(name + "_SERVICE_PORT_" + variable_name(port.name), std::to_string(port.port));
  environment.set(name + "_PORT", url(service.ports.front(), lower(service.ports.front().protocol)));
  for (const auto& port : service.ports) {
    const std::string protocol = lower(port.protocol);
    const std::string prefix = name + "_PORT_" + std::to_string(port.port) + "_" + variable_name(protocol);
    environment.set(prefix, url(port, protocol));
    environment.set(prefix + "_PROTO", protocol);
    environment.set(prefix + "_PORT", std::to_string(port.port));
    environment.set(prefix + "_ADDR", service.address);
  }
}

Status add_all(Environment& environment, const std::string& prefix, const api::ContentRef& ref, const api::StringMap* content,
               const char* kind) {
  if (!content) {
    if (ref.optional) return {};
    return fail(Code::kNotFound, std::string(kind) + " \"" + ref.name + "\" not found");
  }
  for (const auto& [key, value] : *content) environment.set(prefix + key, value);
  return {};
}

// The value, or nothing for an optional reference to what does not exist.
Result<std::optional<std::string>> value_of_key(const api::ContentRef& ref, const api::StringMap* content, const char* object,
                                                const char* kind, const std::string& namespace_) {
  if (!content) {
    if (ref.optional) return std::nullopt;
    return fail(Code::kNotFound, std::string(object) + " \"" + ref.name + "\" not found");
  }
  const auto found = content->find(ref.key);
  if (found != content->end()) return found->second;
  if (ref.optional) return std::nullopt;
  return fail(Code::kNotFound, "couldn't find key " + ref.key + " in " + kind + " " + namespace_ + "/" + ref.name);
}

// The key of metadata.labels['key'] when the path has that form.
std::optional<std::string> subscript(const std::string& path, const std::string& field) {
  if (!path.starts_with(field + "['") || !path.ends_with("']")) return std::nullopt;
  return path.substr(field.size() + 2, path.size() - field.size() - 4);
}

double amount_of(const api::ResourceNeeds& needs, const std::string& path, double node_amount) {
  const bool is_limit = path.starts_with("limits.");
  const std::string resource = path.substr(path.find('.') + 1);
  const auto& amounts = is_limit ? needs.limits : needs.requests;
  const auto found = amounts.find(resource);
  if (found == amounts.end()) return is_limit ? node_amount : 0;
  const auto parsed = lang::Quantity::parse(api::quantity_text(found->second));
  return parsed ? parsed->to_double() : 0;
}

Result<std::optional<std::string>> sourced_value(const PodSnapshot& snapshot, const api::Container& container,
                                                 const api::EnvValueSource& source) {
  const std::string& namespace_ = snapshot.pod->metadata.namespace_;
  if (source.fieldRef) {
    TRY(std::string value, pod_field(snapshot, source.fieldRef->fieldPath));
    return value;
  }
  if (source.resourceFieldRef) {
    TRY(std::string value, resource_field(snapshot, container, *source.resourceFieldRef));
    return value;
  }
  if (source.configMapKeyRef)
    return value_of_key(*source.configMapKeyRef, snapshot.lookup.config_map(source.configMapKeyRef->name), "configmap",
                        "ConfigMap", namespace_);
  if (source.secretKeyRef)
    return value_of_key(*source.secretKeyRef, snapshot.lookup.secret(source.secretKeyRef->name), "secret", "Secret", namespace_);
  return std::nullopt;
}

}  // namespace

Result<std::string> pod_field(const PodSnapshot& snapshot, const std::string& path) {
  const api::ObjectMeta& metadata = snapshot.pod->metadata;
  if (path == "metadata.name") return metadata.name;
  if (path == "metadata.namespace") return metadata.namespace_;
  if (path == "metadata.uid") return metadata.uid;
  if (path == "spec.nodeName") return snapshot.pod->spec.nodeName;
  if (path == "spec.serviceAccountName") return snapshot.pod->spec.serviceAccountName;
  if (path == "status.podIP" || path == "status.podIPs") return snapshot.pod_address;
  if (path == "status.hostIP" || path == "status.hostIPs") return snapshot.host_address;
  if (const auto key = subscript(path, "metadata.labels")) return metadata.label(*key);
  if (const auto key = subscript(path, "metadata.annotations")) return metadata.annotation(*key);
  return fail(Code::kInvalid, "unsupported fieldPath: " + path);
}

Result<std::string> resource_field(const PodSnapshot& snapshot, const api::Container& own, const api::ContainerResourceRef& ref) {
  const api::Container* container = &own;
  if (!ref.containerName.empty()) {
    const auto& all = snapshot.pod->spec.containers;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& item) { return item.name == ref.containerName; });
    if (found == all.end()) return fail(Code::kInvalid, "container " + ref.containerName + " not found");
    container = &*found;
  }
  double node_amount = 0;
  if (ref.resource == "limits.cpu") node_amount = static_cast<double>(snapshot.node_cpu_millis) / 1000;
  else if (ref.resource == "limits.memory") node_amount = static_cast<double>(snapshot.node_memory_bytes);
  else if (ref.resource != "requests.cpu" && ref.resource != "requests.memory")
    return fail(Code::kInvalid, "unsupported container resource : " + ref.resource);
  const auto divisor = lang::Quantity::parse(api::quantity_text(ref.divisor));
  const double unit = divisor && !divisor->is_zero() ? divisor->to_double() : 1;
  const double amount = amount_of(container->resources, ref.resource, node_amount);
  return std::to_string(static_cast<std::int64_t>(std::ceil(amount / unit - 1e-9)));
}

void Environment::set(const std::string& name, std::string value) {
  for (auto& [known, old] : variables_) {
    if (known != name) continue;
    old = std::move(value);
    return;
  }
  variables_.emplace_back(name, std::move(value));
}

const std::string* Environment::find(std::string_view name) const {
  for (const auto& [known, value] : variables_)
    if (known == name) return &value;
  return nullptr;
}

std::string Environment::expand(std::string_view text) const {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$' || at + 1 == text.size()) {
      result += text[at];
      continue;
    }
    if (text[at + 1] == '$') {
      result += '$';
      ++at;
      continue;
    }
    const std::size_t end = text[at + 1] == '(' ? text.find(')', at) : std::string_view::npos;
    const std::string* value = end == std::string_view::npos ? nullptr : find(text.substr(at + 2, end - at - 2));
    if (!value) {
      result += '$';
      continue;
    }
    result += *value;
    at = end;
  }
  return result;
}

Result<Environment> container_environment(const PodSnapshot& snapshot, const api::Container& container) {
  Environment environment;
  const api::RunningPodSpec& spec = snapshot.pod->spec;
  environment.set("HOSTNAME", spec.hostname.empty() ? snapshot.pod->metadata.name : spec.hostname);
  if (spec.enableServiceLinks && snapshot.lookup.services)
    for (const ServiceFacts& service : snapshot.lookup.services()) add_service(environment, service);
  for (const api::EnvFromSource& source : container.envFrom) {
    if (const auto& ref = source.configMapRef) {
      CHECK_OK(add_all(environment, source.prefix, *ref, snapshot.lookup.config_map(ref->name), "configmap"));
    }
    if (const auto& ref = source.secretRef) {
      CHECK_OK(add_all(environment, source.prefix, *ref, snapshot.lookup.secret(ref->name), "secret"));
    }
  }
  for (const api::EnvVariable& variable : container.env) {
    if (!variable.valueFrom) {
      environment.set(variable.name, environment.expand(variable.value));
      continue;
    }
    TRY(std::optional<std::string> value, sourced_value(snapshot, container, *variable.valueFrom));
    if (value) environment.set(variable.name, *std::move(value));
  }
  return environment;
}

}  // namespace canaria::plan
