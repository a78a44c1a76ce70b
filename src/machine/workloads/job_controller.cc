#include "machine/workloads/job_controller.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 4;

}  // namespace

JobController::JobController(WorkloadDoors doors, WorkloadCaches& caches, PodWriter& pods)
    : doors_(doors),
      caches_(caches),
      writer_(pods),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.jobs().on_change([this](const JobPointer& before, const JobPointer& after) {
    if (is_started_) queue_.add((after ? after : before)->metadata.key());
  });
  caches_.pods().objects().on_change([this](const PodPointer& before, const PodPointer& after) { pod_changed(before, after); });
}

void JobController::start() {
  is_started_ = true;
  for (const auto& [key, job] : caches_.jobs().all()) queue_.add(key);
  queue_.start();
}

void JobController::pod_changed(const PodPointer& before, const PodPointer& after) {
  if (!is_started_) return;
  const workload::PodState& pod = after ? *after : *before;
  const api::OwnerReference* owner = pod.metadata.controller();
  if (owner && owner->kind == api::resources::jobs().kind) queue_.add({pod.metadata.namespace_, owner->name});
}

// pods: keeps alive what the plan points to.
workload::JobPlan JobController::plan(const workload::JobState& job, std::vector<PodPointer>& pods) const {
  pods = caches_.pods().controlled_by(job.metadata.namespace_, job.metadata.uid);
  workload::JobSnapshot snapshot;
  snapshot.now = doors_.clock.now();
  snapshot.job = &job;
  for (const PodPointer& pod : pods) snapshot.pods.push_back(pod.get());
  snapshot.removed = caches_.removed();
  return workload::plan_job(snapshot);
}

// The status first: that an end was reached must be known before the pods that would say so are gone.
Task<Result<std::optional<Time>>> JobController::reconcile(api::ObjectKey key) {
  const JobPointer job = caches_.jobs().find(key);
  if (!job) co_return std::nullopt;
  std::vector<PodPointer> pods;
  workload::JobPlan todo = plan(*job, pods);
  if (todo.removes_job) {
    CO_CHECK(co_await remove(key));
    co_return std::nullopt;
  }
  if (!todo.status_patch.is_null()) {
    CO_CHECK(co_await write_status(job, std::move(todo.status_patch)));
    for (workload::JobEvent& event : todo.events)
      doors_.events.record(event_target(api::resources::jobs(), job->metadata),
                           event.is_warning ? api::EventType::kWarning : api::EventType::kNormal, std::move(event.reason),
                           std::move(event.message));
  }
  if (todo.create > 0) {
    CO_CHECK(co_await create_pods(job, todo.create, std::move(todo.create_indexes)));
  }
  const PodWriter::Owner owner(api::resources::jobs(), job->metadata);
  std::vector<PodWriter::Victim> victims;
  for (const workload::PodState* pod : todo.remove) victims.emplace_back(*pod);
  CO_CHECK(co_await writer_.remove(owner, std::move(victims)));
  co_return todo.wake_at;
}

Task<Status> JobController::create_pods(JobPointer job, std::int32_t count, std::vector<std::int32_t> indexes) {
  const PodWriter::Owner owner(api::resources::jobs(), job->metadata);
  json::Value pod = workload::pod_of_job(*job);
  if (!job->is_indexed) co_return co_await writer_.create(owner, std::move(pod), count);
  PodWriter::PodMaker of_index = [name = job->metadata.name, pod = std::move(pod), indexes = std::move(indexes)](std::int32_t n) {
    return workload::with_index(pod, name, indexes[static_cast<std::size_t>(n)]);
  };
  co_return co_await writer_.create_each(owner, std::move(of_index), count);
}

Task<Status> JobController::write_status(JobPointer job, json::Value patch) {
  patch.get_object()["metadata"] = json::Object{{"uid", job->metadata.uid}, {"resourceVersion", job->metadata.resourceVersion}};
  auto options = to_subresource("status");
  auto written = co_await doors_.client.patch(api::resources::jobs(), job->metadata.key(), PatchKind::kMerge, std::move(patch),
                                              std::move(options));
  if (!written) co_return fail(written.error());
  caches_.jobs().put(*written);
  co_return Status();
}

Task<Status> JobController::remove(api::ObjectKey key) {
  const Status outcome = co_await doors_.client.remove(api::resources::jobs(), key, Propagation::kBackground);
  if (!outcome && outcome.error().code != Code::kNotFound) co_return outcome;
  co_return Status();
}

}  // namespace canaria::machine
