#include "plan/workload/endpoint_slices.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/hash.h"
#include "json/codec.h"
#include "json/patch.h"
#include "json/write.h"
#include "plan/workload/claim.h"

namespace canaria::plan::workload {
namespace {

std::string protocol_of(const std::string& text) { return text.empty() ? "TCP" : text; }

std::optional<std::int32_t> target_port(const ServicePort& port, const PodState* pod) {
  if (const auto* number = port.targetPort.if_int64(); number && *number != 0) return static_cast<std::int32_t>(*number);
  const auto* name = port.targetPort.if_string();
  if (!name || name->empty()) return port.port;
  if (!pod) return std::nullopt;
  for (const ContainerPort& candidate : pod->ports)
    if (candidate.name == std::string_view(*name) && protocol_of(candidate.protocol) == protocol_of(port.protocol))
      return candidate.containerPort;
  return std::nullopt;
}

// The ports of a slice with that pod in it; without a pod those that need none to be known.
json::Array slice_ports(const ServiceState& service, const PodState* pod) {
  json::Array ports;
  for (const ServicePort& port : service.ports) {
    const auto number = target_port(port, pod);
    if (!number) continue;
    json::Object entry{{"name", port.name}, {"port", *number}, {"protocol", protocol_of(port.protocol)}};
    if (port.appProtocol) entry["appProtocol"] = *port.appProtocol;
    ports.push_back(std::move(entry));
  }
  return ports;
}

json::Value endpoint_of(const ServiceState& service, const PodState& pod) {
  const bool serving = pod.is_ready();
  const bool ready = service.publishes_unready || (serving && !pod.is_terminating());
  json::Object endpoint;
  endpoint["addresses"] = json::Array{json::Value(pod.address)};
  endpoint["conditions"] = json::Object{{"ready", ready}, {"serving", serving}, {"terminating", pod.is_terminating()}};
  if (!pod.node_name.empty()) endpoint["nodeName"] = pod.node_name;
  endpoint["targetRef"] = json::Object{
      {"kind", "Pod"}, {"namespace", pod.metadata.namespace_}, {"name", pod.metadata.name}, {"uid", pod.metadata.uid}};
  return endpoint;
}

// Who an endpoint is, whatever its conditions say.
std::string identity(const json::Value& endpoint) { return std::string(json::text_at(endpoint, "targetRef.uid")); }

// What one set of ports needs.
struct Group {
  json::Array ports;
  std::map<std::string, json::Value> endpoints;  // by identity
};

std::map<std::string, Group> wanted_groups(const ServiceState& service, const std::vector<const PodState*>& pods) {
  std::map<std::string, Group> groups;
  for (const PodState* pod : pods) {
    if (pod->address.empty() || pod->has_ended()) continue;
    json::Array ports = slice_ports(service, pod);
    if (ports.empty() && !service.ports.empty()) continue;  // none of its ports has the name
    Group& group = groups[json::write(json::Value(ports))];
    group.ports = std::move(ports);
    group.endpoints[pod->metadata.uid] = endpoint_of(service, *pod);
  }
  if (groups.empty()) {
    json::Array ports = slice_ports(service, nullptr);
    Group& empty = groups[json::write(json::Value(ports))];
    empty.ports = std::move(ports);
  }
  return groups;
}

api::StringMap slice_labels(const ServiceState& service) {
  api::StringMap labels{{kServiceNameLabel, service.metadata.name}, {kManagedByLabel, kSliceManager}};
  if (service.is_headless()) labels["service.kubernetes.io/headless"] = "";
  return labels;
}

// Derived, so that creating twice is harmless. The UID keeps apart a Service that replaces another of its name.
std::string slice_name(const ServiceState& service, const std::string& ports, std::size_t index) {
  return service.metadata.name + "-" + safe_encode(fnv1a_32(fmt::format("{}/{}/{}", service.metadata.uid, ports, index)));
}

SliceWrite new_slice(const ServiceState& service, std::string name, json::Array endpoints, const json::Array& ports) {
  static const api::Resource& kServices = api::resources::services();
  json::Array owners;
  owners.push_back(json::encode(controller_reference(kServices, service.metadata)));
  const json::Object metadata{{"name", name},
                              {"namespace", service.metadata.namespace_},
                              {"labels", json::encode(slice_labels(service))},
                              {"ownerReferences", std::move(owners)}};
  json::Object slice{{"apiVersion", "discovery.k8s.io/v1"}, {"kind", "EndpointSlice"}, {"addressType", "IPv4"}};
  slice["metadata"] = metadata;
  slice["endpoints"] = std::move(endpoints);
  slice["ports"] = ports;
  SliceWrite write;
  write.name = std::move(name);
  write.is_new = true;
  write.body = std::move(slice);
  return write;
}

// Puts what is new into slices with room.
class Filling {
 public:
  Filling(const ServiceState& service, const std::string& ports_text, Group group)
      : service_(service), ports_text_(ports_text), group_(std::move(group)) {}

  // Keeps of a present slice what is still wanted, in its order.
  void keep(const SliceState& slice) {
    json::Array kept;
    if (const json::Array* endpoints = slice.endpoints.if_array()) {
      for (const json::Value& endpoint : *endpoints) {
        const auto wanted = group_.endpoints.find(identity(endpoint));
        if (wanted == group_.endpoints.end() || kept.size() == kMostEndpoints) continue;
        kept.push_back(wanted->second);
        group_.endpoints.erase(wanted);
      }
    }
    present_.push_back({&slice, std::move(kept)});
  }

  void finish(SlicePlan& plan, bool keeps_an_empty_one) {
    for (auto& [slice, endpoints] : present_) take(endpoints);
    std::size_t kept = present_.size();
    for (auto& [slice, endpoints] : present_) {
      const bool is_needed = !endpoints.empty() || (keeps_an_empty_one && kept == 1);
      if (!is_needed) {
        --kept;
        plan.remove.push_back(slice->metadata.name);
        continue;
      }
      json::Array none;
      const json::Value& before = slice->endpoints;
      if (!json::same_json(before.is_array() ? before : json::Value(none), json::Value(endpoints)))
        plan.writes.push_back(changed_slice(slice->metadata.name, std::move(endpoints)));
    }
    for (std::size_t index = 0; !group_.endpoints.empty() || (keeps_an_empty_one && kept == 0); ++index) {
      std::string name = slice_name(service_, ports_text_, index);
      if (is_present(name)) continue;
      json::Array endpoints;
      take(endpoints);
      plan.writes.push_back(new_slice(service_, std::move(name), std::move(endpoints), group_.ports));
      ++kept;
    }
  }

 private:
  void take(json::Array& endpoints) {
    while (endpoints.size() < kMostEndpoints && !group_.endpoints.empty()) {
      endpoints.push_back(std::move(group_.endpoints.begin()->second));
      group_.endpoints.erase(group_.endpoints.begin());
    }
  }
  bool is_present(const std::string& name) const {
    return std::any_of(present_.begin(), present_.end(), [&](const auto& entry) { return entry.first->metadata.name == name; });
  }
  static SliceWrite changed_slice(std::string name, json::Array endpoints) {
    SliceWrite write;
    write.name = std::move(name);
    write.body = json::Object{{"endpoints", std::move(endpoints)}};
    return write;
  }

  const ServiceState& service_;
  const std::string& ports_text_;
  Group group_;
  std::vector<std::pair<const SliceState*, json::Array>> present_;
};

}  // namespace

bool ServiceState::selects(const api::StringMap& labels) const {
  return std::all_of(selector.begin(), selector.end(), [&](const auto& wanted) {
    const auto found = labels.find(wanted.first);
    return found != labels.end() && found->second == wanted.second;
  });
}

ServiceState parse_service_state(const json::Value& object) {
  ServiceState service;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, service.metadata);
  service.metadata.annotations.clear();
  service.type = json::text_at(object, "spec.type");
  service.cluster_ip = json::text_at(object, "spec.clusterIP");
  if (const auto* selector = json::find(object, "spec.selector")) json::decode_into(*selector, service.selector);
  if (const auto* ports = json::find(object, "spec.ports")) json::decode_into(*ports, service.ports);
  if (const auto* flag = json::find(object, "spec.publishNotReadyAddresses"))
    service.publishes_unready = flag->is_bool() && flag->get_bool();
  return service;
}

SliceState parse_slice_state(const json::Value& object) {
  SliceState slice;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, slice.metadata);
  if (const auto* endpoints = json::find(object, "endpoints")) slice.endpoints = *endpoints;
  if (const auto* ports = json::find(object, "ports")) slice.ports = *ports;
  return slice;
}

SlicePlan plan_slices(const ServiceState& service, const std::vector<const PodState*>& pods,
                      const std::vector<const SliceState*>& slices) {
  SlicePlan plan;
  if (!service.has_slices() || service.metadata.deletionTimestamp) {
    for (const SliceState* slice : slices) plan.remove.push_back(slice->metadata.name);
    return plan;
  }
  std::map<std::string, Group> groups = wanted_groups(service, pods);
  const bool is_single = groups.size() == 1;
  std::vector<const SliceState*> strangers;
  std::map<std::string, std::vector<const SliceState*>> by_ports;
  for (const SliceState* slice : slices) {
    const auto fits = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return json::same_json(json::Value(group.second.ports),
                             slice->ports.is_array() ? slice->ports : json::Value(json::Array()));
    });
    if (fits == groups.end()) strangers.push_back(slice);
    else by_ports[fits->first].push_back(slice);
  }
  for (auto& [ports_text, group] : groups) {
    const bool is_empty = group.endpoints.empty();
    Filling filling(service, ports_text, std::move(group));
    for (const SliceState* slice : by_ports[ports_text]) filling.keep(*slice);
    filling.finish(plan, is_single && is_empty);
  }
  // Last: until its pods are in another slice they stay where they are.
  for (const SliceState* slice : strangers) plan.remove.push_back(slice->metadata.name);
  return plan;
}

}  // namespace canaria::plan::workload
