// What pods may ask for beyond running: probes over the network, hooks, init containers, logs; with real processes.
#include "machine/pods/log_lines.h"
#include "machine/pods/node_world.h"
#include "machine/pods/runtime_pod_logs.h"

namespace canaria::machine {
namespace {

using testing::HasSubstr;

class PodFeatures : public NodeWorld {
 protected:
  void SetUp() override {
    NodeWorld::SetUp();
    logs_ = nullptr;
  }
  void start() {
    start_node();
    logs_ = std::make_unique<RuntimePodLogs>(*node_, *runtime_);
  }
  // What kubectl logs would print, or "error: ...".
  std::string read_log(const LogQuery& query) {
    std::string text;
    const Status outcome = loop_.block_on(logs_->read(query, collect_into(&text)));
    return outcome ? text : "error: " + outcome.error().message;
  }
  static Task<Status> append(std::string* all, std::string piece) {
    *all += piece;
    co_return Status();
  }
  static LogSink collect_into(std::string* text) {
    return [text](std::string piece) { return append(text, std::move(piece)); };
  }
  static LogQuery log_of_web() {
    LogQuery query;
    query.pod = {"shop", "web"};
    return query;
  }
  std::unique_ptr<RuntimePodLogs> logs_;
};

constexpr const char* kServer = "exec python3 -u -m http.server 8080 --bind 0.0.0.0 --directory ";

TEST_F(PodFeatures, HttpProbesFindNamedPortsAtThePodsAddress) {
  start();
  const std::string probe = R"("ports":[{"name":"http","containerPort":8080}],)"
                            R"("readinessProbe":{"httpGet":{"path":"/ready","port":"http"},"periodSeconds":1})";
  create_pod(kServer + folder_, probe);
  ASSERT_TRUE(
      eventually([&] { return events_.has("Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404"); }));
  EXPECT_FALSE(is_ready());
  std::ofstream(folder_ + "/ready") << "yes";
  EXPECT_TRUE(eventually([&] { return is_ready(); }));
}

TEST_F(PodFeatures, TwoPodsServeTheSamePort) {
  start();
  const std::string container =
      R"("name":"main","image":"web:1","command":["python3","-m","http.server","8080","--bind","0.0.0.0"],)"
      R"("readinessProbe":{"tcpSocket":{"port":8080},"periodSeconds":60})";
  for (const char* name : {"one", "two"})
    create(api::resources::pods(), std::string(R"({"metadata":{"name":")") + name +
                                       R"("},"spec":{"nodeName":"local","containers":[{)" + container + "}]}}");
  EXPECT_TRUE(eventually([&] { return is_ready("one") && is_ready("two"); })) << "soon, although the period is long";
  EXPECT_NE(pod("one").status.podIP, pod("two").status.podIP);
}

TEST_F(PodFeatures, AStartupProbeHoldsTheOthersBack) {
  start();
  create_pod("sleep 0.5; touch " + folder_ + "/up; exec sleep 1000",
             R"("startupProbe":{"exec":{"command":["test","-e",")" + folder_ + R"(/up"]},"periodSeconds":1},)" +
                 R"("livenessProbe":{"exec":{"command":["test","-e",")" + folder_ +
                 R"(/up"]},"periodSeconds":1,"failureThreshold":1})");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  EXPECT_EQ(container().restartCount, 0);
  EXPECT_EQ(container().started, true);
}

TEST_F(PodFeatures, PreStopRunsBeforeTheProcessIsToldToEnd) {
  start();
  create_pod(
      "trap 'echo term >> " + folder_ + "/order; exit 0' TERM; while :; do sleep 0.02; done",
      R"("lifecycle":{"preStop":{"exec":{"command":["/bin/sh","-c","sleep 0.2; echo hook >> )" + folder_ + R"(/order"]}}})");
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  erase_pod();
  ASSERT_TRUE(eventually([&] { return !exists(); }));
  EXPECT_EQ(read(folder_ + "/order"), "hook\nterm\n");
}

TEST_F(PodFeatures, InitContainersPrepareTheMainOne) {
  start();
  const std::string init =
      R"("initContainers":[{"name":"prepare","image":"i","command":["/bin/sh","-c","echo ready > )" + folder_ + R"(/made"]}])";
  create_pod("cat " + folder_ + "/made; exec sleep 1000", "", init);
  ASSERT_TRUE(eventually([&] { return is_ready(); }));
  EXPECT_TRUE(eventually([&] {
    return read_log([] {
             auto query = log_of_web();
             query.container = "main";
             return query;
           }()) == "ready\n";
  }));
}

TEST_F(PodFeatures, LogsAreReadInPartsAndFollowed) {
  start();
  create_pod("for i in 1 2 3; do echo line $i; done; while [ ! -e " + folder_ + "/go ]; do sleep 0.02; done; echo last", "",
             R"("restartPolicy":"Never")");
  ASSERT_TRUE(phase_becomes("Running"));
  ASSERT_TRUE(eventually([&] { return read_log(log_of_web()) == "line 1\nline 2\nline 3\n"; }));
  LogQuery tail = log_of_web();
  tail.tail_lines = 2;
  EXPECT_EQ(read_log(tail), "line 2\nline 3\n");
  tail.limit_bytes = 8;
  EXPECT_EQ(read_log(tail), "line 2\nl");
  LogQuery stamped = log_of_web();
  stamped.timestamps = true;
  stamped.tail_lines = 1;
  EXPECT_THAT(read_log(stamped), testing::MatchesRegex("20.*Z line 3\n"));
  LogQuery recent = log_of_web();
  recent.since = clock_.now() + Seconds(60);
  EXPECT_EQ(read_log(recent), "");
  std::ofstream(folder_ + "/go") << "yes";
  LogQuery followed = log_of_web();
  followed.follow = true;
  EXPECT_EQ(read_log(followed), "line 1\nline 2\nline 3\nlast\n");
}

TEST_F(PodFeatures, LogsOfThePreviousRunStay) {
  start();
  create_pod("echo run; exit 1");
  ASSERT_TRUE(eventually([&] { return container().restartCount.value_or(0) >= 2; }));
  LogQuery previous = log_of_web();
  previous.previous = true;
  EXPECT_EQ(read_log(previous), "run\n");
  EXPECT_LE(list().size(), 2U) << "older runs are removed";
}

TEST_F(PodFeatures, LogErrorsAreThoseOfKubernetes) {
  start();
  EXPECT_EQ(read_log(log_of_web()), "error: pods \"web\" not found");
  create(api::resources::pods(), R"({"metadata":{"name":"web"},"spec":{"nodeName":"local","containers":[)"
                                 R"({"name":"main","image":"i"},{"name":"b","image":"i"}]}})");
  ASSERT_TRUE(eventually([&] { return waiting_reason() == "CreateContainerError"; }));
  EXPECT_EQ(read_log(log_of_web()), "error: a container name must be specified for pod web, choose one of: [main b]");
  LogQuery query = log_of_web();
  query.container = "x";
  EXPECT_EQ(read_log(query), "error: container x is not valid for pod web");
  query.container = "main";
  EXPECT_EQ(read_log(query), "error: container \"main\" in pod \"web\" is waiting to start: CreateContainerError");
  query.previous = true;
  EXPECT_EQ(read_log(query), "error: previous terminated container \"main\" in pod \"web\" not found");
}

TEST(LogLines, GoAcrossRotationsAndKeepPiecesTogether) {
  std::string folder = std::filesystem::temp_directory_path() / "canaria-lines-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string old = folder + "/1", current = folder + "/0";
  const auto names = [&] {
    std::vector<std::string> result;
    for (const std::string& path : {old, current})
      if (std::filesystem::exists(path)) result.push_back(path);
    return result;
  };
  std::ofstream(current) << "T stdout F a\nT stdout P b";
  LogLines lines(names);
  EXPECT_EQ(lines.next(), "T stdout F a\n");
  EXPECT_EQ(lines.next(), "");
  std::ofstream(current, std::ios::app) << "c\n";
  std::filesystem::rename(current, old);
  std::ofstream(current) << "T stdout F d\n";
  EXPECT_EQ(lines.next(), "T stdout P bc\n");
  EXPECT_EQ(lines.next(), "T stdout F d\n");
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(format_log_lines("T stdout P bc\nT stdout F d\n", LogFormat()), "bcd\n");
  LogLines last(names);
  last.start_at_last(2);
  EXPECT_EQ(last.next(), "T stdout P bc\n");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace canaria::machine
