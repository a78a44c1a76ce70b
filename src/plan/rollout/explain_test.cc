// One reason for every way a Rollout can stand still.
#include "plan/rollout/explain.h"

#include <gmock/gmock.h>

#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const Time kNow = *parse_time("2026-08-01T12:00:00Z");

RolloutBuilder updating() {
  RolloutBuilder builder("web");
  builder.replicas(4).steps({set_weight(25), pause_step(), set_weight(50), pause_step("10m")}).updating().at_step(0).counted(4, 1, 3);
  return builder;
}

ExplainFacts facts(const api::Rollout& rollout) {
  ExplainFacts result;
  result.now = kNow;
  result.rollout = rollout;
  result.sets = {make_set("web-new", "new", 1, 0), make_set("web-old", "old", 3, 3)};
  return result;
}

json::Value pod(const std::string& text) {
  const auto parsed = json::parse(text);
  return parsed ? *parsed : json::Value(nullptr);
}

TEST(Explain, AHealthyRolloutWaitsForNothing) {
  const Explanation answer =
      explain(facts(RolloutBuilder("web").replicas(2).stable("a").current("a").counted(2, 2, 2).build()));
  EXPECT_EQ(answer.standstill, Standstill::kNone);
  EXPECT_EQ(answer.unblock, "");
}

TEST(Explain, AControllerThatDoesNotLook) {
  api::Rollout rollout = updating().build();
  rollout.metadata.generation = 5;
  const Explanation answer = explain(facts(rollout));
  EXPECT_EQ(answer.reason, "the controller has not seen the latest spec: it is generation 5, the controller has seen 1");
  EXPECT_THAT(answer.unblock, HasSubstr("look whether the controller runs"));
  rollout.status.observedGeneration.clear();
  EXPECT_EQ(explain(facts(rollout)).reason, "the controller has not looked at this rollout yet");
}

TEST(Explain, AnInvalidSpec) {
  const Explanation answer = explain(facts(updating().condition("InvalidSpec", "True", "InvalidSpec", "bad steps").build()));
  EXPECT_EQ(answer.standstill, Standstill::kFault);
  EXPECT_EQ(answer.reason, "bad steps");
}

TEST(Explain, AFeatureThatIsNotAvailable) {
  RolloutBuilder builder = updating();
  builder.canary().steps[0].analysis = json::Object{{"templates", json::Array()}};
  const Explanation answer = explain(facts(builder.build()));
  EXPECT_THAT(answer.reason, StartsWith("spec.strategy"));
  EXPECT_THAT(answer.unblock, HasSubstr("take this out"));
}

TEST(Explain, AnAbort) {
  api::Rollout rollout = updating().aborted().condition("Progressing", "False", "RolloutAborted",
      "Rollout aborted update to revision 5: Step-based analysis phase failed").build();
  rollout.status.abortedAt = kNow - Seconds(60);
  const Explanation answer = explain(facts(rollout));
  EXPECT_EQ(answer.reason, "Rollout aborted update to revision 5: Step-based analysis phase failed");
  EXPECT_EQ(answer.since, kNow - Seconds(60));
  EXPECT_THAT(answer.unblock, HasSubstr("canaria retry rollout web"));
}

TEST(Explain, APauseByAPerson) {
  EXPECT_THAT(explain(facts(updating().paused().build())).reason, HasSubstr("paused by a person"));
  const Explanation answer = explain(facts(updating().at_step(1).pause_condition("CanaryPauseStep", kNow - Seconds(90)).build()));
  EXPECT_EQ(answer.standstill, Standstill::kPerson);
  EXPECT_EQ(answer.reason, "waits for a person at step 2 of 4, a pause without duration");
  EXPECT_EQ(answer.since, kNow - Seconds(90));
}

TEST(Explain, ATimedPauseSaysWhenItEnds) {
  Explanation answer = explain(facts(updating().at_step(3).pause_condition("CanaryPauseStep", kNow - Seconds(9 * 60)).build()));
  EXPECT_EQ(answer.reason, "timed pause at step 4 of 4 (10m)");
  EXPECT_THAT(answer.unblock, StartsWith("goes on by itself in 60s"));
  answer = explain(facts(updating().at_step(3).pause_condition("CanaryPauseStep", kNow - Seconds(12 * 60)).build()));
  EXPECT_EQ(answer.standstill, Standstill::kFault);
  EXPECT_THAT(answer.reason, HasSubstr("is over since 2m, but nothing has happened"));
}

TEST(Explain, AnInconclusiveRun) {
  const Explanation answer = explain(facts(updating().pause_condition("InconclusiveAnalysisRun", kNow).build()));
  EXPECT_EQ(answer.reason, "an analysis run was inconclusive: a person has to decide");
}

TEST(Explain, PodsThatDoNotBecomeReady) {
  ExplainFacts given = facts(updating().build());
  given.troubles.push_back(*pod_trouble(pod(R"({"metadata":{"name":"web-old-1","labels":{"rollouts-pod-template-hash":"old"}},
    "status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}})")));
  given.troubles.push_back(*pod_trouble(pod(R"({"metadata":{"name":"web-new-1","labels":{"rollouts-pod-template-hash":"new"}},
    "status":{"phase":"Pending","conditions":[{"type":"Ready","status":"False","lastTransitionTime":"2026-08-01T11:55:00Z"}],
    "containerStatuses":[{"name":"c","state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}}]}})")));
  const Explanation answer = explain(given);
  EXPECT_EQ(answer.reason, "1 pod of the new version not ready: ImagePullBackOff (web-new-1): no such image");
  EXPECT_EQ(answer.since, kNow - Seconds(300));
  EXPECT_THAT(answer.unblock, HasSubstr("check the image name"));
}

TEST(Explain, PodsThatMayNotBeCreated) {
  ExplainFacts given = facts(updating().build());
  given.sets[0].status.conditions.push_back({"ReplicaFailure", "True", kNow, "FailedCreate", "exceeded quota: small"});
  EXPECT_EQ(explain(given).reason, "pods cannot be created: exceeded quota: small");
}

TEST(Explain, AMissedDeadlineAndARestart) {
  EXPECT_EQ(explain(facts(updating().condition("Progressing", "False", "ProgressDeadlineExceeded", "timed out").build())).reason,
            "timed out");
  api::Rollout rollout = updating().build();
  rollout.spec.restartAt = kNow + Seconds(120);
  EXPECT_EQ(explain(facts(rollout)).unblock, "starts by itself in 2m");
}

TEST(Explain, OtherwiseThePhaseSpeaks) {
  const Explanation answer = explain(facts(updating().build()));
  EXPECT_EQ(answer.standstill, Standstill::kMoving);
  EXPECT_EQ(answer.reason, "more replicas need to be updated at step 1 of 4");
}

TEST(PodTrouble, IsReadOffThePod) {
  const auto reason = [](const char* text) {
    const auto trouble = pod_trouble(pod(text));
    return trouble ? trouble->reason + ": " + trouble->message : std::string("none");
  };
  EXPECT_EQ(reason(R"({"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})"), "none");
  EXPECT_EQ(reason(R"({"metadata":{"deletionTimestamp":"2026-08-01T11:55:00Z"},"status":{"phase":"Running"}})"), "none");
  EXPECT_EQ(reason(R"({"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","message":"0/3 nodes"}]}})"),
            "Unschedulable: 0/3 nodes");
  EXPECT_EQ(reason(R"({"status":{"phase":"Running","containerStatuses":[{"name":"c","state":{"waiting":{"reason":"CrashLoopBackOff"}},
    "lastState":{"terminated":{"reason":"Error","exitCode":2}}}]}})"),
            "CrashLoopBackOff: container c; it last ended with Error, exit code 2");
  EXPECT_EQ(reason(R"({"status":{"phase":"Running","containerStatuses":[{"name":"c","state":{"running":{}}}]}})"), "NotReady: ");
  EXPECT_EQ(reason(R"({"status":{"phase":"Pending"}})"), "Starting: ");
}

}  // namespace
}  // namespace canaria::plan
