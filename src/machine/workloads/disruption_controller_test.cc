// Disruption budgets on a real store.
#include "machine/workloads/workload_world.h"

namespace canaria::machine {
namespace {

const api::Resource& kBudgets() { return api::resources::pod_disruption_budgets(); }

class DisruptionsTest : public WorkloadWorld {
 protected:
  void make_budget(std::string_view spec) {
    json::Value object = json::Object{{"metadata", {{"name", "web"}}}, {"spec", parsed(spec)}};
    object.at("spec").as_object()["selector"] = parsed(R"({"matchLabels":{"app":"web"}})");
    create(kBudgets(), std::move(object));
  }
  // "expected/desired/current/allowed".
  std::string numbers() {
    const json::Value object = get(kBudgets(), "web");
    std::string text;
    for (const char* path : {"expectedPods", "desiredHealthy", "currentHealthy", "disruptionsAllowed"})
      text += (text.empty() ? "" : "/") + std::to_string(json::int_at(object, std::string("status.") + path));
    return text;
  }
};

TEST_F(DisruptionsTest, FollowThePods) {
  start_controllers();
  make_budget(R"({"minAvailable":2})");
  create(api::resources::replica_sets(), replica_set("web", 3));
  EXPECT_TRUE(comes_true([this] { return numbers() == "3/2/3/1"; })) << numbers();
  patch(api::resources::replica_sets(), "web", R"({"spec":{"replicas":2}})");
  EXPECT_TRUE(comes_true([this] { return numbers() == "2/2/2/0"; })) << numbers();
}

TEST_F(DisruptionsTest, CountPodsOfADeploymentOnce) {
  start_controllers();
  make_budget(R"({"maxUnavailable":"50%"})");
  create(api::resources::deployments(), parsed(R"({"metadata":{"name":"web"},"spec":{"replicas":4,"selector":{"matchLabels":{"app":"web"}},
    "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1"}]}}}})"));
  EXPECT_TRUE(comes_true([this] { return numbers() == "4/2/4/2"; })) << numbers();
  pods_become_ready = false;
  patch(api::resources::deployments(), "web",
        R"({"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}})");
  ASSERT_TRUE(comes_true([this] { return all(api::resources::replica_sets()).size() == 2 && pods().size() > 4; }));
  let_settle();
  EXPECT_TRUE(numbers().starts_with("4/2/")) << numbers();
}

TEST_F(DisruptionsTest, AnEvictionThatWasAllowedMeanwhileStays) {
  start_controllers();
  make_budget(R"({"minAvailable":1})");
  create(api::resources::replica_sets(), replica_set("web", 2));
  ASSERT_TRUE(comes_true([this] { return numbers() == "2/1/2/1"; })) << numbers();
  const std::string pod(json::text_at(pods()[0], "metadata.name"));
  // As the API server does it when it allows one.
  json::Value allowed = json::Object{{"status", {{"disruptionsAllowed", 0}, {"disruptedPods", {{pod, format_time(clock.now())}}}}}};
  must(loop.block_on(store_->patch(kBudgets(), {"shop", "web"}, PatchKind::kMerge, allowed, to_subresource("status"))));
  EXPECT_TRUE(comes_true([this] { return numbers() == "2/1/1/0"; })) << numbers();
}

}  // namespace
}  // namespace canaria::machine
