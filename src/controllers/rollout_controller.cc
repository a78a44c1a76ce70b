#include "controllers/rollout_controller.h"

#include <algorithm>

#include "api/rollouts/validation.h"
#include "base/hash.h"
#include "controllers/pass_log.h"

namespace canaria::controllers {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* kRolloutQueue = "Rollouts";
constexpr const char* kServiceQueue = "Services";
// A ReplicaSet's counters change several times within milliseconds; one pass for all of them is enough.
constexpr Millis kCounterFold{20};
// After a conflict the newer object is usually in the cache by then.
constexpr Millis kConflictRetry{50};
// Bounds what a plan that always wants to be asked again at once can cost.
constexpr Millis kSoonest{5};

std::string instance_selector(const std::string& instance_id) {
  const std::string label = api::kInstanceIdLabel;
  return instance_id.empty() ? "!" + label : label + "=" + instance_id;
}

bool has_hash_selector(const ServiceCache::Pointer& service) {
  return service && service->spec.selector.contains(api::kHashLabel);
}

double seconds_since(Steady::time_point start) { return std::chrono::duration<double>(Steady::now() - start).count(); }

}  // namespace

RolloutController::RolloutController(async::Loop& loop, RolloutReconciler::Doors doors, RolloutMetrics& metrics,
                                     StartWatch start_watch, Options options)
    : doors_(doors),
      metrics_(metrics),
      start_watch_(std::move(start_watch)),
      options_(std::move(options)),
      reconciler_(doors_, caches_, options_.plan, options_.mode),
      service_cleanup_(doors_.client, caches_, [this](const api::ObjectKey& key) { rollout_queue_.add(key); }),
      rollout_queue_(
          loop, options_.workers, [this](api::ObjectKey key) { return reconcile_rollout(std::move(key)); },
          [this] { return doors_.clock.now(); }, metrics_.queue_hooks(kRolloutQueue)),
      service_queue_(
          loop, 1, [this](api::ObjectKey key) { return reconcile_service(std::move(key)); },
          [this] { return doors_.clock.now(); }, metrics_.queue_hooks(kServiceQueue)) {
  caches_.rollouts().on_change([this](const auto& before, const auto& after) { rollout_changed(before, after); });
  caches_.sets().on_change([this](const auto& before, const auto& after) { set_changed(before, after); });
  caches_.services().on_change([this](const auto& before, const auto& after) { service_changed(before, after); });
  caches_.rollouts().on_sync([this] { note_sync(); });
  caches_.sets().on_sync([this] { note_sync(); });
  caches_.services().on_sync([this] { note_sync(); });
  caches_.on_workload_cache([this](const api::Resource& resource, WorkloadCache& cache) { watch_workloads(resource, cache); });
}

void RolloutController::watch() {
  start_watch_(
      {api::resources::rollouts(), options_.namespace_, instance_selector(options_.plan.instance_id), &caches_.rollouts()});
  start_watch_({api::resources::replica_sets(), options_.namespace_, api::kHashLabel, &caches_.sets()});
  start_watch_({api::resources::services(), options_.namespace_, "", &caches_.services()});
}

Task<void> RolloutController::wait_until_synced() { co_await synced_.wait(); }

void RolloutController::note_sync() {
  if (caches_.rollouts().has_synced() && caches_.sets().has_synced() && caches_.services().has_synced()) synced_.set();
}

Task<void> RolloutController::lead() {
  co_await wait_until_synced();
  is_leading_ = true;
  for (const auto& [key, rollout] : caches_.rollouts().all()) {
    announce_if_new(*rollout);
    rollout_queue_.add(key);
  }
  for (const auto& [key, service] : caches_.services().all())
    if (has_hash_selector(service) && caches_.rollouts_naming_service(key).empty()) service_queue_.add(key);
  rollout_queue_.start();
  service_queue_.start();
}

Task<void> RolloutController::drain() {
  is_draining_ = true;
  co_await service_queue_.drain();
  co_await rollout_queue_.drain();
}

Task<void> RolloutController::stop() {
  is_draining_ = true;
  co_await service_queue_.stop();
  co_await rollout_queue_.stop();
}

std::string RolloutController::metrics_text() {
  metrics_.set_queue_depth(kRolloutQueue, rollout_queue_.ready());
  metrics_.set_queue_depth(kServiceQueue, service_queue_.ready());
  return metrics_.text(caches_.rollouts());
}

// ---- work

Task<Result<std::optional<Time>>> RolloutController::reconcile_rollout(api::ObjectKey key) {
  const auto start = Steady::now();
  if (!caches_.rollouts().find(key)) co_return std::nullopt;
  ++passes_;
  Pass pass;
  try {
    pass = co_await reconciler_.reconcile(key);
  } catch (const std::exception& thrown) {
    if (is_draining_) throw;  // cancelled
    pass.error = Error{Code::kInternal, std::string("the reconcile ended with an exception: ") + thrown.what(), std::nullopt};
  }
  const bool is_conflict = pass.error && pass.error->code == Code::kConflict;
  metrics_.reconciled(key, seconds_since(start), pass, pass.error && !is_conflict ? Outcome::kFailed : Outcome::kDone);
  log_pass(key, pass, seconds_since(start));
  if (is_conflict) co_return doors_.clock.now() + kConflictRetry;
  if (pass.error) co_return fail(*std::move(pass.error));
  co_return next_look(key, pass);
}

// After a write at once, to see what it leads to; otherwise when the plan says, at the latest after the resync period.
// Resyncs are spread over its second half so that a restart does not make them all fall together.
std::optional<Time> RolloutController::next_look(const api::ObjectKey& key, const Pass& pass) {
  const Time now = doors_.clock.now();
  if (pass.has_written) return now;
  const std::uint32_t spread = fnv1a_32(key.text(), static_cast<std::uint32_t>(passes_)) % 1000;
  const Millis resync = Millis(options_.plan.resync) * (1000 + spread) / 2000;
  if (!pass.wake_at) return now + resync;
  return std::clamp(*pass.wake_at, now + kSoonest, now + std::max(resync, kSoonest));
}

Task<Result<std::optional<Time>>> RolloutController::reconcile_service(api::ObjectKey key) {
  if (options_.mode == Mode::kDryRun) co_return std::nullopt;
  auto outcome = co_await service_cleanup_.reconcile(key);
  if (!outcome) log_service_error(key, outcome.error());
  co_return outcome;
}

// ---- events

void RolloutController::rollout_changed(const RolloutCache::Pointer& before, const RolloutCache::Pointer& after) {
  const api::ObjectKey key = (after ? after : before)->metadata.key();
  if (after && after->spec.workloadRef)
    if (const api::Resource* resource = workload_resource(*after->spec.workloadRef)) caches_.workloads(*resource);
  if (!after) metrics_.forget(key);
  if (!is_leading_) return;
  if (before) {
    for (const std::string& name : api::referenced_services(*before)) {
      const api::ObjectKey service{key.namespace_, name};
      if (caches_.rollouts_naming_service(service).empty()) service_queue_.add(service);
    }
  }
  if (!before) announce_if_new(*after);
  if (!after) announce(*before, "RolloutDeleted", "Rollout " + key.name + "/" + key.namespace_ + " is deleted.");
  else if (!caches_.is_storing_own()) rollout_queue_.add(key);
}

void RolloutController::set_changed(const ReplicaSetCache::Pointer& before, const ReplicaSetCache::Pointer& after) {
  if (!is_leading_ || caches_.is_storing_own()) return;
  for (const auto& set : {before, after}) {
    const api::OwnerReference* owner = set ? set->metadata.controller() : nullptr;
    if (!owner || owner->kind != api::resources::rollouts().kind) continue;
    const api::ObjectKey key{set->metadata.namespace_, owner->name};
    if (caches_.rollouts().find(key)) rollout_queue_.add_after(key, kCounterFold);
  }
}

void RolloutController::service_changed(const ServiceCache::Pointer& before, const ServiceCache::Pointer& after) {
  if (!is_leading_ || caches_.is_storing_own()) return;
  const api::ObjectKey key = (after ? after : before)->metadata.key();
  if (has_hash_selector(after) || !caches_.rollouts_naming_service(key).empty()) service_queue_.add(key);
}

void RolloutController::watch_workloads(const api::Resource& resource, WorkloadCache& cache) {
  cache.on_change([this, resource](const auto& before, const auto& after) {
    if (!is_leading_ || caches_.is_storing_own()) return;
    for (const api::ObjectKey& key : caches_.rollouts_of_workload(resource, (after ? after : before)->metadata.key()))
      rollout_queue_.add(key);
  });
  start_watch_({resource, options_.namespace_, "", &cache});
}

void RolloutController::announce(const api::Rollout& rollout, std::string reason, std::string message) {
  if (options_.mode == Mode::kDryRun) return;
  EventTarget target{api::resources::rollouts().api_version(), api::resources::rollouts().kind, rollout.metadata.key(),
                     rollout.metadata.uid, rollout.metadata.resourceVersion};
  doors_.events.record(std::move(target), api::EventType::kNormal, std::move(reason), std::move(message));
}

// The reference tells this of every Rollout at each start. For those it already manages that would be a write per Rollout
// for nothing, and a settled Rollout must cause none.
void RolloutController::announce_if_new(const api::Rollout& rollout) {
  if (!rollout.status.observedGeneration.empty()) return;
  announce(rollout, "RolloutAddedToInformer", "Rollout resource added to informer: " + rollout.metadata.key().text());
}

}  // namespace canaria::controllers
