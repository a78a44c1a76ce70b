// Phase and message, test by test down the list: each Rollout would fail all later tests too, so the order is covered.

#include "plan/rollout/phase.h"

#include <gtest/gtest.h>

#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {

inline void PrintTo(const Phase& phase, std::ostream* out) { *out << phase.phase << " \"" << phase.message << '"'; }

namespace {

const Time kNoon = *parse_time("2026-08-01T12:00:00Z");

// Nothing is as it should be: no pods, not promoted.
RolloutBuilder hopeless() { return RolloutBuilder("web").replicas(4).updating().counted(6, 2, 1); }
// A settled canary.
RolloutBuilder settled() { return RolloutBuilder("web").replicas(4).stable("new").current("new").counted(4, 4, 4); }

RolloutBuilder blue_green(const std::string& active) {
  auto builder = settled();
  builder.rollout().spec.strategy.canary.reset();
  builder.rollout().spec.strategy.blueGreen.emplace().activeService = "web";
  builder.rollout().status.blueGreen.activeSelector = active;
  return builder;
}

TEST(Phase, FirstMatchDecides) {
  auto restarting = hopeless();
  restarting.rollout().spec.restartAt = kNoon;
  auto restarted = hopeless();
  restarted.rollout().spec.restartAt = kNoon;
  restarted.rollout().status.restartedAt = kNoon;
  auto paused_restart = restarting;
  struct Row {
    api::Rollout rollout;
    Phase want;
  };
  const Row rows[] = {
      {hopeless().paused().condition("InvalidSpec", "True", "InvalidSpec", "The Rollout \"web\" is invalid: x"),
       {"Degraded", "InvalidSpec: The Rollout \"web\" is invalid: x"}},
      {hopeless().paused().condition("Progressing", "False", "RolloutAborted", "Rollout aborted update to revision 2"),
       {"Degraded", "RolloutAborted: Rollout aborted update to revision 2"}},
      {settled().condition("Progressing", "False", "ProgressDeadlineExceeded", "ReplicaSet \"web-1\" has timed out progressing."),
       {"Degraded", "ProgressDeadlineExceeded: ReplicaSet \"web-1\" has timed out progressing."}},
      // Between two such conditions the list order decides.
      {hopeless().condition("Progressing", "False", "RolloutAborted", "a").condition("InvalidSpec", "True", "InvalidSpec", "b"),
       {"Degraded", "RolloutAborted: a"}},
      {hopeless().condition("Available", "True", "AvailableReason", "fine").paused().pause_condition("CanaryPauseStep"),
       {"Paused", "manually paused"}},
      {settled().paused(), {"Paused", "manually paused"}},
      {hopeless().pause_condition("CanaryPauseStep").pause_condition("BlueGreenPause"), {"Paused", "CanaryPauseStep"}},
      {paused_restart.pause_condition("CanaryPauseStep"), {"Paused", "CanaryPauseStep"}},
      {restarting, {"Progressing", "rollout is restarting"}},
      {restarted, {"Progressing", "more replicas need to be updated"}},
      {hopeless(), {"Progressing", "more replicas need to be updated"}},
      {hopeless().counted(6, 4, 3), {"Progressing", "updated replicas are still becoming available"}},
      {hopeless().counted(6, 4, 6), {"Progressing", "old replicas are pending termination"}},
      {hopeless().counted(4, 4, 4), {"Progressing", "waiting for all steps to complete"}},
      {hopeless().counted(6, 4, 6).routed(), {"Progressing", "waiting for all steps to complete"}},
      {settled().counted(6, 4, 6).routed(), {"Healthy", ""}},
      {settled(), {"Healthy", ""}},
      {settled().replicas(0).counted(0, 0, 0), {"Healthy", ""}},
      // An unset hash is not "promoted", although both hashes are equal.
      {settled().stable("").current(""), {"Progressing", "waiting for all steps to complete"}},
  };
  for (const Row& row : rows) EXPECT_EQ(compute_phase(row.rollout), row.want);
}

TEST(Phase, OfBlueGreenWaitsForCutoverAndVerification) {
  EXPECT_EQ(compute_phase(blue_green("")), (Phase{"Progressing", "active service cutover pending"}));
  EXPECT_EQ(compute_phase(blue_green("old")), (Phase{"Progressing", "active service cutover pending"}));
  auto switched = blue_green("new").stable("old");
  EXPECT_EQ(compute_phase(switched), (Phase{"Progressing", "waiting for post-promotion verification to complete"}));
  auto& strategy = *switched.rollout().spec.strategy.blueGreen;
  strategy.postPromotionAnalysis = json::Object{{"templates", json::Array{}}};
  EXPECT_EQ(compute_phase(switched), (Phase{"Progressing", "waiting for analysis to complete"}));
  auto& run = switched.rollout().status.blueGreen.postPromotionAnalysisRunStatus;
  run = json::Object{{"name", "run"}, {"status", "Running"}};
  EXPECT_EQ(compute_phase(switched), (Phase{"Progressing", "waiting for analysis to complete"}));
  run = json::Object{{"name", "run"}, {"status", "Successful"}};
  EXPECT_EQ(compute_phase(switched), (Phase{"Progressing", "waiting for post-promotion verification to complete"}));
  EXPECT_EQ(compute_phase(blue_green("new")), (Phase{"Healthy", ""}));
}

TEST(ShownPhase, SaysSoWhenTheControllerIsBehind) {
  auto builder = settled();
  auto& rollout = builder.rollout();
  rollout.status.phase = "Paused";
  rollout.status.message = "CanaryPauseStep";
  const Phase stored{"Paused", "CanaryPauseStep"};
  const Phase behind{"Progressing", "waiting for rollout spec update to be observed"};
  rollout.metadata.generation = 5;
  struct Row {
    const char* observed;
    Phase want;
  };
  for (const Row& row : {Row{"5", stored}, Row{"4", behind}, Row{"6", stored}, Row{"", stored}, Row{"5f7d", stored}, Row{"-1", behind}}) {
    rollout.status.observedGeneration = row.observed;
    EXPECT_EQ(shown_phase(rollout), row.want) << '"' << row.observed << '"';
  }
}

TEST(ShownPhase, NoticesAnUnpauseThatIsNotTakenUpYet) {
  auto builder = settled();
  auto& rollout = builder.rollout();
  rollout.status.phase = "Paused";
  rollout.status.controllerPause = true;
  EXPECT_EQ(shown_phase(rollout), (Phase{"Progressing", "waiting for rollout to unpause"}));
  builder.pause_condition("CanaryPauseStep");
  EXPECT_EQ(shown_phase(rollout), (Phase{"Paused", ""}));
}

TEST(ShownPhase, IsComputedWhenNoneIsStored) {
  EXPECT_EQ(shown_phase(settled()), (Phase{"Healthy", ""}));
  EXPECT_EQ(shown_phase(hopeless()), (Phase{"Progressing", "more replicas need to be updated"}));
}

}  // namespace
}  // namespace canaria::plan
