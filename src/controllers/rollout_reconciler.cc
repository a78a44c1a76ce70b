#include "controllers/rollout_reconciler.h"

#include <algorithm>

#include "controllers/rollout_snapshot.h"
#include "plan/rollout/describe.h"
#include "plan/rollout/traffic_routes.h"

namespace canaria::controllers {
namespace {

// How soon to look again while the first list of a workload kind is on the way.
constexpr Millis kWorkloadListPoll{200};
// How long counters may be behind, so that the pods of one change are told in one write.
constexpr Millis kCountersWait{150};

}  // namespace

RolloutReconciler::RolloutReconciler(Doors doors, RolloutCaches& caches, plan::ControllerOptions options, Mode mode,
                                     Planner planner)
    : doors_(doors), caches_(caches), options_(std::move(options)), mode_(mode), planner_(std::move(planner)) {}

Task<Pass> RolloutReconciler::reconcile(api::ObjectKey key) {
  Pass pass;
  const auto rollout = caches_.rollouts().find(key);
  if (!rollout || rollout->metadata.deletionTimestamp) {
    counters_due_.erase(key);
    co_return pass;
  }

  std::optional<plan::Workload> workload;
  if (rollout->spec.workloadRef) {
    workload = resolve_workload(caches_, *rollout);
    if (!workload) {
      pass.wake_at = doors_.clock.now() + kWorkloadListPoll;
      co_return pass;
    }
  }

  RolloutWriter writer(doors_.client, doors_.events, doors_.clock, caches_, rollout);
  if (workload && workload->error.empty() && mode_ == Mode::kApply &&
      rollout->metadata.annotation(api::kWorkloadGenerationAnnotation) != std::to_string(workload->generation)) {
    const Status recorded = co_await writer.record_workload_generation(workload->generation);
    if (!recorded) {
      pass.error = recorded.error();
      co_return pass;
    }
    pass.actions.push_back("annotate Rollout");
    pass.reasons.push_back("workload generation changed to " + std::to_string(workload->generation));
  }

  auto todo = co_await make_plan(&writer, std::move(workload));
  if (!todo) {
    pass.error = todo.error();
    co_return pass;
  }
  pass.wake_at = todo->wake_at;
  if (todo->counters_can_wait) hold_counters(key, &*todo, &pass);
  else counters_due_.erase(key);
  co_await apply(&writer, *std::move(todo), &pass);
  co_return pass;
}

Task<Result<plan::Plan>> RolloutReconciler::make_plan(RolloutWriter* writer, std::optional<plan::Workload> workload) {
  plan::Snapshot snapshot = observe(caches_, *writer->rollout(), std::move(workload), doors_.clock.now(), options_);
  CO_TRY(snapshot.routes, co_await writer->read_routes(plan::routes_of(snapshot.rollout)));
  plan::Plan todo = planner_(snapshot);
  const auto selector = selector_in_force(snapshot.rollout, snapshot.workload);
  if (!todo.needs_pods || !selector) co_return todo;
  std::string text = lang::selector_text(*selector);
  CO_TRY(snapshot.pods, co_await writer->list_pods(std::move(text)));
  co_return planner_(snapshot);
}

// Takes the status write out of the plan until it is due.
void RolloutReconciler::hold_counters(const api::ObjectKey& key, plan::Plan* todo, Pass* pass) {
  const Time now = doors_.clock.now();
  const Time due = counters_due_.try_emplace(key, now + kCountersWait).first->second;
  if (now >= due) {
    counters_due_.erase(key);
    return;
  }
  std::erase_if(todo->actions,
                [](const plan::Action& action) { return std::holds_alternative<plan::PatchStatus>(action.effect); });
  pass->wake_at = std::min(due, pass->wake_at.value_or(due));
}

Task<void> RolloutReconciler::apply(RolloutWriter* writer, plan::Plan todo, Pass* pass) {
  for (plan::Action& action : todo.actions) {
    const bool writes = is_write(action.effect);
    pass->actions.push_back(plan::summary(action.effect));
    pass->reasons.push_back(std::move(action.reason));
    if (mode_ == Mode::kDryRun) continue;
    Status outcome = co_await writer->apply(std::move(action.effect));
    if (!outcome) {
      pass->error = std::move(outcome).error();
      co_return;
    }
    pass->has_written = pass->has_written || writes;
  }
  pass->finished = std::move(todo.finished);
  pass->error = std::move(todo.failure);
}

}  // namespace canaria::controllers
