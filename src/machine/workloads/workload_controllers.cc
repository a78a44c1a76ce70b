#include "machine/workloads/workload_controllers.h"

namespace canaria::machine {

WorkloadControllers::WorkloadControllers(async::Loop& loop, ObjectClient& client, const Clock& clock, EventRecorder& events,
                                         StartWatch start_watch, WorkloadOptions options)
    : options_(options),
      start_watch_(std::move(start_watch)),
      pods_(WorkloadDoors{loop, client, clock, events}, caches_),
      replica_sets_(WorkloadDoors{loop, client, clock, events}, caches_, pods_),
      deployments_(WorkloadDoors{loop, client, clock, events}, caches_),
      jobs_(WorkloadDoors{loop, client, clock, events}, caches_, pods_),
      autoscalers_(WorkloadDoors{loop, client, clock, events}, caches_, options.scales),
      disruptions_(WorkloadDoors{loop, client, clock, events}, caches_, options.scales),
      scheduler_(WorkloadDoors{loop, client, clock, events}, caches_, options.binding),
      service_addresses_(WorkloadDoors{loop, client, clock, events}, caches_, options.addresses),
      endpoint_slices_(WorkloadDoors{loop, client, clock, events}, caches_) {}

WorkloadControllers::~WorkloadControllers() = default;

template <class Cache>
void WorkloadControllers::watch_cache(const api::Resource& resource, Cache& cache) {
  ++unsynced_;
  cache.on_sync([this] {
    --unsynced_;
    begin_if_synced();
  });
  start_watch_({resource, "", "", &cache});
}

void WorkloadControllers::start() {
  ++unsynced_;  // until all watches are ordered
  watch_cache(api::resources::pods(), caches_.pods().objects());
  const bool counts = options_.runs_disruption_budgets;
  if (options_.runs_deployments || counts) watch_cache(api::resources::deployments(), caches_.deployments());
  if (options_.runs_replica_sets || options_.runs_deployments || counts)
    watch_cache(api::resources::replica_sets(), caches_.sets().objects());
  if (options_.runs_jobs) watch_cache(api::resources::jobs(), caches_.jobs());
  if (options_.scales) watch_cache(api::resources::horizontal_pod_autoscalers(), caches_.autoscalers());
  if (counts) watch_cache(api::resources::pod_disruption_budgets(), caches_.budgets());
  if (options_.runs_scheduler) watch_cache(api::resources::nodes(), caches_.nodes());
  if (options_.runs_service_addresses || options_.runs_endpoint_slices)
    watch_cache(api::resources::services(), caches_.services());
  if (options_.runs_endpoint_slices) watch_cache(api::resources::endpoint_slices(), caches_.slices().objects());
  --unsynced_;
  begin_if_synced();
}

void WorkloadControllers::begin_if_synced() {
  if (unsynced_ > 0 || is_stopping_ || begun_.is_set()) return;
  if (options_.runs_replica_sets) replica_sets_.start();
  if (options_.runs_deployments) deployments_.start();
  if (options_.runs_jobs) jobs_.start();
  if (options_.scales) autoscalers_.start();
  if (options_.runs_disruption_budgets) disruptions_.start();
  if (options_.runs_scheduler) scheduler_.start();
  if (options_.runs_service_addresses) service_addresses_.start();
  if (options_.runs_endpoint_slices) endpoint_slices_.start();
  begun_.set();
}

Task<void> WorkloadControllers::stop() {
  is_stopping_ = true;
  co_await endpoint_slices_.stop();
  co_await service_addresses_.stop();
  co_await scheduler_.stop();
  co_await disruptions_.stop();
  co_await autoscalers_.stop();
  co_await jobs_.stop();
  co_await deployments_.stop();
  co_await replica_sets_.stop();
  co_await pods_.stop();
}

}  // namespace canaria::machine
