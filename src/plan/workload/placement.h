// Which node a pod runs on, or why it cannot run on any: ready and schedulable nodes that carry the labels the pod asks for and
// have no taint and no pod that keeps it away; among them the one with the fewest pods.
//
// Of affinities only that between pods that avoid each other counts (a Rollout may keep its versions apart). Resource requests
// and preemption are not here: one machine has one node, larger ones have a real scheduler.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

struct Taint {
  std::string key;
  std::string value;
  std::string effect;
};
BOOST_DESCRIBE_STRUCT(Taint, (), (key, value, effect))

struct NodeState {
  api::ObjectMeta metadata;
  bool is_ready = false;
  bool is_unschedulable = false;
  std::vector<Taint> taints;
};
NodeState parse_node_state(const json::Value& object);

struct Placement {
  std::string node;    // empty: none
  std::string reason;  // why none, in the words of kube-scheduler
};
// load: how many pods each node has. neighbors: pods that have a node; only needed when any pod has avoidances.
Placement place(const PodState& pod, const std::vector<const NodeState*>& nodes, const std::map<std::string, int>& load,
                const std::vector<const PodState*>& neighbors);

// Whether the pod waits for us.
bool wants_node(const PodState& pod);

// A merge patch for the status that sets the condition PodScheduled; null when it already says so.
json::Value scheduled_patch(const PodState& pod, const Placement& placement, Time now);

}  // namespace canaria::plan::workload
