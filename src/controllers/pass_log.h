// One log line for each pass: which Rollout, how long, what was done and why.
#pragma once

#include "api/meta/resource.h"
#include "controllers/rollout_reconciler.h"

namespace canaria::controllers {

// Passes that did nothing are told at debug level, failed ones as errors, all others as information.
void log_pass(const api::ObjectKey& key, const Pass& pass, double seconds);
void log_service_error(const api::ObjectKey& service, const Error& error);

}  // namespace canaria::controllers
