#include "api/built_in_warnings.h"

#include <map>

#include "api/field_problems.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;
using Warnings = std::vector<std::string>;

void about_ports(const std::string& path, const Array& ports, Warnings& found) {
  std::map<std::string, std::string> first;  // by number and protocol
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Object& port = as_object(ports[i]);
    const std::string at = item_path(path, i);
    const std::string number = std::to_string(integer_in(port, "containerPort").value_or(0));
    const std::string protocol(text_of(port, "protocol"));
    const auto host_port = integer_in(port, "hostPort").value_or(0);
    const std::string host_address(text_of(port, "hostIP"));
    if (!host_address.empty() && host_port == 0)
      found.push_back(at + ": hostIP set without hostPort: {Name:" + std::string(text_of(port, "name")) +
                      " HostPort:0 ContainerPort:" + number + " Protocol:" + protocol + " HostIP:" + host_address + "}");
    const auto [known, is_new] = first.emplace(number + protocol + std::to_string(host_port) + host_address, at);
    if (!is_new) found.push_back(at + ": duplicate port definition with " + known->second);
  }
}

void about_variables(const std::string& path, const Array& variables, Warnings& found) {
  std::map<std::string, bool, std::less<>> names;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const std::string name(text_of(as_object(variables[i]), "name"));
    if (!names.emplace(name, true).second)
      found.push_back(item_path(path, i) + ": hides previous definition of " + json::write(Value(name)) +
                      ", which may be dropped when using apply");
  }
}

void about_amounts(const std::string& path, const Object& resources, Warnings& found) {
  for (const char* list : {"limits", "requests"})
    for (const auto& entry : object_in(resources, list)) {
      const std::string_view name = entry.key();
      if ((name != "memory" && name != "ephemeral-storage") || !entry.value().is_string()) continue;
      const auto amount = lang::Quantity::parse(entry.value().get_string());
      if (amount && amount->rounded_up(0) != *amount)
        found.push_back(path + "." + list + "[" + std::string(name) + "]: fractional byte value \"" + amount->canonical() +
                        "\" is invalid, must be an integer");
    }
}

void about_pod(const std::string& path, const Object& spec, Warnings& found) {
  for (const Value& volume : list_in(spec, "volumes")) {
    const Object* projected = object_at(as_object(volume), "projected");
    if (!projected) continue;
    for (const Value& source : list_in(*projected, "sources"))
      if (as_object(source).empty())
        found.push_back("volume " + json::write(Value(text_of(as_object(volume), "name"))) +
                        " (Projected) has no sources provided");
  }
  const Array& secrets = list_in(spec, "imagePullSecrets");
  for (std::size_t i = 0; i < secrets.size(); ++i)
    if (text_of(as_object(secrets[i]), "name").empty())
      found.push_back(item_path(path + ".imagePullSecrets", i) + ".name: invalid empty name \"\"");
  for (const char* list : {"initContainers", "containers"}) {
    const Array& containers = list_in(spec, list);
    for (std::size_t i = 0; i < containers.size(); ++i) {
      const Object& container = as_object(containers[i]);
      const std::string at = item_path(path + "." + list, i);
      about_amounts(at + ".resources", object_in(container, "resources"), found);
      about_variables(at + ".env", list_in(container, "env"), found);
      about_ports(at + ".ports", list_in(container, "ports"), found);
    }
  }
}

// Names of pods are made of these names; they are host names as well, which have no dots.
void about_name(const Object& object, std::string_view used_in, Warnings& found) {
  const auto problems = dns_label_problems(text_of(object_in(object, "metadata"), "name"));
  if (problems.empty()) return;
  std::string list;
  for (const std::string& problem : problems) list += (list.empty() ? "" : " ") + problem;
  found.push_back("metadata.name: this is used in " + std::string(used_in) +
                  ", which can result in surprising behavior; a DNS label is recommended: [" + list + "]");
}

void about_owners(const Object& metadata, Warnings& found) {
  std::map<std::string, int> owners;
  std::string twice;
  for (const Value& owner : list_in(metadata, "ownerReferences")) {
    const std::string uid(text_of(as_object(owner), "uid"));
    if (++owners[uid] == 2) twice += (twice.empty() ? "" : ", ") + uid;
  }
  if (!twice.empty())
    found.push_back(
        ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such "
        "requests as early as 1.24; please fix your requests; duplicate UID(s) observed: " +
        twice);
}

// Built-in kinds refuse such names, custom resources may have them.
void about_finalizers(const Object& metadata, Warnings& found) {
  for (const Value& finalizer : list_in(metadata, "finalizers"))
    if (finalizer.is_string() && finalizer_problems(finalizer.get_string()).size() == 1)
      found.push_back("metadata.finalizers: " + json::write(finalizer) +
                      ": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers");
}

}  // namespace

std::vector<std::string> warnings(std::string_view api_version, std::string_view kind, const json::Value& object) {
  Warnings found;
  const Object& content = as_object(object);
  const Object& spec = object_in(content, "spec");
  about_owners(object_in(content, "metadata"), found);
  about_finalizers(object_in(content, "metadata"), found);
  const bool is_workload = (api_version == "apps/v1" && (kind == "Deployment" || kind == "ReplicaSet")) ||
                           (api_version == "batch/v1" && kind == "Job");
  if (is_workload) {
    about_name(content, "Pod names and hostnames", found);
    about_pod("spec.template.spec", object_in(object_in(spec, "template"), "spec"), found);
  }
  if (api_version != "v1") return found;
  if (kind == "Pod") {
    about_name(content, "the Pod's hostname", found);
    about_pod("spec", spec, found);
  }
  if (kind == "Service" && !text_of(spec, "externalName").empty() && text_of(spec, "type") != "ExternalName")
    found.emplace_back("spec.externalName is ignored when spec.type is not \"ExternalName\"");
  return found;
}

}  // namespace canaria::api
