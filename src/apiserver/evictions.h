// The eviction subresource of pods: a deletion that a PodDisruptionBudget may refuse.
//
// What a budget allows is counted by its controller (its status); each eviction takes one of these before the pod is deleted,
// so that two at once never take the same one.
#pragma once

#include "apiserver/api_request.h"
#include "ports/clock.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class Evictions {
 public:
  Evictions(store::ObjectStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<net::ServerResponse> serve(RequestPointer request);

 private:
  // Fails with kTooManyRequests when a budget stands against it.
  Task<Status> claim(api::ObjectKey pod, json::Value object, DryRun dry_run);
  Task<Status> take_one(api::ObjectKey pod, json::Value budget, DryRun dry_run);
  // The budgets that select the pod.
  std::vector<json::Value> budgets_of(const api::ObjectKey& pod, const json::Value& object) const;

  store::ObjectStore& store_;
  const Clock& clock_;
};

}  // namespace canaria::apiserver
