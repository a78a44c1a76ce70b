// Evictions as kubectl drain sees them.
#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

const std::string kPods = "/api/v1/namespaces/default/pods";
const std::string kBudgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

class EvictionsTest : public ServerTest {
 protected:
  void make_pod(const std::string& name, const std::string& ready = "True") {
    post(kPods, R"({"metadata":{"name":")" + name + R"(","labels":{"app":"web"}},"spec":{"nodeName":"n","containers":[{"name":"c","image":"x"}]}})");
    patch(kPods + "/" + name + "/status", "merge-patch+json",
          R"({"status":{"phase":"Running","conditions":[{"type":"Ready","status":")" + ready + R"("}]}})");
  }
  void make_budget(const std::string& status, const std::string& name = "web") {
    const Reply made = post(kBudgets, R"({"metadata":{"name":")" + name +
                                          R"("},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"web"}}}})");
    EXPECT_EQ(made.status, 201) << made.text;
    patch(kBudgets + "/" + name + "/status", "merge-patch+json", R"({"status":)" + status + "}");
  }
  Reply evict(const std::string& pod, const std::string& query = "") {
    return post(kPods + "/" + pod + "/eviction" + query,
                R"({"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":")" + pod +
                    R"("},"deleteOptions":{"gracePeriodSeconds":0}})");
  }
};

TEST_F(EvictionsTest, TakeOneFromTheBudgetAndAreRefusedWithoutOne) {
  make_pod("a");
  make_pod("b");
  make_budget(R"({"observedGeneration":1,"disruptionsAllowed":1,"desiredHealthy":1,"currentHealthy":2,"expectedPods":2,
    "conditions":[{"type":"DisruptionAllowed","status":"True","reason":"SufficientPods","message":"","lastTransitionTime":"2026-08-01T11:00:00Z"}]})");
  EXPECT_EQ(evict("a", "?dryRun=All").status, 201);
  EXPECT_EQ(json::int_at(get(kBudgets + "/web").body, "status.disruptionsAllowed"), 1) << "a dry run takes nothing";
  const Reply done = evict("a");
  EXPECT_EQ(done.status, 201) << done.text;
  EXPECT_EQ(json::int_at(done.body, "code"), 201);
  EXPECT_EQ(get(kPods + "/a").status, 404);
  const json::Value budget = get(kBudgets + "/web").body;
  EXPECT_EQ(json::int_at(budget, "status.disruptionsAllowed"), 0);
  EXPECT_EQ(json::text_at(budget, "status.disruptedPods.a"), "2026-08-01T12:00:00Z");
  EXPECT_EQ(json::text_at(json::find(budget, "status.conditions")->as_array()[0], "reason"), "InsufficientPods");
  const Reply refused = evict("b");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(text_at(refused, "reason"), "TooManyRequests");
  EXPECT_EQ(text_at(refused, "message"), "Cannot evict pod as it would violate the pod's disruption budget.");
  const json::Value& cause = json::find(refused.body, "details.causes")->as_array()[0];
  EXPECT_EQ(json::text_at(cause, "reason"), "DisruptionBudget");
  EXPECT_EQ(json::text_at(cause, "message"), "The disruption budget web needs 1 healthy pods and has 2 currently");
  EXPECT_EQ(get(kPods + "/b").status, 200);
}

TEST_F(EvictionsTest, WaitForABudgetThatWasNeverCounted) {
  make_pod("a");
  make_budget("{}");
  const Reply refused = evict("a");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(json::int_at(refused.body, "details.retryAfterSeconds"), 10);
  EXPECT_EQ(find_header(refused.headers, "Retry-After"), "10");
  EXPECT_EQ(json::text_at(json::find(refused.body, "details.causes")->as_array()[0], "message"),
            "The disruption budget web is still being processed by the server.");
}

TEST_F(EvictionsTest, PodsThatDoNotServeAreNoLoss) {
  make_pod("sick", "False");
  make_budget(R"({"observedGeneration":1,"disruptionsAllowed":0,"desiredHealthy":1,"currentHealthy":1})");
  EXPECT_EQ(evict("sick").status, 201) << "the others are enough";
  make_pod("worse", "False");
  patch(kBudgets + "/web/status", "merge-patch+json", R"({"status":{"currentHealthy":0}})");
  EXPECT_EQ(evict("worse").status, 429);
  patch(kBudgets + "/web", "merge-patch+json", R"({"spec":{"unhealthyPodEvictionPolicy":"AlwaysAllow"}})");
  EXPECT_EQ(evict("worse").status, 201);
  make_pod("done");
  patch(kPods + "/done/status", "merge-patch+json", R"({"status":{"phase":"Succeeded"}})");
  EXPECT_EQ(evict("done").status, 201);
}

TEST_F(EvictionsTest, AreRefusedWhenTheyMakeNoSense) {
  make_pod("a");
  EXPECT_EQ(evict("z").status, 404);
  EXPECT_EQ(post(kPods + "/a/eviction", R"({"metadata":{"name":"b"}})").status, 400);
  make_budget(R"({"observedGeneration":1,"disruptionsAllowed":5})");
  make_budget(R"({"observedGeneration":1,"disruptionsAllowed":5})", "other");
  const Reply twice = evict("a");
  EXPECT_EQ(twice.status, 500);
  EXPECT_EQ(text_at(twice, "message"), "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
}

}  // namespace
}  // namespace canaria::apiserver
