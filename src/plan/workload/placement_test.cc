// Where pods go, and kube-scheduler's words for why they cannot.
#include "plan/workload/placement.h"

#include <gtest/gtest.h>

#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

NodeState node(const std::string& name) {
  NodeState state;
  state.metadata.name = name;
  state.metadata.labels = {{"disk", name}};
  state.is_ready = true;
  return state;
}
NodeState cordoned(const std::string& name) {
  NodeState state = node(name);
  state.is_unschedulable = true;
  return state;
}
NodeState tainted(const std::string& name, Taint taint) {
  NodeState state = node(name);
  state.taints.push_back(std::move(taint));
  return state;
}
NodeState unready(const std::string& name) {
  NodeState state = node(name);
  state.is_ready = false;
  return state;
}

PodState pod(api::StringMap selector = {}, std::vector<Toleration> tolerations = {}) {
  PodState state = PodBuilder("a").node("");
  state.node_selector = std::move(selector);
  state.tolerations = std::move(tolerations);
  return state;
}

TEST(Placement, FindsTheNodeOrSaysWhyNot) {
  struct Row {
    PodState pod;
    std::vector<NodeState> nodes;
    std::map<std::string, int> load;
    std::string node, reason;
  };
  const Taint taint{"gpu", "yes", "NoSchedule"};
  const Row rows[] = {
      {pod(), {}, {}, "", "no nodes available to schedule pods"},
      {pod(), {node("a")}, {}, "a", ""},
      {pod(), {node("a"), node("b")}, {{"a", 3}, {"b", 1}}, "b", ""},
      {pod(), {node("a"), node("b")}, {{"a", 3}}, "b", ""},
      {pod({{"disk", "a"}}), {node("a"), node("b")}, {{"a", 9}}, "a", ""},
      {pod(), {cordoned("a"), node("b")}, {{"b", 9}}, "b", ""},
      {pod(), {tainted("a", taint)}, {}, "", "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}."},
      {pod({}, {{"gpu", "", "yes", "NoSchedule"}}), {tainted("a", taint)}, {}, "a", ""},
      {pod({}, {{"gpu", "Equal", "no", ""}}), {tainted("a", taint)}, {}, "", "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}."},
      {pod({}, {{"gpu", "Exists", "", ""}}), {tainted("a", taint)}, {}, "a", ""},
      {pod({}, {{"", "Exists", "", ""}}), {tainted("a", taint)}, {}, "a", ""},
      {pod(), {tainted("a", {"soft", "", "PreferNoSchedule"})}, {}, "a", ""},
      {pod(), {unready("a")}, {}, "", "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }."},
      {pod({{"disk", "z"}}), {node("a"), node("b"), cordoned("c")}, {}, "",
       "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector."},
  };
  for (const Row& row : rows) {
    std::vector<const NodeState*> nodes;
    for (const NodeState& each : row.nodes) nodes.push_back(&each);
    const Placement placement = place(row.pod, nodes, row.load, {});
    EXPECT_EQ(placement.node, row.node) << row.reason;
    EXPECT_EQ(placement.reason, row.reason);
  }
}

TEST(Placement, PodsThatAvoidEachOtherAreKeptApart) {
  const auto avoiding = [](const std::string& name, const std::string& kind, const std::string& others) {
    const std::string term = R"({"topologyKey":"disk","labelSelector":{"matchLabels":{"app":")" + others + R"("}}})";
    const std::string rule = kind == "required" ? term : R"({"weight":7,"podAffinityTerm":)" + term + "}";
    return parse_pod_state(json::parse(R"({"metadata":{"namespace":"shop","name":")" + name + R"(","labels":{"app":")" + name +
                                       R"("}},"spec":{"affinity":{"podAntiAffinity":{")" + kind +
                                       R"(DuringSchedulingIgnoredDuringExecution":[)" + rule + "]}}}}").value());
  };
  const auto placed = [](PodState state, const std::string& node_name) {
    state.node_name = node_name;
    return state;
  };
  const NodeState a = node("a");
  const NodeState b = node("b");
  const std::vector<const NodeState*> both{&a, &b};
  const std::map<std::string, int> load{{"a", 1}, {"b", 5}};
  const PodState there = placed(avoiding("old", "required", "nobody"), "a");
  for (const char* kind : {"required", "preferred"})
    EXPECT_EQ(place(avoiding("new", kind, "old"), both, load, {&there}).node, "b") << kind;
  EXPECT_EQ(place(avoiding("new", "required", "other"), both, load, {&there}).node, "a");
  EXPECT_EQ(place(avoiding("new", "required", "old"), {&a}, load, {&there}).reason,
            "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.");
  EXPECT_EQ(place(avoiding("new", "preferred", "old"), {&a}, load, {&there}).node, "a");
  const PodState jealous = placed(avoiding("old", "required", "new"), "a");
  EXPECT_EQ(place(avoiding("new", "required", "nobody"), {&a}, load, {&jealous}).reason,
            "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.");
  PodState stranger = there;
  stranger.metadata.namespace_ = "elsewhere";
  EXPECT_EQ(place(avoiding("new", "required", "old"), {&a}, load, {&stranger}).node, "a");
}

TEST(Placement, OnlyPodsThatWaitForUsWantANode) {
  EXPECT_TRUE(wants_node(pod()));
  EXPECT_FALSE(wants_node(PodBuilder("bound")));
  EXPECT_FALSE(wants_node(PodBuilder("dying").node("").terminating()));
  EXPECT_FALSE(wants_node(PodBuilder("ended").node("").phase("Failed")));
  PodState other = pod();
  other.scheduler_name = "mine";
  EXPECT_FALSE(wants_node(other));
  PodState gated = pod();
  gated.is_gated = true;
  EXPECT_FALSE(wants_node(gated));
}

TEST(Placement, ConditionIsWrittenOnceAndKeepsOthers) {
  PodState waiting = PodBuilder("a").node("").unready();
  const Placement none{"", "no nodes available to schedule pods"};
  const json::Value patch = scheduled_patch(waiting, none, noon());
  const auto& conditions = json::find(patch, "status.conditions")->as_array();
  ASSERT_EQ(conditions.size(), 2U);
  EXPECT_EQ(json::text_at(conditions[0], "type"), "Ready");
  EXPECT_EQ(json::text_at(conditions[1], "reason"), "Unschedulable");
  json::Value object = json::Object{{"status", *json::find(patch, "status")}};
  const PodState told = parse_pod_state(object);
  EXPECT_TRUE(scheduled_patch(told, none, noon() + Seconds(9)).is_null());
  EXPECT_FALSE(scheduled_patch(told, {"local", ""}, noon() + Seconds(9)).is_null());
}

}  // namespace
}  // namespace canaria::plan::workload
