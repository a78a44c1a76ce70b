// The autoscaler's decisions as a table over the number of pods.
#include "plan/workload/autoscaler.h"

#include <gtest/gtest.h>

#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

AutoscalerState autoscaler(std::string_view metrics = R"([{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}])",
                           std::string_view status = "{}") {
  return parse_autoscaler_state(json::parse(R"({"metadata":{"name":"web","namespace":"shop"},"spec":{"minReplicas":2,"maxReplicas":5,
    "scaleTargetRef":{"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","name":"web"},"metrics":)" + std::string(metrics) +
                                            R"(},"status":)" + std::string(status) + "}").value());
}

AutoscalerSnapshot seen(const AutoscalerState& state, std::int32_t replicas) {
  AutoscalerSnapshot snapshot;
  snapshot.now = noon();
  snapshot.autoscaler = &state;
  snapshot.replicas = replicas;
  snapshot.selector = "app=web";
  return snapshot;
}

// "AbleToScale=True/SucceededGetScale ..."
std::string conditions(const AutoscalerStatus& status) {
  std::string text;
  for (const PodCondition& entry : status.conditions)
    text += (text.empty() ? "" : " ") + entry.type + "=" + entry.status + "/" + entry.reason;
  return text;
}

TEST(AutoscalerPlan, KeepsTheNumberBetweenItsLimits) {
  struct Row {
    int replicas;
    int resize;  // -1: none
    std::string event;
    std::string conditions;
  };
  const std::string no_metrics = "AbleToScale=True/SucceededGetScale ScalingActive=False/FailedGetResourceMetric";
  const Row rows[] = {
      {0, -1, "", "AbleToScale=True/SucceededGetScale ScalingActive=False/ScalingDisabled"},
      {1, 2, "New size: 2; reason: Current number of replicas below Spec.MinReplicas", "AbleToScale=True/SucceededRescale"},
      {2, -1, "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics "
              "API: the server could not find the requested resource (get pods.metrics.k8s.io)", no_metrics},
      {5, -1, "", no_metrics},
      {6, 5, "New size: 5; reason: Current number of replicas above Spec.MaxReplicas", "AbleToScale=True/SucceededRescale"},
  };
  const AutoscalerState state = autoscaler();
  for (const Row& row : rows) {
    const AutoscalerPlan plan = plan_autoscaler(seen(state, row.replicas));
    EXPECT_EQ(plan.resize.value_or(-1), row.resize) << row.replicas;
    EXPECT_EQ(conditions(plan.status), row.conditions) << row.replicas;
    EXPECT_EQ(plan.status.currentReplicas, row.replicas);
    if (!row.event.empty()) {
      EXPECT_EQ(plan.events.at(0).message, row.event);
    }
    EXPECT_EQ(plan.status.lastScaleTime.has_value(), plan.resize.has_value());
  }
}

TEST(AutoscalerPlan, SaysWhyItCannot) {
  const AutoscalerState state = autoscaler();
  AutoscalerSnapshot missing = seen(state, 0);
  missing.scale_failure = "deployments.apps \"web\" not found";
  const AutoscalerPlan gone = plan_autoscaler(missing);
  EXPECT_EQ(conditions(gone.status), "AbleToScale=False/FailedGetScale");
  EXPECT_EQ(gone.status.conditions[0].message,
            "the HPA controller was unable to get the target's current scale: deployments.apps \"web\" not found");
  EXPECT_EQ(gone.events.at(0).message, "deployments.apps \"web\" not found");
  const AutoscalerSnapshot snapshot = seen(state, 9);
  const AutoscalerPlan refused = refused_resize(snapshot, plan_autoscaler(snapshot), "no");
  EXPECT_EQ(conditions(refused.status), "AbleToScale=False/FailedUpdateScale");
  EXPECT_EQ(refused.events.at(0).message, "New size: 5; reason: Current number of replicas above Spec.MaxReplicas; error: no");
  EXPECT_FALSE(refused.status.lastScaleTime);
  AutoscalerSnapshot blind = seen(state, 3);
  blind.selector.clear();
  EXPECT_EQ(conditions(plan_autoscaler(blind).status), "AbleToScale=True/SucceededGetScale ScalingActive=False/InvalidSelector");
}

TEST(AutoscalerPlan, EveryMetricIsAnswered) {
  const AutoscalerState state = autoscaler(R"([
    {"type":"ContainerResource","containerResource":{"name":"memory","container":"c","target":{"averageValue":"1Gi"}}},
    {"type":"Object","object":{"metric":{"name":"hits"},"describedObject":{"kind":"Ingress","name":"i"}}},
    {"type":"Pods","pods":{"metric":{"name":"rps"}}},{"type":"External","external":{"metric":{"name":"queue"}}}])");
  const AutoscalerPlan plan = plan_autoscaler(seen(state, 3));
  ASSERT_EQ(plan.events.size(), 5U);
  EXPECT_EQ(plan.events[0].reason, "FailedGetContainerResourceMetric");
  EXPECT_EQ(plan.events[1].message,
            "unable to get metric hits: Ingress on shop i/unable to fetch metrics from custom metrics API: no custom metrics API "
            "(custom.metrics.k8s.io) registered");
  EXPECT_EQ(plan.events[2].reason, "FailedGetPodsMetric");
  EXPECT_EQ(plan.events[3].reason, "FailedGetExternalMetric");
  EXPECT_EQ(plan.events[4].reason, "FailedComputeMetricsReplicas");
  EXPECT_TRUE(plan.events[4].message.starts_with(
      "invalid metrics (4 invalid out of 4), first error is: failed to get memory container metric value: failed to get memory usage: "));
}

TEST(AutoscalerPlan, SettledMeansNothingToWrite) {
  AutoscalerState state = autoscaler();
  const AutoscalerPlan first = plan_autoscaler(seen(state, 3));
  EXPECT_FALSE(autoscaler_status_patch(state.status, first.status).is_null());
  state.status = first.status;
  AutoscalerSnapshot later = seen(state, 3);
  later.now += Seconds(15);
  EXPECT_TRUE(autoscaler_status_patch(state.status, plan_autoscaler(later).status).is_null());
}

}  // namespace
}  // namespace canaria::plan::workload
