// Who belongs to the Rollout and who plays which part: claiming, the new and the stable ReplicaSet.
#include <algorithm>

#include "api/core/pod_template.h"
#include "lang/selector.h"
#include "plan/rollout/injected.h"
#include "plan/rollout/pass.h"

namespace canaria::plan {
namespace {

bool is_claimed(const api::Rollout& rollout, const api::ReplicaSet& set) {
  const api::OwnerReference* owner = set.metadata.controller();
  return owner && owner->uid == rollout.metadata.uid && set.metadata.labels.contains(api::kHashLabel) && rollout.spec.selector &&
         lang::matches(*rollout.spec.selector, set.metadata.labels);
}

bool is_older_set(const api::ReplicaSet* a, const api::ReplicaSet* b) {
  const Time left = a->metadata.creationTimestamp.value_or(Time());
  const Time right = b->metadata.creationTimestamp.value_or(Time());
  if (left != right) return left < right;
  // Creation times are whole seconds; of two sets made within one, the lower revision is the older.
  const std::int64_t x = a->revision().value_or(0);
  const std::int64_t y = b->revision().value_or(0);
  return x != y ? x < y : a->metadata.name < b->metadata.name;
}

// 1. The set whose hash label is the computed hash. 2. Otherwise the set with the same template: that is what carries
// a takeover from another controller or library version whose hash function gave another value.
const api::ReplicaSet* find_new_set(const std::vector<const api::ReplicaSet*>& claimed, const api::Rollout& rollout,
                                    const std::string& hash) {
  for (const api::ReplicaSet* set : claimed)
    if (set->hash() == hash) return set;
  for (const api::ReplicaSet* set : claimed)
    if (api::same_pod_template(without_injected_parts(*set), rollout.pod_template)) return set;
  return nullptr;
}

}  // namespace

View make_view(const Snapshot& snapshot) {
  const api::Rollout& rollout = snapshot.rollout;
  View view{snapshot, rollout, {}, {}, api::pod_template_hash(rollout.pod_template, rollout.status.collisionCount)};
  for (const api::ReplicaSet& set : snapshot.sets)
    if (is_claimed(rollout, set)) view.claimed.push_back(&set);
  std::sort(view.claimed.begin(), view.claimed.end(), is_older_set);
  view.roles.new_set = find_new_set(view.claimed, rollout, view.template_hash);
  for (const api::ReplicaSet* set : view.claimed) {
    if (!rollout.status.stableRS.empty() && set->hash() == rollout.status.stableRS) view.roles.stable = set;
  }
  for (const api::ReplicaSet* set : view.claimed)
    if (set != view.roles.new_set && set != view.roles.stable) view.roles.others.push_back(set);
  std::sort(view.roles.others.begin(), view.roles.others.end(),
            [](const auto* a, const auto* b) { return a->metadata.name < b->metadata.name; });
  return view;
}

std::int64_t View::max_older_revision() const {
  std::int64_t highest = 0;
  for (const api::ReplicaSet* set : claimed)
    if (set != roles.new_set) highest = std::max(highest, set->revision().value_or(0));
  return highest;
}

std::int64_t View::current_revision() const {
  const std::int64_t wanted = max_older_revision() + 1;
  return roles.new_set ? std::max(wanted, roles.new_set->revision().value_or(0)) : wanted;
}

bool is_scaling_halted(const View& view) {
  if (view.rollout.spec.paused) return true;
  for (const api::PauseCondition& pause : view.rollout.status.pauseConditions)
    if (pause.reason == "InconclusiveAnalysisRun") return true;
  return false;
}

}  // namespace canaria::plan
