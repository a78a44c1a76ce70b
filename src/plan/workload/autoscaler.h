// The HorizontalPodAutoscaler as a decision: the number of pods its target should have, and what its status says.
//
// Nothing here measures what pods use, so metrics are answered as by a cluster without a metrics server: the autoscaler keeps
// the number between its minimum and its maximum, and says in its conditions why it does no more than that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

struct AutoscalerMetric {
  std::string type;    // "Resource" ...
  std::string name;    // of the resource or metric
  std::string object;  // "Ingress on shop web": what a metric of type Object describes
  bool is_average = false;  // the target is an amount per pod, not a share of what is requested
};

struct AutoscalerStatus {
  std::optional<Time> lastScaleTime;
  std::int32_t currentReplicas = 0;
  std::int32_t desiredReplicas = 0;
  std::vector<PodCondition> conditions;  // the same fields as those of pods
};
BOOST_DESCRIBE_STRUCT(AutoscalerStatus, (), (lastScaleTime, currentReplicas, desiredReplicas, conditions))

struct AutoscalerState {
  api::ObjectMeta metadata;
  std::string target_api_version;
  std::string target_kind;
  std::string target_name;
  std::int32_t least = 1;
  std::int32_t most = 0;
  std::vector<AutoscalerMetric> metrics;
  AutoscalerStatus status;
};
AutoscalerState parse_autoscaler_state(const json::Value& object);

struct AutoscalerSnapshot {
  Time now;
  const AutoscalerState* autoscaler = nullptr;
  std::string scale_failure;  // why the target's scale could not be read; empty: it was
  std::int32_t replicas = 0;  // that the target wants
  std::string selector;       // of the target's pods
};

struct AutoscalerEvent {
  bool is_warning = false;
  std::string reason;
  std::string message;
};

struct AutoscalerPlan {
  std::optional<std::int32_t> resize;
  std::string resize_reason;
  // What follows once the target has its new number.
  AutoscalerStatus status;
  std::vector<AutoscalerEvent> events;
};
AutoscalerPlan plan_autoscaler(const AutoscalerSnapshot& snapshot);
// The plan with what follows instead when the new number was refused.
AutoscalerPlan refused_resize(const AutoscalerSnapshot& snapshot, AutoscalerPlan plan, const std::string& error);

// Null when there is nothing to write.
json::Value autoscaler_status_patch(const AutoscalerStatus& before, const AutoscalerStatus& after);

}  // namespace canaria::plan::workload
