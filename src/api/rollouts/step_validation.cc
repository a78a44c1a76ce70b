// The rules on one canary step.

#include <algorithm>

#include "api/rollouts/validation_rules.h"
#include "api/schema/kinds.h"

namespace canaria::api {
namespace {

constexpr const char* kOneAction =
    "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause";
constexpr const char* kMatchMissing =
    "StringMatch value missed, match value must have one of the following: exact, regex, prefix";
constexpr const char* kMatchAmbiguous = "StringMatch match value must have exactly one of the following: exact, regex, prefix";

// A part as the typed model prints it, whatever order its author wrote it in.
json::Value in_model_order(const json::Value& part, std::string_view type) {
  if (part.is_null()) return part;
  const auto ordered = json::parse(json::canonical(part, schema_of(type)));
  return ordered ? *ordered : part;
}

const json::Array& list_at(const json::Value& value, std::string_view path) {
  static const json::Array kNone;
  const auto* found = json::find(value, path);
  const auto* array = found ? found->if_array() : nullptr;
  return array ? *array : kNone;
}

json::Value part_at(const json::Value& value, std::string_view path) {
  const auto* found = json::find(value, path);
  return found ? *found : json::Value(nullptr);
}

// Rules s1 and s2: exactly one of the actions that cannot share a step, and at least one of all.
void validate_actions(const CanaryStep& step, const std::string& path, FieldErrors& errors) {
  const bool experiment = is_set(step.experiment), pause = step.pause.has_value(), weight = step.setWeight.has_value(),
             analysis = is_set(step.analysis);
  const auto printed = [](bool has_experiment, bool has_pause, bool has_weight, bool has_analysis) {
    return std::string("step.Experiment: ") + yes_no(has_experiment) + " step.Pause: " + yes_no(has_pause) +
           " step.SetWeight: " + yes_no(has_weight) + " step.Analysis: " + yes_no(has_analysis);
  };
  if (experiment + pause + weight + analysis > 1)
    errors.invalid(path, json::Value(printed(experiment, pause, weight, analysis)), kOneAction);
  const bool others = step.setCanaryScale || is_set(step.setHeaderRoute) || is_set(step.setMirrorRoute) || is_set(step.plugin);
  if (experiment || pause || weight || analysis || others) return;
  // Compat: here "true" stands for "is missing".
  const auto text = printed(true, true, true, true) +
                    " step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoute: true step.Plugin: true";
  errors.invalid(path, json::Value(text), kOneAction);
}

int count_kinds(const json::Value& match) {
  int count = 0;
  for (const char* kind : {"exact", "prefix", "regex"}) count += !json::text_at(match, kind).empty();
  return count;
}

// Rules s9, s10 and s12.
void validate_match(const json::Value& match, const std::string& path, FieldErrors& errors) {
  const int kinds = count_kinds(match);
  if (kinds == 1) return;
  errors.invalid(path, in_model_order(match, "StringMatch"), kinds == 0 ? kMatchMissing : kMatchAmbiguous);
}

// Rules s6 to s10.
void validate_header_route(const json::Value& route, const TrafficRouting* routing, const std::string& path,
                           FieldErrors& errors) {
  const bool alb = routing && is_set(routing->alb);
  if (!alb && !(routing && (is_set(routing->istio) || is_set(routing->apisix) || has_entries(routing->plugins)))) {
    errors.invalid(path, in_model_order(route, "SetHeaderRoute"),
                   "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix");
    return;
  }
  const auto& matches = list_at(route, "match");
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const auto value = part_at(matches[i], "headerValue");
    const std::string match_path = element(path + ".match", i);
    if (!alb) validate_match(value, match_path, errors);
    else if (value.is_null()) errors.invalid(match_path, nullptr, kMatchMissing);
    else if (json::text_at(value, "exact").empty() || count_kinds(value) != 1)
      errors.invalid(match_path, in_model_order(value, "StringMatch"),
                     "SetHeaderRoute match value invalid. ALB supports 'exact' value only");
  }
}

// Rules s11 and s12.
void validate_mirror_route(const json::Value& route, const TrafficRouting* routing, const std::string& path,
                           FieldErrors& errors) {
  if (!routing || (!is_set(routing->istio) && !has_entries(routing->plugins))) {
    errors.invalid(path, in_model_order(route, "SetMirrorRoute"),
                   "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins");
    return;
  }
  const auto& matches = list_at(route, "match");
  for (std::size_t i = 0; i < matches.size(); ++i)
    for (const char* what : {"method", "path"}) {
      const auto match = part_at(matches[i], what);
      if (!match.is_null()) validate_match(match, element(path + ".match", i), errors);
    }
}

// Rules s13 and s14.
void validate_route_names(const CanaryStep& step, const TrafficRouting& routing, const std::string& path, FieldErrors& errors) {
  if (!is_set(step.setHeaderRoute) && !is_set(step.setMirrorRoute)) return;
  if (routing.managedRoutes.empty()) {
    errors.required(kStrategyPath + "trafficRouting.managedRoutes",
                    "Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'");
    return;
  }
  const auto check = [&](const json::Value& route, const char* member) {
    if (route.is_null()) return;
    const auto name = json::text_at(route, "name");
    const auto is_named = [&](const ManagedRoute& managed) { return managed.name == name; };
    if (std::none_of(routing.managedRoutes.begin(), routing.managedRoutes.end(), is_named))
      errors.invalid(path + "." + member, json::Value(name),
                     "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes");
  };
  check(step.setHeaderRoute, "setHeaderRoute");
  check(step.setMirrorRoute, "setMirrorRoute");
}

// Rules s15 and s16.
void validate_experiment_weights(const json::Value& experiment, const TrafficRouting* routing, const std::string& path,
                                 FieldErrors& errors) {
  const auto& templates = list_at(experiment, "templates");
  for (std::size_t i = 0; i < templates.size(); ++i) {
    const auto weight = part_at(templates[i], "weight");
    if (weight.is_null()) continue;
    const std::string weight_path = element(path + ".experiment.templates", i) + ".weight";
    if (!routing)
      errors.invalid(weight_path, weight, "Experiment template weight cannot be set unless TrafficRouting is enabled");
    else if (!is_set(routing->alb) && !is_set(routing->smi) && !is_set(routing->istio) && !has_entries(routing->plugins))
      errors.invalid(
          weight_path, weight,
          "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time");
  }
}

// What the downward API knows of metadata; any other path points into the Rollout and is only known when it is read.
bool is_supported_field(std::string_view path) {
  if (!path.starts_with("metadata")) return true;
  for (const std::string_view whole :
       {"metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"})
    if (path == whole) return true;
  for (const std::string_view map : {"metadata.labels['", "metadata.annotations['"})
    if (path.starts_with(map) && path.ends_with("']") && path.size() > map.size() + 2) return true;
  return false;
}

// Rule s17.
void validate_arguments(const json::Array& arguments, const std::string& path, FieldErrors& errors) {
  const auto is_unsupported = [](const json::Value& argument) {
    return !is_supported_field(json::text_at(argument, "valueFrom.fieldRef.fieldPath"));
  };
  if (std::any_of(arguments.begin(), arguments.end(), is_unsupported))
    errors.invalid(path + ".analyses", arguments,
                   "Analyses arguments must refer to valid object metadata supported by downwardAPI");
}

}  // namespace

void validate_step(const CanaryStrategy& canary, std::size_t index, FieldErrors& errors) {
  const CanaryStep& step = canary.steps[index];
  const auto* routing = canary.trafficRouting ? &*canary.trafficRouting : nullptr;
  const std::string path = element(kStrategyPath + "steps", index);
  // s1. - s2.
  validate_actions(step, path, errors);
  // s3.
  const auto most = routing ? routing->maxTrafficWeight.value_or(100) : 100;
  if (step.setWeight && (*step.setWeight < 0 || *step.setWeight > most))
    errors.invalid(path + ".setWeight", *step.setWeight, "SetWeight needs to be between 0 and " + std::to_string(most));
  // s4.
  if (step.pause) {
    const auto seconds = pause_seconds(*step.pause);
    if (seconds && *seconds < 0) errors.invalid(path + ".pause.duration", *seconds, "Duration needs to be greater than 0");
  }
  // s5.
  if (step.setCanaryScale && !routing)
    errors.required(kStrategyPath + "trafficRouting", "SetCanaryScale requires TrafficRouting to be set");
  // s6. - s12.
  if (is_set(step.setHeaderRoute)) validate_header_route(step.setHeaderRoute, routing, path + ".setHeaderRoute", errors);
  if (is_set(step.setMirrorRoute)) validate_mirror_route(step.setMirrorRoute, routing, path + ".setMirrorRoute", errors);
  // s13. - s14.
  if (routing) validate_route_names(step, *routing, path, errors);
  // s15. - s16.
  validate_experiment_weights(step.experiment, routing, path, errors);
  // s17.
  validate_arguments(list_at(step.analysis, "args"), path, errors);
  for (const json::Value& analysis : list_at(step.experiment, "analyses"))
    validate_arguments(list_at(analysis, "args"), path, errors);
}

}  // namespace canaria::api
