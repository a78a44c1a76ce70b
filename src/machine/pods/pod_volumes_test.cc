// Volumes of pods, from the objects to what a real process reads.
#include "machine/pods/node_world.h"

namespace canaria::machine {
namespace {

using testing::HasSubstr;

class PodVolumes : public NodeWorld {
 protected:
  void put_config(const std::string& value) {
    const std::string object = R"({"metadata":{"name":"app"},"data":{"level":")" + value + R"("}})";
    auto parsed = json::parse(object);
    const auto written =
        loop_.block_on(store_->patch(api::resources::config_maps(), {"shop", "app"}, PatchKind::kMerge, *parsed, WriteOptions()));
    ASSERT_TRUE(written) << written.error().message;
  }
  void create_config(const std::string& value) {
    create(api::resources::config_maps(), R"({"metadata":{"name":"app"},"data":{"level":")" + value + R"("}})");
  }
  static std::string mounted(const std::string& more = "") {
    return R"("volumeMounts":[{"name":"config","mountPath":"/etc/canaria-pod"},{"name":"work","mountPath":"/canaria-work"})" +
           more + "]";
  }
  static std::string volumes() {
    return R"("volumes":[{"name":"config","configMap":{"name":"app"}},{"name":"work","emptyDir":{}}])";
  }
  // Skips the test where this system has no mount namespaces.
  bool can_mount() {
    if (!eventually([&] { return is_ready() || waiting_reason() == "CreateContainerError"; })) return true;
    return waiting_reason() != "CreateContainerError" ||
           container().state.waiting->message.find("mount namespace") == std::string::npos;
  }
};

TEST_F(PodVolumes, AConfigMapIsReadAndFollowed) {
  create_config("info");
  start_node();
  create_pod("while :; do cat /etc/canaria-pod/level > " + folder_ + "/seen; sleep 0.05; done", mounted(), volumes());
  if (!can_mount()) GTEST_SKIP() << container().state.waiting->message;
  ASSERT_TRUE(eventually([&] { return read(folder_ + "/seen") == "info"; }));
  put_config("debug");
  EXPECT_TRUE(eventually([&] { return read(folder_ + "/seen") == "debug"; })) << "without a restart";
  EXPECT_EQ(container().restartCount, 0);
  restart_program();
  put_config("warn");
  EXPECT_TRUE(eventually([&] { return read(folder_ + "/seen") == "warn"; })) << "also by the next program";
  const std::string folder = folder_ + "/volumes/" + pod().metadata.uid;
  EXPECT_TRUE(std::filesystem::exists(folder));
  erase_pod();
  EXPECT_TRUE(eventually([&] { return !exists() && !std::filesystem::exists(folder); }));
}

TEST_F(PodVolumes, AnEmptyFolderOutlivesItsContainersAndIsShared) {
  create_config("info");
  start_node();
  const std::string init = R"("initContainers":[{"name":"prepare","image":"i","command":["/bin/sh","-c","echo made > /out/by"],)"
                           R"("volumeMounts":[{"name":"work","mountPath":"/out"}]}],)";
  create_pod("cat /canaria-work/by; echo again >> /canaria-work/by; exit 1", mounted(), init + volumes());
  if (!can_mount()) GTEST_SKIP() << container().state.waiting->message;
  EXPECT_TRUE(
      eventually([&] { return container().restartCount.value_or(0) >= 1 && output() == "stdout F made\nstdout F again\n"; }));
}

TEST_F(PodVolumes, AMissingConfigMapIsWaitedFor) {
  start_node();
  create_pod("exec sleep 1000", mounted(), volumes());
  EXPECT_TRUE(eventually([&] {
    return events_.has("Warning FailedMount: MountVolume.SetUp failed for volume \"config\" : configmap \"app\" not found");
  }));
  EXPECT_TRUE(eventually([&] { return waiting_reason() == "ContainerCreating"; }));
  create_config("info");
  if (!can_mount()) GTEST_SKIP() << container().state.waiting->message;
  EXPECT_TRUE(eventually([&] { return is_ready(); }));
}

TEST_F(PodVolumes, ProbesSeeTheVolumes) {
  create_config("info");
  start_node();
  create_pod("exec sleep 1000",
             mounted() + R"(,"readinessProbe":{"exec":{"command":["grep","info","/etc/canaria-pod/level"]},"periodSeconds":1})",
             volumes());
  if (!can_mount()) GTEST_SKIP() << container().state.waiting->message;
  EXPECT_TRUE(eventually([&] { return is_ready(); }));
}

}  // namespace
}  // namespace canaria::machine
