// Claiming ReplicaSets by owner and selector, as every Kubernetes workload controller does.
#include "lang/selector.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {

void plan_claims(const Snapshot& snapshot, Pass& pass) {
  const api::Rollout& rollout = snapshot.rollout;
  if (!rollout.spec.selector) return;
  for (const api::ReplicaSet& set : snapshot.sets) {
    if (!set.metadata.labels.contains(api::kHashLabel)) continue;
    const api::OwnerReference* owner = set.metadata.controller();
    const bool is_matching = lang::matches(*rollout.spec.selector, set.metadata.labels);
    if (!owner && is_matching && !set.metadata.deletionTimestamp)
      pass.act(AdoptReplicaSet{set.metadata.key(), set.metadata.uid}, "the selector matches and nobody owns it");
    if (owner && owner->uid == rollout.metadata.uid && !is_matching)
      pass.act(ReleaseReplicaSet{set.metadata.key(), set.metadata.uid}, "its labels do not match the selector any more");
  }
}

}  // namespace canaria::plan
