// The one-word answer to "how is it going": a walk down a list of tests, where the first that holds decides. The list is
// public contract: Argo CD and scripts match phase and message.

#include "plan/rollout/phase.h"

#include <charconv>
#include <optional>

namespace canaria::plan {
namespace {

Phase progressing(const char* message) { return {"Progressing", message}; }

// Step 1. Conditions in list order: a spec that cannot be used, an abort, or no progress.
std::optional<Phase> degraded(const api::RolloutStatus& status) {
  for (const auto& condition : status.conditions) {
    if (condition.type == "InvalidSpec") return Phase{"Degraded", "InvalidSpec: " + condition.message};
    if (condition.reason == "RolloutAborted" || condition.reason == "ProgressDeadlineExceeded")
      return Phase{"Degraded", condition.reason + ": " + condition.message};
  }
  return std::nullopt;
}

bool is_promoted(const api::RolloutStatus& status) {
  return !status.stableRS.empty() && status.stableRS == status.currentPodHash;
}

bool is_completed(const json::Value& run) {
  const auto phase = json::text_at(run, "status");
  return phase == "Successful" || phase == "Failed" || phase == "Error" || phase == "Inconclusive";
}

// Steps 7 to 9.
std::optional<Phase> blue_green_phase(const api::BlueGreenStrategy& strategy, const api::RolloutStatus& status) {
  const auto& active = status.blueGreen.activeSelector;
  if (active.empty() || active != status.currentPodHash) return progressing("active service cutover pending");
  if (is_promoted(status)) return std::nullopt;
  const bool verifying =
      !strategy.postPromotionAnalysis.is_null() && !is_completed(status.blueGreen.postPromotionAnalysisRunStatus);
  return progressing(verifying ? "waiting for analysis to complete" : "waiting for post-promotion verification to complete");
}

// Steps 10 and 11. With a router, superseded pods may linger without any traffic.
std::optional<Phase> canary_phase(const api::CanaryStrategy& strategy, const api::RolloutStatus& status) {
  if (!strategy.trafficRouting && status.replicas > status.updatedReplicas)
    return progressing("old replicas are pending termination");
  if (!is_promoted(status)) return progressing("waiting for all steps to complete");
  return std::nullopt;
}

// Whether the controller has looked at the latest spec.
// Compat: text that is no number, or one above the generation, was written by old releases and counts as seen.
bool is_observed(const api::Rollout& rollout) {
  const std::string& text = rollout.status.observedGeneration;
  std::int64_t observed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), observed);
  if (error != std::errc() || end != text.data() + text.size()) return true;
  return observed >= rollout.metadata.generation;
}

}  // namespace

Phase compute_phase(const api::Rollout& rollout) {
  const auto& spec = rollout.spec;
  const auto& status = rollout.status;
  // 1. - 3. Standing still.
  if (auto phase = degraded(status)) return *phase;
  if (spec.paused) return {"Paused", "manually paused"};
  if (!status.pauseConditions.empty()) return {"Paused", status.pauseConditions.front().reason};
  // 4. Compat: also for a restart that is planned for later.
  if (spec.restartAt && spec.restartAt != status.restartedAt) return progressing("rollout is restarting");
  // 5. - 6. Pods of the current revision.
  if (status.updatedReplicas < rollout.replicas()) return progressing("more replicas need to be updated");
  if (status.availableReplicas < status.updatedReplicas) return progressing("updated replicas are still becoming available");
  // 7. - 11. What the strategy is still waiting for.
  if (spec.strategy.blueGreen) {
    if (auto phase = blue_green_phase(*spec.strategy.blueGreen, status)) return *phase;
  }
  if (spec.strategy.canary) {
    if (auto phase = canary_phase(*spec.strategy.canary, status)) return *phase;
  }
  // 12. Nothing.
  return {"Healthy", ""};
}

Phase shown_phase(const api::Rollout& rollout) {
  const auto& status = rollout.status;
  if (!is_observed(rollout)) return progressing("waiting for rollout spec update to be observed");
  if (status.controllerPause && status.pauseConditions.empty()) return progressing("waiting for rollout to unpause");
  // A lagging workloadRef is told apart only inside the controller, which has the workload's template in memory.
  if (!status.phase.empty()) return {status.phase, status.message};
  return compute_phase(rollout);
}

}  // namespace canaria::plan
