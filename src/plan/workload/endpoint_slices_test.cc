// EndpointSlices: what an endpoint says, how slices are filled, and that an applied plan leaves nothing to do.
#include "plan/workload/endpoint_slices.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "json/patch.h"
#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

ServiceState service(std::string_view ports = R"([{"name":"http","port":80,"targetPort":8080}])") {
  ServiceState state = parse_service_state(json::parse(
      R"({"metadata":{"name":"web","namespace":"shop","uid":"svc"},"spec":{"clusterIP":"127.77.128.1","selector":{"app":"web"},"ports":)" +
      std::string(ports) + "}}").value());
  return state;
}

// The slices as the server has them after a plan.
struct Slices {
  std::vector<SliceState> states;
  std::vector<const SliceState*> all() const {
    std::vector<const SliceState*> result;
    for (const SliceState& state : states) result.push_back(&state);
    return result;
  }
  void apply(const SlicePlan& plan) {
    for (const SliceWrite& write : plan.writes) {
      const auto found = std::find_if(states.begin(), states.end(), [&](const auto& state) { return state.metadata.name == write.name; });
      if (write.is_new) {
        ASSERT_EQ(found, states.end()) << "created twice";
        states.push_back(parse_slice_state(write.body));
      } else {
        ASSERT_NE(found, states.end());
        found->endpoints = *json::find(write.body, "endpoints");
      }
    }
    for (const std::string& name : plan.remove) std::erase_if(states, [&](const auto& state) { return state.metadata.name == name; });
  }
  std::size_t endpoints() const {
    std::size_t sum = 0;
    for (const SliceState& state : states) sum += state.endpoints.as_array().size();
    return sum;
  }
};

SlicePlan settle(Slices& slices, const ServiceState& owner, const std::vector<PodState>& pods) {
  const SlicePlan plan = plan_slices(owner, pointers(pods), slices.all());
  slices.apply(plan);
  const SlicePlan again = plan_slices(owner, pointers(pods), slices.all());
  EXPECT_TRUE(again.writes.empty() && again.remove.empty()) << "an applied plan must leave nothing to do";
  return plan;
}

std::vector<PodState> many(int count) {
  std::vector<PodState> pods;
  for (int i = 0; i < count; ++i) pods.push_back(PodBuilder("p" + std::to_string(1000 + i)).ready());
  return pods;
}

TEST(EndpointSlices, ConditionsFollowThePod) {
  struct Row {
    const char* name;
    PodState pod;
    bool publishes_unready, ready, serving, terminating;
  };
  const Row rows[] = {
      {"ready", PodBuilder("a").ready(), false, true, true, false},
      {"not ready", PodBuilder("a").unready(), false, false, false, false},
      {"on its way out", PodBuilder("a").ready().terminating(), false, false, true, true},
      {"out of service", PodBuilder("a").unready().terminating(), false, false, false, true},
      {"published though unready", PodBuilder("a").unready(), true, true, false, false},
  };
  for (const Row& row : rows) {
    ServiceState owner = service();
    owner.publishes_unready = row.publishes_unready;
    Slices slices;
    settle(slices, owner, {row.pod});
    ASSERT_EQ(slices.endpoints(), 1U) << row.name;
    const json::Value& conditions = slices.states[0].endpoints.at(0).at("conditions");
    EXPECT_EQ(conditions.at("ready").as_bool(), row.ready) << row.name;
    EXPECT_EQ(conditions.at("serving").as_bool(), row.serving) << row.name;
    EXPECT_EQ(conditions.at("terminating").as_bool(), row.terminating) << row.name;
  }
}

TEST(EndpointSlices, PodsWithoutAddressOrEndedAreNone) {
  Slices slices;
  settle(slices, service(), {PodBuilder("a").address(""), PodBuilder("b").ready().phase("Succeeded"), PodBuilder("c").phase("Failed")});
  EXPECT_EQ(slices.endpoints(), 0U);
  EXPECT_EQ(slices.states.size(), 1U) << "a Service without pods still has a slice";
}

TEST(EndpointSlices, NamedPortsAreThoseOfThePod) {
  const ServiceState owner = service(R"([{"name":"http","port":80,"targetPort":"web"},{"name":"plain","port":90},{"name":"no","port":1,"targetPort":"none"}])");
  Slices slices;
  settle(slices, owner, {PodBuilder("a").ready().port("web", 8080), PodBuilder("b").ready().port("web", 9090)});
  ASSERT_EQ(slices.states.size(), 2U) << "each slice has one set of ports";
  std::vector<std::int64_t> http;
  for (const SliceState& slice : slices.states) {
    ASSERT_EQ(slice.ports.as_array().size(), 2U);
    http.push_back(json::int_at(slice.ports.at(0), "port"));
    EXPECT_EQ(json::int_at(slice.ports.at(1), "port"), 90);
    EXPECT_EQ(json::text_at(slice.ports.at(1), "protocol"), "TCP");
  }
  std::sort(http.begin(), http.end());
  EXPECT_EQ(http, (std::vector<std::int64_t>{8080, 9090}));
}

TEST(EndpointSlices, AreFilledToAHundredAndStayWhereTheyAre) {
  Slices slices;
  std::vector<PodState> pods = many(250);
  EXPECT_EQ(settle(slices, service(), pods).writes.size(), 3U);
  EXPECT_EQ(slices.endpoints(), 250U);
  for (const SliceState& slice : slices.states) EXPECT_LE(slice.endpoints.as_array().size(), 100U);
  pods[3] = PodBuilder("p1003").unready();
  EXPECT_EQ(settle(slices, service(), pods).writes.size(), 1U);
  pods.erase(pods.begin(), pods.begin() + 100);
  settle(slices, service(), pods);
  EXPECT_EQ(slices.endpoints(), 150U);
  pods.clear();
  settle(slices, service(), pods);
  EXPECT_EQ(slices.states.size(), 1U);
  pods = many(120);
  settle(slices, service(), pods);
  EXPECT_EQ(slices.endpoints(), 120U);
}

TEST(EndpointSlices, ChangedPortsMoveThePodsBeforeTheOldSlicesGo) {
  Slices slices;
  const std::vector<PodState> pods = many(2);
  settle(slices, service(), pods);
  const SlicePlan plan = settle(slices, service(R"([{"name":"http","port":80,"targetPort":9999}])"), pods);
  EXPECT_EQ(plan.writes.size(), 1U);
  EXPECT_TRUE(plan.writes[0].is_new);
  EXPECT_EQ(plan.remove.size(), 1U);
  EXPECT_EQ(slices.endpoints(), 2U);
}

TEST(EndpointSlices, BelongToTheServiceAndGoWithItsSelector) {
  Slices slices;
  ServiceState owner = service();
  settle(slices, owner, many(1));
  const SliceState& slice = slices.states[0];
  EXPECT_EQ(slice.metadata.label(kServiceNameLabel), "web");
  EXPECT_EQ(slice.metadata.label(kManagedByLabel), "endpointslice-controller.k8s.io");
  EXPECT_EQ(slice.metadata.controller()->uid, "svc");
  owner.selector.clear();
  EXPECT_EQ(plan_slices(owner, {}, slices.all()).remove.size(), 1U);
}

}  // namespace
}  // namespace canaria::plan::workload
