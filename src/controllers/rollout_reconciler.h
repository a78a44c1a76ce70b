// One pass over one Rollout: observe (caches to snapshot), plan (pure), apply (effects to calls).
//
// Reconciles by key from the current state, never from an event. It keeps no state between passes, apart from how long pod
// counters already wait to be written, and never sleeps or retries; the work queue does. Not responsible for watches, queue or
// logs (rollout_controller.h).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "controllers/rollout_caches.h"
#include "controllers/rollout_writer.h"
#include "plan/rollout/plan.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_client.h"

namespace canaria::controllers {

enum class Mode { kApply, kDryRun };

// What one pass did, for the queue, the log and the metrics.
struct Pass {
  std::optional<Error> error;             // kConflict is not a failure: somebody wrote first, look again
  std::optional<Time> wake_at;
  bool has_written = false;               // the world changed by our hand: look again at once
  std::vector<std::string> actions;       // what was carried out, or would be in a dry run
  std::vector<std::string> reasons;       // why, one for each action
  std::vector<plan::Plan::Finished> finished;
};

class RolloutReconciler {
 public:
  using Planner = std::function<plan::Plan(const plan::Snapshot&)>;

  struct Doors {
    ObjectClient& client;
    EventRecorder& events;
    const Clock& clock;
  };

  RolloutReconciler(Doors doors, RolloutCaches& caches, plan::ControllerOptions options, Mode mode = Mode::kApply,
                    Planner planner = plan::plan);

  // Does nothing when the Rollout is gone or being deleted. Actions are applied in order and the first failure stops.
  Task<Pass> reconcile(api::ObjectKey key);

 private:
  Task<Result<plan::Plan>> make_plan(RolloutWriter* writer, std::optional<plan::Workload> workload);
  void hold_counters(const api::ObjectKey& key, plan::Plan* todo, Pass* pass);
  Task<void> apply(RolloutWriter* writer, plan::Plan todo, Pass* pass);

  Doors doors_;
  RolloutCaches& caches_;
  plan::ControllerOptions options_;
  Mode mode_;
  Planner planner_;
  std::map<api::ObjectKey, Time> counters_due_;  // when waiting counters are written
};

}  // namespace canaria::controllers
