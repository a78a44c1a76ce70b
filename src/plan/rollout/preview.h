// A release on paper: what will happen when a Rollout is changed, found by running plan() again and again on the world it
// leads to. Nothing is written anywhere. Pods become ready at once, so the times are the shortest possible; a pause that
// waits for a person is noted and then taken as promoted.
#pragma once

#include <string>
#include <vector>

#include "plan/rollout/plan.h"
#include "plan/rollout/roles.h"

namespace canaria::plan {

// One step of the strategy, as it is when it completes.
struct PreviewStep {
  std::int32_t index = 0;       // from 0
  std::string text;             // "setWeight: 20"
  Sizes pods;                   // wanted by the new and by the stable ReplicaSet
  std::int32_t weight = 0;      // percent for the new version
  Seconds after{0};             // time from the change until the step completes, at least
  bool waits_for_person = false;
};

struct PreviewAction {
  Seconds after{0};
  std::string text;             // "scale ReplicaSet web-5d8f from 0 to 1"
  std::string reason;
};

struct Preview {
  std::vector<PreviewStep> steps;
  std::vector<PreviewAction> actions;
  Seconds shortest{0};
  std::int32_t waits_for_person = 0;
  std::int32_t pods_at_end = 0;
  // Empty when the release arrives; otherwise where and why it stops.
  std::string stopped;
  bool is_first_release = false;  // nothing is stable yet: steps do not apply
};

// REQUIRES: world.rollout is the changed Rollout with the live status and a raised generation; world.now is the start.
Preview preview(Snapshot world);

}  // namespace canaria::plan
