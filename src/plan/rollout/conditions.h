// status.conditions: setting one, and computing those of a pass.
#pragma once

#include "plan/rollout/pass.h"

namespace canaria::plan {

// Sets a condition by the rules of the reference: the same status and reason is no change (the old message stays); otherwise
// the old one goes and the new one is appended, keeping lastTransitionTime when only the reason changed.
enum class Refresh { kIfChanged, kAlways };
void set_condition(std::vector<api::Condition>& conditions, Time now, api::Condition condition,
                   Refresh refresh = Refresh::kIfChanged);
void remove_condition(std::vector<api::Condition>& conditions, std::string_view type);
const api::Condition* find_condition(const std::vector<api::Condition>& conditions, std::string_view type);

// The conditions that say "paused", "resumed" or "retried", for a status whose pauses are up to date.
void update_pause_conditions(const api::Rollout& rollout, Time now, api::RolloutStatus& status);

// Progressing, Healthy, Available, ReplicaFailure and Completed after a pass; `pass.status` holds everything else already.
void update_conditions(const View& view, Pass& pass);

// Updated, available, promoted and rid of old pods.
bool is_complete(const View& view, const api::RolloutStatus& status);

// progressDeadlineSeconds: whether the stored condition says it is over; whether it applies at all in this state; and when it
// will be over.
bool is_timed_out(const View& view, const std::vector<api::Condition>& conditions);
bool is_deadline_exempt(const View& view);
std::optional<Time> progress_deadline(const View& view, const api::RolloutStatus& status);

}  // namespace canaria::plan
