// Autoscalers on a real store. Scales are read and written here as the API server does it.
#include "machine/workloads/workload_world.h"

namespace canaria::machine {
namespace {

const api::Resource& kAutoscalers() { return api::resources::horizontal_pod_autoscalers(); }

class StoredScales final : public ScaleClient {
 public:
  explicit StoredScales(store::ObjectStore& store) : store_(store) {}
  std::optional<Error> refusal;

  Task<Result<Scale>> scale_of(ScaleTarget target) override {
    CO_TRY(const json::Value object, co_await store_.get(api::resources::replica_sets(), target.key));
    Scale scale;
    scale.wanted = static_cast<std::int32_t>(json::int_at(object, "spec.replicas"));
    scale.selector = "app=web";
    scale.resource_version = json::text_at(object, "metadata.resourceVersion");
    co_return scale;
  }
  Task<Status> resize(ScaleTarget target, std::int32_t replicas, std::string version) override {
    if (refusal) co_return fail(*refusal);
    json::Value patch = json::Object{{"metadata", {{"resourceVersion", version}}}, {"spec", {{"replicas", replicas}}}};
    const auto written =
        co_await store_.patch(api::resources::replica_sets(), target.key, PatchKind::kMerge, std::move(patch), WriteOptions());
    if (!written) co_return fail(written.error());
    co_return Status();
  }

 private:
  store::ObjectStore& store_;
};

class AutoscalersTest : public WorkloadWorld {
 protected:
  void SetUp() override {
    WorkloadWorld::SetUp();
    scales = std::make_unique<StoredScales>(*store_);
    options.scales = scales.get();
  }
  void make_autoscaler(int least, int most) {
    json::Value object = parsed(R"({"metadata":{"name":"web"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"ReplicaSet",
      "name":"web"},"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}]}})");
    object.at("spec").as_object()["minReplicas"] = least;
    object.at("spec").as_object()["maxReplicas"] = most;
    create(kAutoscalers(), std::move(object));
  }
  std::string reason(const std::string& type) {
    const json::Value object = get(kAutoscalers(), "web");
    if (const json::Value* conditions = json::find(object, "status.conditions"))
      for (const json::Value& entry : conditions->as_array())
        if (json::text_at(entry, "type") == type) return std::string(json::text_at(entry, "reason"));
    return "";
  }
  std::unique_ptr<StoredScales> scales;
};

TEST_F(AutoscalersTest, BringsTheNumberIntoItsLimits) {
  create(api::resources::replica_sets(), replica_set("web", 1));
  start_controllers();
  make_autoscaler(3, 5);
  ASSERT_TRUE(comes_true([this] { return pods().size() == 3; }));
  ASSERT_TRUE(comes_true([this] { return reason("AbleToScale") == "SucceededRescale"; }));
  EXPECT_EQ(events.messages("SuccessfulRescale").at(0), "New size: 3; reason: Current number of replicas below Spec.MinReplicas");
  EXPECT_EQ(json::int_at(get(kAutoscalers(), "web"), "status.desiredReplicas"), 3);
  patch(kAutoscalers(), "web", R"({"spec":{"minReplicas":1,"maxReplicas":2}})");
  ASSERT_TRUE(comes_true([this] { return pods().size() == 2; }));
  let_settle();
  EXPECT_EQ(json::int_at(get(kAutoscalers(), "web"), "status.desiredReplicas"), 2);
}

TEST_F(AutoscalersTest, SaysThatTheTargetIsMissingAndFindsItLater) {
  start_controllers();
  make_autoscaler(2, 5);
  ASSERT_TRUE(comes_true([this] { return reason("AbleToScale") == "FailedGetScale"; }));
  EXPECT_EQ(events.messages("FailedGetScale").at(0), "replicasets.apps \"web\" not found");
  stop_controllers();
  create(api::resources::replica_sets(), replica_set("web", 2));
  start_controllers();
  ASSERT_TRUE(comes_true([this] { return reason("ScalingActive") == "FailedGetResourceMetric"; }));
  EXPECT_EQ(reason("AbleToScale"), "SucceededGetScale");
}

TEST_F(AutoscalersTest, TellsOfARefusal) {
  scales->refusal = Error{Code::kForbidden, "not today", std::nullopt};
  create(api::resources::replica_sets(), replica_set("web", 1));
  start_controllers();
  make_autoscaler(3, 5);
  ASSERT_TRUE(comes_true([this] { return reason("AbleToScale") == "FailedUpdateScale"; }));
  EXPECT_EQ(pods().size(), 1U);
}

}  // namespace
}  // namespace canaria::machine
