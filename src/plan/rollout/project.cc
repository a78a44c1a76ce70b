#include "plan/rollout/project.h"

#include <algorithm>

#include "api/core/pod_template.h"
#include "json/codec.h"
#include "json/patch.h"

namespace canaria::plan {
namespace {

api::ReplicaSet* find_set(Snapshot& world, const api::ObjectKey& key) {
  for (api::ReplicaSet& set : world.sets)
    if (set.metadata.key() == key) return &set;
  return nullptr;
}

api::Pod* find_pod(Snapshot& world, const api::ObjectKey& key) {
  if (!world.pods) return nullptr;
  for (api::Pod& pod : *world.pods)
    if (pod.metadata.key() == key) return &pod;
  return nullptr;
}

void merge_map(const json::Value* changes, api::StringMap& map) {
  if (!changes || !changes->is_object()) return;
  for (const auto& [key, value] : changes->get_object()) {
    if (value.is_string()) map[std::string(key)] = std::string(value.get_string());
    else map.erase(std::string(key));
  }
}

struct Projector {
  Snapshot& world;

  void operator()(const CreateReplicaSet& create) const {
    api::ReplicaSet set = api::parse_replica_set(create.object);
    set.metadata.creationTimestamp = whole_seconds(world.now);
    set.metadata.uid = create.name;
    set.metadata.generation = 1;
    world.sets.push_back(std::move(set));
  }
  void operator()(const AdoptReplicaSet& adopt) const {
    if (api::ReplicaSet* set = find_set(world, adopt.set))
      set->metadata.ownerReferences.push_back(
          {"argoproj.io/v1alpha1", "Rollout", world.rollout.metadata.name, world.rollout.metadata.uid, true, true});
  }
  void operator()(const ReleaseReplicaSet& release) const {
    if (api::ReplicaSet* set = find_set(world, release.set)) set->metadata.ownerReferences.clear();
  }
  void operator()(const PatchReplicaSet& change) const {
    api::ReplicaSet* set = find_set(world, change.set);
    if (!set) return;
    merge_map(json::find(change.patch, "metadata.annotations"), set->metadata.annotations);
    if (const auto* spec = json::find(change.patch, "spec")) {
      ++set->metadata.generation;
      json::decode_into(*spec, set->spec);
    }
    if (const auto* pod_template = json::find(change.patch, "spec.template")) {
      const auto current = json::parse(set->pod_template);
      set->pod_template =
          api::canonical_pod_template(json::merge_patch(current ? *current : json::Value(nullptr), *pod_template));
    }
  }
  void operator()(const DeleteReplicaSet& gone) const {
    std::erase_if(world.sets, [&](const api::ReplicaSet& set) { return set.metadata.key() == gone.set; });
  }
  void operator()(const PatchRollout& change) const {
    merge_map(json::find(change.patch, "metadata.annotations"), world.rollout.metadata.annotations);
    if (const auto* spec = json::find(change.patch, "spec")) {
      ++world.rollout.metadata.generation;
      json::decode_into(*spec, world.rollout.spec);
    }
  }
  void operator()(const PatchStatus& change) const {
    world.rollout.status = api::parse_status(
        json::merge_patch(api::encode_status(world.rollout.status),
                          json::find(change.patch, "status") ? *json::find(change.patch, "status") : change.patch));
  }
  void operator()(const PatchService& change) const {
    for (api::Service& service : world.services) {
      if (service.metadata.key() != change.service) continue;
      merge_map(json::find(change.patch, "metadata.annotations"), service.metadata.annotations);
      merge_map(json::find(change.patch, "spec.selector"), service.spec.selector);
    }
  }
  void operator()(const UpdateRoute& change) const {
    for (TrafficRoute& route : world.routes)
      if (route.reference.resource == change.resource && route.reference.key == change.route)
        route.object = json::merge_patch(std::move(route.object), change.patch);
  }
  void operator()(const ScaleDeployment& change) const {
    if (world.workload) world.workload->replicas = change.replicas;
  }
  void operator()(const EvictPod& evict) const {
    if (api::Pod* pod = find_pod(world, evict.pod)) pod->metadata.deletionTimestamp = world.now;
  }
  void operator()(const PatchPod& change) const {
    api::Pod* pod = find_pod(world, change.pod);
    if (!pod) return;
    merge_map(json::find(change.patch, "metadata.labels"), pod->metadata.labels);
    merge_map(json::find(change.patch, "metadata.annotations"), pod->metadata.annotations);
  }
  void operator()(const EmitEvent&) const {}
};

}  // namespace

void project(const Action& action, Snapshot& world) { std::visit(Projector{world}, action.effect); }

void combine_patches(json::Value& patch, const json::Value& changes) {
  if (!patch.is_object() || !changes.is_object()) {
    patch = changes;
    return;
  }
  for (const auto& [key, value] : changes.get_object()) {
    json::Value* at = patch.get_object().if_contains(key);
    if (at && at->is_object() && value.is_object()) combine_patches(*at, value);
    else patch.get_object()[key] = value;
  }
}

}  // namespace canaria::plan
