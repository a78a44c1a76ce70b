// A Pod with just what the workload controllers read: who owns it, where it runs, whether it serves.
//
// One cache of these feeds the ReplicaSet and Job controllers, the scheduler and the EndpointSlices, so a pod is parsed once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/meta/object_meta.h"
#include "json/value.h"
#include "plan/workload/pod_avoidance.h"

namespace canaria::plan::workload {

// Lowest first when a ReplicaSet shrinks.
inline constexpr const char* kDeletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

struct PodCondition {
  std::string type;
  std::string status;
  std::optional<Time> lastProbeTime;
  std::optional<Time> lastTransitionTime;
  std::string reason;
  std::string message;
  std::int64_t observedGeneration = 0;
};
BOOST_DESCRIBE_STRUCT(PodCondition, (), (type, status, lastProbeTime, lastTransitionTime, reason, message, observedGeneration))

struct ContainerPort {
  std::string name;
  std::int32_t containerPort = 0;
  std::string protocol;  // empty: TCP
};
BOOST_DESCRIBE_STRUCT(ContainerPort, (), (name, containerPort, protocol))

struct Toleration {
  std::string key;
  std::string operator_;  // Equal or Exists; empty: Equal
  std::string value;
  std::string effect;     // empty: all
};
BOOST_DESCRIBE_STRUCT(Toleration, (), (key, operator_, value, effect))

struct PodState {
  api::ObjectMeta metadata;  // of the annotations only the deletion cost
  std::string node_name;
  std::string scheduler_name;
  api::StringMap node_selector;
  std::vector<Toleration> tolerations;
  std::vector<PodAvoidance> avoidances;
  std::vector<ContainerPort> ports;  // of all containers
  std::string phase;                 // "Pending" when the status has none yet
  std::string address;               // status.podIP
  std::vector<PodCondition> conditions;
  std::int64_t restarts = 0;
  std::optional<Time> finished_at;   // when the last container ended
  std::optional<std::int32_t> completion_index;  // which part of an indexed Job it works on
  bool is_gated = false;             // spec.schedulingGates hold it back

  const PodCondition* condition(std::string_view type) const;
  bool is_ready() const;
  bool is_terminating() const { return metadata.deletionTimestamp.has_value(); }
  bool has_ended() const { return phase == "Succeeded" || phase == "Failed"; }
  // Neither ended nor about to: what counts as a replica.
  bool is_active() const { return !is_terminating() && !has_ended(); }
  // Since when it is ready; empty when it is not.
  std::optional<Time> ready_since() const;
  // Ready for at least that long.
  bool is_available(Seconds min_ready, Time now) const;
};

PodState parse_pod_state(const json::Value& object);

}  // namespace canaria::plan::workload
