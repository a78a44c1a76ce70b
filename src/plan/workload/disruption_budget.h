// The PodDisruptionBudget as a decision: how many of its pods are healthy, how many have to be, and so how many may be evicted.
//
// Evictions are allowed by the API server, from the numbers written here; what it has allowed is taken into account until the
// pod is seen to go, or two minutes have passed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lang/int_or_percent.h"
#include "lang/selector.h"
#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

struct BudgetStatus {
  std::int32_t currentHealthy = 0;
  std::int32_t desiredHealthy = 0;
  std::int32_t disruptionsAllowed = 0;
  std::int32_t expectedPods = 0;
  std::int64_t observedGeneration = 0;
  std::map<std::string, Time> disruptedPods;  // by name: evictions that were allowed, and when
  std::vector<PodCondition> conditions;       // the same fields as those of pods
};

struct BudgetState {
  api::ObjectMeta metadata;
  std::optional<lang::IntOrString> least;              // minAvailable
  std::optional<lang::IntOrString> most_unavailable;   // maxUnavailable
  std::optional<lang::LabelSelector> selector;         // unset: selects nothing; empty: everything
  BudgetStatus status;

  bool selects(const api::StringMap& labels) const;
};
BudgetState parse_budget_state(const json::Value& object);

struct BudgetSnapshot {
  Time now;
  const BudgetState* budget = nullptr;
  std::vector<const PodState*> pods;               // those it selects
  std::map<std::string, std::int32_t> pods_wanted;  // by UID of the controller of pods; missing: it has no scale
};

struct BudgetEvent {
  bool is_warning = false;
  std::string reason;
  std::string message;
};

struct BudgetPlan {
  json::Value status_patch;  // or null
  std::vector<BudgetEvent> events;
  std::optional<Time> wake_at;
};
BudgetPlan plan_budget(const BudgetSnapshot& snapshot);

// Whether the number of pods that are expected depends on who controls them.
bool counts_controllers(const BudgetState& budget);

}  // namespace canaria::plan::workload
