#include "cli/view/rollout_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "json/codec.h"
#include "plan/rollout/canary_sizes.h"

namespace canaria::cli {

api::ObjectMeta metadata_of(const json::Value& object) {
  const json::Value* metadata = json::find(object, "metadata");
  return metadata ? json::decode<api::ObjectMeta>(*metadata) : api::ObjectMeta();
}

bool is_owned_by(const api::ObjectMeta& metadata, const std::string& uid) {
  return std::ranges::any_of(metadata.ownerReferences,
                             [&](const api::OwnerReference& owner) { return !uid.empty() && owner.uid == uid; });
}

std::vector<const json::Value*> owned_by(const std::vector<json::Value>& objects, const std::string& uid) {
  std::vector<const json::Value*> owned;
  for (const json::Value& object : objects)
    if (is_owned_by(metadata_of(object), uid)) owned.push_back(&object);
  return owned;
}

std::string strategy_name(const api::Rollout& rollout) {
  if (rollout.spec.strategy.canary) return "Canary";
  if (rollout.spec.strategy.blueGreen) return "BlueGreen";
  return "";
}

std::string step_text(const api::Rollout& rollout) {
  if (rollout.step_count() == 0 || !rollout.status.currentStepIndex) return "";
  return std::to_string(*rollout.status.currentStepIndex) + "/" + std::to_string(rollout.step_count());
}

std::int32_t set_weight(const api::Rollout& rollout) { return rollout.status.abort ? 0 : plan::step_weight(rollout); }

std::int32_t actual_weight(const api::Rollout& rollout, const std::vector<api::ReplicaSet>& sets) {
  if (!rollout.current_step()) return rollout.max_weight();
  if (rollout.status.availableReplicas <= 0) return 0;
  if (rollout.canary()->trafficRouting) {
    const auto& weights = rollout.status.canary.weights;
    return weights ? weights->canary.weight.value_or(0) : set_weight(rollout);
  }
  for (const api::ReplicaSet& set : sets)
    if (set.hash() != rollout.status.stableRS && set.hash() == rollout.status.currentPodHash)
      return set.status.availableReplicas * rollout.max_weight() / rollout.status.availableReplicas;
  return 0;
}

std::vector<std::string> roles_of(const api::Rollout& rollout, const std::string& hash) {
  std::vector<std::string> roles;
  if (hash.empty()) return roles;
  const api::RolloutStatus& status = rollout.status;
  const bool stable = hash == status.stableRS;
  if (stable) roles.emplace_back("stable");
  if (rollout.canary()) {
    const bool canary = !stable && hash == status.currentPodHash;
    if (canary) roles.emplace_back("canary");
    if (rollout.canary()->pingPong && (stable || canary)) {
      const bool stable_is_ping = status.canary.stablePingPong == "ping";
      roles.emplace_back(stable == stable_is_ping ? "ping" : "pong");
    }
  } else if (rollout.spec.strategy.blueGreen) {
    if (hash == status.blueGreen.activeSelector) roles.emplace_back("active");
    else if (hash == status.blueGreen.previewSelector) roles.emplace_back("preview");
  }
  return roles;
}

namespace {

void add_images(const json::Value& set, const std::vector<std::string>& tags,
                std::map<std::string, std::set<std::string>>& images) {
  if (json::int_at(set, "status.replicas") <= 0) return;
  const json::Value* containers = json::find(set, "spec.template.spec.containers");
  if (!containers || !containers->is_array()) return;
  for (const json::Value& container : containers->get_array())
    images[std::string(json::text_at(container, "image"))].insert(tags.begin(), tags.end());
}

}  // namespace

std::vector<ImageRow> image_rows(const api::Rollout& rollout, const NamespaceObjects& objects) {
  std::map<std::string, std::set<std::string>> images;
  for (const json::Value* set : owned_by(objects.replica_sets, rollout.metadata.uid))
    add_images(*set, roles_of(rollout, metadata_of(*set).label(api::kHashLabel)), images);
  for (const json::Value* experiment : owned_by(objects.experiments, rollout.metadata.uid)) {
    for (const json::Value* set : owned_by(objects.replica_sets, metadata_of(*experiment).uid)) {
      const std::string name = metadata_of(*set).annotation("experiment.argoproj.io/template-name");
      add_images(*set, {std::string("Σ:") + name}, images);
    }
  }
  std::vector<ImageRow> rows;
  for (const auto& [image, tags] : images) rows.push_back({image, {tags.begin(), tags.end()}});
  return rows;
}

std::string replica_set_status(const api::ReplicaSet& set) {
  if (set.status.observedGeneration < set.metadata.generation) return "Progressing";
  for (const api::ReplicaSetCondition& condition : set.status.conditions)
    if (condition.type == "ReplicaFailure" && condition.status == "True") return "ReplicaFailure";
  if (set.status.availableReplicas < set.replicas()) return "Progressing";
  return set.replicas() == 0 ? "ScaledDown" : "Healthy";
}

}  // namespace canaria::cli
