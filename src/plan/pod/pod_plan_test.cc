// The life of pods on paper. Each test is a short transcript: what happens, what the node does, what the status says.
#include <gmock/gmock.h>

#include "plan/pod/pod_lab.h"

namespace canaria::plan {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kPlain = R"({"containers":[{"name":"main","image":"web:1","command":["web"]}]})";
constexpr const char* kNever = R"({"restartPolicy":"Never","containers":[{"name":"main","image":"web:1","command":["web"]}]})";
constexpr const char* kCrashEvent = "event Warning BackOff: Back-off restarting failed container main in pod web_shop(u1)";

TEST(PodPlan, WritesTheAddressBeforeAnythingRuns) {
  PodLab lab(kPlain);
  const PodPlan first = plan_pod(lab.snapshot);
  ASSERT_EQ(first.actions.size(), 1U);
  EXPECT_EQ(describe_pod_action(first.actions[0]), "write status");
  EXPECT_EQ(lab.settle(), "write status; start main #0; write status");
  EXPECT_EQ(lab.status().podIP, "127.77.0.1");
  EXPECT_EQ(lab.status().podIPs.at(0).ip, "127.77.0.1");
  EXPECT_EQ(lab.status().phase, "Running");
  EXPECT_EQ(lab.state(), "running");
  EXPECT_EQ(lab.condition("Ready"), "True");
  EXPECT_EQ(lab.condition("PodReadyToStartContainers"), "True");
  EXPECT_EQ(lab.condition("PodScheduled"), "True");
}

TEST(PodPlan, RestartsAtOnceTheFirstTimeAndThenBacksOffDoubling) {
  PodLab lab(kPlain);
  lab.settle();
  lab.exit(1);
  EXPECT_EQ(lab.settle(), "start main #1; write status");
  lab.exit(1);
  EXPECT_EQ(lab.settle(), std::string("write status; ") + kCrashEvent);
  EXPECT_EQ(lab.state(), "waiting CrashLoopBackOff: back-off 10s restarting failed container=main pod=web_shop(u1)");
  EXPECT_EQ(PodLab::text_of(lab.status().containerStatuses.at(0).lastState), "terminated 1 Error");
  EXPECT_EQ(lab.condition("Ready"), "False ContainersNotReady: containers with unready status: [main]");
  EXPECT_EQ(lab.status().phase, "Running");
  for (const Seconds expected : {Seconds(10), Seconds(20), Seconds(40), Seconds(80), Seconds(160), Seconds(300), Seconds(300)}) {
    EXPECT_EQ(lab.wake(), Millis(expected));
    EXPECT_THAT(lab.settle(), testing::StartsWith("start main #"));
    lab.exit(1);
    lab.settle();
  }
  EXPECT_THAT(lab.state(), HasSubstr("back-off 5m0s restarting"));
}

TEST(PodPlan, ALongRunStartsTheBackOffAnew) {
  PodLab lab(kPlain);
  lab.settle();
  lab.exit(1);
  lab.settle();
  lab.pass(Seconds(600));
  lab.exit(1);
  EXPECT_EQ(lab.settle(), "start main #2; write status");
  lab.exit(1);
  lab.settle();
  EXPECT_THAT(lab.state(), HasSubstr("back-off 10s"));
}

TEST(PodPlan, RestartPoliciesDecideWhatAnEndMeans) {
  struct Case {
    const char* policy;
    int exit_code;
    const char* did;
    const char* phase;
    const char* state;
  };
  for (const Case& test : {Case{"Always", 0, "start main #1; write status", "Running", "running"},
                           Case{"OnFailure", 0, "write status", "Succeeded", "terminated 0 Completed"},
                           Case{"OnFailure", 2, "start main #1; write status", "Running", "running"},
                           Case{"Never", 0, "write status", "Succeeded", "terminated 0 Completed"},
                           Case{"Never", 2, "write status", "Failed", "terminated 2 Error"}}) {
    PodLab lab(std::string(R"({"restartPolicy":")") + test.policy +
               R"(","containers":[{"name":"main","image":"web:1","command":["web"]}]})");
    lab.settle();
    lab.exit(test.exit_code);
    EXPECT_EQ(lab.settle(), test.did) << test.policy << " " << test.exit_code;
    EXPECT_EQ(lab.status().phase, test.phase) << test.policy << " " << test.exit_code;
    EXPECT_EQ(lab.state(), test.state) << test.policy << " " << test.exit_code;
  }
}

TEST(PodPlan, AnEndedPodStaysEnded) {
  PodLab lab(kNever);
  lab.settle();
  lab.exit(0);
  lab.settle();
  EXPECT_EQ(lab.condition("Ready"), "False PodCompleted: ");
  lab.snapshot.containers.clear();  // a new program, and the runtime has lost its files
  EXPECT_EQ(lab.settle(), "");
  EXPECT_EQ(lab.status().phase, "Succeeded");
}

TEST(PodPlan, ARunThatOnlyTheStatusRemembersIsNotStartedAgainAsTheFirst) {
  PodLab lab(kPlain);
  lab.settle();
  lab.snapshot.containers.clear();
  EXPECT_EQ(lab.settle(), "start main #1; write status");
  PodLab once(kNever);
  once.settle();
  once.snapshot.containers.clear();
  EXPECT_EQ(once.settle(), "write status");
  EXPECT_EQ(once.state(), "terminated 255 Unknown");
  EXPECT_EQ(once.status().phase, "Failed");
}

TEST(PodPlan, ADeletedPodIsDrainedThenTerminatedThenRemoved) {
  PodLab lab(kPlain);
  lab.settle();
  lab.remove(30);
  EXPECT_EQ(lab.settle(), "event Normal Killing: Stopping container main; stop main by 2026-08-01T12:00:31Z");
  EXPECT_EQ(lab.wake(), Seconds(1)) << "endpoints take it out meanwhile";
  EXPECT_EQ(lab.settle(), "terminate main");
  EXPECT_EQ(lab.wake(), Seconds(30));
  EXPECT_EQ(lab.settle(), "kill main");
  lab.exit(137);
  EXPECT_EQ(lab.settle(), "write status; delete pod");
  EXPECT_EQ(lab.status().phase, "Failed");
}

TEST(PodPlan, APodThatDoesNotServeIsTerminatedAtOnce) {
  PodLab lab(kNever);
  lab.settle();
  lab.remove(30);
  EXPECT_THAT(lab.settle(), EndsWith("; terminate main"));
}

TEST(PodPlan, ASecondDeletionShortensTheGracePeriod) {
  PodLab lab(kPlain);
  lab.settle();
  lab.remove(30);
  lab.settle();
  lab.pass(Seconds(2));
  EXPECT_EQ(lab.settle(), "terminate main");
  lab.remove(3);
  EXPECT_EQ(lab.settle(), "stop main by 2026-08-01T12:00:06Z");
  EXPECT_EQ(lab.wake(), Seconds(4));
  EXPECT_EQ(lab.settle(), "kill main");
}

TEST(PodPlan, ADeletedPodThatNeverStartedIsRemovedAtOnce) {
  PodLab lab(kPlain);
  lab.remove(30);
  EXPECT_THAT(lab.settle(), EndsWith("delete pod"));
}

TEST(PodPlan, OnlyFinalizersKeepAPodThatHasGone) {
  PodLab lab(kPlain);
  lab.remove(0);
  lab.settle();
  EXPECT_FALSE(lab.is_deleted) << "it has been removed already; the finalizers' owners come next";
}

TEST(PodPlan, PreStopRunsBeforeTheSignalWithinTheGracePeriod) {
  PodLab lab(R"({"terminationGracePeriodSeconds":10,"containers":[{"name":"main","image":"web:1","command":["web"],
                 "lifecycle":{"preStop":{"exec":{"command":["bye"]}}}}]})");
  lab.settle();
  lab.remove(10);
  EXPECT_THAT(lab.settle(), EndsWith("preStop main"));
  lab.pass(Seconds(3));
  EXPECT_EQ(lab.settle(), "");
  lab.facts().pre_stop = HookState::kSucceeded;
  EXPECT_EQ(lab.settle(), "terminate main");

  PodLab slow(R"({"terminationGracePeriodSeconds":10,"containers":[{"name":"main","image":"web:1","command":["web"],
                  "lifecycle":{"preStop":{"exec":{"command":["bye"]}}}}]})");
  slow.settle();
  slow.remove(10);
  slow.settle();
  EXPECT_EQ(slow.wake(), Seconds(11));
  EXPECT_EQ(slow.settle(), "terminate main");
  EXPECT_EQ(slow.wake(), Seconds(2));
  EXPECT_EQ(slow.settle(), "kill main");
}

TEST(PodPlan, PostStartGatesReadinessAndItsFailureRestarts) {
  PodLab lab(R"({"containers":[{"name":"main","image":"web:1","command":["web"],
                 "lifecycle":{"postStart":{"exec":{"command":["hello"]}}}}]})");
  EXPECT_EQ(lab.settle(), "write status; start main #0; postStart main; write status");
  EXPECT_NE(lab.condition("Ready"), "True");
  lab.facts().post_start = HookState::kFailed;
  lab.facts().hook_message = "no";
  EXPECT_THAT(lab.settle(), HasSubstr("event Warning FailedPostStartHook: PostStartHook failed: no"));
  lab.exit(143);
  lab.settle();
  lab.facts().post_start = HookState::kSucceeded;
  lab.settle();
  EXPECT_EQ(lab.condition("Ready"), "True");
}

TEST(PodPlan, InitContainersRunOneAfterTheOther) {
  PodLab lab(R"({"initContainers":[{"name":"one","image":"i","command":["a"]},{"name":"two","image":"i","command":["b"]}],
                 "containers":[{"name":"main","image":"web:1","command":["web"]}]})");
  EXPECT_EQ(lab.settle(), "write status; start one #0; write status");
  EXPECT_EQ(lab.status().phase, "Pending");
  EXPECT_EQ(lab.condition("Initialized"), "False ContainersNotInitialized: containers with incomplete status: [one two]");
  EXPECT_EQ(lab.state(), "waiting PodInitializing");
  lab.exit(1, "one");
  EXPECT_EQ(lab.settle(), "start one #1; write status");
  lab.exit(0, "one");
  EXPECT_EQ(lab.settle(), "start two #0; write status");
  lab.exit(0, "two");
  EXPECT_EQ(lab.settle(), "start main #0; write status");
  EXPECT_EQ(lab.condition("Initialized"), "True");
  EXPECT_EQ(lab.state("one"), "terminated 0 Completed");
}

TEST(PodPlan, AFailedInitContainerFailsAPodThatNeverRestarts) {
  PodLab lab(R"({"restartPolicy":"Never","initContainers":[{"name":"one","image":"i","command":["a"]}],
                 "containers":[{"name":"main","image":"web:1","command":["web"]}]})");
  lab.settle();
  lab.exit(4, "one");
  EXPECT_EQ(lab.settle(), "write status");
  EXPECT_EQ(lab.status().phase, "Failed");
  EXPECT_EQ(lab.state("one"), "terminated 4 Error");
}

TEST(PodPlan, SidecarsStartFirstAndEndLast) {
  PodLab lab(R"({"restartPolicy":"Never","initContainers":[{"name":"side","image":"i","command":["s"],"restartPolicy":"Always"}],
                 "containers":[{"name":"main","image":"web:1","command":["web"]}]})");
  EXPECT_EQ(lab.settle(), "write status; start side #0; start main #0; write status");
  lab.exit(1, "side");
  EXPECT_EQ(lab.settle(), "start side #1; write status");
  lab.exit(0);
  EXPECT_THAT(lab.settle(), HasSubstr("Stopping container side"));
  lab.exit(143, "side");
  lab.settle();
  EXPECT_EQ(lab.status().phase, "Succeeded");
}

TEST(PodPlan, ProbesGateReadiness) {
  PodLab lab(R"({"containers":[{"name":"main","image":"web:1","command":["web"],
    "startupProbe":{"tcpSocket":{"port":80}},"readinessProbe":{"tcpSocket":{"port":80}}}]})");
  lab.settle();
  EXPECT_EQ(lab.status().containerStatuses.at(0).started, false);
  lab.facts().readiness_passed = true;
  EXPECT_EQ(lab.settle(), "");
  lab.facts().startup_passed = true;
  EXPECT_EQ(lab.settle(), "write status");
  EXPECT_EQ(lab.condition("Ready"), "True");
  const auto since = lab.status().conditions.at(2).lastTransitionTime;
  lab.pass(Seconds(5));
  EXPECT_EQ(lab.settle(), "");
  lab.facts().readiness_passed = false;
  EXPECT_EQ(lab.settle(), "write status");
  EXPECT_EQ(*lab.status().conditions.at(2).lastTransitionTime - *since, Seconds(5));
}

TEST(PodPlan, ADefeatedContainerIsRestartedWithTheProbesGracePeriod) {
  PodLab lab(kPlain);
  lab.settle();
  lab.facts().defeat = ProbeDefeat{"liveness", 4};
  EXPECT_EQ(lab.settle(),
            "event Normal Killing: Container main failed liveness probe, will be restarted; stop main by "
            "2026-08-01T12:00:04Z; terminate main");
  lab.exit(143);
  EXPECT_EQ(lab.settle(), "start main #1; write status");
}

TEST(PodPlan, ReadinessGatesOfOthersAreHonoured) {
  PodLab lab(R"({"readinessGates":[{"conditionType":"shop/in-pool"}],
                 "containers":[{"name":"main","image":"web:1","command":["web"]}]})");
  lab.settle();
  EXPECT_EQ(lab.condition("Ready"),
            "False ReadinessGatesNotReady: corresponding condition of pod readiness gate \"shop/in-pool\" does not exist.");
  lab.set_condition("shop/in-pool", "True");
  lab.settle();
  EXPECT_EQ(lab.condition("Ready"), "True");
  EXPECT_EQ(lab.condition("shop/in-pool"), "True");
}

TEST(PodPlan, TheActiveDeadlineFailsThePod) {
  PodLab lab(R"({"activeDeadlineSeconds":5,"containers":[{"name":"main","image":"web:1","command":["web"]}]})");
  lab.settle();
  EXPECT_EQ(lab.wake(), Seconds(5));
  EXPECT_THAT(lab.settle(), HasSubstr("terminate main"));
  lab.exit(143);
  lab.settle();
  EXPECT_EQ(lab.status().phase, "Failed");
  EXPECT_EQ(lab.status().reason, "DeadlineExceeded");
}

TEST(PodPlan, AFailedStartIsShownAndTriedAgain) {
  PodLab lab(kPlain);
  lab.snapshot.containers["main"].start_failure = StartFailure{lab.snapshot.now, 1, "no such program: web"};
  EXPECT_EQ(lab.settle(), "write status; write status; event Warning Failed: Error: no such program: web");
  EXPECT_EQ(lab.state(), "waiting CreateContainerError: no such program: web");
  EXPECT_EQ(lab.wake(), Seconds(10));
  EXPECT_EQ(lab.settle(), "start main #0; write status");
}

TEST(PodPlan, TheEndOfTheNodeStopsEverythingAndLosesNothing) {
  PodLab lab(kPlain);
  lab.settle();
  lab.snapshot.stop_all_by = lab.snapshot.now + Seconds(3);
  EXPECT_THAT(lab.settle(), HasSubstr("stop main by 2026-08-01T12:00:03Z; terminate main"));
  lab.exit(143);
  EXPECT_EQ(lab.settle(), "write status");
  EXPECT_EQ(lab.status().phase, "Running");
  EXPECT_EQ(lab.state(), "terminated 143 Error");
  lab.snapshot.stop_all_by.reset();
  EXPECT_EQ(lab.settle(), "start main #1; write status");
}

TEST(PodPlan, QualityOfServiceFollowsTheResources) {
  const auto qos = [](const std::string& resources) {
    PodLab lab(R"({"containers":[{"name":"main","image":"web:1","command":["web"],"resources":)" + resources + "}]}");
    lab.settle();
    return lab.status().qosClass;
  };
  EXPECT_EQ(qos("{}"), "BestEffort");
  EXPECT_EQ(qos(R"({"requests":{"cpu":"100m"}})"), "Burstable");
  EXPECT_EQ(qos(R"({"limits":{"cpu":1,"memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}})"), "Guaranteed");
}

}  // namespace
}  // namespace canaria::plan
