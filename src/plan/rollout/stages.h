// The stages of a canary pass, each in a file named after it. plan.cc calls them in order.
#pragma once

#include "plan/rollout/pass.h"

namespace canaria::plan {

// claim.cc: adopts ownerless ReplicaSets that match, releases ours that do not match any more.
void plan_claims(const Snapshot& snapshot, Pass& pass);

// revision.cc: creates the ReplicaSet of a new template, and keeps revision numbers and copied annotations in line.
void plan_new_set(const View& view, Pass& pass);
void sync_revision(const View& view, Pass& pass);
// Deletes what exceeds revisionHistoryLimit, oldest first.
void plan_history(const View& view, Pass& pass);

// services.cc: canary, stable and ping-pong Services follow their ReplicaSets, but never to one that cannot serve.
void plan_services(const View& view, Pass& pass);
// Whether something still routes to this ReplicaSet.
bool is_referenced(const View& view, const api::ReplicaSet& set);

// traffic.cc: gives the canary the weight of its step, as far as pods can carry it. kFailed: pass.failure says why.
enum class Routed { kDone, kFailed };
Routed plan_traffic(const View& view, Pass& pass);

// restart.cc: evicts pods older than restartAt, as many at a time as availability allows. True when it evicted any.
bool plan_restart(const View& view, Pass& pass);

// scaling.cc: sizes of the stable, the new and the other ReplicaSets; stops after the first that changed.
enum class Scaled { kNo, kYes };
Scaled plan_sizes(const View& view, Pass& pass);
// Whether the desired-replicas annotation of an active new or stable ReplicaSet differs from spec.replicas.
bool is_scaling_event(const View& view);
// Sets size and desired-replicas of one set, with its event. Part of plan_sizes, and used alone after an abort.
Scaled scale(const View& view, const api::ReplicaSet& set, std::int32_t size, const std::string& why, Pass& pass);

// workload.cc: spec.workloadRef.scaleDown shrinks the Deployment as the Rollout takes over.
enum class WorkloadStage { kScaling, kPromotion };
void plan_workload_scale_down(const View& view, WorkloadStage stage, Pass& pass);

// pause_step.cc: the pause step in progress. True when it is pausing, so that the pass skips what comes after.
bool plan_pause_step(const View& view, Pass& pass);
bool is_pause_complete(const View& view);

// rollback.cc: what kind of going back this is.
bool is_within_rollback_window(const View& view);
bool is_fast_rollback(const View& view);

// status.cc: the status of a full pass, of a scaling pass, of a fresh start; and what every status write recomputes.
void start_over(const View& view, Pass& pass);
void decide_canary_status(const View& view, Pass& pass);
void decide_scaling_status(const View& view, Pass& pass);
bool is_template_changed(const View& view);
bool are_steps_changed(const View& view);
std::string step_text(const api::CanaryStep& step);

// persist.cc: pauses, abort, conditions, phase and duration from everything decided before; the last stage of each pass.
void finish_status(const View& view, Pass& pass);

}  // namespace canaria::plan
