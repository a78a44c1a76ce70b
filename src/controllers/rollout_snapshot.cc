#include "controllers/rollout_snapshot.h"

#include "api/rollouts/validation.h"

namespace canaria::controllers {
namespace {

plan::Workload unresolved(std::string error) {
  plan::Workload workload;
  workload.error = std::move(error);
  return workload;
}

// Compat: only labels and annotations of the template count; containers beside a workloadRef are ignored.
bool has_own_template(const api::Rollout& rollout) {
  const auto parsed = json::parse(rollout.pod_template);
  if (!parsed) return false;
  for (const char* part : {"metadata.labels", "metadata.annotations"})
    if (const auto* found = json::find(*parsed, part); found && found->is_object() && !found->get_object().empty()) return true;
  return false;
}

}  // namespace

std::optional<plan::Workload> resolve_workload(RolloutCaches& caches, const api::Rollout& rollout) {
  const api::WorkloadRef& reference = *rollout.spec.workloadRef;
  if (has_own_template(rollout)) return unresolved("template must be empty for workload reference rollout");
  const api::Resource* resource = workload_resource(reference);
  if (!resource) {
    const auto slash = reference.apiVersion.find('/');
    const std::string group = slash == std::string::npos ? "" : reference.apiVersion.substr(0, slash);
    return unresolved("workload of type " + group + "/" + reference.kind + " is not supported");
  }
  const WorkloadCache& cache = caches.workloads(*resource);
  const auto object = cache.find({rollout.metadata.namespace_, reference.name});
  if (!object && !cache.has_synced()) return std::nullopt;
  if (!object) return unresolved(resource->qualified() + " \"" + reference.name + "\" not found");
  plan::Workload workload;
  workload.generation = object->metadata.generation;
  workload.pod_template = object->pod_template;
  workload.selector = object->selector;
  if (*resource == api::resources::deployments()) workload.replicas = object->replicas.value_or(1);
  return workload;
}

std::optional<api::LabelSelector> selector_in_force(const api::Rollout& rollout, const std::optional<plan::Workload>& workload) {
  if (rollout.spec.selector) return rollout.spec.selector;
  return workload ? workload->selector : std::nullopt;
}

plan::Snapshot observe(const RolloutCaches& caches, const api::Rollout& rollout, std::optional<plan::Workload> workload, Time now,
                       plan::ControllerOptions options) {
  plan::Snapshot snapshot;
  snapshot.now = now;
  snapshot.rollout = rollout;
  snapshot.options = std::move(options);
  const std::string& namespace_ = rollout.metadata.namespace_;
  for (const auto& set : caches.sets_of(namespace_, rollout.metadata.uid)) snapshot.sets.push_back(*set);
  if (const auto selector = selector_in_force(rollout, workload)) {
    for (const auto& set : caches.ownerless_sets(namespace_))
      if (lang::matches(*selector, set->metadata.labels)) snapshot.sets.push_back(*set);
  }
  for (const std::string& name : api::referenced_services(rollout))
    if (const auto service = caches.services().find({namespace_, name})) snapshot.services.push_back(*service);
  snapshot.workload = std::move(workload);
  return snapshot;
}

}  // namespace canaria::controllers
