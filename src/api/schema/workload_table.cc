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
ReplicaSetSpec "How many pods of which template a ReplicaSet keeps." {
  minReadySeconds: int32 "Seconds a pod must be ready before it counts as available."
  replicas: int32 "Number of desired pods; 1 when unset."
  selector: LabelSelector? required always "Selects the pods of this ReplicaSet. It cannot be changed."
  template: PodTemplateSpec always "The pods to run."
}
ReplicaSetStatus "How many pods there are." {
  availableReplicas: int32 "Pods that have been ready for minReadySeconds."
  conditions: [ReplicaSetCondition] keys(type) "ReplicaFailure, when pods cannot be made."
  fullyLabeledReplicas: int32 "Pods that have all labels of the template."
  observedGeneration: int64 "Generation of the spec that this status is about."
  readyReplicas: int32 "Pods that are ready."
  replicas: int32 "Pods that exist."
  terminatingReplicas: int32 "Pods that are being stopped."
}
ReplicaSetCondition "One aspect of the state of a ReplicaSet." {
  type: string "What it is about."
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
}
Deployment {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: DeploymentSpec "How many pods of which template, and how they are replaced."
  status: DeploymentStatus "How far the update is."
}
DeploymentSpec "How many pods of which template, and how they are replaced." {
  minReadySeconds: int32 "Seconds a pod must be ready before it counts as available."
  paused: bool "Pauses the update until it is set to false."
  progressDeadlineSeconds: int32 "Seconds without progress after which the update counts as failed; 600 when unset."
  replicas: int32 "Number of desired pods; 1 when unset."
  revisionHistoryLimit: int32 "Number of old ReplicaSets to keep; 10 when unset."
  selector: LabelSelector? required always "Selects the pods of this Deployment. It cannot be changed."
  strategy: DeploymentStrategy always retain-keys "How old pods are replaced by new ones."
  template: PodTemplateSpec required always "The pods to run."
}
DeploymentStrategy "How old pods are replaced by new ones." {
  type: string "RollingUpdate or Recreate; RollingUpdate when unset."
  rollingUpdate: RollingUpdateDeployment "Limits of a RollingUpdate."
}
RollingUpdateDeployment "Limits of an update, as numbers or percentages; not both zero." {
  maxSurge: int-or-string "Pods on top of the desired number; 25% when unset."
  maxUnavailable: int-or-string "Pods that may be unavailable; 25% when unset."
}
DeploymentStatus "How far an update is." {
  availableReplicas: int32 "Pods that have been ready for minReadySeconds."
  collisionCount: int32 "How often the name of a new ReplicaSet was taken."
  conditions: [DeploymentCondition] keys(type) "Available, Progressing and ReplicaFailure."
  observedGeneration: int64 "Generation of the spec that this status is about."
  readyReplicas: int32 "Pods that are ready."
  replicas: int32 "Pods that exist."
  terminatingReplicas: int32 "Pods that are being stopped."
  unavailableReplicas: int32 "Pods still missing."
  updatedReplicas: int32 "Pods of the current template."
}
DeploymentCondition "One aspect of the state of a Deployment." {
  type: string "What it is about."
  lastTransitionTime: time "When the status changed last."
  lastUpdateTime: time "When anything of it was written last."
  message: string "Why it is so, for people."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
}
Job {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: JobSpec "What is to run to its end."
  status: JobStatus "How far it is."
}
JobStatus "How far a Job is." {
  active: int32 "Pods that run."
  completedIndexes: string "Indexes that have succeeded, like 0,2-4."
  completionTime: time "When it ended well."
  conditions: [JobCondition] keys(type) "Complete, Failed, Suspended and others."
  failed: int32 "Pods that failed."
  failedIndexes: string "Indexes that have failed, like 0,2-4."
  ready: int32 "Pods that are ready."
  startTime: time "When it started."
  succeeded: int32 "Pods that ended well."
  terminating: int32 "Pods that are being stopped."
  uncountedTerminatedPods: UncountedTerminatedPods "Ended pods that the numbers do not hold yet."
}
JobCondition "One aspect of the state of a Job." {
  type: string "What it is about."
  lastProbeTime: time "When it was checked last."
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
}
UncountedTerminatedPods "Identities of ended pods that are to be counted." {
  failed: [string] set "Those that failed."
  succeeded: [string] set "Those that succeeded."
}
Scale {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: ScaleSpec "How many pods there should be."
  status: ScaleStatus "How many pods there are."
}
ScaleSpec "How many pods there should be." {
  replicas: int32 "Number of desired pods."
}
ScaleStatus "How many pods there are." {
  replicas: int32 "Pods that exist."
  selector: string "Selects these pods."
}
)";

}  // namespace canaria::api::schema
