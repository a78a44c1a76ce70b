// The text of `get rollout`, from objects as the API server returns them.
#include "cli/view/rollout_tree.h"

#include <gmock/gmock.h>

#include "cli/view/pod_line.h"
#include "cli/view/table.h"

namespace canaria::cli {
namespace {

const Time kNow = *parse_time("2026-08-13T12:00:00Z");

json::Value object(const std::string& text) {
  auto parsed = json::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : json::Value(nullptr);
}

std::string meta(const std::string& name, const std::string& owner, const std::string& created, const std::string& more = "") {
  return R"("metadata":{"name":")" + name + R"(","namespace":"web","uid":"uid-)" + name + R"(","creationTimestamp":")" + created +
         R"(","ownerReferences":[{"uid":"uid-)" + owner + R"(","controller":true}])" + more + "}";
}

json::Value set(const std::string& hash, const std::string& revision, const std::string& created, int replicas,
                const std::string& image, const std::string& annotation = "") {
  const std::string count = std::to_string(replicas);
  return object("{" + meta("shop-" + hash, "shop", created,
                           R"(,"labels":{"rollouts-pod-template-hash":")" + hash +
                               R"("},"annotations":{"rollout.argoproj.io/revision":")" + revision + "\"" + annotation + "}") +
                R"(,"spec":{"replicas":)" + count + R"(,"template":{"spec":{"containers":[{"name":"c","image":")" + image +
                R"("}]}}},"status":{"replicas":)" + count + R"(,"availableReplicas":)" + count + "}}");
}

json::Value pod(const std::string& name, const std::string& owner, const std::string& created, const std::string& state,
                int restarts) {
  const bool ready = state.find("running") != std::string::npos;
  return object("{" + meta(name, owner, created) + R"(,"spec":{"containers":[{"name":"c"}]},"status":{"phase":")" +
                (ready ? "Running" : "Pending") + R"(","containerStatuses":[{"name":"c","ready":)" + (ready ? "true" : "false") +
                R"(,"restartCount":)" + std::to_string(restarts) + R"(,"state":)" + state + "}]}}");
}

NamespaceObjects shop() {
  NamespaceObjects objects;
  objects.rollout = object(R"({"metadata":{"name":"shop","namespace":"web","uid":"uid-shop","generation":7,
    "creationTimestamp":"2026-08-01T11:00:00Z"},"spec":{"replicas":2,"strategy":{"canary":{"canaryService":"c","stableService":"s",
    "trafficRouting":{"nginx":{"stableIngress":"i"}},"steps":[{"setWeight":25},{"pause":{}},{"setWeight":50},{"pause":{}}]}}},
    "status":{"observedGeneration":"7","phase":"Paused","message":"CanaryPauseStep","currentStepIndex":1,"stableRS":"57bb8c4dd9",
    "currentPodHash":"6c9d5f8b7d","replicas":3,"updatedReplicas":1,"readyReplicas":2,"availableReplicas":2,"controllerPause":true,
    "pauseConditions":[{"reason":"CanaryPauseStep"}],"canary":{"weights":{"canary":{"weight":25},"stable":{"weight":75}}}}})");
  objects.replica_sets = {
      set("7f4d6f5c66", "5", "2026-07-14T11:00:00Z", 0, "registry.local/shop:1.7", R"(,"scale-down-deadline":"2026-08-12T00:00:00Z")"),
      set("57bb8c4dd9", "6", "2026-08-01T11:00:00Z", 2, "registry.local/shop:1.8"),
      set("6c9d5f8b7d", "7", "2026-08-13T11:55:50Z", 1, "registry.local/shop:1.9")};
  objects.pods = {
      pod("shop-57bb8c4dd9-tt6dz", "shop-57bb8c4dd9", "2026-08-13T11:59:40Z", R"({"waiting":{"reason":"ContainerCreating"}})", 0),
      pod("shop-57bb8c4dd9-9qv2c", "shop-57bb8c4dd9", "2026-08-01T11:00:00Z", R"({"running":{}})", 0),
      pod("shop-6c9d5f8b7d-x2k9p", "shop-6c9d5f8b7d", "2026-08-13T11:55:50Z", R"({"running":{}})", 2),
      pod("stranger", "other", "2026-08-13T11:55:50Z", R"({"running":{}})", 2)};
  objects.analysis_runs = {object("{" + meta("shop-6c9d5f8b7d-7-1-latency", "shop", "2026-08-13T11:57:00Z",
                                             R"(,"annotations":{"rollout.argoproj.io/revision":"7"})") +
                                  R"(,"status":{"phase":"Successful","metricResults":[{"name":"latency","successful":2,"error":1,
    "measurements":[{"phase":"Successful","startedAt":"2026-08-13T11:57:00Z","metadata":{"job-name":"1f0c7a52-7d1e.latency.1"}},
    {"phase":"Successful"}]}]}})")};
  return objects;
}

TEST(RolloutTree, ShowsHeaderAndTree) {
  EXPECT_EQ(rollout_text(shop(), kNow, ColorMode::kOff),
            "Name:            shop\n"
            "Namespace:       web\n"
            "Status:          ॥ Paused\n"
            "Message:         CanaryPauseStep\n"
            "Strategy:        Canary\n"
            "  Step:          1/4\n"
            "  SetWeight:     25\n"
            "  ActualWeight:  25\n"
            "Images:          registry.local/shop:1.8 (stable)\n"
            "                 registry.local/shop:1.9 (canary)\n"
            "Replicas:\n"
            "  Desired:       2\n"
            "  Current:       3\n"
            "  Updated:       1\n"
            "  Ready:         2\n"
            "  Available:     2\n"
            "\n"
            "NAME                                 KIND         STATUS               AGE    INFO\n"
            "⟳ shop                               Rollout      ॥ Paused             12d    \n"
            "├──# revision:7                                                               \n"
            "│  ├──⧉ shop-6c9d5f8b7d              ReplicaSet   ✔ Healthy            4m10s  canary\n"
            "│  │  └──□ shop-6c9d5f8b7d-x2k9p     Pod          ✔ Running            4m10s  ready:1/1,restarts:2\n"
            "│  └──α shop-6c9d5f8b7d-7-1-latency  AnalysisRun  ✔ Successful         3m     ✔ 2,⚠ 1\n"
            "│     └──⊞ 1f0c7a52-7d1e.latency.1   Job          ✔ Successful         3m     \n"
            "├──# revision:6                                                               \n"
            "│  └──⧉ shop-57bb8c4dd9              ReplicaSet   ✔ Healthy            12d    stable\n"
            "│     ├──□ shop-57bb8c4dd9-9qv2c     Pod          ✔ Running            12d    ready:1/1\n"
            "│     └──□ shop-57bb8c4dd9-tt6dz     Pod          ◌ ContainerCreating  20s    ready:0/1\n"
            "└──# revision:5                                                               \n"
            "   └──⧉ shop-7f4d6f5c66              ReplicaSet   • ScaledDown         30d    delay:passed\n");
}

TEST(RolloutTree, ColorsDoNotChangeTheColumns) {
  const std::string colored = rollout_text(shop(), kNow, ColorMode::kOn);
  EXPECT_THAT(colored, testing::HasSubstr("\033[33mcanary\033[0m"));
  EXPECT_THAT(colored, testing::HasSubstr("\033[32m✔\033[0m Healthy            4m10s"));
  std::string plain;
  for (std::size_t i = 0; i < colored.size(); ++i) {
    if (colored[i] == '\033') i = colored.find('m', i);
    else plain += colored[i];
  }
  EXPECT_EQ(plain, rollout_text(shop(), kNow, ColorMode::kOff));
}

TEST(RolloutTree, ExperimentsHoldTheirOwnSetsAndRuns) {
  NamespaceObjects objects = shop();
  objects.pods.clear();
  objects.analysis_runs = {object("{" + meta("exp-run", "exp", "2026-08-13T11:57:00Z") + R"(,"status":{"phase":"Running"}})")};
  objects.experiments = {object("{" + meta("exp", "shop", "2026-08-13T11:57:00Z",
                                           R"(,"annotations":{"rollout.argoproj.io/revision":"7"})") + R"(,"status":{"phase":"Running"}})")};
  objects.replica_sets = {object("{" + meta("exp-base", "exp", "2026-08-13T11:57:00Z",
      R"(,"annotations":{"experiment.argoproj.io/template-name":"base"})") +
      R"(,"spec":{"replicas":1,"template":{"spec":{"containers":[{"image":"x:1"}]}}},"status":{"replicas":1}})")};
  const std::string text = rollout_text(objects, kNow, ColorMode::kOff);
  EXPECT_THAT(text, testing::HasSubstr("Images:          x:1 (Σ:base)\n"));
  EXPECT_THAT(text, testing::HasSubstr("└──# revision:7                                       \n"
                                       "   └──Σ exp          Experiment   ◌ Running      3m   \n"
                                       "      ├──⧉ exp-base  ReplicaSet   ◌ Progressing  3m   \n"
                                       "      └──α exp-run   AnalysisRun  ◌ Running      3m   \n"));
}

TEST(PodLine, IsTheWordOfKubectl) {
  struct Row {
    const char* name;
    const char* pod;
    const char* status;
    int ready, containers;
    std::int64_t restarts;
  };
  const Row rows[] = {
      {"phase only", R"({"spec":{"containers":[{}]},"status":{"phase":"Pending"}})", "Pending", 0, 1, 0},
      {"reason wins", R"({"status":{"phase":"Failed","reason":"Evicted"}})", "Evicted", 0, 0, 0},
      {"init running", R"({"spec":{"initContainers":[{"name":"a"},{"name":"b"}],"containers":[{}]},"status":{"phase":"Pending",
        "initContainerStatuses":[{"name":"a","restartCount":1,"state":{"terminated":{"exitCode":0}}},
        {"name":"b","restartCount":2,"state":{"running":{}}}]}})", "Init:1/2", 0, 1, 3},
      {"init failed", R"({"spec":{"initContainers":[{"name":"a"}]},"status":{"initContainerStatuses":[{"name":"a",
        "state":{"terminated":{"exitCode":3}}}]}})", "Init:ExitCode:3", 0, 0, 0},
      {"init crash", R"({"spec":{"initContainers":[{"name":"a"}]},"status":{"initContainerStatuses":[{"name":"a",
        "state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}})", "Init:CrashLoopBackOff", 0, 0, 0},
      {"sidecar is not initializing", R"({"spec":{"initContainers":[{"name":"a","restartPolicy":"Always"}],"containers":[{}]},
        "status":{"phase":"Running","initContainerStatuses":[{"name":"a","started":true,"ready":true,"restartCount":4,
        "state":{"running":{}}}],"containerStatuses":[{"ready":true,"state":{"running":{}}}]}})", "Running", 1, 1, 0},
      {"first container wins", R"({"spec":{"containers":[{},{}]},"status":{"phase":"Running","containerStatuses":[
        {"restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}}},
        {"restartCount":2,"state":{"terminated":{"reason":"Error","exitCode":1}}}]}})", "CrashLoopBackOff", 0, 2, 3},
      {"signal", R"({"status":{"containerStatuses":[{"state":{"terminated":{"signal":9}}}]}})", "Signal:9", 0, 0, 0},
      {"one completed", R"({"spec":{"containers":[{},{}]},"status":{"phase":"Running","containerStatuses":[
        {"state":{"terminated":{"reason":"Completed"}}},{"ready":true,"state":{"running":{}}}]}})", "Running", 1, 2, 0},
      {"deleted", R"({"metadata":{"deletionTimestamp":"2026-08-13T11:57:00Z"},"status":{"phase":"Running"}})", "Terminating", 0, 0, 0},
      {"node lost", R"({"metadata":{"deletionTimestamp":"2026-08-13T11:57:00Z"},"status":{"reason":"NodeLost"}})", "Unknown", 0, 0, 0},
  };
  for (const Row& row : rows) {
    const PodLine line = pod_line(object(row.pod));
    EXPECT_EQ(line.status, row.status) << row.name;
    EXPECT_EQ(line.ready, row.ready) << row.name;
    EXPECT_EQ(line.containers, row.containers) << row.name;
    EXPECT_EQ(line.restarts, row.restarts) << row.name;
  }
}

TEST(ActualWeight, FollowsTheRule) {
  NamespaceObjects objects = shop();
  const auto weight = [&](const std::string& merge_status, bool routed) {
    api::Rollout rollout = api::parse_rollout(objects.rollout);
    if (!routed) rollout.spec.strategy.canary->trafficRouting.reset();
    if (merge_status == "none available") rollout.status.availableReplicas = 0;
    if (merge_status == "done") rollout.status.currentStepIndex = 4;
    std::vector<api::ReplicaSet> sets;
    for (const json::Value& set : objects.replica_sets) sets.push_back(api::parse_replica_set(set));
    return actual_weight(rollout, sets);
  };
  EXPECT_EQ(weight("", true), 25);
  EXPECT_EQ(weight("", false), 50);  // 1 available canary pod * 100 / 2 available pods
  EXPECT_EQ(weight("none available", false), 0);
  EXPECT_EQ(weight("done", false), 100);
}

}  // namespace
}  // namespace canaria::cli
