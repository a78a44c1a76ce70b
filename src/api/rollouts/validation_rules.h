// The parts of validate(), each in a file of its own: the order in which validation.cc calls them is the order of the
// errors. Private to api/rollouts.
#pragma once

#include <string>

#include "api/rollouts/field_errors.h"
#include "api/rollouts/rollout.h"

namespace canaria::api {

// template_validation.cc: rules 8 to 11, on the canonical text of a template.
void validate_template(const std::string& pod_template, FieldErrors& errors);
// The labels of a template; empty when it has none.
StringMap template_labels(const std::string& pod_template);
bool has_template_metadata(const std::string& pod_template);

// strategy_validation.cc: rules b1 to b3 and c1 to c13.
void validate_blue_green(const RolloutSpec& spec, FieldErrors& errors);
void validate_canary(const CanaryStrategy& canary, FieldErrors& errors);

// step_validation.cc: rules s1 to s17 for the step with this index.
void validate_step(const CanaryStrategy& canary, std::size_t index, FieldErrors& errors);

// What every path of a strategy starts with.
// Compat: the "canary" or "blueGreen" below it is left out, because tools match the texts.
inline const std::string kStrategyPath = "spec.strategy.";

// Whether a part that is kept as JSON is present.
inline bool is_set(const json::Value& part) { return !part.is_null(); }
// A map or list with something in it.
inline bool has_entries(const json::Value& part) {
  if (const auto* object = part.if_object()) return !object->empty();
  if (const auto* array = part.if_array()) return !array->empty();
  return false;
}

}  // namespace canaria::api
