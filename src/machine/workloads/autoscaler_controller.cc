#include "machine/workloads/autoscaler_controller.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 2;
constexpr Seconds kLookAgain{15};
// After a change of the number, so that the status soon shows what came of it.
constexpr Seconds kLookSoon{1};

// Whether the spec or the object is another one; what a controller writes into the status wakes nobody.
bool asks_anew(const workload::AutoscalerState& before, const workload::AutoscalerState& after) {
  return before.metadata.uid != after.metadata.uid || before.target_api_version != after.target_api_version ||
         before.target_kind != after.target_kind || before.target_name != after.target_name || before.least != after.least ||
         before.most != after.most || before.metrics.size() != after.metrics.size();
}

}  // namespace

AutoscalerController::AutoscalerController(WorkloadDoors doors, WorkloadCaches& caches, ScaleClient* scales)
    : doors_(doors),
      caches_(caches),
      scales_(scales),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.autoscalers().on_change([this](const AutoscalerPointer& before, const AutoscalerPointer& after) {
    if (is_started_ && after && (!before || asks_anew(*before, *after))) queue_.add(after->metadata.key());
  });
}

void AutoscalerController::start() {
  is_started_ = true;
  for (const auto& [key, autoscaler] : caches_.autoscalers().all()) queue_.add(key);
  queue_.start();
}

Task<Result<std::optional<Time>>> AutoscalerController::reconcile(api::ObjectKey key) {
  const AutoscalerPointer autoscaler = caches_.autoscalers().find(key);
  if (!autoscaler || autoscaler->metadata.deletionTimestamp) co_return std::nullopt;
  ScaleTarget target;
  target.api_version = autoscaler->target_api_version;
  target.kind = autoscaler->target_kind;
  target.key = {key.namespace_, autoscaler->target_name};
  const auto scale = co_await scales_->scale_of(target);
  workload::AutoscalerSnapshot snapshot;
  snapshot.now = doors_.clock.now();
  snapshot.autoscaler = autoscaler.get();
  if (scale) {
    snapshot.replicas = scale->wanted;
    snapshot.selector = scale->selector;
  } else {
    snapshot.scale_failure = scale.error().message;
  }
  workload::AutoscalerPlan todo = workload::plan_autoscaler(snapshot);
  if (todo.resize) {
    const Status resized = co_await scales_->resize(target, *todo.resize, scale->resource_version);
    if (!resized && resized.error().code == Code::kConflict) co_return fail(resized.error());
    if (!resized) todo = workload::refused_resize(snapshot, std::move(todo), resized.error().message);
  }
  for (workload::AutoscalerEvent& event : todo.events) tell(*autoscaler, std::move(event));
  CO_CHECK(co_await write_status(autoscaler, std::move(todo.status)));
  co_return doors_.clock.now() + (todo.resize ? kLookSoon : kLookAgain);
}

Task<Status> AutoscalerController::write_status(AutoscalerPointer autoscaler, workload::AutoscalerStatus status) {
  json::Value patch = workload::autoscaler_status_patch(autoscaler->status, status);
  if (patch.is_null()) co_return Status();
  patch.get_object()["metadata"] = json::Object{{"uid", autoscaler->metadata.uid}};
  auto options = to_subresource("status");
  auto written = co_await doors_.client.patch(api::resources::horizontal_pod_autoscalers(), autoscaler->metadata.key(),
                                              PatchKind::kMerge, std::move(patch), std::move(options));
  if (written) caches_.autoscalers().put(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

void AutoscalerController::tell(const workload::AutoscalerState& autoscaler, workload::AutoscalerEvent event) {
  doors_.events.record(event_target(api::resources::horizontal_pod_autoscalers(), autoscaler.metadata),
                       event.is_warning ? api::EventType::kWarning : api::EventType::kNormal, std::move(event.reason),
                       std::move(event.message));
}

}  // namespace canaria::machine
