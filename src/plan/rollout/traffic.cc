// Traffic: the weight that the canary should have now, the routes that give it, and what the status says of it.
//
// The rule that matters: a weight is only raised once the pods for it are available, and traffic only moves back to a stable
// version that can take it. A route that cannot be written ends the pass: sizes never change ahead of the traffic.
#include <algorithm>
#include <fmt/format.h>

#include "json/patch.h"
#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"
#include "plan/rollout/stages.h"
#include "plan/rollout/traffic_routes.h"

namespace canaria::plan {
namespace {

struct Wanted {
  std::int32_t weight = 0;
  std::string canary_hash;
  std::string why;
};

// The nearest setWeight before step `index`; 0 if none.
std::int32_t weight_before(const View& view, std::int32_t index) {
  const auto& steps = view.canary().steps;
  for (auto at = std::min<std::size_t>(static_cast<std::size_t>(std::max(0, index)), steps.size()); at-- > 0;)
    if (steps[at].setWeight) return *steps[at].setWeight;
  return 0;
}

// Stable is the current version again, but its pods are still growing back (dynamicStableScale).
bool is_returning_slowly(const View& view) {
  const auto& weights = view.rollout.status.canary.weights;
  return is_stable_dynamic(view.rollout) && view.rollout.is_fully_promoted() && weights &&
         weights->canary.podTemplateHash != view.current_hash() && available_pods(view.roles.new_set) < view.rollout.replicas();
}

// First match wins; the rows are those of the reference.
Wanted wanted_weight(const View& view) {
  const api::Rollout& rollout = view.rollout;
  Wanted wanted{0, view.current_hash(), ""};
  const std::int32_t steps = rollout.step_count();
  if (is_returning_slowly(view)) {
    wanted.canary_hash = rollout.status.canary.weights->canary.podTemplateHash;
    wanted.weight = return_traffic_weight(rollout, view.roles);
    wanted.why = "goes back as far as the stable pods can take it";
  } else if (rollout.is_fully_promoted()) {
    wanted.why = "the new version is the stable one";
  } else if (rollout.status.abort) {
    wanted.weight = return_traffic_weight(rollout, view.roles);
    wanted.why = "aborted";
  } else if (available_pods(view.roles.new_set) == 0) {
    wanted.why = "the new version has no available pod";
  } else if (rollout.status.promoteFull) {
    wanted.weight = promotion_traffic_weight(rollout, view.roles);
    wanted.why = "full promotion requested";
  } else if (steps == 0) {
    wanted.why = "there are no steps: traffic moves with the promotion";
  } else if (!at_desired_counts(rollout, view.roles, std::nullopt)) {
    wanted.weight = weight_before(view, rollout.step_index());
    wanted.why = "the pods of this step are not there yet";
  } else if (rollout.step_index() < steps) {
    wanted.weight = step_weight(rollout);
    wanted.why = fmt::format("step {} of {}", rollout.step_index() + 1, steps);
  } else {
    wanted.weight = rollout.max_weight();
    wanted.why = "all steps are done";
  }
  return wanted;
}

// Whether the stable version can take what the canary does not get.
bool can_stable_serve(const View& view, std::int32_t weight) {
  if (!view.roles.stable) return false;
  const std::int64_t most = view.rollout.max_weight();
  if (most <= 0) return true;
  const std::int64_t need = (most - weight) * view.rollout.replicas() / most;
  return available_pods(view.roles.stable) >= need || meets_threshold(view.rollout, view.roles.stable, as_count(need));
}

api::TrafficWeights weights_status(const View& view, const Wanted& wanted) {
  api::TrafficWeights weights;
  weights.canary = {wanted.weight, view.canary().canaryService, wanted.canary_hash};
  weights.stable = {view.rollout.max_weight() - wanted.weight, view.canary().stableService, view.roles.stable->hash()};
  weights.verified = true;
  return weights;
}

void record(const View& view, const Wanted& wanted, Pass& pass) {
  const auto& before = view.rollout.status.canary.weights;
  api::TrafficWeights weights = weights_status(view, wanted);
  const bool is_same =
      before && before->canary == weights.canary && before->stable == weights.stable && before->additional.empty();
  if (!is_same) {
    std::string change;
    if (!before) change = fmt::format("to {}", wanted.weight);
    else if (before->canary.weight != weights.canary.weight)
      change = fmt::format("from {} to {}", before->canary.weight.value_or(0), wanted.weight);
    pass.tell(api::EventType::kNormal, "TrafficWeightUpdated", "Traffic weight updated " + change);
  }
  pass.status.canary.weights = std::move(weights);
}

Routed fail_routing(Error error, Pass& pass) {
  pass.tell(api::EventType::kWarning, "TrafficRoutingError", error.message);
  pass.failure = std::move(error);
  return Routed::kFailed;
}

// The Services between which the routes split. Ping and pong trade roles with every promotion.
TrafficSplit split_of(const View& view, std::int32_t weight) {
  TrafficSplit split{view.canary().stableService, view.canary().canaryService, view.rollout.max_weight() - weight, weight};
  if (const auto& pair = view.canary().pingPong) {
    const bool is_ping_stable = view.rollout.status.canary.stablePingPong == "ping";
    split.stable_service = is_ping_stable ? pair->pingService : pair->pongService;
    split.canary_service = is_ping_stable ? pair->pongService : pair->pingService;
  }
  return split;
}

Status write_routes(const View& view, const GatewayApiRouter& router, const Wanted& wanted, Pass& pass) {
  for (const TrafficRoute& route : view.snapshot.routes) {
    if (route.object.is_null())
      return fail(Code::kNotFound,
                  fmt::format("{} \"{}\" not found", route.reference.resource.qualified(), route.reference.key.name));
    const TrafficSplit split = split_of(view, wanted.weight);
    TRY(const json::Value changed, with_split(router, route.reference, route.object, split));
    json::Value patch = json::merge_diff(route.object, changed);
    if (patch.get_object().empty()) continue;
    pass.act(UpdateRoute{route.reference.resource, route.reference.key,
                         std::string(json::text_at(route.object, "metadata.resourceVersion")), wanted.weight, std::move(patch)},
             wanted.why);
  }
  return {};
}

}  // namespace

Routed plan_traffic(const View& view, Pass& pass) {
  const json::Value* config = gateway_api_config(view.rollout);
  if (!config) {
    pass.status.canary.weights.reset();  // no router is configured
    return Routed::kDone;
  }
  auto router = parse_gateway_api(*config, view.rollout.metadata.namespace_);
  if (!router) return fail_routing(router.error(), pass);
  const Wanted wanted = wanted_weight(view);
  // Until stable can take its share nothing moves; what was recorded stays.
  if (!can_stable_serve(view, wanted.weight)) return Routed::kDone;
  if (Status written = write_routes(view, *router, wanted, pass); !written) return fail_routing(written.error(), pass);
  record(view, wanted, pass);
  return Routed::kDone;
}

const json::Value* gateway_api_config(const api::Rollout& rollout) {
  if (!rollout.canary() || !rollout.canary()->trafficRouting) return nullptr;
  const json::Value& plugins = rollout.canary()->trafficRouting->plugins;
  return plugins.is_object() ? plugins.get_object().if_contains(api::kGatewayApiPlugin) : nullptr;
}

std::vector<RouteReference> routes_of(const api::Rollout& rollout) {
  const json::Value* config = gateway_api_config(rollout);
  if (!config) return {};
  auto router = parse_gateway_api(*config, rollout.metadata.namespace_);
  return router ? std::move(router->routes) : std::vector<RouteReference>();
}

}  // namespace canaria::plan
