// What a valid Rollout may ask for that this version cannot carry out yet. Such a Rollout is refused as a whole, with the
// field that asks for it: carried out halfway, an analysis step would pass without a measurement.
//
// An empty trafficRouting is no use of a router: it only sizes the canary by weight and leaves traffic to someone else.

#include <array>

#include "api/rollouts/validation_rules.h"

namespace canaria::api {
namespace {

const char* what_is_missing(Feature feature) {
  switch (feature) {
    case Feature::kBlueGreen: return "the blue-green strategy is";
    case Feature::kAnalysis: return "analysis is";
    case Feature::kExperiments: return "experiments are";
    case Feature::kTrafficRouters: return "this traffic router is";
    case Feature::kHeaderRoutes: return "header routing is";
    case Feature::kMirrorRoutes: return "traffic mirroring is";
    case Feature::kStepPlugins: return "step plugins are";
  }
  return "this is";
}

void add(std::string path, Feature feature, FieldErrors& errors) {
  errors.forbidden(std::move(path), std::string(what_is_missing(feature)) + " not available in this version of Canaria");
}

void add_routers(const TrafficRouting& routing, FieldErrors& errors) {
  struct Router {
    const char* name;
    const json::Value* part;
  };
  const std::array routers{
      Router{"istio", &routing.istio},     Router{"nginx", &routing.nginx},           Router{"alb", &routing.alb},
      Router{"smi", &routing.smi},         Router{"ambassador", &routing.ambassador}, Router{"appMesh", &routing.appMesh},
      Router{"traefik", &routing.traefik}, Router{"apisix", &routing.apisix}};
  const std::string path = kStrategyPath + "canary.trafficRouting.";
  for (const Router& router : routers)
    if (is_set(*router.part)) add(path + router.name, Feature::kTrafficRouters, errors);
  if (!routing.plugins.is_object()) return;
  for (const auto& [name, config] : routing.plugins.get_object())
    if (name != kGatewayApiPlugin) add(path + "plugins." + std::string(name), Feature::kTrafficRouters, errors);
}

void add_step(const CanaryStep& step, const std::string& path, FieldErrors& errors) {
  if (is_set(step.experiment)) add(path + ".experiment", Feature::kExperiments, errors);
  if (is_set(step.analysis)) add(path + ".analysis", Feature::kAnalysis, errors);
  if (is_set(step.setHeaderRoute)) add(path + ".setHeaderRoute", Feature::kHeaderRoutes, errors);
  if (is_set(step.setMirrorRoute)) add(path + ".setMirrorRoute", Feature::kMirrorRoutes, errors);
  if (is_set(step.plugin)) add(path + ".plugin", Feature::kStepPlugins, errors);
}

}  // namespace

std::vector<FieldError> unavailable_features(const Rollout& rollout) {
  FieldErrors errors;
  if (rollout.spec.strategy.blueGreen) add(kStrategyPath + "blueGreen", Feature::kBlueGreen, errors);
  if (const auto* canary = rollout.canary()) {
    for (std::size_t index = 0; index < canary->steps.size(); ++index)
      add_step(canary->steps[index], element(kStrategyPath + "canary.steps", index), errors);
    if (canary->trafficRouting) add_routers(*canary->trafficRouting, errors);
    // A block without templates is inactive.
    const auto* templates = json::find(canary->analysis, "templates");
    if (templates && has_entries(*templates)) add(kStrategyPath + "canary.analysis", Feature::kAnalysis, errors);
  }
  return errors.take();
}

}  // namespace canaria::api
