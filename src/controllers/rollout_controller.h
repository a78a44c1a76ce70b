// The Rollout controller at work: which watches fill the caches, which event wakes which Rollout, and the queues that run the
// reconcilers.
//
// A standby calls watch() and keeps warm caches; lead() starts the workers. Events that our own writes cause are not news:
// a pass that wrote something asks for the next one itself. Lives on the loop, and must outlive all watches.
#pragma once

#include <string>

#include "async/event.h"
#include "async/loop.h"
#include "async/work_queue.h"
#include "controllers/rollout_caches.h"
#include "controllers/rollout_metrics.h"
#include "controllers/rollout_reconciler.h"
#include "controllers/service_cleanup.h"
#include "ports/watch_order.h"

namespace canaria::controllers {

class RolloutController {
 public:
  struct Options {
    plan::ControllerOptions plan;
    std::string namespace_;  // empty: all
    std::size_t workers = 10;
    Mode mode = Mode::kApply;
  };

  RolloutController(async::Loop& loop, RolloutReconciler::Doors doors, RolloutMetrics& metrics, StartWatch start_watch,
                    Options options);

  // Starts the watches. Call once.
  void watch();
  // Returns when the first lists have arrived.
  Task<void> wait_until_synced();
  // Waits for the caches, then reconciles everything and from then on what changes.
  Task<void> lead();
  // Takes no more work and waits for what is under way.
  Task<void> drain();
  // Cancels what is still under way after drain() was given up on.
  Task<void> stop();

  // All metrics as they are now, in the text format of Prometheus.
  std::string metrics_text();
  // How many passes there have been; tells busy from idle times.
  std::size_t passes() const { return passes_; }
  RolloutCaches& caches() { return caches_; }

 private:
  Task<Result<std::optional<Time>>> reconcile_rollout(api::ObjectKey key);
  Task<Result<std::optional<Time>>> reconcile_service(api::ObjectKey key);
  void note_sync();
  std::optional<Time> next_look(const api::ObjectKey& key, const Pass& pass);
  void rollout_changed(const RolloutCache::Pointer& before, const RolloutCache::Pointer& after);
  void set_changed(const ReplicaSetCache::Pointer& before, const ReplicaSetCache::Pointer& after);
  void service_changed(const ServiceCache::Pointer& before, const ServiceCache::Pointer& after);
  void watch_workloads(const api::Resource& resource, WorkloadCache& cache);
  void announce(const api::Rollout& rollout, std::string reason, std::string message);
  void announce_if_new(const api::Rollout& rollout);

  RolloutReconciler::Doors doors_;
  RolloutMetrics& metrics_;
  StartWatch start_watch_;
  Options options_;
  RolloutCaches caches_;
  RolloutReconciler reconciler_;
  ServiceCleanup service_cleanup_;
  async::WorkQueue<api::ObjectKey> rollout_queue_;
  async::WorkQueue<api::ObjectKey> service_queue_;
  async::Event synced_;
  bool is_leading_ = false;
  bool is_draining_ = false;
  std::size_t passes_ = 0;
};

}  // namespace canaria::controllers
