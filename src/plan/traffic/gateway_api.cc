#include "plan/traffic/gateway_api.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace canaria::plan {
namespace {

constexpr const char* kGroup = "gateway.networking.k8s.io";

// How one kind of route is configured, and how messages name it.
struct RouteKind {
  const char* kind;
  const char* version;
  const char* plural;
  const char* single_key;    // lower case
  const char* list_key;
  const char* selector_key;
  const char* missing;       // what is said when no rule names the Services
  bool needs_both;           // whether only rules that name both Services are weighed
};
constexpr std::array<RouteKind, 4> kKinds{{
    {"HTTPRoute", "v1", "httproutes", "httproute", "httproutes", "httprouteselector", "backendRef was not found in httpRoute",
     true},
    {"GRPCRoute", "v1", "grpcroutes", "grpcroute", "grpcroutes", "grpcrouteselector", "backendRef was not found in grpcRoute",
     true},
    {"TCPRoute", "v1alpha2", "tcproutes", "tcproute", "tcproutes", "tcprouteselector",
     "backendRef list was not found in tcpRoute", false},
    {"TLSRoute", "v1alpha2", "tlsroutes", "tlsroute", "tlsroutes", "tlsrouteselector",
     "backendRef list was not found in tlsRoute", false},
}};
constexpr const char* kNothingConfigured =
    "No routes configured. At least one of 'httpRoutes', 'grpcRoutes', 'tcpRoutes', 'tlsRoutes', 'httpRoute', 'grpcRoute', "
    "'tcpRoute' or 'tlsRoute' must be set";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return result;
}

// Compat: Go's decoder matches keys without regard to case.
const json::Value* find_any_case(const json::Value& config, std::string_view lower_key) {
  if (!config.is_object()) return nullptr;
  for (const auto& [key, value] : config.get_object())
    if (lower(key) == lower_key) return &value;
  return nullptr;
}

std::string text_any_case(const json::Value& config, std::string_view lower_key, std::string fallback) {
  const json::Value* found = find_any_case(config, lower_key);
  return found && found->is_string() && !found->get_string().empty() ? std::string(found->get_string()) : fallback;
}

void add_routes(const json::Value& config, const RouteKind& kind, const std::string& namespace_,
                std::vector<RouteReference>& routes) {
  const api::Resource resource{kGroup, kind.version, kind.kind, kind.plural, api::Scope::kNamespaced};
  const auto add = [&](std::string name) {
    RouteReference reference{resource, {namespace_, std::move(name)}};
    if (!reference.key.name.empty() && std::find(routes.begin(), routes.end(), reference) == routes.end())
      routes.push_back(std::move(reference));
  };
  if (const json::Value* list = find_any_case(config, kind.list_key); list && list->is_array())
    for (const json::Value& entry : list->get_array()) add(text_any_case(entry, "name", ""));
  add(text_any_case(config, kind.single_key, ""));
}

const RouteKind& kind_of(const RouteReference& reference) {
  return *std::find_if(kKinds.begin(), kKinds.end(), [&](const RouteKind& kind) { return reference.resource.kind == kind.kind; });
}

json::Value* find_reference(json::Array& references, const std::string& service) {
  for (json::Value& reference : references)
    if (json::text_at(reference, "name") == service) return &reference;
  return nullptr;
}

void set_weight(json::Value& reference, std::int32_t weight) { reference.as_object()["weight"] = weight; }

// Whether this rule is one of those that carry the split.
bool weigh_rule(json::Value& rule, const RouteKind& kind, const TrafficSplit& split) {
  json::Value* references = rule.is_object() ? rule.get_object().if_contains("backendRefs") : nullptr;
  if (!references || !references->is_array()) return false;
  json::Value* canary = find_reference(references->get_array(), split.canary_service);
  json::Value* stable = find_reference(references->get_array(), split.stable_service);
  if (kind.needs_both ? !(canary && stable) : !(canary || stable)) return false;
  if (canary) set_weight(*canary, split.canary);
  if (stable) set_weight(*stable, split.stable);
  return true;
}

void set_progress_label(json::Value& route, const GatewayApiRouter& router, const TrafficSplit& split) {
  if (router.progress_label_key.empty()) return;
  json::Value& metadata = route.as_object()["metadata"];
  if (!metadata.is_object()) metadata = json::Object();
  json::Value* labels = metadata.get_object().if_contains("labels");
  if (split.canary != 0) {
    if (!labels || !labels->is_object()) labels = &(metadata.get_object()["labels"] = json::Object());
    labels->get_object()[router.progress_label_key] = router.progress_label_value;
  } else if (labels && labels->is_object()) {
    labels->get_object().erase(router.progress_label_key);
    if (labels->get_object().empty()) metadata.get_object().erase("labels");
  }
}

}  // namespace

Result<GatewayApiRouter> parse_gateway_api(const json::Value& config, const std::string& namespace_) {
  GatewayApiRouter router;
  const std::string routes_namespace = text_any_case(config, "namespace", namespace_);
  for (const RouteKind& kind : kKinds) {
    if (const json::Value* selector = find_any_case(config, kind.selector_key); selector && !selector->is_null())
      return fail(Code::kInvalid, std::string("route selectors are not available in this version of Canaria: name the ") +
                                      kind.kind + "s instead of setting " + kind.selector_key);
    add_routes(config, kind, routes_namespace, router.routes);
  }
  if (router.routes.empty()) return fail(Code::kInvalid, kNothingConfigured);
  router.progress_label_key = text_any_case(config, "inprogresslabelkey", router.progress_label_key);
  router.progress_label_value = text_any_case(config, "inprogresslabelvalue", router.progress_label_value);
  if (const json::Value* disabled = find_any_case(config, "disableinprogresslabel");
      disabled && disabled->is_bool() && disabled->get_bool())
    router.progress_label_key.clear();
  return router;
}

Result<json::Value> with_split(const GatewayApiRouter& router, const RouteReference& reference, json::Value route,
                               const TrafficSplit& split) {
  const RouteKind& kind = kind_of(reference);
  json::Value* spec = route.is_object() ? route.get_object().if_contains("spec") : nullptr;
  json::Value* rules = spec && spec->is_object() ? spec->get_object().if_contains("rules") : nullptr;
  bool is_weighed = false;
  if (rules && rules->is_array())
    for (json::Value& rule : rules->get_array()) is_weighed = weigh_rule(rule, kind, split) || is_weighed;
  if (!is_weighed) return fail(Code::kInvalid, kind.missing);
  set_progress_label(route, router, split);
  return route;
}

}  // namespace canaria::plan
