// The phase and message of a Rollout: as the controller stores them, and as clients show them.
#pragma once

#include <string>

#include "api/rollouts/rollout.h"

namespace canaria::plan {

struct Phase {
  std::string phase;    // Healthy, Progressing, Paused, Degraded
  std::string message;  // empty when Healthy
  bool operator==(const Phase&) const = default;
};

// From spec and status; first match wins.
Phase compute_phase(const api::Rollout& rollout);

// What get, list, status and the dashboard show: says so when the controller has not seen the latest spec yet.
Phase shown_phase(const api::Rollout& rollout);

}  // namespace canaria::plan
