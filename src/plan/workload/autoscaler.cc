#include "plan/workload/autoscaler.h"

#include <algorithm>
#include <fmt/format.h>

#include "json/codec.h"
#include "json/patch.h"

namespace canaria::plan::workload {
namespace {

// Why a metric has no value, as a controller without any metrics API reports it.
struct MetricFailure {
  std::string reason;
  std::string message;
  std::string subject;  // what could not be had
};

MetricFailure failure_of(const AutoscalerMetric& metric, const std::string& namespace_) {
  constexpr const char* kNoCustom =
      "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  if (metric.type == "Pods")
    return {"FailedGetPodsMetric", fmt::format("unable to get metric {}: {}", metric.name, kNoCustom), "pods metric"};
  if (metric.type == "Object")
    return {"FailedGetObjectMetric", fmt::format("unable to get metric {}: {}/{}", metric.name, metric.object, kNoCustom),
            "object metric"};
  if (metric.type == "External")
    return {
        "FailedGetExternalMetric",
        fmt::format("unable to get external metric {0}/{1}/nil: unable to fetch metrics from external metrics API: the server "
                    "could not find the requested resource (get {1}.external.metrics.k8s.io)",
                    namespace_, metric.name),
        "external metric"};
  const bool is_container = metric.type == "ContainerResource";
  return {is_container ? "FailedGetContainerResourceMetric" : "FailedGetResourceMetric",
          fmt::format("failed to get {0} {1}: unable to get metrics for resource {0}: unable to fetch metrics from resource "
                      "metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
                      metric.name, metric.is_average ? "usage" : "utilization"),
          metric.name + (is_container ? " container metric" : " resource metric")};
}

void set_condition(const AutoscalerSnapshot& snapshot, AutoscalerStatus& status, const char* type, const char* value,
                   std::string reason, std::string message) {
  const auto found = std::find_if(status.conditions.begin(), status.conditions.end(),
                                  [&](const PodCondition& entry) { return entry.type == type; });
  PodCondition condition;
  condition.type = type;
  condition.status = value;
  condition.reason = std::move(reason);
  condition.message = std::move(message);
  condition.lastTransitionTime = snapshot.now;
  if (found == status.conditions.end()) {
    status.conditions.push_back(std::move(condition));
    return;
  }
  if (found->status == condition.status) condition.lastTransitionTime = found->lastTransitionTime;
  *found = std::move(condition);
}

void note_missing_metrics(const AutoscalerSnapshot& snapshot, AutoscalerPlan& plan) {
  const AutoscalerState& autoscaler = *snapshot.autoscaler;
  if (snapshot.selector.empty()) {
    set_condition(snapshot, plan.status, "ScalingActive", "False", "InvalidSelector",
                  "the HPA target's scale is missing a selector");
    plan.events.push_back({true, "SelectorRequired", "selector is required"});
    return;
  }
  if (autoscaler.metrics.empty()) return;
  for (const AutoscalerMetric& metric : autoscaler.metrics) {
    MetricFailure failure = failure_of(metric, autoscaler.metadata.namespace_);
    plan.events.push_back({true, std::move(failure.reason), std::move(failure.message)});
  }
  const MetricFailure first = failure_of(autoscaler.metrics.front(), autoscaler.metadata.namespace_);
  set_condition(snapshot, plan.status, "ScalingActive", "False", first.reason,
                "the HPA was unable to compute the replica count: " + first.message);
  const std::size_t count = autoscaler.metrics.size();
  plan.events.push_back({true, "FailedComputeMetricsReplicas",
                         fmt::format("invalid metrics ({} invalid out of {}), first error is: failed to get {} value: {}", count,
                                     count, first.subject, first.message)});
}

void resize(const AutoscalerSnapshot& snapshot, std::int32_t replicas, std::string reason, AutoscalerPlan& plan) {
  plan.resize = replicas;
  plan.status.desiredReplicas = replicas;
  plan.status.lastScaleTime = snapshot.now;
  set_condition(snapshot, plan.status, "AbleToScale", "True", "SucceededRescale",
                fmt::format("the HPA controller was able to update the target scale to {}", replicas));
  plan.events.push_back({false, "SuccessfulRescale", fmt::format("New size: {}; reason: {}", replicas, reason)});
  plan.resize_reason = std::move(reason);
}

AutoscalerMetric parse_metric(const json::Value& object, const std::string& namespace_) {
  AutoscalerMetric metric;
  metric.type = json::text_at(object, "type");
  std::string source = metric.type;
  if (!source.empty()) source[0] = static_cast<char>(source[0] | 0x20);  // "Resource": {"resource": ...}
  metric.name = json::text_at(object, source + ".name");
  if (metric.name.empty()) metric.name = json::text_at(object, source + ".metric.name");
  metric.object = fmt::format("{} on {} {}", json::text_at(object, source + ".describedObject.kind"), namespace_,
                              json::text_at(object, source + ".describedObject.name"));
  metric.is_average = json::find(object, source + ".target.averageValue") != nullptr;
  return metric;
}

}  // namespace

AutoscalerState parse_autoscaler_state(const json::Value& object) {
  AutoscalerState autoscaler;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, autoscaler.metadata);
  autoscaler.metadata.annotations.clear();
  autoscaler.target_api_version = json::text_at(object, "spec.scaleTargetRef.apiVersion");
  autoscaler.target_kind = json::text_at(object, "spec.scaleTargetRef.kind");
  autoscaler.target_name = json::text_at(object, "spec.scaleTargetRef.name");
  autoscaler.least = static_cast<std::int32_t>(json::int_at(object, "spec.minReplicas", 1));
  autoscaler.most = static_cast<std::int32_t>(json::int_at(object, "spec.maxReplicas"));
  if (const auto* metrics = json::find(object, "spec.metrics"); metrics && metrics->is_array())
    for (const json::Value& metric : metrics->get_array())
      autoscaler.metrics.push_back(parse_metric(metric, autoscaler.metadata.namespace_));
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, autoscaler.status);
  return autoscaler;
}

AutoscalerPlan plan_autoscaler(const AutoscalerSnapshot& snapshot) {
  const AutoscalerState& autoscaler = *snapshot.autoscaler;
  AutoscalerPlan plan;
  plan.status = autoscaler.status;
  if (!snapshot.scale_failure.empty()) {
    set_condition(snapshot, plan.status, "AbleToScale", "False", "FailedGetScale",
                  "the HPA controller was unable to get the target's current scale: " + snapshot.scale_failure);
    plan.events.push_back({true, "FailedGetScale", snapshot.scale_failure});
    return plan;
  }
  plan.status.currentReplicas = snapshot.replicas;
  set_condition(snapshot, plan.status, "AbleToScale", "True", "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
  if (snapshot.replicas == 0 && autoscaler.least != 0) {
    // Scaled to nothing by hand: the autoscaler stays out of the way.
    plan.status.desiredReplicas = 0;
    set_condition(snapshot, plan.status, "ScalingActive", "False", "ScalingDisabled",
                  "scaling is disabled since the replica count of the target is zero");
  } else if (snapshot.replicas > autoscaler.most) {
    resize(snapshot, autoscaler.most, "Current number of replicas above Spec.MaxReplicas", plan);
  } else if (snapshot.replicas < autoscaler.least) {
    resize(snapshot, autoscaler.least, "Current number of replicas below Spec.MinReplicas", plan);
  } else {
    note_missing_metrics(snapshot, plan);
  }
  return plan;
}

AutoscalerPlan refused_resize(const AutoscalerSnapshot& snapshot, AutoscalerPlan plan, const std::string& error) {
  const AutoscalerStatus& before = snapshot.autoscaler->status;
  plan.status.desiredReplicas = before.desiredReplicas;
  plan.status.lastScaleTime = before.lastScaleTime;
  set_condition(snapshot, plan.status, "AbleToScale", "False", "FailedUpdateScale",
                "the HPA controller was unable to update the target scale: " + error);
  plan.events = {{true, "FailedRescale",
                  fmt::format("New size: {}; reason: {}; error: {}", plan.resize.value_or(0), plan.resize_reason, error)}};
  return plan;
}

json::Value autoscaler_status_patch(const AutoscalerStatus& before, const AutoscalerStatus& after) {
  // A zero is said: the field is required.
  json::Value wanted = json::encode(after);
  wanted.as_object()["desiredReplicas"] = after.desiredReplicas;
  json::Value present = json::encode(before);
  present.as_object()["desiredReplicas"] = before.desiredReplicas;
  json::Value patch = json::merge_diff(present, wanted);
  if (patch.get_object().empty()) return nullptr;
  return json::Object{{"status", std::move(patch)}};
}

}  // namespace canaria::plan::workload
