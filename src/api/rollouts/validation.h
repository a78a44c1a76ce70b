// Is this Rollout right? All checks that do not need the cluster, in the order and with the texts of the reference, because
// tools match on them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/core/service.h"
#include "api/rollouts/rollout.h"

namespace canaria::api {

// What this version of the program can carry out. A valid Rollout that asks for more gets a clear error instead of being
// carried out halfway.
enum class Feature { kBlueGreen, kAnalysis, kExperiments, kTrafficRouters, kHeaderRoutes, kMirrorRoutes, kStepPlugins };

struct FieldError {
  std::string path;    // "spec.strategy.steps[0].setWeight"
  std::string detail;  // "Invalid value: 120: SetWeight needs to be between 0 and 100"
  std::string text() const { return path + ": " + detail; }
};

// Every violated rule, in rule order; the controller shows the first, `lint` all. `pod_template` is the canonical text of the
// template in force (the workload's when workloadRef is used), `selector` likewise. An empty `pod_template` says that nobody
// looked the workload up (lint): the template is not judged then, nor a selector missed.
std::vector<FieldError> validate(const Rollout& rollout, const std::string& pod_template,
                                 const std::optional<LabelSelector>& selector);

// What the Rollout uses that is not available yet, one error for each use.
std::vector<FieldError> unavailable_features(const Rollout& rollout);

// Checks of the Services that the Rollout names: missing, label mismatch, managed by another Rollout. `services` are those
// found in the namespace; others among them do not matter.
std::vector<FieldError> validate_services(const Rollout& rollout, const std::string& pod_template,
                                          const std::vector<Service>& services);

// The names of all Services that the strategy refers to, without empty ones.
std::vector<std::string> referenced_services(const Rollout& rollout);

}  // namespace canaria::api
