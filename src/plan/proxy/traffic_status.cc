#include "plan/proxy/traffic_status.h"

#include <algorithm>

#include "json/codec.h"

namespace canaria::plan::proxy {
namespace {

const json::Array& array_at(const json::Value& value, std::string_view path) {
  static const json::Array kEmpty;
  const json::Value* found = json::find(value, path);
  return found && found->is_array() ? found->get_array() : kEmpty;
}

// The condition; its time is when its truth last changed, which the one before knows.
json::Object condition(std::string_view type, const Verdict& verdict, std::int64_t generation, const json::Array& before,
                       Time now) {
  json::Object made{{"type", type},
                    {"status", verdict.is_true ? "True" : "False"},
                    {"reason", verdict.reason},
                    {"message", verdict.message},
                    {"observedGeneration", generation},
                    {"lastTransitionTime", format_time(now)}};
  for (const json::Value& old : before)
    if (json::text_at(old, "type") == type && json::text_at(old, "status") == made["status"].as_string() &&
        !json::text_at(old, "lastTransitionTime").empty())
      made["lastTransitionTime"] = json::text_at(old, "lastTransitionTime");
  return made;
}

// ---- HTTPRoute

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    if (text.find(word) == std::string::npos) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Verdict resolved_verdict(const RouteReport& report) {
  Verdict verdict = report.resolved;
  if (verdict.is_true && !report.without_endpoints.empty())
    verdict.message =
        "no ready endpoints: " + joined(report.without_endpoints) + "; their share goes to the other backends, if any";
  return verdict;
}

json::Value route_status(const HttpRoute& route, const RouteReport& report, const ListenerProblems& problems, Time now) {
  json::Array parents;
  const json::Array& before = array_at(route.status, "parents");
  for (std::size_t i = 0; i < report.parents.size(); ++i) {
    const ParentReport& parent = report.parents[i];
    static const json::Array kNone;
    const json::Array& old = i < before.size() ? array_at(before[i], "conditions") : kNone;
    Verdict accepted = parent.accepted;
    for (const std::string& listener : parent.listeners)
      if (const auto problem = problems.find(listener); problem != problems.end())
        accepted.message += (accepted.message.empty() ? "" : "; ") + problem->second;
    json::Value reference = json::encode(parent.parent);
    // The group of a Service is the empty one, which has to be told.
    reference.get_object()["group"] = parent.parent.group;
    parents.push_back(json::Object{
        {"parentRef", std::move(reference)},
        {"controllerName", kControllerName},
        {"conditions", json::Array{condition("Accepted", accepted, route.metadata.generation, old, now),
                                   condition("ResolvedRefs", resolved_verdict(report), route.metadata.generation, old, now)}}});
  }
  return json::Object{{"parents", std::move(parents)}};
}

// ---- Gateway

const json::Array& listener_conditions(const Gateway& gateway, const std::string& name) {
  for (const json::Value& listener : array_at(gateway.status, "listeners"))
    if (json::text_at(listener, "name") == name) return array_at(listener, "conditions");
  return array_at(json::Value(), "");
}

Verdict programmed_verdict(const ListenerReport& listener, const ListenerProblems& problems) {
  if (!listener.accepted.is_true) return {false, "Invalid", listener.accepted.message};
  const auto problem = problems.find(listener.model_listener);
  if (problem == problems.end()) return {true, "Programmed", ""};
  return {problem->second.starts_with("listens on"), problem->second.starts_with("listens on") ? "Programmed" : "PortUnavailable",
          problem->second};
}

json::Value gateway_status(const Gateway& gateway, const GatewayReport& report, const std::string& address,
                           const ListenerProblems& problems, Time now) {
  const std::int64_t generation = gateway.metadata.generation;
  const json::Array& before = array_at(gateway.status, "conditions");
  json::Array listeners;
  std::string unprogrammed;
  for (const ListenerReport& listener : report.listeners) {
    const json::Array& old = listener_conditions(gateway, listener.name);
    const Verdict programmed = programmed_verdict(listener, problems);
    if (!programmed.is_true) unprogrammed += (unprogrammed.empty() ? "" : "; ") + listener.name + ": " + programmed.message;
    json::Array kinds;
    if (listener.accepted.is_true) kinds.push_back(json::Object{{"group", "gateway.networking.k8s.io"}, {"kind", "HTTPRoute"}});
    listeners.push_back(
        json::Object{{"name", listener.name},
                     {"supportedKinds", std::move(kinds)},
                     {"attachedRoutes", listener.attached_routes},
                     {"conditions", json::Array{condition("Accepted", listener.accepted, generation, old, now),
                                                condition("Programmed", programmed, generation, old, now),
                                                condition("ResolvedRefs", {true, "ResolvedRefs", ""}, generation, old, now)}}});
  }
  json::Array addresses;
  if (!address.empty()) addresses.push_back(json::Object{{"type", "IPAddress"}, {"value", address}});
  const Verdict accepted =
      unprogrammed.empty() ? Verdict{true, "Accepted", ""} : Verdict{true, "ListenersNotValid", unprogrammed};
  const Verdict programmed = address.empty()        ? Verdict{false, "AddressNotAssigned", "no address is free"}
                             : unprogrammed.empty() ? Verdict{true, "Programmed", ""}
                                                    : Verdict{false, "Invalid", unprogrammed};
  return json::Object{{"addresses", std::move(addresses)},
                      {"conditions", json::Array{condition("Accepted", accepted, generation, before, now),
                                                 condition("Programmed", programmed, generation, before, now)}},
                      {"listeners", std::move(listeners)}};
}

// ---- Ingress

json::Value ingress_status(const std::string& address, const ListenerProblems& problems) {
  json::Object port{{"port", 80}, {"protocol", "TCP"}};
  if (const auto problem = problems.find("ingress:80"); problem != problems.end()) port["error"] = "canaria.io/PortMovedOrInUse";
  return json::Object{
      {"loadBalancer",
       json::Object{{"ingress", json::Array{json::Object{{"ip", address}, {"ports", json::Array{std::move(port)}}}}}}}};
}

}  // namespace

std::vector<StatusWrite> status_writes(const TrafficObjects& objects, const GivenAddresses& addresses, const TrafficPlan& plan,
                                       const ListenerProblems& problems, Time now) {
  std::vector<StatusWrite> writes;
  const auto add_if_new = [&writes](const api::Resource& resource, const auto& object, json::Value status) {
    if (object.status != status) writes.emplace_back(resource, object.metadata.key(), std::move(status));
  };
  for (const auto& gateway : objects.gateways) {
    const auto address = addresses.gateways.find(gateway->metadata.key());
    add_if_new(api::resources::gateways(), *gateway,
               gateway_status(*gateway, plan.gateways.at(gateway->metadata.key()),
                              address == addresses.gateways.end() ? "" : address->second, problems, now));
  }
  for (const auto& route : objects.routes)
    add_if_new(api::resources::http_routes(), *route, route_status(*route, plan.routes.at(route->metadata.key()), problems, now));
  for (const auto& ingress : objects.ingresses)
    if (!addresses.ingress.empty())
      add_if_new(api::resources::ingresses(), *ingress, ingress_status(addresses.ingress, problems));
  return writes;
}

}  // namespace canaria::plan::proxy
