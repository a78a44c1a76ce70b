// For tests only: pods in one line, saying what matters for the case.
#pragma once

#include <string>
#include <utility>

#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

inline Time noon() { return *parse_time("2026-08-01T12:00:00Z"); }

class PodBuilder {
 public:
  explicit PodBuilder(const std::string& name) {
    pod_.metadata.name = name;
    pod_.metadata.namespace_ = "shop";
    pod_.metadata.uid = "uid-" + name;
    pod_.metadata.labels = {{"app", "web"}};
    pod_.metadata.creationTimestamp = noon();
    pod_.phase = "Running";
    pod_.node_name = "local";
    pod_.address = "127.77.0.1";
  }
  PodBuilder& label(const std::string& key, const std::string& value) {
    pod_.metadata.labels[key] = value;
    return *this;
  }
  PodBuilder& owned_by(const std::string& uid) {
    pod_.metadata.ownerReferences = {{"apps/v1", "ReplicaSet", "web", uid, true, true}};
    return *this;
  }
  PodBuilder& ready(Time since = noon()) { return condition("Ready", "True", since); }
  PodBuilder& unready() { return condition("Ready", "False", noon()); }
  PodBuilder& phase(const std::string& phase) {
    pod_.phase = phase;
    return *this;
  }
  PodBuilder& node(const std::string& node) {
    pod_.node_name = node;
    return *this;
  }
  PodBuilder& address(const std::string& address) {
    pod_.address = address;
    return *this;
  }
  PodBuilder& created(Time when) {
    pod_.metadata.creationTimestamp = when;
    return *this;
  }
  PodBuilder& finished(const std::string& phase, Time when) {
    pod_.phase = phase;
    pod_.finished_at = when;
    return *this;
  }
  PodBuilder& cost(const std::string& cost) {
    pod_.metadata.annotations[kDeletionCostAnnotation] = cost;
    return *this;
  }
  PodBuilder& restarts(int count) {
    pod_.restarts = count;
    return *this;
  }
  PodBuilder& index(int index) {
    pod_.completion_index = index;
    return *this;
  }
  PodBuilder& terminating() {
    pod_.metadata.deletionTimestamp = noon();
    return *this;
  }
  PodBuilder& port(const std::string& name, int number) {
    pod_.ports.push_back({name, number, ""});
    return *this;
  }
  PodState& state() { return pod_; }
  operator PodState() const { return pod_; }  // NOLINT(google-explicit-constructor): that is what it is for

 private:
  PodBuilder& condition(const std::string& type, const std::string& status, Time since) {
    PodCondition condition;
    condition.type = type;
    condition.status = status;
    condition.lastTransitionTime = since;
    pod_.conditions = {condition};
    return *this;
  }
  PodState pod_;
};

inline std::vector<const PodState*> pointers(const std::vector<PodState>& pods) {
  std::vector<const PodState*> result;
  for (const PodState& pod : pods) result.push_back(&pod);
  return result;
}

}  // namespace canaria::plan::workload
