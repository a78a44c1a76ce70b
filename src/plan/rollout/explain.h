// The one reason why a Rollout is not moving, since when, and what unblocks it. A pure function of what can be read with
// kubectl; it needs nothing from the controller, so it also answers when the controller is the problem.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/apps/replica_set.h"
#include "api/rollouts/rollout.h"
#include "plan/rollout/pod_trouble.h"

namespace canaria::plan {

struct ExplainFacts {
  Time now;
  api::Rollout rollout;
  std::vector<api::ReplicaSet> sets;     // those of the Rollout
  std::vector<PodTrouble> troubles;      // of the Pods of these sets
  std::string program = "canaria";       // how the user spells the commands that are advised
};

enum class Standstill {
  kNone,      // done: nothing to wait for
  kMoving,    // waits for something that normally comes by itself
  kPerson,    // waits for a decision
  kFault,     // needs a repair
};

struct Explanation {
  Standstill standstill = Standstill::kNone;
  std::string reason;
  std::optional<Time> since;
  std::string unblock;   // what to do, or what will happen by itself
};

Explanation explain(const ExplainFacts& facts);

}  // namespace canaria::plan
