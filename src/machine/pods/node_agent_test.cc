// Pods as real processes on a real store.
#include <random>
#include <set>

#include "machine/pods/node_world.h"

namespace canaria::machine {
namespace {

using testing::HasSubstr;

class NodeAgentTest : public NodeWorld {};

TEST_F(NodeAgentTest, APodOfOneProcessBecomesReady) {
  start_node();
  create_pod("echo hello; exec sleep 1000");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  const api::RunningPod web = pod();
  EXPECT_EQ(web.status.phase, "Running");
  EXPECT_EQ(web.status.podIP, "127.77.0.1");
  EXPECT_EQ(web.status.hostIP, "127.0.0.1");
  EXPECT_EQ(web.status.qosClass, "BestEffort");
  EXPECT_TRUE(web.status.startTime);
  EXPECT_EQ(condition(web, "ContainersReady"), "True");
  EXPECT_EQ(condition(web, "Initialized"), "True");
  ASSERT_TRUE(container().state.running);
  EXPECT_THAT(container().containerID, HasSubstr("process://"));
  EXPECT_EQ(container().restartCount, 0);
  EXPECT_TRUE(events_.has("Normal Created: Created container: main"));
  EXPECT_TRUE(events_.has("Normal Started: Started container main"));
  EXPECT_TRUE(eventually([&] { return output() == "stdout F hello\n"; }));
}

TEST_F(NodeAgentTest, ADeletedPodGetsTimeToEndAndThenGoes) {
  start_node();
  create_pod("trap 'echo bye > " + folder_ + "/bye; exit 0' TERM; echo up > " + folder_ + "/up; while :; do sleep 0.02; done");
  ASSERT_TRUE(eventually([&] { return is_ready() && !read(folder_ + "/up").empty(); }));
  erase_pod();
  ASSERT_TRUE(eventually([&] { return !exists(); }));
  EXPECT_EQ(read(folder_ + "/bye"), "bye\n");
  EXPECT_TRUE(events_.has("Normal Killing: Stopping container main"));
  EXPECT_TRUE(eventually([&] { return list().empty(); }));
}

TEST_F(NodeAgentTest, WhatIgnoresTheSignalIsKilledAfterTheGracePeriod) {
  start_node();
  create_pod("trap '' TERM; while :; do sleep 0.02; done", "", R"("terminationGracePeriodSeconds":1)");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  const auto start = std::chrono::steady_clock::now();
  erase_pod();
  ASSERT_TRUE(eventually([&] { return !exists(); }));
  EXPECT_LT(std::chrono::steady_clock::now() - start, Seconds(5));
}

TEST_F(NodeAgentTest, ACrashingContainerBacksOff) {
  start_node();
  create_pod("exit 3");
  ASSERT_TRUE(eventually([&] { return waiting_reason() == "CrashLoopBackOff"; }));
  const auto entry = container();
  EXPECT_EQ(entry.state.waiting->message,
            "back-off 200ms restarting failed container=main pod=web_shop(" + pod().metadata.uid + ")");
  ASSERT_TRUE(entry.lastState.terminated);
  EXPECT_EQ(entry.lastState.terminated->exitCode, 3);
  EXPECT_EQ(entry.lastState.terminated->reason, "Error");
  EXPECT_EQ(entry.restartCount, 1);
  EXPECT_EQ(pod().status.phase, "Running");
  EXPECT_TRUE(events_.has("Warning BackOff: Back-off restarting failed container main in pod web_shop("));
  EXPECT_TRUE(eventually([&] { return container().restartCount.value_or(0) >= 3; }));
}

TEST_F(NodeAgentTest, ACommandThatEndsWellIsASuccess) {
  start_node();
  create_pod("exit 0", "", R"("restartPolicy":"Never")");
  ASSERT_TRUE(phase_becomes("Succeeded"));
  EXPECT_EQ(container().state.terminated->reason, "Completed");
  EXPECT_EQ(condition(pod(), "Ready"), "False");
  erase_pod();
  EXPECT_TRUE(eventually([&] { return list().empty(); }));
}

TEST_F(NodeAgentTest, AContainerWithoutCommandSaysSo) {
  start_node();
  create(api::resources::pods(),
         R"({"metadata":{"name":"web"},"spec":{"nodeName":"local","containers":[{"name":"main","image":"nginx:1"}]}})");
  ASSERT_TRUE(eventually([&] { return waiting_reason() == "CreateContainerError"; }));
  EXPECT_THAT(container().state.waiting->message, HasSubstr("command"));
  EXPECT_EQ(pod().status.phase, "Pending");
  EXPECT_TRUE(events_.has("Warning Failed: Error: "));
}

TEST_F(NodeAgentTest, AMissingConfigMapIsWaitedFor) {
  start_node();
  create_pod("echo $COLOR; exec sleep 1000",
             R"("env":[{"name":"COLOR","valueFrom":{"configMapKeyRef":{"name":"look","key":"color"}}}])");
  ASSERT_TRUE(eventually([&] { return waiting_reason() == "CreateContainerConfigError"; }));
  EXPECT_EQ(container().state.waiting->message, "configmap \"look\" not found");
  create(api::resources::config_maps(), R"({"metadata":{"name":"look"},"data":{"color":"blue"}})");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  EXPECT_TRUE(eventually([&] { return output() == "stdout F blue\n"; }));
}

TEST_F(NodeAgentTest, ReadinessFollowsTheProbe) {
  start_node();
  create_pod("exec sleep 1000", R"("readinessProbe":{"exec":{"command":["test","-e",")" + folder_ +
                                    R"(/ready"]},"periodSeconds":1,"failureThreshold":1})");
  ASSERT_TRUE(phase_becomes("Running"));
  EXPECT_FALSE(is_ready());
  std::ofstream(folder_ + "/ready") << "yes";
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  std::filesystem::remove(folder_ + "/ready");
  ASSERT_TRUE(eventually([&] { return !is_ready(); }));
  EXPECT_TRUE(events_.has("Warning Unhealthy: Readiness probe failed: "));
}

TEST_F(NodeAgentTest, AContainerThatFailsItsLivenessProbeIsRestarted) {
  start_node();
  create_pod("exec sleep 1000", R"("livenessProbe":{"exec":{"command":["false"]},"periodSeconds":1,"failureThreshold":2})",
             R"("terminationGracePeriodSeconds":1)");
  ASSERT_TRUE(eventually([&] { return container().restartCount == 1 && container().state.running; }));
  EXPECT_TRUE(events_.has("Normal Killing: Container main failed liveness probe, will be restarted"));
  EXPECT_EQ(container().lastState.terminated->exitCode, 143);
}

TEST_F(NodeAgentTest, RunningContainersAreTakenOver) {
  start_node();
  create_pod("exec sleep 1000");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  const auto before = container();
  restart_program();
  loop_.block_on(async::sleep_for(Millis(100)));
  EXPECT_EQ(container().containerID, before.containerID);
  EXPECT_EQ(container().restartCount, 0);
  EXPECT_EQ(list().size(), 1U);
  const std::string version = pod().metadata.resourceVersion;
  restart_program();
  loop_.block_on(async::sleep_for(Millis(100)));
  EXPECT_EQ(pod().metadata.resourceVersion, version) << "a settled pod is not written again";
}

TEST_F(NodeAgentTest, WhatEndedMeanwhileIsCountedAsARestart) {
  start_node();
  create_pod("exec sleep 1000");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  const ContainerId first{pod().metadata.uid, "main", 0};
  const std::string address = pod().status.podIP;
  stop_node(StopPods::kNo);
  ASSERT_TRUE(runtime_->signal(first, SIGKILL));
  ASSERT_TRUE(wait(first));
  close();
  open();
  start_node();
  ASSERT_TRUE(eventually([&] { return container().restartCount == 1 && is_ready(); }));
  EXPECT_EQ(container().lastState.terminated->exitCode, 137);
  EXPECT_EQ(pod().status.podIP, address);
}

TEST_F(NodeAgentTest, ContainersOfPodsThatAreGoneAreKilled) {
  start_node();
  create_pod("exec sleep 1000");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  stop_node(StopPods::kNo);
  ASSERT_TRUE(loop_.block_on(store_->remove_now(api::resources::pods(), {"shop", "web"}, pod().metadata.uid)));
  close();
  open();
  start_node();
  EXPECT_TRUE(eventually([&] { return list().empty(); }));
}

TEST_F(NodeAgentTest, StoppingTheNodeEndsAllPodsAndKeepsThem) {
  start_node();
  create_pod("exec sleep 1000");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  stop_node(StopPods::kYes);
  EXPECT_FALSE(is_ready());
  ASSERT_TRUE(container().state.terminated);
  EXPECT_EQ(container().state.terminated->exitCode, 143);
  start_node();
  EXPECT_TRUE(eventually([&] { return is_ready() && container().restartCount == 1; }));
}

// Pods come and go while the program is ended and started at any point; at the end each pod has one process and nothing else
// runs.
TEST_F(NodeAgentTest, NoProcessIsLostOrDoubledHoweverOftenTheProgramEnds) {
  std::minstd_rand random(7);
  start_node();
  std::set<std::string> names;
  for (int turn = 0; turn < 40; ++turn) {
    const std::string name = "web-" + std::to_string(random() % 6);
    switch (random() % 4) {
      case 0:
      case 1:
        if (!exists(name))
          create(api::resources::pods(), R"({"metadata":{"name":")" + name +
                                             R"("},"spec":{"nodeName":"local","terminationGracePeriodSeconds":1,"containers":[)"
                                             R"({"name":"main","image":"i","command":["sleep","1000"]}]}})");
        names.insert(name);
        break;
      case 2:
        if (exists(name)) erase_pod(name);
        names.erase(name);
        break;
      default: restart_program();
    }
    loop_.block_on(async::sleep_for(Millis(random() % 30)));
  }
  std::erase_if(names, [&](const std::string& name) { return !exists(name) || pod(name).metadata.deletionTimestamp; });
  ASSERT_TRUE(eventually([&] {
    std::size_t running = 0;
    for (const ContainerStatus& status : list()) running += status.state == ContainerState::kRunning ? 1 : 0;
    std::size_t ready = 0;
    for (int i = 0; i < 6; ++i) ready += is_ready("web-" + std::to_string(i)) ? 1 : 0;
    return running == names.size() && ready == names.size();
  }));
  std::set<std::string> addresses;
  for (const std::string& name : names) {
    addresses.insert(pod(name).status.podIP);
    EXPECT_EQ(container(name).restartCount, 0) << name;
  }
  EXPECT_EQ(addresses.size(), names.size());
}

TEST_F(NodeAgentTest, TheNodeIsRegistered) {
  start_node();
  const auto node = loop_.block_on(store_->get(api::resources::nodes(), {"", "local"}));
  ASSERT_TRUE(node);
  EXPECT_THAT(json::write(*node), HasSubstr(R"("type":"Ready","status":"True")"));
}

}  // namespace
}  // namespace canaria::machine
