#include "plan/proxy/plan_traffic.h"

#include <algorithm>

#include "plan/proxy/backend_book.h"
#include "plan/proxy/route_rules.h"

namespace canaria::plan::proxy {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// A listener while routes are still being added to it.
struct OpenListener {
  Listener listener;
  std::vector<RankedMatch> matches;
};

class Planner {
 public:
  Planner(const TrafficObjects& objects, const GivenAddresses& addresses, const RefusedPatterns& refused)
      : objects_(objects), addresses_(addresses), refused_(refused), book_(objects) {}

  TrafficPlan run() {
    book_.fill(plan_.model.backends);
    for (const auto& service : objects_.services) add_service(*service);
    for (const auto& gateway : objects_.gateways) add_gateway(*gateway);
    for (const auto& route : objects_.routes) add_route(*route);
    for (const auto& ingress : objects_.ingresses) add_ingress(*ingress);
    for (auto& [place, open] : open_) close(open);
    return std::move(plan_);
  }

 private:
  void add_service(const Service& service) {
    if (!has_cluster_address(service)) return;
    for (const ServicePort& port : service.spec.ports) {
      const std::string backend = BackendBook::name_of(service.metadata.key(), port.port);
      if (!carries_traffic(port)) continue;
      Listener listener;
      listener.name = "service." + backend;
      listener.place = {service.spec.clusterIP, port.port};
      listener.protocol = plan_.model.backends.at(backend).protocol;
      listener.default_backend = backend;
      const ListenPlace place = listener.place;
      open_.try_emplace(place, OpenListener{std::move(listener), {}});
    }
  }

  void add_gateway(const Gateway& gateway) {
    const api::ObjectKey key = gateway.metadata.key();
    GatewayReport& report = plan_.gateways[key];
    const auto address = addresses_.gateways.find(key);
    for (const GatewayListener& wanted : gateway.spec.listeners) {
      ListenerReport listener;
      listener.name = wanted.name;
      if (wanted.protocol != "HTTP")
        listener.accepted = {false, "UnsupportedProtocol",
                             "protocol " + wanted.protocol + " is not served on one machine, only HTTP"};
      else if (address == addresses_.gateways.end())
        listener.accepted = {false, "AddressNotAssigned", "no address is free for this Gateway"};
      else listener.model_listener = open_http({address->second, wanted.port}, "gateway." + key.namespace_ + "." + key.name);
      report.listeners.push_back(std::move(listener));
    }
  }

  // Listeners of one Gateway on the same port differ in their host names only and share what they listen on.
  std::string open_http(const ListenPlace& place, const std::string& owner) {
    Listener listener;
    listener.name = owner + ":" + std::to_string(place.port);
    listener.place = place;
    const std::string name = listener.name;
    open_.try_emplace(place, OpenListener{std::move(listener), {}});
    return name;
  }

  void add_route(const HttpRoute& route) {
    RouteReport& report = plan_.routes[route.metadata.key()];
    const std::string problem = unsupported_part(route, refused_);
    const std::vector<Rule> rules = rules_of(route, book_, plan_.model.backends, report);
    for (const ParentRef& parent : route.spec.parentRefs) {
      ParentReport attached;
      attached.parent = parent;
      if (!problem.empty()) attached.accepted = {false, "UnsupportedValue", problem};
      else if (parent.kind == "Service") attach_to_service(route, rules, attached);
      else attach_to_gateway(route, rules, attached);
      report.parents.push_back(std::move(attached));
    }
  }

  void attach_to_service(const HttpRoute& route, const std::vector<Rule>& rules, ParentReport& report) {
    const api::ObjectKey key = parent_key(route, report.parent);
    const Service* service = book_.find(key);
    if (!service || !has_cluster_address(*service)) {
      report.accepted = {false, "NoMatchingParent", "there is no Service " + key.text() + " with a cluster IP"};
      return;
    }
    for (const ServicePort& port : service->spec.ports) {
      const auto open = open_.find({service->spec.clusterIP, port.port});
      if (open == open_.end() || (report.parent.port != 0 && report.parent.port != port.port)) continue;
      add_rules(open->second, route, rules, route_hosts(route, ""));
      report.listeners.push_back(open->second.listener.name);
    }
    if (report.listeners.empty())
      report.accepted = {false, "NoMatchingParent", "Service " + key.text() + " has no such TCP port"};
  }

  void attach_to_gateway(const HttpRoute& route, const std::vector<Rule>& rules, ParentReport& report) {
    const api::ObjectKey key = parent_key(route, report.parent);
    const Gateway* gateway = find_gateway(key);
    if (!gateway) {
      report.accepted = {false, "NoMatchingParent", "there is no Gateway " + key.text()};
      return;
    }
    report.accepted = {false, "NoMatchingParent", "Gateway " + key.text() + " has no HTTP listener of that name and port"};
    std::vector<ListenerReport>& reports = plan_.gateways[key].listeners;
    for (std::size_t i = 0; i < gateway->spec.listeners.size(); ++i) {
      const GatewayListener& listener = gateway->spec.listeners[i];
      if (!report.parent.sectionName.empty() && report.parent.sectionName != listener.name) continue;
      if (report.parent.port != 0 && report.parent.port != listener.port) continue;
      if (reports[i].model_listener.empty()) continue;
      attach_to_listener(route, rules, listener, reports[i], report);
    }
    if (!report.listeners.empty()) report.accepted = {true, "Accepted", ""};
  }

  void attach_to_listener(const HttpRoute& route, const std::vector<Rule>& rules, const GatewayListener& listener,
                          ListenerReport& listener_report, ParentReport& report) {
    const api::ObjectKey key = parent_key(route, report.parent);
    const std::string& from = listener.allowedRoutes.namespaces.from;
    if (from != "All" && (from != "Same" || key.namespace_ != route.metadata.namespace_)) {
      report.accepted = {false, "NotAllowedByListeners", "listener " + listener.name + " takes routes from namespaces: " + from};
      return;
    }
    const std::vector<std::string> hosts = route_hosts(route, lower_case(listener.hostname));
    if (hosts.empty()) {
      report.accepted = {false, "NoMatchingListenerHostname", "no hostname fits listener " + listener.name};
      return;
    }
    add_rules(open_.at({addresses_.gateways.at(key), listener.port}), route, rules, hosts);
    ++listener_report.attached_routes;
    report.listeners.push_back(listener_report.model_listener);
  }

  // Empty: none fits. {""}: any host.
  static std::vector<std::string> route_hosts(const HttpRoute& route, const std::string& listener_host) {
    if (route.spec.hostnames.empty()) return {listener_host};
    std::vector<std::string> hosts;
    for (const std::string& host : route.spec.hostnames)
      if (auto common = common_host(listener_host, lower_case(host))) hosts.push_back(std::move(*common));
    return hosts;
  }

  static void add_rules(OpenListener& open, const HttpRoute& route, const std::vector<Rule>& rules,
                        const std::vector<std::string>& hosts) {
    const std::int64_t age = route.metadata.creationTimestamp ? route.metadata.creationTimestamp->time_since_epoch().count() : 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      std::vector<RouteMatch> matches = route.spec.rules[i].matches;
      if (matches.empty()) matches.emplace_back();
      for (const std::string& host : hosts)
        for (const RouteMatch& match : matches)
          open.matches.push_back({{host, match.path, match.method, match.headers, match.queryParams, open.listener.rules.size()},
                                  age,
                                  route.metadata.key().text(),
                                  open.matches.size()});
      open.listener.rules.push_back(rules[i]);
    }
  }

  void add_ingress(const Ingress& ingress) {
    if (addresses_.ingress.empty()) return;
    open_http({addresses_.ingress, 80}, "ingress");
    OpenListener& open = open_.at({addresses_.ingress, 80});
    int position = 0;
    if (ingress.spec.defaultBackend) add_path(open, ingress, "", {"/", "Prefix", *ingress.spec.defaultBackend}, position++);
    for (const IngressRule& rule : ingress.spec.rules)
      for (const IngressPath& path : rule.http.paths) add_path(open, ingress, lower_case(rule.host), path, position++);
  }

  void add_path(OpenListener& open, const Ingress& ingress, const std::string& host, const IngressPath& path, int position) {
    const api::ObjectKey service{ingress.metadata.namespace_, path.backend.service.name};
    const std::string backend = BackendBook::name_of(service, book_.port_number(service, path.backend.service.port));
    Rule rule;
    rule.key = "ingress/" + ingress.metadata.key().text() + "/" + std::to_string(position);
    rule.about = "Ingress " + ingress.metadata.key().text();
    if (plan_.model.backends.contains(backend)) rule.shares.push_back({backend, kWholeSplit});
    else rule.outcome = RuleOutcome::kNoBackend;
    RequestMatch match;
    match.host = host;
    match.path = {path.pathType == "Exact" ? "Exact" : "PathPrefix", path.path.empty() ? "/" : path.path};
    match.rule = open.listener.rules.size();
    const std::int64_t age =
        ingress.metadata.creationTimestamp ? ingress.metadata.creationTimestamp->time_since_epoch().count() : 0;
    open.matches.push_back({std::move(match), age, ingress.metadata.key().text(), open.matches.size()});
    open.listener.rules.push_back(std::move(rule));
  }

  void close(OpenListener& open) {
    std::stable_sort(open.matches.begin(), open.matches.end(), goes_before);
    for (RankedMatch& ranked : open.matches) open.listener.matches.push_back(std::move(ranked.match));
    plan_.model.listeners.push_back(std::move(open.listener));
  }

  static api::ObjectKey parent_key(const HttpRoute& route, const ParentRef& parent) {
    return {parent.namespace_.empty() ? route.metadata.namespace_ : parent.namespace_, parent.name};
  }
  const Gateway* find_gateway(const api::ObjectKey& key) const {
    for (const auto& gateway : objects_.gateways)
      if (gateway->metadata.key() == key) return gateway.get();
    return nullptr;
  }

  const TrafficObjects& objects_;
  const GivenAddresses& addresses_;
  const RefusedPatterns& refused_;
  BackendBook book_;
  std::map<ListenPlace, OpenListener> open_;
  TrafficPlan plan_;
};

}  // namespace

TrafficPlan plan_traffic(const TrafficObjects& objects, const GivenAddresses& addresses, const RefusedPatterns& refused) {
  return Planner(objects, addresses, refused).run();
}

std::vector<std::string> patterns_of(const TrafficObjects& objects) {
  std::vector<std::string> patterns;
  for (const auto& route : objects.routes)
    for (const RouteRule& rule : route->spec.rules)
      for (const RouteMatch& match : rule.matches) {
        if (match.path.type == "RegularExpression") patterns.push_back(match.path.value);
        for (const auto* list : {&match.headers, &match.queryParams})
          for (const TextMatch& text : *list)
            if (text.type == "RegularExpression") patterns.push_back(text.value);
      }
  return patterns;
}

}  // namespace canaria::plan::proxy
