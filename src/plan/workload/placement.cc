#include "plan/workload/placement.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "json/codec.h"

namespace canaria::plan::workload {
namespace {

bool tolerates(const PodState& pod, const Taint& taint) {
  return std::any_of(pod.tolerations.begin(), pod.tolerations.end(), [&](const Toleration& toleration) {
    if (!toleration.effect.empty() && toleration.effect != taint.effect) return false;
    if (!toleration.key.empty() && toleration.key != taint.key) return false;
    if (toleration.operator_ == "Exists") return true;
    return !toleration.key.empty() && toleration.value == taint.value;
  });
}

std::string taint_text(const Taint& taint) {
  return fmt::format("node(s) had untolerated taint {{{}: {}}}", taint.key, taint.value);
}

// Why the pod may not run there; empty when it may.
std::string obstacle(const PodState& pod, const NodeState& node) {
  if (node.is_unschedulable) return "node(s) were unschedulable";
  for (const Taint& taint : node.taints)
    if (taint.effect != "PreferNoSchedule" && !tolerates(pod, taint)) return taint_text(taint);
  // A node that is not ready has this taint sooner or later; nobody sets it on a single machine.
  if (!node.is_ready) return taint_text({"node.kubernetes.io/not-ready", "", "NoSchedule"});
  for (const auto& [key, value] : pod.node_selector)
    if (!node.metadata.labels.contains(key) || node.metadata.label(key) != value)
      return "node(s) didn't match Pod's node affinity/selector";
  return "";
}

// The nodes by name, to find out what those of two pods have in common.
class Neighborhood {
 public:
  Neighborhood(const std::vector<const NodeState*>& nodes, const std::vector<const PodState*>& pods) : pods_(pods) {
    for (const NodeState* node : nodes) nodes_[node->metadata.name] = node;
  }

  // Why the pod may not be beside the pods there; empty when it may.
  std::string obstacle(const PodState& pod, const NodeState& node) const {
    for (const PodState* other : pods_) {
      for (const PodAvoidance& term : pod.avoidances)
        if (term.weight == 0 && meet(term, *other, *other, node)) return "node(s) didn't match pod anti-affinity rules";
      for (const PodAvoidance& term : other->avoidances)
        if (term.weight == 0 && meet(term, pod, *other, node)) return "node(s) didn't satisfy existing pods anti-affinity rules";
    }
    return "";
  }
  // How much the pod would rather be elsewhere.
  std::int64_t reluctance(const PodState& pod, const NodeState& node) const {
    std::int64_t sum = 0;
    for (const PodState* other : pods_)
      for (const PodAvoidance& term : pod.avoidances)
        if (meet(term, *other, *other, node)) sum += term.weight;
    return sum;
  }

 private:
  // Whether `avoided` is of the term and the node of `present` is the same place as `node`.
  bool meet(const PodAvoidance& term, const PodState& avoided, const PodState& present, const NodeState& node) const {
    const auto found = nodes_.find(present.node_name);
    if (found == nodes_.end() || !node.metadata.labels.contains(term.topology_key) || !avoids(term, avoided)) return false;
    return found->second->metadata.labels.contains(term.topology_key) &&
           found->second->metadata.label(term.topology_key) == node.metadata.label(term.topology_key);
  }

  const std::vector<const PodState*>& pods_;
  std::map<std::string, const NodeState*> nodes_;
};

std::string refusal(std::size_t nodes, const std::map<std::string, int>& obstacles) {
  std::vector<std::string> parts;
  for (const auto& [text, count] : obstacles) parts.push_back(std::to_string(count) + " " + text);
  std::sort(parts.begin(), parts.end());
  return fmt::format("0/{} nodes are available: {}.", nodes, fmt::join(parts, ", "));
}

}  // namespace

NodeState parse_node_state(const json::Value& object) {
  NodeState node;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, node.metadata);
  node.metadata.annotations.clear();
  if (const auto* flag = json::find(object, "spec.unschedulable")) node.is_unschedulable = flag->is_bool() && flag->get_bool();
  if (const auto* taints = json::find(object, "spec.taints")) json::decode_into(*taints, node.taints);
  std::vector<PodCondition> conditions;
  if (const auto* found = json::find(object, "status.conditions")) json::decode_into(*found, conditions);
  for (const PodCondition& condition : conditions)
    if (condition.type == "Ready") node.is_ready = condition.status == "True";
  return node;
}

Placement place(const PodState& pod, const std::vector<const NodeState*>& nodes, const std::map<std::string, int>& load,
                const std::vector<const PodState*>& neighbors) {
  Placement placement;
  if (nodes.empty()) {
    placement.reason = "no nodes available to schedule pods";
    return placement;
  }
  const Neighborhood neighborhood(nodes, neighbors);
  std::map<std::string, int> obstacles;
  std::tuple<std::int64_t, int> best;
  for (const NodeState* node : nodes) {
    std::string problem = obstacle(pod, *node);
    if (problem.empty()) problem = neighborhood.obstacle(pod, *node);
    if (!problem.empty()) {
      ++obstacles[problem];
      continue;
    }
    const auto found = load.find(node->metadata.name);
    const std::tuple cost(neighborhood.reluctance(pod, *node), found == load.end() ? 0 : found->second);
    if (!placement.node.empty() && cost >= best) continue;
    placement.node = node->metadata.name;
    best = cost;
  }
  if (placement.node.empty()) placement.reason = refusal(nodes.size(), obstacles);
  return placement;
}

bool wants_node(const PodState& pod) {
  const bool is_ours = pod.scheduler_name.empty() || pod.scheduler_name == "default-scheduler";
  return is_ours && pod.node_name.empty() && pod.is_active() && !pod.is_gated;
}

json::Value scheduled_patch(const PodState& pod, const Placement& placement, Time now) {
  PodCondition wanted;
  wanted.type = "PodScheduled";
  wanted.status = placement.node.empty() ? "False" : "True";
  if (placement.node.empty()) {
    wanted.reason = "Unschedulable";
    wanted.message = placement.reason;
  }
  wanted.lastTransitionTime = now;
  if (const PodCondition* before = pod.condition("PodScheduled"); before && before->status == wanted.status) {
    if (before->message == wanted.message && before->reason == wanted.reason) return nullptr;
    wanted.lastTransitionTime = before->lastTransitionTime;
  }
  json::Array conditions;
  for (const PodCondition& condition : pod.conditions)
    if (condition.type != "PodScheduled") conditions.push_back(json::encode(condition));
  conditions.push_back(json::encode(wanted));
  return json::Object{{"status", json::Object{{"conditions", std::move(conditions)}}}};
}

}  // namespace canaria::plan::workload
