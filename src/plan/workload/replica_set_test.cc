// The ReplicaSet's decisions as tables: who is claimed, who goes first, what the status counts.
#include "plan/workload/replica_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/codec.h"
#include "plan/workload/claim.h"
#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PodBuilder pod(const std::string& name) { return PodBuilder(name).owned_by("set"); }

SetState set_of(int replicas, std::string_view selector = R"({"matchLabels":{"app":"web"}})") {
  SetState set = parse_set_state(json::parse(R"({"metadata":{"name":"web","namespace":"shop","uid":"set","generation":3},
    "spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"web","tier":"a"}},"spec":{"containers":[{"name":"a"}]}}}})").value());
  set.replicas = replicas;
  set.selector = lang::LabelSelector();
  json::decode_into(json::parse(selector).value(), *set.selector);
  return set;
}

SetSnapshot snapshot_of(const SetState& set, const std::vector<PodState>& pods) {
  SetSnapshot snapshot;
  snapshot.now = noon() + Seconds(60);
  snapshot.set = &set;
  snapshot.pods = pointers(pods);
  return snapshot;
}

std::vector<std::string> names(const std::vector<const PodState*>& pods) {
  std::vector<std::string> result;
  for (const PodState* each : pods) result.push_back(each->metadata.name);
  return result;
}

// Each row has the pod that goes first and one that only differs in the rule of that row.
TEST(ReplicaSetRemoval, GoesByTheOrderOfKubernetes) {
  struct Row {
    const char* rule;
    PodState first, second;
  };
  const Time later = noon() + Seconds(9);
  const Row rows[] = {
      {"unscheduled before scheduled", pod("b").node("").ready(), pod("a").unready()},
      {"pending before unknown", pod("b").phase("Pending").ready(), pod("a").phase("Unknown")},
      {"unknown before running", pod("b").phase("Unknown").ready(), pod("a").unready()},
      {"unready before ready", pod("b").unready().cost("99"), pod("a").ready()},
      {"cheap before expensive", pod("b").ready().cost("-1"), pod("a").ready(later)},
      {"a cost that is no number is none", pod("b").ready().cost("-1"), pod("a").ready(later).cost("x-5")},
      {"shorter ready before longer", pod("b").ready(later), pod("a").ready().restarts(5)},
      {"often restarted before others", pod("b").ready().restarts(2), pod("a").ready().created(later)},
      {"young before old", pod("b").ready().created(later), pod("a").ready()},
      {"else by name, so that it is the same every time", pod("b").ready(), pod("a").ready()},
  };
  for (const Row& row : rows) {
    std::vector<const PodState*> pods{&row.second, &row.first};
    sort_for_removal(pods);
    EXPECT_EQ(pods[0], &row.first) << row.rule;
    std::vector<const PodState*> other_way{&row.first, &row.second};
    sort_for_removal(other_way);
    EXPECT_EQ(other_way[0], &row.first) << row.rule;
  }
}

TEST(ReplicaSetPlan, CreatesAndRemovesTheDifference) {
  const std::vector<PodState> pods{pod("a").ready(), pod("b").unready(), pod("c").ready(), pod("done").phase("Succeeded"),
                                   pod("dead").phase("Failed"), pod("going").terminating()};
  struct Row {
    int replicas, create;
    std::vector<std::string> remove;
  };
  const Row rows[] = {{3, 0, {}}, {5, 2, {}}, {2, 0, {"b"}}, {0, 0, {"b", "c", "a"}}, {-1, 0, {"b", "c", "a"}}, {9999, 500, {}}};
  for (const Row& row : rows) {
    const SetState set = set_of(row.replicas);
    const SetPlan plan = plan_set(snapshot_of(set, pods));
    EXPECT_EQ(plan.create, row.create) << row.replicas;
    EXPECT_EQ(names(plan.remove), row.remove) << row.replicas;
  }
}

TEST(ReplicaSetPlan, PodsRemovedButStillCachedCountNoMore) {
  const SetState set = set_of(1);
  const std::vector<PodState> pods{pod("a").ready(), pod("b").ready()};
  SetSnapshot snapshot = snapshot_of(set, pods);
  snapshot.removed = {"uid-b"};
  EXPECT_THAT(plan_set(snapshot).remove, IsEmpty());
  EXPECT_EQ(set_status(snapshot, std::nullopt).replicas, 1);
}

TEST(ReplicaSetPlan, ClaimsBeforeItCounts) {
  const SetState set = set_of(1);
  const std::vector<PodState> pods{pod("ours").label("app", "debug"), PodBuilder("orphan"), PodBuilder("theirs").owned_by("else"),
                                   PodBuilder("dying-orphan").terminating()};
  const SetPlan plan = plan_set(snapshot_of(set, pods));
  EXPECT_THAT(names(plan.adopt), ElementsAre("orphan"));
  EXPECT_THAT(names(plan.release), ElementsAre("ours"));
  EXPECT_EQ(plan.create, 0);
}

TEST(ReplicaSetPlan, BrokenOrDyingSetsCreateNothing) {
  SetState dying = set_of(3);
  dying.metadata.deletionTimestamp = noon();
  EXPECT_EQ(plan_set(snapshot_of(dying, {})).create, 0);
  EXPECT_EQ(plan_set(snapshot_of(set_of(3, "{}"), {})).create, 0);
  EXPECT_EQ(plan_set(snapshot_of(set_of(3, R"({"matchLabels":{"app":"other"}})"), {})).create, 0) << "own template does not match";
  EXPECT_EQ(plan_set(snapshot_of(set_of(3), {})).create, 3);
}

TEST(ReplicaSetStatus, CountsAndSaysWhenToLookAgain) {
  SetState set = set_of(3);
  set.min_ready_seconds = 30;
  const std::vector<PodState> pods{pod("a").ready().label("tier", "a"), pod("b").ready(noon() + Seconds(50)), pod("c").unready()};
  const SetSnapshot snapshot = snapshot_of(set, pods);
  const SetStatus status = set_status(snapshot, std::nullopt);
  EXPECT_EQ(status.replicas, 3);
  EXPECT_EQ(status.fullyLabeledReplicas, 1);
  EXPECT_EQ(status.readyReplicas, 2);
  EXPECT_EQ(status.availableReplicas, 1);
  EXPECT_EQ(status.observedGeneration, 3);
  EXPECT_EQ(next_availability(snapshot), noon() + Seconds(80));
}

TEST(ReplicaSetStatus, FailureKeepsItsTimeAndGoesWithSuccess) {
  SetState set = set_of(3);
  SetSnapshot snapshot = snapshot_of(set, {});
  set.status = set_status(snapshot, SetFailure{"FailedCreate", "quota"});
  const Time first = snapshot.now;
  snapshot.now += Seconds(5);
  const SetStatus again = set_status(snapshot, SetFailure{"FailedCreate", "quota"});
  EXPECT_EQ(again.conditions[0].lastTransitionTime, first);
  EXPECT_TRUE(set_status_patch(set.status, again).is_null());
  EXPECT_THAT(set_status(snapshot, std::nullopt).conditions, IsEmpty());
}

TEST(ReplicaSetStatus, ZeroReplicasAreWritten) {
  SetStatus before;
  SetStatus after;
  EXPECT_TRUE(set_status_patch(before, after).is_null());
  after.observedGeneration = 1;
  const json::Value patch = set_status_patch(before, after);
  EXPECT_EQ(json::int_at(patch, "status.replicas", -1), 0);
}

}  // namespace
}  // namespace canaria::plan::workload
