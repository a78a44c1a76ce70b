// The Deployment's single moves as tables; whole releases are in machine/workloads.
#include "plan/workload/deployment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/workload/deployment_view.h"
#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string template_text(const std::string& image) {
  return R"({"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"a","image":")" + image + R"("}]}})";
}

DeploymentState deployment(int replicas, std::string_view strategy = R"({"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}})") {
  return parse_deployment_state(json::parse(R"({"metadata":{"name":"web","namespace":"shop","uid":"dep","generation":2},
    "spec":{"replicas":)" + std::to_string(replicas) + R"(,"selector":{"matchLabels":{"app":"web"}},"strategy":)" + std::string(strategy) +
    R"(,"template":)" + template_text("web:new") + "}}").value());
}

// A set of the Deployment, with what it was last scaled for.
SetState set(const std::string& version, int revision, int replicas, int available, int desired, int most) {
  SetState state = parse_set_state(json::parse(R"({"metadata":{"namespace":"shop","labels":{"app":"web"}},"spec":{"template":)" +
                                               template_text("web:" + version) + "}}").value());
  state.metadata.name = "web-" + version;
  state.metadata.uid = "uid-" + version;
  state.metadata.creationTimestamp = noon() + Seconds(revision);
  state.metadata.ownerReferences = {{"apps/v1", "Deployment", "web", "dep", true, true}};
  state.metadata.annotations = {{kDeploymentRevision, std::to_string(revision)},
                                {kDesiredReplicas, std::to_string(desired)},
                                {kMaxReplicas, std::to_string(most)}};
  state.replicas = replicas;
  state.status.replicas = replicas;
  state.status.readyReplicas = available;
  state.status.availableReplicas = available;
  return state;
}

DeploymentPlan plan_of(const DeploymentState& state, const std::vector<SetState>& sets) {
  DeploymentSnapshot snapshot;
  snapshot.now = noon() + Seconds(60);
  snapshot.deployment = &state;
  for (const SetState& each : sets) snapshot.sets.push_back(&each);
  return plan_deployment(snapshot);
}

// "web-new=3" for every size that the plan writes.
std::vector<std::string> sizes(const DeploymentPlan& plan) {
  std::vector<std::string> result;
  for (const SetWrite& write : plan.writes)
    result.push_back(write.name + "=" + std::to_string(json::int_at(write.body, "spec.replicas", -1)));
  return result;
}

TEST(DeploymentMoves, RollWithinSurgeAndAvailability) {
  struct Row {
    const char* name;
    int replicas;
    const char* strategy;
    std::pair<int, int> fresh, old;  // wanted and available
    std::vector<std::string> want;
  };
  const char* surge1 = R"({"rollingUpdate":{"maxSurge":1,"maxUnavailable":0}})";
  const char* unavailable1 = R"({"rollingUpdate":{"maxSurge":0,"maxUnavailable":1}})";
  const char* quarters = "{}";
  const Row rows[] = {
      {"grows into the surge", 4, surge1, {0, 0}, {4, 4}, {"web-new=1"}},
      {"waits for its pod", 4, surge1, {1, 0}, {4, 4}, {}},
      {"replaces one", 4, surge1, {1, 1}, {4, 4}, {"web-old=3"}},
      {"makes room first", 4, unavailable1, {0, 0}, {4, 4}, {"web-old=3"}},
      {"then grows", 4, unavailable1, {0, 0}, {3, 3}, {"web-new=1"}},
      {"neither more nor less", 4, unavailable1, {1, 0}, {3, 3}, {}},
      {"a quarter each way", 8, quarters, {0, 0}, {8, 8}, {"web-new=2"}},
      {"and a quarter down", 8, quarters, {2, 0}, {8, 8}, {"web-old=6"}},
      {"unhealthy old pods go first", 4, surge1, {1, 1}, {4, 2}, {"web-old=3"}},
      {"not while new ones are missing", 4, R"({"rollingUpdate":{"maxSurge":1,"maxUnavailable":1}})", {2, 0}, {3, 2}, {}},
      {"counters that still tell of more pods", 10, quarters, {5, 0}, {8, 10}, {}},
      {"the same, with room for one", 10, quarters, {5, 1}, {8, 10}, {"web-old=7"}},
      {"too many new ones", 4, surge1, {6, 6}, {0, 0}, {"web-new=4"}},
      {"both percentages nothing: one may be missing", 2, R"({"rollingUpdate":{"maxSurge":0,"maxUnavailable":"1%"}})", {0, 0}, {2, 2}, {"web-old=1"}},
  };
  for (const Row& row : rows) {
    const DeploymentState state = deployment(row.replicas, row.strategy);
    const std::vector<SetState> sets{set("old", 1, row.old.first, row.old.second, row.replicas, state.most_pods()),
                                     set("new", 2, row.fresh.first, row.fresh.second, row.replicas, state.most_pods())};
    EXPECT_EQ(sizes(plan_of(state, sets)), row.want) << row.name;
  }
}

TEST(DeploymentMoves, ANewSizeIsSharedInProportion) {
  const DeploymentState grown = deployment(30, R"({"rollingUpdate":{"maxSurge":3,"maxUnavailable":2}})");
  EXPECT_THAT(sizes(plan_of(grown, {set("old", 1, 8, 8, 10, 13), set("new", 2, 5, 1, 10, 13)})),
              ElementsAre("web-old=20", "web-new=13"));
  const DeploymentState gone = deployment(0);
  EXPECT_THAT(sizes(plan_of(gone, {set("old", 1, 8, 8, 10, 13), set("new", 2, 5, 1, 10, 13)})),
              ElementsAre("web-old=0", "web-new=0"));
  const DeploymentState alone = deployment(7);
  EXPECT_THAT(sizes(plan_of(alone, {set("new", 2, 3, 3, 3, 4)})), ElementsAre("web-new=7"));
}

TEST(DeploymentMoves, FirstSetIsNamedByItsHashAndCarriesWhatKubectlReads) {
  DeploymentState state = deployment(3);
  state.metadata.annotations = {{"kubernetes.io/change-cause", "first"}, {kDeploymentRevision, "9"}};
  const DeploymentPlan plan = plan_of(state, {set("old", 4, 3, 3, 3, 4)});
  ASSERT_EQ(plan.writes.size(), 1U);
  const SetWrite& write = plan.writes[0];
  EXPECT_EQ(write.change, SetChange::kCreate);
  const std::string hash(json::text_at(write.body, "metadata.labels.pod-template-hash"));
  EXPECT_EQ(write.name, "web-" + hash);
  EXPECT_EQ(json::text_at(write.body, "spec.selector.matchLabels.pod-template-hash"), hash);
  EXPECT_EQ(json::text_at(write.body, "spec.template.metadata.labels.pod-template-hash"), hash);
  const json::Object& annotations = json::find(write.body, "metadata.annotations")->as_object();
  EXPECT_EQ(annotations.at(kDeploymentRevision), "5");
  EXPECT_EQ(annotations.at("kubernetes.io/change-cause"), "first");
  EXPECT_EQ(annotations.at(kMaxReplicas), "4");
  EXPECT_EQ(write.event_message, "Scaled up replica set " + write.name + " from 0 to 1");
  const std::string other = [&] {
    DeploymentState collided = state;
    collided.status.collisionCount = 1;
    return plan_of(collided, {set("old", 4, 3, 3, 3, 4)}).writes[0].name;
  }();
  EXPECT_NE(other, write.name);
}

TEST(DeploymentMoves, AnOldTemplateGetsTheHighestRevisionAgain) {
  const DeploymentState state = deployment(2);
  const DeploymentPlan plan = plan_of(state, {set("new", 1, 0, 0, 2, 3), set("old", 2, 2, 2, 2, 3)});
  ASSERT_EQ(plan.writes.size(), 1U);
  const json::Object& annotations = json::find(plan.writes[0].body, "metadata.annotations")->as_object();
  EXPECT_EQ(annotations.at(kDeploymentRevision), "3");
  EXPECT_EQ(annotations.at(kRevisionHistory), "1");
}

TEST(DeploymentMoves, OldEmptySetsGoBeyondTheLimitOnceComplete) {
  DeploymentState state = deployment(1);
  state.history_limit = 1;
  state.metadata.annotations[kDeploymentRevision] = "4";
  std::vector<SetState> sets{set("a", 1, 0, 0, 1, 2), set("b", 2, 0, 0, 1, 2), set("c", 3, 0, 0, 1, 2), set("new", 4, 1, 1, 1, 2)};
  const DeploymentPlan plan = plan_of(state, sets);
  ASSERT_EQ(plan.writes.size(), 2U);
  EXPECT_EQ(plan.writes[0].name, "web-a");
  EXPECT_EQ(plan.writes[1].name, "web-b");
  EXPECT_EQ(plan.writes[1].change, SetChange::kDelete);
  sets[3].status.availableReplicas = 0;
  EXPECT_THAT(plan_of(state, sets).writes, IsEmpty()) << "not while the release is under way";
}

std::string progressing(const json::Value& status_patch) {
  if (const json::Value* conditions = json::find(status_patch, "status.conditions"))
    for (const json::Value& entry : conditions->as_array())
      if (json::text_at(entry, "type") == "Progressing")
        return std::string(json::text_at(entry, "status")) + " " + std::string(json::text_at(entry, "reason"));
  return "";
}

TEST(DeploymentStatusOf, ProgressingTellsTheStory) {
  DeploymentState state = deployment(2);
  state.progress_deadline = Seconds(30);
  const auto with = [&](const char* status, const char* reason, int seconds_ago) {
    state.status.conditions = {{"Progressing", status, noon() + Seconds(60 - seconds_ago), noon(), reason, "m"}};
    state.status.replicas = 3;
    state.status.updatedReplicas = 1;
    state.status.readyReplicas = state.status.availableReplicas = 2;
  };
  std::vector<SetState> sets{set("old", 1, 2, 2, 2, 3), set("new", 2, 1, 0, 2, 3)};
  with("True", "NewReplicaSetAvailable", 500);
  EXPECT_EQ(progressing(plan_of(state, sets).status_patch), "True NewReplicaSetCreated") << "revision 2 was not noted yet";
  state.metadata.annotations[kDeploymentRevision] = "2";
  with("True", "NewReplicaSetCreated", 29);
  const DeploymentPlan waiting = plan_of(state, sets);
  EXPECT_EQ(progressing(waiting.status_patch), "True NewReplicaSetCreated");
  EXPECT_EQ(waiting.wake_at, noon() + Seconds(62));
  with("True", "NewReplicaSetCreated", 31);
  EXPECT_EQ(progressing(plan_of(state, sets).status_patch), "False ProgressDeadlineExceeded");
  with("True", "NewReplicaSetCreated", 31);
  state.status.availableReplicas = 1;
  EXPECT_EQ(progressing(plan_of(state, sets).status_patch), "True ReplicaSetUpdated") << "one more is available";
  with("True", "ReplicaSetUpdated", 31);
  const std::vector<SetState> done{set("old", 1, 0, 0, 2, 3), set("new", 2, 2, 2, 2, 3)};
  EXPECT_EQ(progressing(plan_of(state, done).status_patch), "True NewReplicaSetAvailable");
  with("True", "ReplicaSetUpdated", 31);
  state.is_paused = true;
  EXPECT_EQ(progressing(plan_of(state, sets).status_patch), "Unknown DeploymentPaused");
  with("Unknown", "DeploymentPaused", 31);
  state.is_paused = false;
  EXPECT_EQ(progressing(plan_of(state, sets).status_patch), "Unknown DeploymentResumed");
}

}  // namespace
}  // namespace canaria::plan::workload
