// What `promote` has to write, decided from the Rollout as it is.
#pragma once

#include "api/rollouts/rollout.h"
#include "json/value.h"

namespace canaria::cli {

enum class PromoteMode { kNext, kFull, kSkipStep, kSkipAllSteps };

// Merge patches; null means nothing to write.
struct Promotion {
  json::Value status;    // of the status subresource, sent first
  json::Value spec;      // of the main resource
  json::Value combined;  // for both at once, when the CRD has no status subresource
};
Promotion promotion_for(const api::Rollout& rollout, PromoteMode mode);

}  // namespace canaria::cli
