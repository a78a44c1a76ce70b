#include "plan/rollout/explain.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "api/rollouts/validation.h"
#include "lang/duration.h"
#include "plan/rollout/phase.h"

namespace canaria::plan {
namespace {

using Answer = std::optional<Explanation>;

std::string spoken(Millis span) { return lang::human_duration(std::chrono::ceil<Seconds>(std::max(span, Millis(0)))); }

std::string step_name(const api::Rollout& rollout) {
  return "step " + std::to_string(rollout.step_index() + 1) + " of " + std::to_string(rollout.step_count());
}

std::optional<Time> transition(const api::Rollout& rollout, std::string_view type) {
  const api::Condition* condition = rollout.condition(type);
  return condition ? condition->lastTransitionTime : std::nullopt;
}

std::string advice(const ExplainFacts& facts, const std::string& verb) {
  return facts.program + " " + verb + " " + facts.rollout.metadata.name;
}

std::string controller_advice() {
  return "look whether the controller runs and watches this namespace, and at its log; it acts within a second otherwise";
}

// The controller has not reacted to the newest spec.
Answer unobserved(const ExplainFacts& facts) {
  const api::Rollout& rollout = facts.rollout;
  const std::string& text = rollout.status.observedGeneration;
  std::int64_t seen = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seen);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (text.empty())
    return Explanation{Standstill::kFault, "the controller has not looked at this rollout yet",
                       rollout.metadata.creationTimestamp, controller_advice()};
  if (!is_number || seen >= rollout.metadata.generation) return std::nullopt;
  return Explanation{Standstill::kFault,
                     "the controller has not seen the latest spec: it is generation " +
                         std::to_string(rollout.metadata.generation) + ", the controller has seen " + text,
                     std::nullopt, controller_advice()};
}

Answer refused(const ExplainFacts& facts) {
  const api::Condition* invalid = facts.rollout.condition("InvalidSpec");
  if (invalid)
    return Explanation{Standstill::kFault, invalid->message, invalid->lastTransitionTime, "correct the spec and apply it again"};
  if (facts.rollout.is_fully_promoted()) return std::nullopt;
  const auto missing = api::unavailable_features(facts.rollout);
  if (missing.empty()) return std::nullopt;
  return Explanation{Standstill::kFault, missing.front().text(), std::nullopt,
                     "take this out of the spec, or use a version that can carry it out"};
}

Answer aborted(const ExplainFacts& facts) {
  const api::Rollout& rollout = facts.rollout;
  if (!rollout.status.abort) return std::nullopt;
  const api::Condition* progressing = rollout.condition("Progressing");
  const bool told = progressing && progressing->reason == "RolloutAborted";
  return Explanation{Standstill::kPerson, told ? progressing->message : "the update was aborted", rollout.status.abortedAt,
                     "try again with: " + advice(facts, "retry rollout") + "; or apply the old version to keep it"};
}

Answer paused_by_hand(const ExplainFacts& facts) {
  if (!facts.rollout.spec.paused) return std::nullopt;
  const auto& duration = facts.rollout.status.duration;
  const auto since =
      duration && duration->manualPauseStartedAt ? duration->manualPauseStartedAt : transition(facts.rollout, "Paused");
  return Explanation{
      Standstill::kPerson, "paused by a person (spec.paused is true)", since,
      "go on with: " + advice(facts, "promote") + "  (this also skips the step in progress), or set spec.paused to false"};
}

Explanation timed_pause(const ExplainFacts& facts, Seconds length, std::optional<Time> since) {
  const Time end = since.value_or(facts.now) + length;
  const std::string where = "timed pause at " + step_name(facts.rollout) + " (" + spoken(length) + ")";
  if (end + Seconds(10) < facts.now)
    return {Standstill::kFault, where + " is over since " + spoken(facts.now - end) + ", but nothing has happened", since,
            controller_advice()};
  return {Standstill::kMoving, where, since,
          "goes on by itself in " + spoken(end - facts.now) + "; or now with: " + advice(facts, "promote")};
}

Answer paused_by_controller(const ExplainFacts& facts) {
  const api::Rollout& rollout = facts.rollout;
  if (rollout.status.pauseConditions.empty()) {
    if (!rollout.status.controllerPause) return std::nullopt;
    return Explanation{Standstill::kMoving, "a person has resumed the rollout, the controller has not reacted yet", std::nullopt,
                       controller_advice()};
  }
  const api::PauseCondition& pause = rollout.status.pauseConditions.front();
  if (pause.reason == "CanaryPauseStep") {
    const api::CanaryStep* step = rollout.current_step();
    const auto length = step && step->pause ? api::pause_seconds(*step->pause) : std::nullopt;
    if (length && *length >= 0) return timed_pause(facts, Seconds(*length), pause.startTime);
    return Explanation{Standstill::kPerson, "waits for a person at " + step_name(rollout) + ", a pause without duration",
                       pause.startTime, "go on with: " + advice(facts, "promote") + "; go back with: " + advice(facts, "abort")};
  }
  if (pause.reason == "BlueGreenPause")
    return Explanation{Standstill::kPerson, "the preview version is ready and waits for promotion", pause.startTime,
                       "go on with: " + advice(facts, "promote")};
  const std::string what = pause.reason == "InconclusiveExperiment" ? "an experiment" : "an analysis run";
  return Explanation{Standstill::kPerson, what + " was inconclusive: a person has to decide", pause.startTime,
                     "go on with: " + advice(facts, "promote") + "; go back with: " + advice(facts, "abort")};
}

// The API server refuses Pods: a quota, an admission webhook, a security policy.
Answer refused_pods(const ExplainFacts& facts) {
  const auto told = [](const std::string& message, std::optional<Time> since) {
    return Explanation{Standstill::kFault, "pods cannot be created: " + message, since,
                       "remove the cause (quota, admission or security policy); Kubernetes tries again by itself"};
  };
  for (const api::ReplicaSet& set : facts.sets)
    for (const api::ReplicaSetCondition& condition : set.status.conditions)
      if (condition.type == "ReplicaFailure" && condition.status == "True" && set.replicas() > 0)
        return told(condition.message, condition.lastTransitionTime);
  const api::Condition* progressing = facts.rollout.condition("Progressing");
  if (progressing && progressing->reason == "ReplicaSetCreateError")
    return Explanation{Standstill::kFault, progressing->message, progressing->lastTransitionTime,
                       "remove the cause; the controller tries again by itself"};
  return std::nullopt;
}

std::string pod_advice(const std::string& reason, const std::string& pod) {
  if (reason == "ImagePullBackOff" || reason == "ErrImagePull" || reason == "InvalidImageName")
    return "check the image name, the registry and the pull secret: kubectl describe pod " + pod;
  if (reason == "CrashLoopBackOff" || reason == "Error" || reason == "OOMKilled")
    return "see why the container ends: kubectl logs --previous " + pod;
  if (reason == "Unschedulable") return "add room or correct requests, selectors and taints: kubectl describe pod " + pod;
  if (reason == "CreateContainerConfigError" || reason == "CreateContainerError")
    return "check the ConfigMaps, Secrets and volumes it refers to: kubectl describe pod " + pod;
  if (reason == "NotReady") return "see why its readiness probe fails: kubectl describe pod " + pod;
  return "wait, or look at: kubectl describe pod " + pod;
}

// Pods that are not ready, those of the new version first. The most frequent cause of a standstill, so it names them.
Answer unready_pods(const ExplainFacts& facts) {
  const std::string& current = facts.rollout.status.currentPodHash;
  std::vector<PodTrouble> troubles = facts.troubles;
  const auto rank = [&](const PodTrouble& trouble) {
    const bool starting = trouble.reason == "Starting";
    return std::pair(trouble.hash != current, starting);
  };
  std::ranges::stable_sort(troubles, {}, rank);
  if (troubles.empty()) return std::nullopt;
  const PodTrouble& first = troubles.front();
  std::vector<std::string> names;
  std::optional<Time> since;
  for (const PodTrouble& trouble : troubles) {
    if (trouble.hash != first.hash || trouble.reason != first.reason) continue;
    names.push_back(trouble.pod);
    if (trouble.since && (!since || *trouble.since < *since)) since = trouble.since;
  }
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < 3; ++i) list += (i ? ", " : "") + names[i];
  if (names.size() > 3) list += " and " + std::to_string(names.size() - 3) + " more";
  const std::string version = first.hash == current ? "new" : "old";
  std::string reason = std::to_string(names.size()) + (names.size() == 1 ? " pod" : " pods") + " of the " + version +
                       " version not ready: " + first.reason + " (" + list + ")";
  if (!first.message.empty()) reason += ": " + first.message;
  const api::Condition* progressing = facts.rollout.condition("Progressing");
  if (progressing && progressing->reason == "ProgressDeadlineExceeded") reason += "; the progress deadline is over";
  const bool starting = first.reason == "Starting";
  return Explanation{starting ? Standstill::kMoving : Standstill::kFault, reason, since, pod_advice(first.reason, first.pod)};
}

Answer timed_out(const ExplainFacts& facts) {
  const api::Condition* progressing = facts.rollout.condition("Progressing");
  if (!progressing || progressing->reason != "ProgressDeadlineExceeded") return std::nullopt;
  return Explanation{Standstill::kFault, progressing->message, progressing->lastTransitionTime,
                     "look at the events: kubectl describe rollout " + facts.rollout.metadata.name +
                         "; go back with: " + advice(facts, "abort")};
}

Answer restarting(const ExplainFacts& facts) {
  const auto& wanted = facts.rollout.spec.restartAt;
  if (!wanted || wanted == facts.rollout.status.restartedAt) return std::nullopt;
  if (*wanted > facts.now)
    return Explanation{Standstill::kMoving, "a restart is scheduled", std::nullopt,
                       "starts by itself in " + spoken(*wanted - facts.now)};
  return Explanation{Standstill::kMoving, "pods are being restarted, a few at a time", wanted,
                     "goes on as replaced pods become available"};
}

Answer analyzing(const ExplainFacts& facts) {
  const api::CanaryStatus& canary = facts.rollout.status.canary;
  const std::string run(json::text_at(canary.currentStepAnalysisRunStatus, "name"));
  if (!run.empty())
    return Explanation{Standstill::kMoving, "waits for analysis run " + run + " at " + step_name(facts.rollout), std::nullopt,
                       "goes on by itself when the run is successful"};
  if (!canary.currentExperiment.empty())
    return Explanation{Standstill::kMoving,
                       "waits for experiment " + canary.currentExperiment + " at " + step_name(facts.rollout), std::nullopt,
                       "goes on by itself when the experiment is successful"};
  return std::nullopt;
}

// Nothing above applies: what its phase says.
Explanation by_phase(const ExplainFacts& facts) {
  const Phase phase = shown_phase(facts.rollout);
  const auto since = transition(facts.rollout, "Progressing");
  if (phase.phase == "Healthy")
    return {Standstill::kNone, "nothing to wait for: the current version is fully rolled out",
            transition(facts.rollout, "Healthy"), ""};
  const auto ready_later = std::ranges::any_of(facts.sets, [](const api::ReplicaSet& set) {
    return set.status.readyReplicas > set.status.availableReplicas && set.spec.minReadySeconds > 0;
  });
  if (ready_later)
    return {Standstill::kMoving, "pods are ready but have to stay so for minReadySeconds", since, "goes on by itself"};
  const std::string where = facts.rollout.current_step() ? " at " + step_name(facts.rollout) : "";
  return {phase.phase == "Degraded" ? Standstill::kFault : Standstill::kMoving,
          (phase.message.empty() ? phase.phase : phase.message) + where, since,
          phase.phase == "Degraded" ? "look at the events: kubectl describe rollout " + facts.rollout.metadata.name
                                    : "goes on by itself; if it does not, " + controller_advice()};
}

}  // namespace

Explanation explain(const ExplainFacts& facts) {
  if (facts.rollout.metadata.deletionTimestamp)
    return {Standstill::kMoving, "the rollout is being deleted", facts.rollout.metadata.deletionTimestamp,
            "goes on when its finalizers are done"};
  // The order is the answer: each cause hides those below it, because removing it comes first.
  for (const auto& cause : {unobserved, refused, aborted, paused_by_hand, paused_by_controller, refused_pods, unready_pods,
                            timed_out, restarting, analyzing})
    if (Answer answer = cause(facts)) return *answer;
  return by_phase(facts);
}

}  // namespace canaria::plan
