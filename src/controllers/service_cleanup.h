// Services that no Rollout names any more lose the pod template hash in their selector, so that they select all pods of the
// application again instead of none once the ReplicaSet is gone.
//
// Runs on every Service event, when a Rollout disappears and when one stops naming a Service. A Service is only cleaned when
// it is certain that nobody names it: Rollouts of other controller instances are looked up live, and a failed look-up is an
// error to retry, never a reason to clean.
#pragma once

#include <functional>
#include <optional>

#include "async/task.h"
#include "base/result.h"
#include "controllers/rollout_caches.h"
#include "ports/object_client.h"

namespace canaria::controllers {

class ServiceCleanup {
 public:
  // enqueue_rollout is called for each Rollout that still names the Service, because that one now owns the event.
  ServiceCleanup(ObjectClient& client, RolloutCaches& caches, std::function<void(const api::ObjectKey&)> enqueue_rollout);

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey service);

 private:
  Task<Result<bool>> is_named_live(api::ObjectKey service, std::string managed_by);

  ObjectClient& client_;
  RolloutCaches& caches_;
  std::function<void(const api::ObjectKey&)> enqueue_rollout_;
};

}  // namespace canaria::controllers
