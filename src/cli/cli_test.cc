// Requests, outputs and exit codes of the commands, against an API in memory.
#include "cli/cli.h"

#include <gmock/gmock.h>

#include "cli/cli_world.h"

namespace canaria::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kWeb = R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"web",
  "namespace":"shop","uid":"u1","generation":3,"managedFields":[{}]},"spec":{"replicas":4,
  "strategy":{"canary":{"steps":[{"setWeight":25},{"pause":{}},{"setWeight":50}]}},
  "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1","x-unknown":1}],
  "initContainers":[{"name":"init","image":"init:1"}]}}},
  "status":{"observedGeneration":"3","phase":"Paused","message":"CanaryPauseStep","currentStepIndex":1,"stableRS":"a","currentPodHash":"b",
  "pauseConditions":[{"reason":"CanaryPauseStep","startTime":"2026-08-01T11:50:00Z"}],"controllerPause":true}})";

struct CliTest : testing::Test {
  CliWorld world;
  CliTest() { world.client->put("rollouts", kWeb); }
  void patch(const std::string& merge) {
    world.client->objects["rollouts/shop/web"] = json::merge_patch(world.client->objects["rollouts/shop/web"], from_text(merge));
  }
};

TEST_F(CliTest, WrongUseEndsWithTheTextsOfTheReference) {
  EXPECT_EQ(world.run({"premote"}), 1);
  EXPECT_EQ(world.err.str(),
            "Error: unknown command \"premote\" for \"kubectl-argo-rollouts\"\n\nDid you mean this?\n\tpromote\n\n");
  EXPECT_EQ(world.run({"promote", "web", "--nope"}), 1);
  EXPECT_EQ(world.err.str(), "Error: unknown flag: --nope\n");
  EXPECT_EQ(world.run({"promote", "web", "-x"}), 1);
  EXPECT_EQ(world.err.str(), "Error: unknown shorthand flag: 'x' in -x\n");
  EXPECT_EQ(world.run({"promote", "web", "-n"}), 1);
  EXPECT_EQ(world.err.str(), "Error: flag needs an argument: 'n' in -n\n");
  EXPECT_EQ(world.run({"undo", "web", "--to-revision=x"}), 1);
  EXPECT_THAT(world.err.str(), StartsWith("Error: invalid argument \"x\" for \"--to-revision\" flag: "));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"get"}, {"get", "foo"}, {"promote"}, {"promote", "a", "b"}, {"set", "image", "web", "nothing"}, {"lint"}}) {
    EXPECT_EQ(world.run(words), 1);
    EXPECT_THAT(world.err.str(), StartsWith("Usage:\n"));
    EXPECT_EQ(world.out.str(), "");
  }
  EXPECT_EQ(world.run({"status", "web", "--loglevel", "loud"}), 1);
  EXPECT_THAT(world.err.str(), HasSubstr("not a valid log level"));
}

TEST_F(CliTest, HelpGoesToStandardOutput) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--help"}, {"-h"}, {"help"}, {"help", "promote"}, {"promote", "-h"}}) {
    EXPECT_EQ(world.run(words), 0);
    EXPECT_THAT(world.out.str(), HasSubstr("Usage:\n  kubectl-argo-rollouts"));
    EXPECT_EQ(world.err.str(), "");
  }
}

TEST_F(CliTest, HelpIsMadeFromTheTable) {
  EXPECT_EQ(world.run({"restart", "--help"}), 0);
  EXPECT_THAT(world.out.str(), StartsWith("Replace the pods of a rollout one after the other\n"
                                          "\n"
                                          "Usage:\n"
                                          "  kubectl-argo-rollouts restart ROLLOUT_NAME [flags]\n"
                                          "\n"
                                          "Examples:\n"
                                          "  kubectl-argo-rollouts restart guestbook\n"
                                          "  kubectl-argo-rollouts restart guestbook --in 10m\n"
                                          "\n"
                                          "Flags:\n"
                                          "  -h, --help        help for restart\n"
                                          "  -i, --in string   start after this long: seconds, or a duration such as 10m\n"
                                          "\n"
                                          "Global Flags:\n"
                                          "      --as string "));
}

TEST_F(CliTest, LintReportsEveryFindingAndFailsWithTheFirst) {
  const std::string good =
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n"
      "  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'}]}}\n  strategy:\n    canary: {}\n";
  world.files["r.yaml"] = good;
  EXPECT_EQ(world.run({"lint", "-f", "r.yaml"}), 0) << world.err.str();
  EXPECT_EQ(world.out.str() + world.err.str(), "");
  world.files["r.yaml"] = good + "    canary: {maxSurge: 0, maxUnavailable: 0}\n";
  EXPECT_EQ(world.run({"lint", "-f", "r.yaml"}), 1);  // a duplicate key
  std::string bad = good;
  bad.replace(bad.find("canary: {}"), 10, "canary: {maxSurge: 0, maxUnavailable: 0}");
  world.files["r.yaml"] = bad;
  EXPECT_EQ(world.run({"lint", "-f", "r.yaml"}), 1);
  EXPECT_EQ(world.out.str(), "Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero\n");
  EXPECT_EQ(world.err.str(),
            "Error: spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero\n");
}

TEST_F(CliTest, FlagsMayStandAnywhereAndReachTheConnection) {
  EXPECT_EQ(world.run({"-n", "other", "pause", "--context=c1", "web", "--as-group", "g1", "--as-group=g2"}), 1);
  EXPECT_EQ(world.flags.namespace_, "other");
  EXPECT_EQ(world.flags.context, "c1");
  EXPECT_THAT(world.flags.as_groups, ElementsAre("g1", "g2"));
  EXPECT_THAT(world.err.str(), StartsWith("Error: rollouts.argoproj.io \"web\" not found"));
}

TEST_F(CliTest, AbortRetryPauseAndRestartPatchOneField) {
  EXPECT_EQ(world.run({"abort", "web"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' aborted\n");
  EXPECT_EQ(world.run({"retry", "ro", "web"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' retried\n");
  EXPECT_EQ(world.run({"pause", "web"}), 0);
  EXPECT_EQ(world.run({"restart", "web", "--in", "90"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' restarts in 90\n");
  EXPECT_EQ(world.run({"restart", "web", "-i=5m"}), 0);
  EXPECT_EQ(world.run({"restart", "web"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' restarts in 0s\n");
  EXPECT_THAT(world.client->requests,
              ElementsAre(R"(PATCH rollouts/shop/web/status {"status":{"abort":true}})",
                          R"(PATCH rollouts/shop/web/status {"status":{"abort":false}})",
                          R"(PATCH rollouts/shop/web {"spec":{"paused":true}})",
                          R"(PATCH rollouts/shop/web {"spec":{"restartAt":"2026-08-01T12:01:30Z"}})",
                          R"(PATCH rollouts/shop/web {"spec":{"restartAt":"2026-08-01T12:05:00Z"}})",
                          R"(PATCH rollouts/shop/web {"spec":{"restartAt":"2026-08-01T12:00:00Z"}})"));
  EXPECT_EQ(world.run({"restart", "web", "--in", "soon"}), 1);
  EXPECT_THAT(world.err.str(), HasSubstr("invalid --in \"soon\""));
}

TEST_F(CliTest, AbortOfAMissingRolloutTriesBothResourcesAndStopsThere) {
  EXPECT_EQ(world.run({"abort", "gone", "web"}), 1);
  EXPECT_EQ(world.err.str(), "Error: rollouts.argoproj.io \"gone\" not found\n");
  EXPECT_THAT(world.client->requests, ElementsAre(R"(PATCH rollouts/shop/gone/status {"status":{"abort":true}})",
                                                  R"(PATCH rollouts/shop/gone {"status":{"abort":true}})"));
}

TEST_F(CliTest, PromoteClearsThePause) {
  EXPECT_EQ(world.run({"promote", "web"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' promoted\n");
  EXPECT_THAT(world.client->requests, ElementsAre("GET rollouts/shop/web",
                                                  R"(PATCH rollouts/shop/web/status {"status":{"pauseConditions":null}})"));
}

TEST_F(CliTest, PromoteOfARunningCanarySkipsItsStepAndUnpauses) {
  patch(R"({"spec":{"paused":true},"status":{"pauseConditions":null,"controllerPause":null}})");
  EXPECT_EQ(world.run({"promote", "web"}), 0);
  EXPECT_THAT(world.client->requests,
              ElementsAre("GET rollouts/shop/web",
                          R"(PATCH rollouts/shop/web/status {"status":{"pauseConditions":null,"currentStepIndex":2}})",
                          R"(PATCH rollouts/shop/web {"spec":{"paused":false}})"));
}

TEST_F(CliTest, PromoteAfterAnInconclusiveRunClearsEverything) {
  patch(R"({"status":{"canary":{"currentStepAnalysisRunStatus":{"name":"r","status":"Inconclusive"}}}})");
  EXPECT_EQ(world.run({"promote", "web"}), 0);
  EXPECT_EQ(world.client->requests.back(),
            R"(PATCH rollouts/shop/web/status {"status":{"pauseConditions":null,"controllerPause":false,"currentStepIndex":2}})");
}

TEST_F(CliTest, PromoteFullAndTheDeprecatedFlags) {
  EXPECT_EQ(world.run({"promote", "web", "--full"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' fully promoted\n");
  EXPECT_EQ(world.client->requests.back(), R"(PATCH rollouts/shop/web/status {"status":{"promoteFull":true}})");
  EXPECT_EQ(world.run({"promote", "web", "-c"}), 0);
  EXPECT_THAT(world.err.str(), StartsWith("Flag --skip-current-step has been deprecated, "));
  EXPECT_EQ(world.client->requests.back(), R"(PATCH rollouts/shop/web/status {"status":{"currentStepIndex":2}})");
  EXPECT_EQ(world.run({"promote", "web", "-a"}), 0);
  EXPECT_EQ(world.client->requests.back(), R"(PATCH rollouts/shop/web/status {"status":{"currentStepIndex":3}})");
  EXPECT_EQ(world.run({"promote", "web", "-ac"}), 1);
  EXPECT_THAT(world.err.str(), HasSubstr("Error: Cannot use skip-current-step and skip-all-steps flags at the same time\n"));
  patch(R"({"spec":{"strategy":{"canary":null,"blueGreen":{"activeService":"a"}}}})");
  EXPECT_EQ(world.run({"promote", "web", "-c"}), 1);
  EXPECT_THAT(world.err.str(), HasSubstr("Error: Cannot skip steps of a bluegreen rollout. Run without a flags\n"));
}

TEST_F(CliTest, PromoteWithoutStatusSubresourceSendsOnePatch) {
  world.client->fail_with("PATCH rollouts/shop/web/status", Code::kNotFound, "no such path");
  EXPECT_EQ(world.run({"promote", "web"}), 0);
  EXPECT_EQ(world.client->requests.back(),
            R"(PATCH rollouts/shop/web {"status":{"pauseConditions":null},"spec":{"paused":false}})");
}

TEST_F(CliTest, SetImageKeepsUnknownFieldsAndRetriesConflicts) {
  world.client->fail_with("PUT rollouts/shop/web", Code::kConflict, "modified", 2);
  EXPECT_EQ(world.run({"set", "image", "web", "web=web:2"}), 0);
  EXPECT_EQ(world.out.str(), "rollout \"web\" image updated\n");
  EXPECT_EQ(world.client->requests.size(), 6U);
  EXPECT_THAT(world.client->requests.back(), HasSubstr(R"([{"name":"web","image":"web:2","x-unknown":1}])"));
  EXPECT_THAT(world.client->requests.back(), HasSubstr(R"({"name":"init","image":"init:1"})"));
  EXPECT_EQ(world.run({"set", "image", "web", "*=all:3"}), 0);
  EXPECT_THAT(world.client->requests.back(), HasSubstr(R"({"name":"init","image":"all:3"})"));
  EXPECT_EQ(world.run({"set", "image", "web", "db=x"}), 1);
  EXPECT_EQ(world.err.str(), "Error: unable to find container named \"db\"\n");
  world.client->fail_with("PUT rollouts/shop/web", Code::kConflict, "modified");
  EXPECT_EQ(world.run({"set", "image", "web", "web=web:2"}), 1);
  EXPECT_EQ(world.err.str(), "Error: modified\n");
}

struct UndoTest : CliTest {
  void add_set(const std::string& name, const std::string& revision, const std::string& image) {
    world.client->put("replicasets", R"({"metadata":{"name":")" + name + R"(","namespace":"shop","uid":")" + name +
        R"(","labels":{"rollouts-pod-template-hash":")" + name + R"("},"annotations":{"rollout.argoproj.io/revision":")" + revision +
        R"("},"ownerReferences":[{"uid":"u1","controller":true,"kind":"Rollout","name":"web"}]},"spec":{"replicas":1,"template":
        {"metadata":{"labels":{"app":"web","rollouts-pod-template-hash":")" + name + R"("}},"spec":{"containers":[{"name":"web","image":")" +
        image + R"("}],"initContainers":[{"name":"init","image":"init:1"}]}}}})");
  }
};

TEST_F(UndoTest, GoesBackToTheRevisionBefore) {
  add_set("web-a", "1", "web:0");
  add_set("web-b", "2", "web:1");
  EXPECT_EQ(world.run({"undo", "web"}), 0);
  EXPECT_EQ(world.out.str(), "rollout 'web' undo\n");
  EXPECT_EQ(world.client->requests.back(),
            R"(JSONPATCH rollouts/shop/web [{"op":"replace","path":"/spec/template","value":{"metadata":{"labels":{"app":"web"}},)"
            R"("spec":{"containers":[{"name":"web","image":"web:0"}],"initContainers":[{"name":"init","image":"init:1"}]}}}])");
}

TEST_F(UndoTest, RefusesWhatIsNotThereAndSkipsWhatIsCurrent) {
  add_set("web-b", "2", "web:1");
  EXPECT_EQ(world.run({"undo", "web"}), 1);
  EXPECT_EQ(world.err.str(), "Error: no revision found for rollout \"web\"\n");
  EXPECT_EQ(world.run({"undo", "web", "--to-revision", "9"}), 1);
  EXPECT_EQ(world.err.str(), "Error: unable to find specified revision 9 in history\n");
  EXPECT_EQ(world.run({"undo", "web", "--to-revision", "2"}), 0);
  EXPECT_EQ(world.out.str(), "skipped rollback (current template already matches revision 2)");
}

TEST_F(CliTest, StatusOnceAndInvalidNames) {
  EXPECT_EQ(world.run({"status", "web", "--watch=false"}), 0);
  EXPECT_EQ(world.out.str(), "Paused - CanaryPauseStep\n");
  EXPECT_EQ(world.run({"status", "gone", "-w=false"}), 1);
  EXPECT_EQ(world.err.str(), "Error: rollout.argoproj.io \"gone\" not found\n");
  patch(R"({"status":{"phase":"Degraded","message":"bad","pauseConditions":null,"controllerPause":null}})");
  EXPECT_EQ(world.run({"status", "web", "--watch=false"}), 1);
  EXPECT_EQ(world.out.str(), "Degraded\n");
  EXPECT_EQ(world.err.str(), "");
}

TEST_F(CliTest, StatusWaitsUntilItIsHealthy) {
  world.loop.on_sleep = [&](int sleeps) {
    if (sleeps == 3)
      world.client->change("rollouts/shop/web", R"({"status":{"phase":"Progressing","message":"more","pauseConditions":null,"controllerPause":null}})");
    if (sleeps == 6) world.client->change("rollouts/shop/web", R"({"status":{"phase":"Healthy","message":null}})");
  };
  EXPECT_EQ(world.run({"status", "web"}), 0);
  EXPECT_EQ(world.out.str(), "Paused - CanaryPauseStep\nProgressing - more\nHealthy\n");
}

TEST_F(CliTest, StatusGivesUpAtTheTimeoutAndAtDegraded) {
  EXPECT_EQ(world.run({"status", "web", "--timeout", "2s"}), 1);
  EXPECT_EQ(world.err.str(), "Error: Rollout status watch exceeded timeout\n");
  patch(R"({"status":{"phase":"Degraded","message":"bad","pauseConditions":null,"controllerPause":null}})");
  EXPECT_EQ(world.run({"status", "web"}), 1);
  EXPECT_EQ(world.out.str(), "Degraded - bad\n");
  EXPECT_EQ(world.err.str(), "Error: The rollout is in a degraded state with message: bad\n");
}

TEST_F(CliTest, ListsRolloutsInPaddedColumns) {
  world.client->put("rollouts", R"({"metadata":{"name":"storefront-web","namespace":"shop","generation":1},"spec":{"replicas":5,
    "strategy":{"blueGreen":{"activeService":"a"}}},"status":{"observedGeneration":"1","phase":"Healthy","replicas":5,"readyReplicas":5,
    "updatedReplicas":5,"availableReplicas":5}})");
  EXPECT_EQ(world.run({"list", "rollouts"}), 0);
  EXPECT_EQ(world.out.str(),
            "NAME            STRATEGY   STATUS        STEP  SET-WEIGHT  READY  DESIRED  UP-TO-DATE  AVAILABLE\n"
            "storefront-web  BlueGreen  Healthy       -     -           5/5    5        5           5        \n"
            "web             Canary     Paused        1/3   25          0/0    4        0           0        \n");
  EXPECT_EQ(world.run({"list", "ro", "-A", "--name", "web", "--timestamps"}), 0);
  EXPECT_EQ(world.out.str(),
            "TIMESTAMP             NAMESPACE  NAME        STRATEGY   STATUS        STEP  SET-WEIGHT  READY  DESIRED  UP-TO-DATE  AVAILABLE\n"
            "2026-08-01T12:00:00Z  shop       web         Canary     Paused        1/3   25          0/0    4        0           0        \n");
  EXPECT_EQ(world.client->requests.back(), "LIST rollouts/ metadata.name=web");
  EXPECT_EQ(world.run({"list", "rollouts", "-n", "empty"}), 0);
  EXPECT_EQ(world.out.str(), "");
  EXPECT_EQ(world.err.str(), "No resources found.\n");
}

TEST_F(CliTest, ListWatchPrintsARowPerChange) {
  world.loop.on_sleep = [&](int sleeps) {
    if (sleeps == 2) world.client->change("rollouts/shop/web", R"({"status":{"readyReplicas":2,"replicas":4}})");
    if (sleeps == 3) world.client->change("rollouts/shop/web", R"({"metadata":{"labels":{"a":"b"}}})");
    if (sleeps == 5) world.loop.interrupted = true;
  };
  EXPECT_EQ(world.run({"list", "rollouts", "-w"}), 0);
  EXPECT_EQ(world.out.str(),
            "NAME        STRATEGY   STATUS        STEP  SET-WEIGHT  READY  DESIRED  UP-TO-DATE  AVAILABLE\n"
            "web         Canary     Paused        1/3   25          0/0    4        0           0        \n"
            "web         Canary     Paused        1/3   25          2/4    4        0           0        \n");
}

TEST_F(CliTest, GetWatchRedrawsOnChangeAndEverySecondUntilInterrupted) {
  world.loop.on_sleep = [&](int sleeps) {
    if (sleeps == 2) world.client->change("rollouts/shop/web", R"({"status":{"message":"changed"}})");
    if (sleeps == 8) world.loop.interrupted = true;  // 1.6 s: first, change after 0.4 s, one second later
  };
  EXPECT_EQ(world.run({"get", "rollout", "web", "-w", "--no-color"}), 0);
  std::size_t drawn = 0;
  const std::string out = world.out.str(), clear = "\033[H\033[2J\033[0;0H";
  for (auto at = out.find(clear); at != std::string::npos; at = out.find(clear, at + 1)) ++drawn;
  EXPECT_EQ(drawn, 3U);
  EXPECT_THAT(out, HasSubstr("Message:         changed\n"));
  world.loop.interrupted = false;
  world.loop.on_sleep = nullptr;
  EXPECT_EQ(world.run({"get", "rollout", "web", "-w", "--timeout-seconds", "3"}), 0);
  EXPECT_EQ(world.run({"get", "rollout", "gone", "-w"}), 1);
  EXPECT_EQ(world.err.str(), "Error: rollout.argoproj.io \"gone\" not found\n");
}

TEST_F(CliTest, GetReportsForbiddenAndToleratesMissingCrds) {
  world.client->fail_with("LIST experiments", Code::kNotFound, "the server could not find the requested resource");
  EXPECT_EQ(world.run({"get", "rollout", "web"}), 0);
  world.client->fail_with("LIST pods", Code::kForbidden, "pods is forbidden: User \"me\" cannot list resource \"pods\"");
  EXPECT_EQ(world.run({"get", "rollout", "web"}), 1);
  EXPECT_EQ(world.err.str(), "Error: pods is forbidden: User \"me\" cannot list resource \"pods\"\n");
}

TEST_F(CliTest, VersionControllerAndMissingCommands) {
  EXPECT_EQ(world.run({"version", "--short"}), 0);
  EXPECT_EQ(world.out.str(), "kubectl-argo-rollouts: v0.1.0+ab12cd3\n");
  EXPECT_EQ(world.run({"version"}), 0);
  EXPECT_THAT(world.out.str(), HasSubstr("\n  GitTreeState: clean\n"));
  EXPECT_EQ(world.run({"controller", "--namespaced", "-n", "x"}), 7);
  EXPECT_THAT(world.controller_arguments, ElementsAre("--namespaced", "-n", "x"));
  EXPECT_EQ(world.run({"get", "experiment", "e"}), 1);
  EXPECT_EQ(world.err.str(), "Error: \"get experiment\" is not available in this version of Canaria\n");
  EXPECT_EQ(world.run({"create", "-f", "x.yaml"}), 1);
  EXPECT_EQ(world.err.str(), "Error: \"create\" is not available in this version of Canaria\n");
}

TEST_F(CliTest, CompletesCommandsFlagsAndNames) {
  world.client->put("rollouts", R"({"metadata":{"name":"worker","namespace":"shop"}})");
  EXPECT_EQ(world.run({"__completeNoDesc", "re"}), 0);
  EXPECT_EQ(world.out.str(), "restart\nretry\n:4\n");
  EXPECT_EQ(world.run({"__complete", "list", ""}), 0);
  EXPECT_EQ(world.out.str(), "rollouts\tList rollouts\nexperiments\tList experiments (not available yet)\n:4\n");
  EXPECT_EQ(world.run({"__complete", "promote", "wo"}), 0);
  EXPECT_EQ(world.out.str(), "worker\n:4\n");
  EXPECT_EQ(world.run({"__complete", "-n", "empty", "get", "rollout", ""}), 0);
  EXPECT_EQ(world.out.str(), ":4\n");
  EXPECT_EQ(world.run({"__complete", "abort", "web", ""}), 0);
  EXPECT_EQ(world.out.str(), ":4\n");
  EXPECT_EQ(world.run({"__complete", "promote", "--fu"}), 0);
  EXPECT_EQ(world.out.str(), "--full\tskip analysis, pauses and steps\n:4\n");
  EXPECT_EQ(world.run({"__complete", "plan", "-f", ""}), 0);
  EXPECT_EQ(world.out.str(), ":0\n");
  EXPECT_EQ(world.run({"__complete", "completion", "z"}), 0);
  EXPECT_EQ(world.out.str(), "zsh\n:4\n");
  world.program = "kubectl_complete-argo-rollouts";
  EXPECT_EQ(world.run({"promote", ""}), 0);
  EXPECT_EQ(world.out.str(), "web\nworker\n:4\n");
}

TEST_F(CliTest, CompletionNeedsOneKnownShell) {
  EXPECT_EQ(world.run({"completion"}), 1);
  EXPECT_EQ(world.err.str(), "Error: accepts 1 arg(s), received 0\n");
  EXPECT_EQ(world.run({"completion", "x"}), 1);
  EXPECT_EQ(world.err.str(), "Error: invalid argument \"x\" for \"kubectl-argo-rollouts completion\"\n");
  for (const char* shell : {"bash", "zsh", "fish", "powershell"}) {
    EXPECT_EQ(world.run({"completion", shell}), 0);
    EXPECT_THAT(world.out.str(), HasSubstr("__complete"));
    EXPECT_THAT(world.out.str(), testing::Not(HasSubstr("@PROGRAM@")));
  }
}

TEST_F(CliTest, ExplainNamesThePersonItWaitsFor) {
  EXPECT_EQ(world.run({"explain", "rollout", "web"}), 0);
  EXPECT_EQ(world.out.str(),
            "Rollout:  shop/web\n"
            "Status:   ॥ Paused, step 1/3, weight 25\n"
            "Reason:   waits for a person at step 2 of 3, a pause without duration\n"
            "Since:    2026-08-01T11:50:00Z (10m)\n"
            "Unblock:  go on with: kubectl argo rollouts promote web; go back with: kubectl argo rollouts abort web\n");
}

constexpr const char* kManifest = R"(apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  strategy: {canary: {maxSurge: 1, maxUnavailable: 0, steps: [{setWeight: 25}, {pause: {duration: 30s}}, {pause: {}}]}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:2"}]}
)";

TEST_F(UndoTest, PlanShowsAReleaseWithoutWriting) {
  world.client->objects.clear();
  world.client->put("rollouts", R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"web","namespace":"shop",
    "uid":"u1","generation":3},"spec":{"replicas":4,"selector":{"matchLabels":{"app":"web"}},"strategy":{"canary":{}},
    "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}},
    "status":{"observedGeneration":"3","phase":"Healthy","stableRS":"a1","currentPodHash":"a1","replicas":4,"updatedReplicas":4,
    "readyReplicas":4,"availableReplicas":4}})");
  world.client->put("replicasets", R"({"metadata":{"name":"web-a1","namespace":"shop","uid":"r1","labels":{"app":"web",
    "rollouts-pod-template-hash":"a1"},"annotations":{"rollout.argoproj.io/revision":"1","rollout.argoproj.io/desired-replicas":"4"},
    "ownerReferences":[{"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"web","uid":"u1","controller":true}]},
    "spec":{"replicas":4,"template":{"metadata":{"labels":{"app":"web","rollouts-pod-template-hash":"a1"}},
    "spec":{"containers":[{"name":"web","image":"web:1"}]}}},"status":{"replicas":4,"readyReplicas":4,"availableReplicas":4}})");
  world.files["web.yaml"] = kManifest;
  EXPECT_EQ(world.run({"plan", "-f", "web.yaml"}), 0) << world.err.str();
  EXPECT_THAT(world.out.str(), StartsWith("Rollout shop/web, 4 replicas\n"
                                          "\n"
                                          "STEP  ACTION         NEW  OLD  WEIGHT  COMPLETE AFTER\n"
                                          "1/3   setWeight: 25  1    3    25      0s\n"
                                          "2/3   pause: 30s     1    3    25      30s\n"
                                          "3/3   pause          1    3    25      30s, waits for a person\n"
                                          "end   promoted       4    0    100     30s\n"
                                          "\n"
                                          "Shortest duration: 30s, with pods ready at once and without the 1 wait for a person\n"
                                          "\n"
                                          "Actions:\n"
                                          "  0s"));
  for (const std::string& request : world.client->requests)
    EXPECT_TRUE(request.starts_with("GET ") || request.starts_with("LIST ")) << request;
  EXPECT_EQ(world.run({"plan", "missing.yaml"}), 1);
  EXPECT_EQ(world.err.str(), "Error: open missing.yaml: no such file or directory\n");
}

}  // namespace
}  // namespace canaria::cli
