// The Rollout as the controller and the command line read it. Field names and meaning are those of the public API
// (argoproj.io/v1alpha1); what nothing here reads yet (routers, analysis blocks) stays JSON and is passed on untouched.
//
// The full list of fields, for pruning, hashing and the CRD, is the table in api/schema; these structs are the part of it
// that decisions depend on. Members are spelled as in JSON.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/meta/object_meta.h"
#include "json/value.h"
#include "lang/int_or_percent.h"
#include "lang/selector.h"

namespace canaria::api {

using lang::IntOrString;
using lang::LabelSelector;

struct EphemeralMetadata {
  StringMap labels;
  StringMap annotations;
  bool operator==(const EphemeralMetadata&) const = default;
};
BOOST_DESCRIBE_STRUCT(EphemeralMetadata, (), (labels, annotations))

struct PauseStep {
  std::optional<IntOrString> duration;  // unset: wait for a person
};
BOOST_DESCRIBE_STRUCT(PauseStep, (), (duration))

// A pause's length in whole seconds: an integer, a string holding an integer, or a Go duration cut to seconds.
// -1 when the text cannot be read; empty when there is no duration (wait for a person).
std::optional<std::int64_t> pause_seconds(const PauseStep& pause);

struct SetCanaryScale {
  std::optional<std::int32_t> weight;
  std::optional<std::int32_t> replicas;
  bool matchTrafficWeight = false;
};
BOOST_DESCRIBE_STRUCT(SetCanaryScale, (), (weight, replicas, matchTrafficWeight))

struct CanaryStep {
  std::optional<std::int32_t> setWeight;
  std::optional<PauseStep> pause;
  json::Value experiment;  // null: not set; the same for the following
  json::Value analysis;
  std::optional<SetCanaryScale> setCanaryScale;
  json::Value setHeaderRoute;
  json::Value setMirrorRoute;
  json::Value plugin;
};
BOOST_DESCRIBE_STRUCT(CanaryStep, (),
                      (setWeight, pause, experiment, analysis, setCanaryScale, setHeaderRoute, setMirrorRoute, plugin))

struct ReplicaProgressThreshold {
  std::string type;  // "Percent", everything else counts as "Pods"
  std::int32_t value = 0;
};
BOOST_DESCRIBE_STRUCT(ReplicaProgressThreshold, (), (type, value))

struct PreferredAntiAffinity {
  std::int32_t weight = 0;
};
BOOST_DESCRIBE_STRUCT(PreferredAntiAffinity, (), (weight))

struct RequiredAntiAffinity {};
BOOST_DESCRIBE_STRUCT(RequiredAntiAffinity, (), ())

struct AntiAffinity {
  std::optional<PreferredAntiAffinity> preferredDuringSchedulingIgnoredDuringExecution;
  std::optional<RequiredAntiAffinity> requiredDuringSchedulingIgnoredDuringExecution;
};
BOOST_DESCRIBE_STRUCT(AntiAffinity, (),
                      (preferredDuringSchedulingIgnoredDuringExecution, requiredDuringSchedulingIgnoredDuringExecution))

struct PingPong {
  std::string pingService;
  std::string pongService;
};
BOOST_DESCRIBE_STRUCT(PingPong, (), (pingService, pongService))

struct ManagedRoute {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(ManagedRoute, (), (name))

struct TrafficRouting {
  std::vector<ManagedRoute> managedRoutes;
  std::optional<std::int32_t> maxTrafficWeight;
  json::Value istio;
  json::Value nginx;
  json::Value alb;
  json::Value smi;
  json::Value ambassador;
  json::Value appMesh;
  json::Value traefik;
  json::Value apisix;
  json::Value plugins;
};
BOOST_DESCRIBE_STRUCT(TrafficRouting, (),
                      (managedRoutes, maxTrafficWeight, istio, nginx, alb, smi, ambassador, appMesh, traefik, apisix, plugins))

struct CanaryStrategy {
  std::string canaryService;
  std::string stableService;
  std::optional<PingPong> pingPong;
  std::vector<CanaryStep> steps;
  std::optional<TrafficRouting> trafficRouting;
  std::optional<IntOrString> maxSurge;
  std::optional<IntOrString> maxUnavailable;
  json::Value analysis;
  std::optional<AntiAffinity> antiAffinity;
  std::optional<EphemeralMetadata> canaryMetadata;
  std::optional<EphemeralMetadata> stableMetadata;
  std::optional<std::int32_t> scaleDownDelaySeconds;
  std::optional<std::int32_t> scaleDownDelayRevisionLimit;
  std::optional<std::int32_t> abortScaleDownDelaySeconds;
  bool dynamicStableScale = false;
  std::optional<std::int32_t> minPodsPerReplicaSet;
  std::optional<ReplicaProgressThreshold> replicaProgressThreshold;
};
BOOST_DESCRIBE_STRUCT(CanaryStrategy, (),
                      (canaryService, stableService, pingPong, steps, trafficRouting, maxSurge, maxUnavailable, analysis,
                       antiAffinity, canaryMetadata, stableMetadata, scaleDownDelaySeconds, scaleDownDelayRevisionLimit,
                       abortScaleDownDelaySeconds, dynamicStableScale, minPodsPerReplicaSet, replicaProgressThreshold))

struct BlueGreenStrategy {
  std::string activeService;
  std::string previewService;
  std::optional<std::int32_t> previewReplicaCount;
  std::optional<bool> autoPromotionEnabled;
  std::int32_t autoPromotionSeconds = 0;
  std::optional<IntOrString> maxUnavailable;
  std::optional<std::int32_t> scaleDownDelaySeconds;
  std::optional<std::int32_t> scaleDownDelayRevisionLimit;
  std::optional<std::int32_t> abortScaleDownDelaySeconds;
  json::Value prePromotionAnalysis;
  json::Value postPromotionAnalysis;
  std::optional<AntiAffinity> antiAffinity;
  std::optional<EphemeralMetadata> previewMetadata;
  std::optional<EphemeralMetadata> activeMetadata;
};
BOOST_DESCRIBE_STRUCT(BlueGreenStrategy, (),
                      (activeService, previewService, previewReplicaCount, autoPromotionEnabled, autoPromotionSeconds,
                       maxUnavailable, scaleDownDelaySeconds, scaleDownDelayRevisionLimit, abortScaleDownDelaySeconds,
                       prePromotionAnalysis, postPromotionAnalysis, antiAffinity, previewMetadata, activeMetadata))

struct Strategy {
  std::optional<BlueGreenStrategy> blueGreen;
  std::optional<CanaryStrategy> canary;
};
BOOST_DESCRIBE_STRUCT(Strategy, (), (blueGreen, canary))

struct WorkloadRef {
  std::string apiVersion;
  std::string kind;
  std::string name;
  std::string scaleDown;
};
BOOST_DESCRIBE_STRUCT(WorkloadRef, (), (apiVersion, kind, name, scaleDown))

struct RollbackWindow {
  std::int32_t revisions = 0;
};
BOOST_DESCRIBE_STRUCT(RollbackWindow, (), (revisions))

struct AnalysisLimits {
  std::optional<std::int32_t> successfulRunHistoryLimit;
  std::optional<std::int32_t> unsuccessfulRunHistoryLimit;
};
BOOST_DESCRIBE_STRUCT(AnalysisLimits, (), (successfulRunHistoryLimit, unsuccessfulRunHistoryLimit))

struct RolloutSpec {
  std::optional<std::int32_t> replicas;
  std::optional<LabelSelector> selector;
  std::optional<WorkloadRef> workloadRef;
  std::int32_t minReadySeconds = 0;
  Strategy strategy;
  std::optional<std::int32_t> revisionHistoryLimit;
  bool paused = false;
  std::optional<std::int32_t> progressDeadlineSeconds;
  bool progressDeadlineAbort = false;
  std::optional<Time> restartAt;
  std::optional<RollbackWindow> rollbackWindow;
  std::optional<AnalysisLimits> analysis;
};
BOOST_DESCRIBE_STRUCT(RolloutSpec, (),
                      (replicas, selector, workloadRef, minReadySeconds, strategy, revisionHistoryLimit, paused,
                       progressDeadlineSeconds, progressDeadlineAbort, restartAt, rollbackWindow, analysis))

struct Condition {
  std::string type;
  std::string status;
  std::optional<Time> lastUpdateTime;
  std::optional<Time> lastTransitionTime;
  std::string reason;
  std::string message;
  bool operator==(const Condition&) const = default;
};
BOOST_DESCRIBE_STRUCT(Condition, (), (type, status, lastUpdateTime, lastTransitionTime, reason, message))

struct PauseCondition {
  std::string reason;
  std::optional<Time> startTime;
  bool operator==(const PauseCondition&) const = default;
};
BOOST_DESCRIBE_STRUCT(PauseCondition, (), (reason, startTime))

struct TrafficWeight {
  std::optional<std::int32_t> weight;  // always set when written: 0 is a weight
  std::string serviceName;
  std::string podTemplateHash;
  bool operator==(const TrafficWeight&) const = default;
};
BOOST_DESCRIBE_STRUCT(TrafficWeight, (), (weight, serviceName, podTemplateHash))

struct TrafficWeights {
  TrafficWeight canary;
  TrafficWeight stable;
  std::vector<TrafficWeight> additional;
  std::optional<bool> verified;
  bool operator==(const TrafficWeights&) const = default;
};
BOOST_DESCRIBE_STRUCT(TrafficWeights, (), (canary, stable, additional, verified))

struct CanaryStatus {
  std::optional<TrafficWeights> weights;
  json::Value currentStepAnalysisRunStatus;
  json::Value currentBackgroundAnalysisRunStatus;
  std::string currentExperiment;
  std::string stablePingPong;
  json::Value stepPluginStatuses;
};
BOOST_DESCRIBE_STRUCT(CanaryStatus, (),
                      (weights, currentStepAnalysisRunStatus, currentBackgroundAnalysisRunStatus, currentExperiment,
                       stablePingPong, stepPluginStatuses))

struct BlueGreenStatus {
  std::string activeSelector;
  std::string previewSelector;
  bool scaleUpPreviewCheckPoint = false;
  json::Value prePromotionAnalysisRunStatus;
  json::Value postPromotionAnalysisRunStatus;
};
BOOST_DESCRIBE_STRUCT(BlueGreenStatus, (),
                      (activeSelector, previewSelector, scaleUpPreviewCheckPoint, prePromotionAnalysisRunStatus,
                       postPromotionAnalysisRunStatus))

struct DurationStatus {
  std::optional<Time> rolloutStartedAt;
  std::optional<Time> manualPauseStartedAt;
  std::int64_t totalManualPauseDurationSeconds = 0;
  std::optional<Time> finishedAt;
  std::string completionStatus;
};
BOOST_DESCRIBE_STRUCT(DurationStatus, (),
                      (rolloutStartedAt, manualPauseStartedAt, totalManualPauseDurationSeconds, finishedAt, completionStatus))

struct RolloutStatus {
  bool abort = false;
  std::optional<Time> abortedAt;
  std::vector<PauseCondition> pauseConditions;
  bool controllerPause = false;
  std::string currentPodHash;
  std::string currentStepHash;
  std::int32_t replicas = 0;
  std::int32_t updatedReplicas = 0;
  std::int32_t readyReplicas = 0;
  std::int32_t availableReplicas = 0;
  std::optional<std::int32_t> currentStepIndex;
  std::optional<std::int32_t> collisionCount;
  std::string observedGeneration;  // a decimal number as text
  std::vector<Condition> conditions;
  CanaryStatus canary;
  BlueGreenStatus blueGreen;
  std::int32_t HPAReplicas = 0;
  std::string selector;
  std::string stableRS;
  std::optional<Time> restartedAt;
  bool promoteFull = false;
  std::string phase;
  std::string message;
  std::string workloadObservedGeneration;
  json::Value alb;
  json::Value albs;
  std::optional<DurationStatus> duration;
};
BOOST_DESCRIBE_STRUCT(RolloutStatus, (),
                      (abort, abortedAt, pauseConditions, controllerPause, currentPodHash, currentStepHash, replicas,
                       updatedReplicas, readyReplicas, availableReplicas, currentStepIndex, collisionCount, observedGeneration,
                       conditions, canary, blueGreen, HPAReplicas, selector, stableRS, restartedAt, promoteFull, phase, message,
                       workloadObservedGeneration, alb, albs, duration))

struct Rollout {
  ObjectMeta metadata;
  RolloutSpec spec;
  RolloutStatus status;

  // Derived once when the object is read, because both need the JSON that is not kept.
  std::string pod_template;  // canonical text of spec.template; see api/core/pod_template.h
  std::string step_hash;     // hash of the canary steps; empty for blue-green
  std::string template_problem;  // see pod_template_problem; usually empty

  std::int32_t replicas() const { return spec.replicas.value_or(1); }
  const CanaryStrategy* canary() const { return spec.strategy.canary ? &*spec.strategy.canary : nullptr; }
  std::int32_t step_count() const { return canary() ? static_cast<std::int32_t>(canary()->steps.size()) : 0; }
  std::int32_t step_index() const { return status.currentStepIndex.value_or(0); }
  // The step being executed; null without steps or past the end.
  const CanaryStep* current_step() const;
  // status.stableRS == status.currentPodHash, also when both are empty.
  bool is_fully_promoted() const { return status.stableRS == status.currentPodHash; }
  std::int32_t max_weight() const;  // trafficRouting.maxTrafficWeight or 100
  const Condition* condition(std::string_view type) const;
};

// The typed Rollout of a live object; tolerant (see json/codec.h).
Rollout parse_rollout(const json::Value& object);
json::Value encode_status(const RolloutStatus& status);
RolloutStatus parse_status(const json::Value& status);

// Spellings of the API that more than one layer needs.
inline constexpr const char* kHashLabel = "rollouts-pod-template-hash";
inline constexpr const char* kRevisionAnnotation = "rollout.argoproj.io/revision";
inline constexpr const char* kRevisionHistoryAnnotation = "rollout.argoproj.io/revision-history";
inline constexpr const char* kDesiredReplicasAnnotation = "rollout.argoproj.io/desired-replicas";
inline constexpr const char* kWorkloadGenerationAnnotation = "rollout.argoproj.io/workload-generation";
inline constexpr const char* kEphemeralMetadataAnnotation = "rollout.argoproj.io/ephemeral-metadata";
inline constexpr const char* kScaleDownDeadlineAnnotation = "scale-down-deadline";
inline constexpr const char* kManagedByAnnotation = "argo-rollouts.argoproj.io/managed-by-rollouts";
inline constexpr const char* kGatewayApiPlugin = "argoproj-labs/gatewayAPI";
inline constexpr const char* kInstanceIdLabel = "argo-rollouts.argoproj.io/controller-instance-id";

}  // namespace canaria::api
