// The scheduler on a real store: pods that avoid each other.
#include "machine/workloads/workload_world.h"

namespace canaria::machine {
namespace {

class SchedulerTest : public WorkloadWorld {
 protected:
  void SetUp() override {
    WorkloadWorld::SetUp();
    change_node("local", R"({"metadata":{"labels":{"kubernetes.io/hostname":"local"}}})");
  }
  json::Value apart(int replicas) {
    json::Value set = replica_set("web", replicas);
    set.at("spec").at("template").at("spec").as_object()["affinity"] =
        parsed(R"({"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
          {"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"web"}}}]}})");
    return set;
  }
  std::vector<std::string> bound() {
    std::vector<std::string> names;
    for (const json::Value& pod : pods())
      if (!json::text_at(pod, "spec.nodeName").empty()) names.emplace_back(json::text_at(pod, "metadata.name"));
    return names;
  }
};

TEST_F(SchedulerTest, PodsThatAvoidEachOtherNeverShareANodeAndWaitForAPlace) {
  start_controllers();
  create(api::resources::replica_sets(), apart(3));
  ASSERT_TRUE(comes_true([this] { return events.count("FailedScheduling") == 2; }));
  EXPECT_EQ(bound().size(), 1U);
  EXPECT_EQ(events.messages("FailedScheduling").at(0), "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.");
  const json::Value other = parsed(R"({"metadata":{"name":"other","labels":{"kubernetes.io/hostname":"other"}},
    "status":{"conditions":[{"type":"Ready","status":"True"}]}})");
  must(loop.block_on(store_->create(api::resources::nodes(), {"", "other"}, other, WriteOptions())));
  ASSERT_TRUE(comes_true([this] { return bound().size() == 2; }));
  let_settle();
  ASSERT_EQ(bound().size(), 2U);
  patch(api::resources::replica_sets(), "web", R"({"spec":{"replicas":1}})");
  ASSERT_TRUE(comes_true([this] { return pods().size() == 1; }));
  patch(api::resources::replica_sets(), "web", R"({"spec":{"replicas":2}})");
  EXPECT_TRUE(comes_true([this] { return bound().size() == 2; })) << "the place that was left is taken";
}

}  // namespace
}  // namespace canaria::machine
