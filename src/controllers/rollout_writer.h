// Apply: one planned effect, one call to the API. Serves one pass over one Rollout and is thrown away after it.
//
// Responses go into the caches at once, so that the next observation sees our own writes. Everything may be repeated: what is
// already there or already gone is fine where the effect allows it. It decides nothing beyond that, and retries nothing.
#pragma once

#include <map>
#include <string>

#include "async/task.h"
#include "base/result.h"
#include "controllers/rollout_caches.h"
#include "plan/rollout/plan.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_client.h"

namespace canaria::controllers {

// Whether the effect changes something on the API; an Event about the change does not count.
bool is_write(const plan::Effect& effect);

class RolloutWriter {
 public:
  // All must outlive the pass. `rollout` is the object that was planned on.
  RolloutWriter(ObjectClient& client, EventRecorder& events, const Clock& clock, RolloutCaches& caches,
                RolloutCache::Pointer rollout);

  // Errors carry what was attempted. kConflict: the object changed meanwhile, plan again.
  Task<Status> apply(plan::Effect effect);

  // Copies the workload's generation into the Rollout's annotation, which is how others see that it is up to date.
  Task<Status> record_workload_generation(std::int64_t generation);

  // The live pods that match, page by page. Those that a later PatchPod changes are kept whole until then.
  Task<Result<std::vector<api::Pod>>> list_pods(std::string label_selector);

  // The routes as they are now; one that does not exist has no object.
  Task<Result<std::vector<plan::TrafficRoute>>> read_routes(std::vector<plan::RouteReference> references);

  // The Rollout with what this pass has written to it.
  const RolloutCache::Pointer& rollout() const { return rollout_; }

 private:
  Task<Status> create_set(plan::CreateReplicaSet create);
  Task<Status> settle_existing(plan::CreateReplicaSet create, Error refusal);
  Task<void> report_create_error(std::string name, std::string cause);
  Task<Status> adopt(plan::AdoptReplicaSet adopt);
  Task<Status> release(plan::ReleaseReplicaSet release);
  Task<Status> patch_set(api::ObjectKey key, std::string resource_version, json::Value patch);
  Task<Status> remove_set(plan::DeleteReplicaSet remove);
  Task<Status> patch_rollout(json::Value patch, std::string subresource);
  Task<Status> patch_service(plan::PatchService change);
  Task<Status> update_route(plan::UpdateRoute change);
  Task<Status> evict(plan::EvictPod evict);
  Task<Status> update_pod(plan::PatchPod change);
  Task<Status> scale_deployment(plan::ScaleDeployment scale);
  void emit(api::EventType type, std::string reason, std::string message);

  ObjectClient& client_;
  EventRecorder& events_;
  const Clock& clock_;
  RolloutCaches& caches_;
  RolloutCache::Pointer rollout_;
  std::string own_version_;                                 // of the Rollout after this pass last wrote it
  std::map<api::ObjectKey, std::string> written_versions_;  // of ReplicaSets this pass has written
  std::map<api::ObjectKey, json::Value> pods_;              // as listed
  bool is_adoption_allowed_ = false;                        // the Rollout was checked live in this pass
};

}  // namespace canaria::controllers
