#include "machine/workloads/pod_writer.h"

#include <algorithm>

#include "async/event.h"
#include "plan/workload/claim.h"

namespace canaria::machine {

// Requests that run at once. Shared with them, because the one who waits may be cancelled.
struct PodWriter::Batch {
  std::int32_t running = 0;
  std::optional<Error> failure;  // the first
  async::Event done;

  void finish(const Status& outcome) {
    if (!outcome && !failure) failure = outcome.error();
    if (--running == 0) done.set();
  }
  Status outcome() const { return failure ? Status(fail(*failure)) : Status(); }
};

Task<Status> PodWriter::create(Owner owner, json::Value pod, std::int32_t count) {
  PodMaker copy = [pod = std::move(pod)](std::int32_t) { return pod; };
  co_return co_await create_each(std::move(owner), std::move(copy), count);
}

Task<Status> PodWriter::create_each(Owner owner, PodMaker make, std::int32_t count) {
  std::int32_t next = 0;
  for (std::int32_t size = 1; next < count; size *= 2) {
    const auto batch = std::make_shared<Batch>();
    batch->running = std::min(size, count - next);
    const std::int32_t started = batch->running;
    for (std::int32_t i = 0; i < started; ++i) scope_.spawn(create_one(owner, make(next++), batch));
    co_await batch->done.wait();
    if (batch->failure) co_return batch->outcome();
  }
  co_return Status();
}

Task<void> PodWriter::create_one(Owner owner, json::Value pod, std::shared_ptr<Batch> batch) {
  const api::ObjectKey key{owner.metadata.namespace_, ""};
  auto created = co_await doors_.client.create(api::resources::pods(), key, std::move(pod), WriteOptions());
  if (created) {
    caches_.pods().objects().put(*created);
    const std::string name(json::text_at(*created, "metadata.name"));
    tell(owner, api::EventType::kNormal, "SuccessfulCreate", "Created pod: " + name);
    batch->finish(Status());
    co_return;
  }
  tell(owner, api::EventType::kWarning, "FailedCreate", "Error creating: " + created.error().message);
  batch->finish(fail(created.error()));
}

Task<Status> PodWriter::remove(Owner owner, std::vector<Victim> pods) {
  if (pods.empty()) co_return Status();
  const auto batch = std::make_shared<Batch>();
  batch->running = static_cast<std::int32_t>(pods.size());
  for (Victim& pod : pods) scope_.spawn(remove_one(owner, std::move(pod), batch));
  co_await batch->done.wait();
  co_return batch->outcome();
}

Task<void> PodWriter::remove_one(Owner owner, Victim pod, std::shared_ptr<Batch> batch) {
  // The door has no precondition on the UID: a pod of this name that is another one by now must not be hit.
  const auto cached = caches_.pods().objects().find(pod.key);
  if (!cached || cached->metadata.uid != pod.uid) {
    batch->finish(Status());
    co_return;
  }
  const Status outcome = co_await doors_.client.remove(api::resources::pods(), pod.key, Propagation::kBackground);
  const bool is_gone = !outcome && outcome.error().code == Code::kNotFound;
  const auto current = caches_.pods().objects().find(pod.key);
  if ((outcome || is_gone) && current && current->metadata.uid == pod.uid && !current->is_terminating())
    caches_.note_removed(pod.uid);
  if (outcome) tell(owner, api::EventType::kNormal, "SuccessfulDelete", "Deleted pod: " + pod.key.name);
  else if (!is_gone) tell(owner, api::EventType::kWarning, "FailedDelete", "Error deleting: " + outcome.error().message);
  batch->finish(is_gone ? Status() : outcome);
}

Task<Status> PodWriter::adopt(Owner owner, std::vector<api::ObjectKey> pods) {
  if (pods.empty()) co_return Status();
  CO_TRY(auto live, co_await doors_.client.get(owner.kind, owner.metadata.key()));
  if (json::text_at(live, "metadata.uid") != owner.metadata.uid || json::find(live, "metadata.deletionTimestamp"))
    co_return fail(Code::kConflict, "the owner was replaced or is being deleted");
  for (const api::ObjectKey& key : pods) {
    const auto pod = caches_.pods().objects().find(key);
    if (!pod) continue;
    json::Value body = workload::adoption_patch(pod->metadata, owner.kind, owner.metadata);
    CO_CHECK(co_await patch(key, std::move(body)));
  }
  co_return Status();
}

Task<Status> PodWriter::release(Owner owner, std::vector<api::ObjectKey> pods) {
  for (const api::ObjectKey& key : pods) {
    const auto pod = caches_.pods().objects().find(key);
    if (!pod) continue;
    json::Value body = workload::release_patch(pod->metadata, owner.metadata);
    CO_CHECK(co_await patch(key, std::move(body)));
  }
  co_return Status();
}

Task<Status> PodWriter::patch(api::ObjectKey pod, json::Value body) {
  auto written = co_await doors_.client.patch(api::resources::pods(), pod, PatchKind::kMerge, std::move(body), WriteOptions());
  if (written) caches_.pods().objects().put(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

void PodWriter::tell(const Owner& owner, api::EventType type, std::string reason, std::string message) {
  doors_.events.record(event_target(owner.kind, owner.metadata), type, std::move(reason), std::move(message));
}

}  // namespace canaria::machine
