// Actions in words: one line each, for transcripts and for whoever reads what a plan would do.
#include <fmt/format.h>

#include "json/write.h"
#include "plan/rollout/simulation.h"

namespace canaria::plan {
namespace {

struct Describer {
  std::string operator()(const CreateReplicaSet& create) const { return "create ReplicaSet " + create.name; }
  std::string operator()(const AdoptReplicaSet& adopt) const { return "adopt ReplicaSet " + adopt.set.name; }
  std::string operator()(const ReleaseReplicaSet& release) const { return "release ReplicaSet " + release.set.name; }
  std::string operator()(const PatchReplicaSet& change) const {
    return fmt::format("patch ReplicaSet {} {}", change.set.name, json::write(change.patch));
  }
  std::string operator()(const DeleteReplicaSet& gone) const { return "delete ReplicaSet " + gone.set.name; }
  std::string operator()(const PatchRollout& change) const { return "patch Rollout " + json::write(change.patch); }
  std::string operator()(const PatchStatus&) const { return "write status"; }
  std::string operator()(const PatchService& change) const {
    return fmt::format("patch Service {} {}", change.service.name, json::write(change.patch));
  }
  std::string operator()(const EvictPod& evict) const { return "evict Pod " + evict.pod.name; }
  std::string operator()(const PatchPod& change) const {
    return fmt::format("patch Pod {} {}", change.pod.name, json::write(change.patch));
  }
  std::string operator()(const ScaleDeployment& change) const {
    return fmt::format("scale Deployment {} to {}", change.deployment.name, change.replicas);
  }
  std::string operator()(const EmitEvent& event) const {
    return fmt::format("event {} {}: {}", event.type == api::EventType::kNormal ? "Normal" : "Warning", event.reason,
                       event.message);
  }
};

}  // namespace

std::string describe(const Action& action) {
  // The patch repeats whole condition lists; what it says is in the reason.
  if (std::holds_alternative<PatchStatus>(action.effect)) return "write " + action.reason;
  return std::visit(Describer{}, action.effect);
}

}  // namespace canaria::plan
