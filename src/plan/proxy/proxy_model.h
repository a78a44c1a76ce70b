// What the proxy has to look like, as plain values: listeners, rules with their matches and weights, and backends with their
// endpoints. Made from the objects (plan_traffic.h), compared with what runs (runtime_commands.h), written as text
// (config_text.h). Names of backends and keys of rules stay the same as long as the objects do.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/proxy/traffic_objects.h"

namespace canaria::plan::proxy {

// Weights of a rule add up to this.
inline constexpr std::int32_t kWholeSplit = 10'000;

enum class Protocol { kTcp, kHttp };

// An address and port to listen on.
struct ListenPlace {
  std::string address;
  std::int32_t port = 0;
  std::string text() const { return address + ":" + std::to_string(port); }
  auto operator<=>(const ListenPlace&) const = default;
};

// kDraining: it finishes what it has and gets nothing new. kGone, only of those who sit in a slot (server_slots.h): it is no
// endpoint any more.
enum class EndpointState { kReady, kDraining, kGone };
struct Endpoint {
  std::string address;
  std::int32_t port = 0;
  std::string pod;  // empty when unknown
  EndpointState state = EndpointState::kReady;
  std::string place() const { return address + ":" + std::to_string(port); }
  auto operator<=>(const Endpoint&) const = default;
};

// One port of one Service.
struct Backend {
  std::string name;
  api::ObjectKey service;
  std::int32_t port = 0;
  Protocol protocol = Protocol::kTcp;
  std::vector<Endpoint> endpoints;
  bool has_ready() const {
    for (const Endpoint& endpoint : endpoints)
      if (endpoint.state == EndpointState::kReady) return true;
    return false;
  }
  bool operator==(const Backend&) const = default;
};

struct Share {
  std::string backend;
  std::int32_t weight = 0;  // of kWholeSplit
  bool operator==(const Share&) const = default;
};

// kSplit: by shares. kNoBackend: no Service that exists has a weight, so it answers 500. kRedirect: without any backend.
enum class RuleOutcome { kSplit, kNoBackend, kRedirect };
struct Rule {
  std::string key;  // "shop/checkout/0": route and position; the weights are found under it while the proxy runs
  std::string about;  // "HTTPRoute shop/checkout"
  RuleOutcome outcome = RuleOutcome::kSplit;
  std::vector<Share> shares;
  HeaderModifier request_headers;
  HeaderModifier response_headers;
  std::optional<Redirect> redirect;
  std::optional<Rewrite> rewrite;
  bool operator==(const Rule&) const = default;
};

struct RequestMatch {
  std::string host;  // empty: any; "*.example.com": everything below it
  PathMatch path;
  std::string method;
  std::vector<TextMatch> headers;
  std::vector<TextMatch> query;
  std::size_t rule = 0;  // position in the listener's rules
  bool operator==(const RequestMatch&) const = default;
};

struct Listener {
  std::string name;
  ListenPlace place;            // what the objects ask for
  std::int32_t bound_port = 0;  // what it really is; 0: as asked
  Protocol protocol = Protocol::kHttp;
  std::string default_backend;        // of a Service: where everything without a rule goes
  std::vector<RequestMatch> matches;  // the first that fits decides
  std::vector<Rule> rules;
  std::int32_t port() const { return bound_port > 0 ? bound_port : place.port; }
  bool operator==(const Listener&) const = default;
};

struct ProxyModel {
  std::vector<Listener> listeners;
  std::map<std::string, Backend> backends;  // by name
  bool operator==(const ProxyModel&) const = default;
};

}  // namespace canaria::plan::proxy
