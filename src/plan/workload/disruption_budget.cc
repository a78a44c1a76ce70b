#include "plan/workload/disruption_budget.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "json/codec.h"
#include "json/patch.h"

namespace canaria::plan::workload {
namespace {

constexpr Seconds kEvictionTakes{120};

struct Expectation {
  std::int32_t pods = 0;
  std::int32_t healthy = 0;  // that have to be
  std::string failure;       // why it is not known; empty: it is
};

bool is_share(const lang::IntOrString& amount) { return std::holds_alternative<std::string>(amount.value); }

// The pods that the controllers of the present ones want altogether; pods of nobody do not count.
std::optional<std::int32_t> wanted_by_controllers(const BudgetSnapshot& snapshot, std::string& failure) {
  std::set<std::string> counted;
  std::int32_t total = 0;
  for (const PodState* pod : snapshot.pods) {
    const api::OwnerReference* owner = pod->metadata.controller();
    if (!owner || !counted.insert(owner->uid).second) continue;
    const auto wanted = snapshot.pods_wanted.find(owner->uid);
    if (wanted == snapshot.pods_wanted.end()) {
      failure = fmt::format("found no controllers for pod \"{}\"", pod->metadata.name);
      return std::nullopt;
    }
    total += wanted->second;
  }
  return total;
}

Expectation expectation_of(const BudgetSnapshot& snapshot) {
  const BudgetState& budget = *snapshot.budget;
  Expectation result;
  result.pods = static_cast<std::int32_t>(snapshot.pods.size());
  if (counts_controllers(budget)) {
    const auto wanted = wanted_by_controllers(snapshot, result.failure);
    if (!wanted) return result;
    result.pods = *wanted;
  }
  const auto& amount = budget.most_unavailable ? budget.most_unavailable : budget.least;
  if (!amount) return result;
  const auto* count = std::get_if<std::int32_t>(&amount->value);
  const std::int32_t number = count ? *count : lang::resolve(*amount, result.pods, lang::Rounding::kUp).value_or(0);
  result.healthy = budget.most_unavailable ? std::max(0, result.pods - number) : number;
  return result;
}

// Evictions that were allowed and of which nothing can be seen yet.
std::map<std::string, Time> pending_evictions(const BudgetSnapshot& snapshot, BudgetPlan& plan) {
  std::map<std::string, Time> pending;
  for (const PodState* pod : snapshot.pods) {
    const auto allowed = snapshot.budget->status.disruptedPods.find(pod->metadata.name);
    if (allowed == snapshot.budget->status.disruptedPods.end() || pod->is_terminating()) continue;
    const Time until = allowed->second + kEvictionTakes;
    if (until <= snapshot.now) {
      plan.events.push_back({true, "NotDeleted",
                             fmt::format("Pod was expected by PDB {}/{} to be deleted but it wasn't",
                                         snapshot.budget->metadata.namespace_, snapshot.budget->metadata.name)});
      continue;
    }
    pending.insert(*allowed);
    if (!plan.wake_at || until < *plan.wake_at) plan.wake_at = until;
  }
  return pending;
}

void set_condition(const BudgetSnapshot& snapshot, BudgetStatus& status, const char* value, const char* reason,
                   std::string message) {
  PodCondition condition;
  condition.type = "DisruptionAllowed";
  condition.status = value;
  condition.reason = reason;
  condition.message = std::move(message);
  condition.observedGeneration = snapshot.budget->metadata.generation;
  condition.lastTransitionTime = snapshot.now;
  const auto found = std::find_if(status.conditions.begin(), status.conditions.end(),
                                  [&](const PodCondition& entry) { return entry.type == condition.type; });
  if (found == status.conditions.end()) {
    status.conditions.push_back(std::move(condition));
    return;
  }
  if (found->status == condition.status) condition.lastTransitionTime = found->lastTransitionTime;
  *found = std::move(condition);
}

void count(const BudgetSnapshot& snapshot, const Expectation& expected, BudgetPlan& plan, BudgetStatus& status) {
  status.disruptedPods = pending_evictions(snapshot, plan);
  status.currentHealthy = 0;
  for (const PodState* pod : snapshot.pods)
    if (!pod->is_terminating() && pod->is_ready() && !status.disruptedPods.contains(pod->metadata.name)) ++status.currentHealthy;
  status.desiredHealthy = expected.healthy;
  status.expectedPods = expected.pods;
  status.disruptionsAllowed = expected.pods > 0 ? std::max(0, status.currentHealthy - status.desiredHealthy) : 0;
  status.observedGeneration = snapshot.budget->metadata.generation;
  if (status.disruptionsAllowed > 0) set_condition(snapshot, status, "True", "SufficientPods", "");
  else set_condition(snapshot, status, "False", "InsufficientPods", "");
}

// Zeros are said, and so is an empty message: these fields are required.
json::Value written(const BudgetStatus& status) {
  json::Array conditions;
  for (const PodCondition& entry : status.conditions) {
    json::Value condition = json::encode(entry);
    condition.as_object()["message"] = entry.message;
    conditions.push_back(std::move(condition));
  }
  json::Object disrupted;
  for (const auto& [name, when] : status.disruptedPods) disrupted[name] = format_time(when);
  json::Object object{{"currentHealthy", status.currentHealthy},
                      {"desiredHealthy", status.desiredHealthy},
                      {"disruptionsAllowed", status.disruptionsAllowed},
                      {"expectedPods", status.expectedPods},
                      {"observedGeneration", status.observedGeneration}};
  if (!conditions.empty()) object["conditions"] = std::move(conditions);
  if (!disrupted.empty()) object["disruptedPods"] = std::move(disrupted);
  return object;
}

BudgetStatus parse_status(const json::Value& object) {
  BudgetStatus status;
  const auto number = [&](const char* path) { return static_cast<std::int32_t>(json::int_at(object, path)); };
  status.currentHealthy = number("status.currentHealthy");
  status.desiredHealthy = number("status.desiredHealthy");
  status.disruptionsAllowed = number("status.disruptionsAllowed");
  status.expectedPods = number("status.expectedPods");
  status.observedGeneration = json::int_at(object, "status.observedGeneration");
  if (const auto* conditions = json::find(object, "status.conditions")) json::decode_into(*conditions, status.conditions);
  if (const auto* disrupted = json::find(object, "status.disruptedPods")) json::decode_into(*disrupted, status.disruptedPods);
  return status;
}

}  // namespace

bool BudgetState::selects(const api::StringMap& labels) const {
  if (!selector) return false;
  const auto requirements = lang::to_requirements(*selector);
  return requirements && lang::matches(*requirements, labels);
}

bool counts_controllers(const BudgetState& budget) {
  return budget.most_unavailable || (budget.least && is_share(*budget.least));
}

BudgetState parse_budget_state(const json::Value& object) {
  BudgetState budget;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, budget.metadata);
  budget.metadata.annotations.clear();
  if (const auto* least = json::find(object, "spec.minAvailable")) json::decode_into(*least, budget.least);
  if (const auto* most = json::find(object, "spec.maxUnavailable")) json::decode_into(*most, budget.most_unavailable);
  if (const auto* selector = json::find(object, "spec.selector")) json::decode_into(*selector, budget.selector);
  budget.status = parse_status(object);
  return budget;
}

BudgetPlan plan_budget(const BudgetSnapshot& snapshot) {
  BudgetPlan plan;
  const BudgetState& budget = *snapshot.budget;
  if (budget.metadata.deletionTimestamp) return plan;
  BudgetStatus status = budget.status;
  if (snapshot.pods.empty()) plan.events.push_back({false, "NoPods", "No matching pods found"});
  const Expectation expected = expectation_of(snapshot);
  if (expected.failure.empty()) {
    count(snapshot, expected, plan, status);
  } else {
    // Fail safe: who cannot count allows nothing.
    status.disruptionsAllowed = 0;
    set_condition(snapshot, status, "False", "SyncFailed", expected.failure);
    plan.events.push_back(
        {true, "CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: " + expected.failure});
  }
  json::Value patch = json::merge_diff(written(budget.status), written(status));
  if (!patch.get_object().empty()) plan.status_patch = json::Object{{"status", std::move(patch)}};
  return plan;
}

}  // namespace canaria::plan::workload
