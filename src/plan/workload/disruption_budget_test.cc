// The budget's arithmetic as a table.
#include "plan/workload/disruption_budget.h"

#include <gtest/gtest.h>

#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

BudgetState budget(std::string_view spec, std::string_view status = "{}") {
  return parse_budget_state(json::parse(R"({"metadata":{"name":"web","namespace":"shop","generation":3},"spec":)" +
                                        std::string(spec) + R"(,"status":)" + std::string(status) + "}").value());
}

std::vector<PodState> ready(int count) {
  std::vector<PodState> pods;
  for (int i = 0; i < count; ++i) pods.push_back(PodBuilder("p" + std::to_string(i)).owned_by("set").ready());
  return pods;
}

BudgetPlan plan_of(const BudgetState& state, const std::vector<PodState>& pods, std::int32_t wanted, int seconds = 0) {
  BudgetSnapshot snapshot;
  snapshot.now = noon() + Seconds(seconds);
  snapshot.budget = &state;
  snapshot.pods = pointers(pods);
  if (wanted >= 0) snapshot.pods_wanted["set"] = wanted;
  return plan_budget(snapshot);
}

// "expected/desired/current/allowed".
std::string numbers(const BudgetPlan& plan) {
  std::string text;
  for (const char* path : {"expectedPods", "desiredHealthy", "currentHealthy", "disruptionsAllowed"})
    text += (text.empty() ? "" : "/") + std::to_string(json::int_at(plan.status_patch, std::string("status.") + path));
  return text;
}
std::string reason(const BudgetPlan& plan) {
  const json::Value* conditions = json::find(plan.status_patch, "status.conditions");
  return conditions ? std::string(json::text_at(conditions->as_array().at(0), "reason")) : "";
}

TEST(BudgetPlan, AllowsWhatIsAboveTheNeed) {
  struct Row {
    const char* spec;
    int pods;
    int wanted;
    const char* numbers;
  };
  for (const Row& row : {
           Row{R"({"minAvailable":2})", 3, 3, "3/2/3/1"},
           Row{R"({"minAvailable":3})", 3, 3, "3/3/3/0"},
           Row{R"({"minAvailable":"50%"})", 3, 5, "5/3/3/0"},
           Row{R"({"minAvailable":"50%"})", 5, 5, "5/3/5/2"},
           Row{R"({"maxUnavailable":1})", 4, 4, "4/3/4/1"},
           Row{R"({"maxUnavailable":"50%"})", 4, 5, "5/2/4/2"},
           Row{R"({"maxUnavailable":9})", 4, 4, "4/0/4/4"},
           Row{R"({"minAvailable":0})", 0, 0, "0/0/0/0"},
       }) {
    const BudgetPlan plan = plan_of(budget(row.spec), ready(row.pods), row.wanted);
    EXPECT_EQ(numbers(plan), row.numbers) << row.spec << " of " << row.pods;
    EXPECT_EQ(json::int_at(plan.status_patch, "status.observedGeneration"), 3);
    EXPECT_EQ(reason(plan), std::string(row.numbers).back() == '0' ? "InsufficientPods" : "SufficientPods");
  }
}

TEST(BudgetPlan, OnlyPodsThatAreReadyAndStayCount) {
  std::vector<PodState> pods{PodBuilder("a").ready(), PodBuilder("b").unready(), PodBuilder("c").ready().terminating(),
                             PodBuilder("d").ready()};
  const BudgetState evicting = budget(R"({"minAvailable":1})", R"({"disruptedPods":{"d":"2026-08-01T12:00:00Z"}})");
  const BudgetPlan soon = plan_of(evicting, pods, -1, 10);
  EXPECT_EQ(numbers(soon), "4/1/1/0");
  EXPECT_EQ(soon.wake_at, noon() + Seconds(120));
  const BudgetPlan late = plan_of(evicting, pods, -1, 120);
  EXPECT_EQ(numbers(late), "4/1/2/1") << "the eviction never came";
  EXPECT_EQ(late.events.at(0).reason, "NotDeleted");
}

TEST(BudgetPlan, AllowsNothingWhenItCannotCount) {
  const BudgetPlan plan = plan_of(budget(R"({"maxUnavailable":1})"), ready(2), -1);
  EXPECT_EQ(reason(plan), "SyncFailed");
  EXPECT_EQ(json::int_at(plan.status_patch, "status.disruptionsAllowed"), 0);
  EXPECT_EQ(plan.events.at(0).message,
            "Failed to calculate the number of expected pods: found no controllers for pod \"p0\"");
}

TEST(BudgetPlan, SettledMeansNothingToWrite) {
  BudgetState state = budget(R"({"minAvailable":1})", R"({"currentHealthy":2,"desiredHealthy":1,"disruptionsAllowed":1,"expectedPods":2,
    "observedGeneration":3,"conditions":[{"type":"DisruptionAllowed","status":"True","reason":"SufficientPods","message":"",
    "observedGeneration":3,"lastTransitionTime":"2026-08-01T11:00:00Z"}]})");
  EXPECT_TRUE(plan_of(state, ready(2), 2).status_patch.is_null());
}

TEST(BudgetState, AnEmptySelectorSelectsAllAndNoneNothing) {
  EXPECT_TRUE(budget(R"({"selector":{}})").selects({{"a", "b"}}));
  EXPECT_FALSE(budget("{}").selects({{"a", "b"}}));
  EXPECT_FALSE(budget(R"({"selector":{"matchLabels":{"a":"c"}}})").selects({{"a", "b"}}));
}

}  // namespace
}  // namespace canaria::plan::workload
