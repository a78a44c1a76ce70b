#include "plan/rollout/describe.h"

#include <fmt/format.h>

#include "json/write.h"

namespace canaria::plan {
namespace {

struct Summary {
  std::string operator()(const CreateReplicaSet& create) const { return "create ReplicaSet " + create.name; }
  std::string operator()(const AdoptReplicaSet& adopt) const { return "adopt ReplicaSet " + adopt.set.name; }
  std::string operator()(const ReleaseReplicaSet& release) const { return "release ReplicaSet " + release.set.name; }
  std::string operator()(const PatchReplicaSet& change) const {
    const auto* size = json::find(change.patch, "spec.replicas");
    if (!size || !size->is_int64()) return "patch ReplicaSet " + change.set.name;
    return fmt::format("scale ReplicaSet {} to {}", change.set.name, size->get_int64());
  }
  std::string operator()(const DeleteReplicaSet& gone) const { return "delete ReplicaSet " + gone.set.name; }
  std::string operator()(const PatchRollout&) const { return "patch Rollout"; }
  std::string operator()(const PatchStatus&) const { return "patch status"; }
  std::string operator()(const PatchService& change) const { return "patch Service " + change.service.name; }
  std::string operator()(const UpdateRoute& change) const {
    return fmt::format("set {} {} to weight {}", change.resource.kind, change.route.name, change.weight);
  }
  std::string operator()(const EvictPod& evict) const { return "evict Pod " + evict.pod.name; }
  std::string operator()(const PatchPod& change) const { return "patch Pod " + change.pod.name; }
  std::string operator()(const ScaleDeployment& change) const {
    return fmt::format("scale Deployment {} to {}", change.deployment.name, change.replicas);
  }
  std::string operator()(const EmitEvent& event) const { return "event " + event.reason; }
};

}  // namespace

std::string summary(const Effect& effect) { return std::visit(Summary{}, effect); }

std::string describe(const Action& action) {
  if (std::holds_alternative<PatchStatus>(action.effect)) return "write " + action.reason;
  if (const auto* event = std::get_if<EmitEvent>(&action.effect))
    return fmt::format("event {} {}: {}", event->type == api::EventType::kNormal ? "Normal" : "Warning", event->reason,
                       event->message);
  if (const auto* set = std::get_if<PatchReplicaSet>(&action.effect))
    return fmt::format("patch ReplicaSet {} {}", set->set.name, json::write(set->patch));
  std::string line = summary(action.effect);
  const json::Value* patch = nullptr;
  if (const auto* rollout = std::get_if<PatchRollout>(&action.effect)) patch = &rollout->patch;
  if (const auto* service = std::get_if<PatchService>(&action.effect)) patch = &service->patch;
  if (const auto* pod = std::get_if<PatchPod>(&action.effect)) patch = &pod->patch;
  return patch ? line + " " + json::write(*patch) : line;
}

}  // namespace canaria::plan
