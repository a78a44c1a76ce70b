// The rules on the two strategies, without those on single steps.

#include <charconv>

#include "api/rollouts/validation_rules.h"
#include "lang/int_or_percent.h"

namespace canaria::api {
namespace {

constexpr std::int32_t kDefaultRevisionHistoryLimit = 10;

// The number in "30%", "30" or 30; 0 when there is none.
std::int32_t number_in(const std::optional<IntOrString>& share) {
  if (!share) return 25;
  if (const auto* number = std::get_if<std::int32_t>(&share->value)) return *number;
  std::string text = std::get<std::string>(share->value);
  std::erase(text, '%');
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

// Rules a1 and a2.
void validate_anti_affinity(const std::optional<AntiAffinity>& affinity, FieldErrors& errors) {
  if (!affinity) return;
  const bool preferred = affinity->preferredDuringSchedulingIgnoredDuringExecution.has_value();
  const bool required = affinity->requiredDuringSchedulingIgnoredDuringExecution.has_value();
  const std::string path = kStrategyPath + "antiAffinity";
  if (preferred == required) {
    const auto printed = std::string("antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: ") + yes_no(preferred) +
                         " antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: " + yes_no(required);
    errors.invalid(path, json::Value(printed), "AntiAffinity must have exactly one strategy listed");
  }
  if (!preferred) return;
  const auto weight = affinity->preferredDuringSchedulingIgnoredDuringExecution->weight;
  if (weight < 1 || weight > 100) errors.invalid(path + ".weight", weight, "AntiAffinity weight must be between 1-100");
}

// Rules c3 to c6.
void validate_ping_pong(const CanaryStrategy& canary, FieldErrors& errors) {
  if (!canary.pingPong) return;
  const auto& [ping, pong] = *canary.pingPong;
  const auto* routing = canary.trafficRouting ? &*canary.trafficRouting : nullptr;
  if (routing && !is_set(routing->alb) && !is_set(routing->istio) && !has_entries(routing->plugins))
    errors.invalid(kStrategyPath + "trafficRouting.alb", nullptr,
                   "Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only");
  constexpr const char* kBothNeeded = "Ping service and Pong service must to be set to use Ping-Pong feature";
  if (ping.empty()) errors.invalid(kStrategyPath + "pingPong.pingService", "", kBothNeeded);
  if (pong.empty()) errors.invalid(kStrategyPath + "pingPong.pongService", "", kBothNeeded);
  if (!ping.empty() && ping == pong)
    errors.invalid(kStrategyPath + "pingPong.pingService", json::Value(ping),
                   "This rollout uses the same service for the ping and pong services, but two different services are required.");
  if (routing && is_set(routing->alb) && json::text_at(routing->alb, "rootService").empty())
    errors.invalid(kStrategyPath + "trafficRouting.alb.rootService", "",
                   "Root service field is required for the configuration with ALB and ping-pong feature enabled");
}

// Whether one of the routers sends traffic by the names of the two Services.
bool needs_services(const CanaryStrategy& canary) {
  if (!canary.trafficRouting) return false;
  const TrafficRouting& routing = *canary.trafficRouting;
  if (is_set(routing.alb) && !canary.pingPong) return true;
  if (is_set(routing.istio) && !canary.pingPong) {
    const auto* rule = json::find(routing.istio, "destinationRule");
    if (!rule || rule->is_null()) return true;
  }
  for (const json::Value* router :
       {&routing.smi, &routing.apisix, &routing.ambassador, &routing.nginx, &routing.appMesh, &routing.traefik})
    if (is_set(*router)) return true;
  return false;
}

// Rules c8 to c11.
void validate_routing_options(const CanaryStrategy& canary, FieldErrors& errors) {
  const std::string dynamic_path = kStrategyPath + "dynamicStableScale";
  if (!canary.trafficRouting) {
    if (canary.scaleDownDelaySeconds)
      errors.invalid(kStrategyPath + "scaleDownDelaySeconds", *canary.scaleDownDelaySeconds,
                     "Canary scaleDownDelaySeconds can only be used with traffic routing");
    if (canary.dynamicStableScale)
      errors.invalid(dynamic_path, true, "Canary dynamicStableScale can only be used with traffic routing");
    return;
  }
  if (canary.dynamicStableScale && canary.scaleDownDelaySeconds)
    errors.invalid(dynamic_path, true, "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds");
  const TrafficRouting& routing = *canary.trafficRouting;
  if (routing.maxTrafficWeight && !is_set(routing.nginx) && !has_entries(routing.plugins))
    errors.invalid(kStrategyPath + "trafficRouting.maxTrafficWeight", *routing.maxTrafficWeight,
                   "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins");
}

}  // namespace

void validate_blue_green(const RolloutSpec& spec, FieldErrors& errors) {
  const BlueGreenStrategy& blue_green = *spec.strategy.blueGreen;
  // b1. Also when both are missing.
  if (blue_green.activeService == blue_green.previewService)
    errors.invalid(
        kStrategyPath + "activeService", json::Value(blue_green.activeService),
        "This rollout uses the same service for the active and preview services, but two different services are required.");
  // b2.
  const auto limit = blue_green.scaleDownDelayRevisionLimit;
  if (limit && *limit > spec.revisionHistoryLimit.value_or(kDefaultRevisionHistoryLimit))
    errors.invalid(kStrategyPath + "scaleDownDelayRevisionLimit", *limit,
                   "This rollout's revision history limit can not be smaller than the rollout's scale down limit");
  // b3.
  validate_anti_affinity(blue_green.antiAffinity, errors);
}

void validate_canary(const CanaryStrategy& canary, FieldErrors& errors) {
  // c1.
  if (number_in(canary.maxSurge) == 0 && number_in(canary.maxUnavailable) == 0)
    errors.invalid(kStrategyPath + "maxSurge", lang::to_json(*canary.maxSurge),
                   "MaxSurge and MaxUnavailable both can not be zero");
  // c2.
  if (!canary.canaryService.empty() && canary.canaryService == canary.stableService)
    errors.invalid(
        kStrategyPath + "stableService", json::Value(canary.stableService),
        "This rollout uses the same service for the stable and canary services, but two different services are required.");
  // c3. - c6.
  validate_ping_pong(canary, errors);
  // c7.
  if (needs_services(canary)) {
    constexpr const char* kBothNeeded = "Canary service and Stable service must to be set to use Traffic Routing";
    if (canary.stableService.empty()) errors.invalid(kStrategyPath + "stableService", "", kBothNeeded);
    if (canary.canaryService.empty()) errors.invalid(kStrategyPath + "canaryService", "", kBothNeeded);
  }
  // c8. - c11.
  validate_routing_options(canary, errors);
  // c12.
  for (std::size_t index = 0; index < canary.steps.size(); ++index) validate_step(canary, index, errors);
  // c13.
  validate_anti_affinity(canary.antiAffinity, errors);
}

}  // namespace canaria::api
