#include "machine/workloads/scheduler.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 16;

}  // namespace

// While a pod is being bound others must see it on its node already, or two that avoid each other would both fit.
class Scheduler::Assumption {
 public:
  Assumption(Scheduler& scheduler, const PodPointer& pod, const std::string& node)
      : scheduler_(scheduler), key_(pod->metadata.key()) {
    if (node.empty() || scheduler.avoiding_ == 0) return;
    auto placed = std::make_shared<workload::PodState>(*pod);
    placed->node_name = node;
    scheduler.assumed_[key_] = std::move(placed);
  }
  ~Assumption() { scheduler_.assumed_.erase(key_); }
  Assumption(const Assumption&) = delete;
  Assumption& operator=(const Assumption&) = delete;

 private:
  Scheduler& scheduler_;
  api::ObjectKey key_;
};

Scheduler::Scheduler(WorkloadDoors doors, WorkloadCaches& caches, Binding binding)
    : doors_(doors),
      caches_(caches),
      binding_(binding),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.pods().objects().on_change([this](const PodPointer& before, const PodPointer& after) { count(before, after); });
  caches_.nodes().on_change([this](const auto& before, const auto& after) {
    // Heartbeats change nothing that matters here.
    const bool is_same = before && after && before->is_ready == after->is_ready &&
                         before->metadata.labels == after->metadata.labels &&
                         before->is_unschedulable == after->is_unschedulable && before->taints.size() == after->taints.size();
    if (!is_same) wake_waiting();
  });
}

void Scheduler::start() {
  is_started_ = true;
  wake_waiting();
  queue_.start();
}

void Scheduler::wake_waiting() {
  if (!is_started_) return;
  for (const auto& [key, pod] : caches_.pods().objects().all())
    if (workload::wants_node(*pod)) queue_.add(key);
}

void Scheduler::count(const PodPointer& before, const PodPointer& after) {
  const auto node_of = [](const PodPointer& pod) { return pod && !pod->has_ended() ? pod->node_name : std::string(); };
  avoiding_ += (after && !after->avoidances.empty() ? 1 : 0) - (before && !before->avoidances.empty() ? 1 : 0);
  const std::string left = node_of(before);
  const std::string joined = node_of(after);
  if (left != joined) {
    if (!left.empty() && --load_[left] == 0) load_.erase(left);
    if (!joined.empty()) ++load_[joined];
    // Whoever avoided the pod may have its place now.
    if (!left.empty() && joined.empty() && avoiding_ > 0) wake_waiting();
  }
  if (is_started_ && after && workload::wants_node(*after)) queue_.add(after->metadata.key());
}

workload::Placement Scheduler::placement_of(const workload::PodState& pod) const {
  std::vector<const workload::NodeState*> nodes;
  for (const auto& [key, node] : caches_.nodes().all()) nodes.push_back(node.get());
  std::vector<const workload::PodState*> neighbors;
  if (avoiding_ > 0) {
    for (const auto& [key, other] : caches_.pods().objects().all())
      if (!other->node_name.empty() && !other->has_ended()) neighbors.push_back(other.get());
    for (const auto& [key, other] : assumed_) neighbors.push_back(other.get());
  }
  return workload::place(pod, nodes, load_, neighbors);
}

Task<Result<std::optional<Time>>> Scheduler::reconcile(api::ObjectKey key) {
  const auto pod = caches_.pods().objects().find(key);
  if (!pod || !workload::wants_node(*pod) || caches_.removed().contains(pod->metadata.uid)) co_return std::nullopt;
  const workload::Placement placement = placement_of(*pod);
  const Assumption assumption(*this, pod, placement.node);
  json::Value patch = workload::scheduled_patch(*pod, placement, doors_.clock.now());
  const bool is_news = !patch.is_null();
  if (is_news) {
    patch.get_object()["metadata"] = json::Object{{"uid", pod->metadata.uid}};
    CO_CHECK(co_await write_condition(key, std::move(patch)));
  }
  const EventTarget target = event_target(api::resources::pods(), pod->metadata);
  if (placement.node.empty()) {
    if (is_news) doors_.events.record(target, api::EventType::kWarning, "FailedScheduling", placement.reason);
    co_return std::nullopt;
  }
  CO_CHECK(co_await bind(key, pod->metadata.uid, placement.node));
  doors_.events.record(target, api::EventType::kNormal, "Scheduled",
                       "Successfully assigned " + key.text() + " to " + placement.node);
  co_return std::nullopt;
}

Task<Status> Scheduler::write_condition(api::ObjectKey key, json::Value patch) {
  auto options = to_subresource("status");
  auto written =
      co_await doors_.client.patch(api::resources::pods(), key, PatchKind::kMerge, std::move(patch), std::move(options));
  if (written) caches_.pods().objects().put(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

Task<Status> Scheduler::bind(api::ObjectKey key, std::string uid, std::string node) {
  Result<json::Value> bound = fail(Code::kInternal, "");
  if (binding_ == Binding::kPatch) {
    json::Value body = json::Object{{"metadata", {{"uid", uid}}}, {"spec", {{"nodeName", node}}}};
    bound = co_await doors_.client.patch(api::resources::pods(), key, PatchKind::kMerge, std::move(body), WriteOptions());
    if (bound) caches_.pods().objects().put(*bound);
  } else {
    json::Value body = json::Object{{"apiVersion", "v1"},
                                    {"kind", "Binding"},
                                    {"metadata", {{"name", key.name}, {"namespace", key.namespace_}, {"uid", uid}}},
                                    {"target", {{"apiVersion", "v1"}, {"kind", "Node"}, {"name", node}}}};
    auto options = to_subresource("binding");
    bound = co_await doors_.client.create(api::resources::pods(), key, std::move(body), std::move(options));
  }
  if (!bound && bound.error().code != Code::kNotFound) co_return wrap("bind pod " + key.text(), bound.error());
  co_return Status();
}

}  // namespace canaria::machine
