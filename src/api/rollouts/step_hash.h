// The identity of a canary's step list: status.currentStepHash. A different value means "the steps were edited" and starts
// the update over, so it is byte-exact with the reference.
#pragma once

#include <string>

#include "json/value.h"

namespace canaria::api {

// Hash over the canonical JSON of spec.strategy.canary.steps; null or missing steps hash "null".
std::string step_hash(const json::Value& steps);

}  // namespace canaria::api
