// The Gateway API router: which routes a Rollout names, and a route with the weights that a canary should have.
//
// Configured like the incumbent's plugin, under spec.strategy.canary.trafficRouting.plugins["argoproj-labs/gatewayAPI"]. Pure:
// an object goes in, an object comes out; reading and writing it is the controller's business. Header and mirror routes,
// experiments and route selectors are not here yet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/meta/resource.h"
#include "base/result.h"
#include "json/value.h"

namespace canaria::plan {

struct RouteReference {
  api::Resource resource;
  api::ObjectKey key;
  bool operator==(const RouteReference&) const = default;
};

struct GatewayApiRouter {
  std::vector<RouteReference> routes;  // HTTP, GRPC, TCP, TLS, in the order of their lists
  // The label that tells GitOps tools to ignore weights; an empty key: none.
  std::string progress_label_key = "rollouts.argoproj.io/gatewayapi-canary";
  std::string progress_label_value = "in-progress";
};

// The router of a plugin configuration. Keys are matched without regard to case and unknown ones ignored, as the incumbent
// does. Fails with kInvalid when no route is named, in its words, and on a selector, which this version cannot carry out.
Result<GatewayApiRouter> parse_gateway_api(const json::Value& config, const std::string& namespace_);

struct TrafficSplit {
  std::string stable_service;
  std::string canary_service;
  std::int32_t stable = 100;
  std::int32_t canary = 0;
};

// The route with these weights in every rule that names both Services (TCP and TLS: every reference to either), and with or
// without the progress label; everything else as it is. Fails with kInvalid when no rule does, in the words of the incumbent.
Result<json::Value> with_split(const GatewayApiRouter& router, const RouteReference& reference, json::Value route,
                               const TrafficSplit& split);

}  // namespace canaria::plan
