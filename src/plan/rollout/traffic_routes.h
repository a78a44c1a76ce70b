// Which route objects a Rollout steers, for whoever has to read them before planning.
#pragma once

#include <vector>

#include "api/rollouts/rollout.h"
#include "plan/traffic/gateway_api.h"

namespace canaria::plan {

// The configuration of the Gateway API router; null when the Rollout has none.
const json::Value* gateway_api_config(const api::Rollout& rollout);

// The routes to read into Snapshot::routes; none without a router or with one that is configured wrongly.
std::vector<RouteReference> routes_of(const api::Rollout& rollout);

}  // namespace canaria::plan
