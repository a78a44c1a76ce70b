#include "machine/workloads/endpoint_slice_controller.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 8;

bool is_ours(const workload::SliceState& slice) {
  return slice.metadata.label(workload::kManagedByLabel) == workload::kSliceManager;
}

// Whether any slice would look different.
bool matters(const workload::PodState& before, const workload::PodState& after) {
  return before.metadata.labels != after.metadata.labels || before.address != after.address ||
         before.is_ready() != after.is_ready() || before.is_terminating() != after.is_terminating() ||
         before.has_ended() != after.has_ended() || before.node_name != after.node_name ||
         before.metadata.uid != after.metadata.uid;
}

}  // namespace

EndpointSliceController::EndpointSliceController(WorkloadDoors doors, WorkloadCaches& caches)
    : doors_(doors),
      caches_(caches),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.services().on_change([this](const auto& before, const auto& after) {
    if (is_started_) queue_.add((after ? after : before)->metadata.key());
  });
  caches_.pods().objects().on_change([this](const PodPointer& before, const PodPointer& after) { pod_changed(before, after); });
  caches_.slices().objects().on_change(
      [this](const SlicePointer& before, const SlicePointer& after) { slice_changed(before, after); });
}

void EndpointSliceController::start() {
  is_started_ = true;
  for (const auto& [key, service] : caches_.services().all()) queue_.add(key);
  queue_.start();
}

void EndpointSliceController::pod_changed(const PodPointer& before, const PodPointer& after) {
  if (!is_started_ || (before && after && !matters(*before, *after))) return;
  const std::string& namespace_ = (after ? after : before)->metadata.namespace_;
  for (const auto& service : caches_.services().in_namespace(namespace_)) {
    const bool selects =
        (before && service->selects(before->metadata.labels)) || (after && service->selects(after->metadata.labels));
    if (service->has_slices() && selects) queue_.add(service->metadata.key());
  }
}

void EndpointSliceController::slice_changed(const SlicePointer& before, const SlicePointer& after) {
  const workload::SliceState& slice = after ? *after : *before;
  if (is_started_ && is_ours(slice)) queue_.add({slice.metadata.namespace_, slice.metadata.label(workload::kServiceNameLabel)});
}

workload::SlicePlan EndpointSliceController::plan(const workload::ServiceState& service) const {
  const std::string& namespace_ = service.metadata.namespace_;
  std::vector<PodPointer> pods;
  std::vector<const workload::PodState*> selected;
  for (PodPointer& pod : caches_.pods().objects().in_namespace(namespace_))
    if (service.selects(pod->metadata.labels)) pods.push_back(std::move(pod));
  for (const PodPointer& pod : pods) selected.push_back(pod.get());
  const std::vector<SlicePointer> slices = caches_.slices().controlled_by(namespace_, service.metadata.uid);
  std::vector<const workload::SliceState*> ours;
  for (const SlicePointer& slice : slices)
    if (is_ours(*slice)) ours.push_back(slice.get());
  return workload::plan_slices(service, selected, ours);
}

// The slices of a Service that is gone are the garbage collector's.
Task<Result<std::optional<Time>>> EndpointSliceController::reconcile(api::ObjectKey key) {
  const auto service = caches_.services().find(key);
  if (!service) co_return std::nullopt;
  workload::SlicePlan todo = plan(*service);
  for (workload::SliceWrite& write : todo.writes) {
    CO_CHECK(co_await apply(key.namespace_, std::move(write)));
  }
  for (const std::string& name : todo.remove) {
    const api::ObjectKey slice{key.namespace_, name};
    CO_CHECK(co_await remove(slice));
  }
  co_return std::nullopt;
}

Task<Status> EndpointSliceController::apply(std::string namespace_, workload::SliceWrite write) {
  const api::ObjectKey key{namespace_, write.name};
  Result<json::Value> written = fail(Code::kInternal, "");
  if (write.is_new)
    written = co_await doors_.client.create(api::resources::endpoint_slices(), key, std::move(write.body), WriteOptions());
  else
    written = co_await doors_.client.patch(api::resources::endpoint_slices(), key, PatchKind::kMerge, std::move(write.body),
                                           WriteOptions());
  if (!written) co_return wrap("write EndpointSlice " + key.text(), written.error());
  caches_.slices().objects().put(*written);
  co_return Status();
}

Task<Status> EndpointSliceController::remove(api::ObjectKey key) {
  const Status outcome = co_await doors_.client.remove(api::resources::endpoint_slices(), key, Propagation::kBackground);
  if (!outcome && outcome.error().code != Code::kNotFound) co_return outcome;
  const auto cached = caches_.slices().objects().find(key);
  if (!cached) co_return Status();
  const json::Object metadata{
      {"namespace", key.namespace_}, {"name", key.name}, {"resourceVersion", cached->metadata.resourceVersion}};
  caches_.slices().objects().drop(json::Object{{"metadata", metadata}});
  co_return Status();
}

}  // namespace canaria::machine
