// What runs pods: ReplicaSet and Deployment of apps/v1, Job of batch/v1 around its spec, Scale of autoscaling/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kWorkloadTable = R"(
ReplicaSet {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: ReplicaSetSpec "How many pods of which template."
  status: ReplicaSetStatus "How many pods there are."
}
ReplicaSetSpec {
  minReadySeconds: int32 "Seconds a pod must be ready before it counts as available."
  replicas: int32 "Number of desired pods; 1 when unset."
  selector: LabelSelector? required always "Selects the pods of this ReplicaSet. It cannot be changed."
  template: PodTemplateSpec always "The pods to run."
}
ReplicaSetStatus {
  availableReplicas: int32 "Pods that have been ready for minReadySeconds."
  conditions: [ReplicaSetCondition] keys(type)
  fullyLabeledReplicas: int32
  observedGeneration: int64
  readyReplicas: int32 "Pods that are ready."
  replicas: int32 "Pods that exist."
  terminatingReplicas: int32
}
ReplicaSetCondition {
  type: string
  lastTransitionTime: time
  message: string
  reason: string
  status: string
}
Deployment {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: DeploymentSpec "How many pods of which template, and how they are replaced."
  status: DeploymentStatus "How far the update is."
}
DeploymentSpec {
  minReadySeconds: int32 "Seconds a pod must be ready before it counts as available."
  paused: bool "Pauses the update until it is set to false."
  progressDeadlineSeconds: int32 "Seconds without progress after which the update counts as failed; 600 when unset."
  replicas: int32 "Number of desired pods; 1 when unset."
  revisionHistoryLimit: int32 "Number of old ReplicaSets to keep; 10 when unset."
  selector: LabelSelector? required always "Selects the pods of this Deployment. It cannot be changed."
  strategy: DeploymentStrategy always retain-keys "How old pods are replaced by new ones."
  template: PodTemplateSpec required always "The pods to run."
}
DeploymentStrategy {
  type: string "RollingUpdate or Recreate; RollingUpdate when unset."
  rollingUpdate: RollingUpdateDeployment
}
RollingUpdateDeployment {
  maxSurge: int-or-string "Pods on top of the desired number; 25% when unset."
  maxUnavailable: int-or-string "Pods that may be unavailable; 25% when unset."
}
DeploymentStatus {
  availableReplicas: int32 "Pods that have been ready for minReadySeconds."
  collisionCount: int32
  conditions: [DeploymentCondition] keys(type) "Available, Progressing and ReplicaFailure."
  observedGeneration: int64
  readyReplicas: int32 "Pods that are ready."
  replicas: int32 "Pods that exist."
  terminatingReplicas: int32
  unavailableReplicas: int32 "Pods still missing."
  updatedReplicas: int32 "Pods of the current template."
}
DeploymentCondition {
  type: string
  lastTransitionTime: time
  lastUpdateTime: time
  message: string
  reason: string
  status: string
}
Job {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: JobSpec "What is to run to its end."
  status: JobStatus "How far it is."
}
JobStatus {
  active: int32 "Pods that run."
  completedIndexes: string
  completionTime: time "When it ended well."
  conditions: [JobCondition] keys(type) "Complete, Failed, Suspended and others."
  failed: int32 "Pods that failed."
  failedIndexes: string
  ready: int32
  startTime: time "When it started."
  succeeded: int32 "Pods that ended well."
  terminating: int32
  uncountedTerminatedPods: UncountedTerminatedPods
}
JobCondition {
  type: string
  lastProbeTime: time
  lastTransitionTime: time
  message: string
  reason: string
  status: string
}
UncountedTerminatedPods {
  failed: [string] set
  succeeded: [string] set
}
Scale {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: ScaleSpec
  status: ScaleStatus
}
ScaleSpec {
  replicas: int32 "Number of desired pods."
}
ScaleStatus {
  replicas: int32 "Pods that exist."
  selector: string "Selects these pods."
}
)";

}  // namespace canaria::api::schema
