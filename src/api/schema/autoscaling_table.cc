// HorizontalPodAutoscaler of autoscaling/v2, and in the form of autoscaling/v1 (where "V1" ends the names of types).
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kAutoscalingTable = R"(
HorizontalPodAutoscaler {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: HorizontalPodAutoscalerSpec "What is scaled, by which metrics, between which numbers."
  status: HorizontalPodAutoscalerStatus "What the autoscaler sees and wants."
}
HorizontalPodAutoscalerSpec "What is scaled, by which metrics, between which numbers." {
  behavior: HorizontalPodAutoscalerBehavior "How fast it scales up and down."
  maxReplicas: int32 required always "The most pods."
  metrics: [MetricSpec] atomic "What the number of pods follows; cpu at 80 % when unset."
  minReplicas: int32 "The fewest pods; 1 when unset."
  scaleTargetRef: CrossVersionObjectReference required always "What is scaled: any object with a scale subresource."
}
CrossVersionObjectReference atomic "An object of the same namespace, by kind and name." {
  apiVersion: string "apiVersion of the object."
  kind: string required always "Kind of the object."
  name: string required always "Name of the object."
}
HorizontalPodAutoscalerBehavior "How fast an autoscaler scales up and down." {
  scaleDown: HPAScalingRules "Rules to scale down; by default after 300 seconds to any number."
  scaleUp: HPAScalingRules "Rules to scale up; by default at once, 4 pods or 100 % each 15 seconds, whichever is more."
}
HPAScalingRules "How fast it scales in one direction." {
  policies: [HPAScalingPolicy] atomic "Changes that are allowed in a time."
  selectPolicy: string "Max, Min or Disabled."
  stabilizationWindowSeconds: int32? "Seconds of recommendations of which the most careful counts, 0 to 3600."
  tolerance: quantity "Share by which metric and target may differ without a change; 0.1 when unset."
}
HPAScalingPolicy "A change that is allowed in a time." {
  periodSeconds: int32 required always "Length of the time in seconds, 1 to 1800."
  type: string required always "Pods or Percent."
  value: int32 required always "The change, more than 0."
}
MetricSpec "One metric the number of pods follows; the member named by type is set." {
  containerResource: ContainerResourceMetricSource "Use of a resource by one container of each pod."
  external: ExternalMetricSource "A metric from outside of the cluster."
  object: ObjectMetricSource "A metric of one object."
  pods: PodsMetricSource "A metric of each pod."
  resource: ResourceMetricSource "Use of a resource by each pod."
  type: string required always "Resource, ContainerResource, Pods, Object or External."
}
ContainerResourceMetricSource "Use of a resource by one container of each pod." {
  container: string required always "Name of the container."
  name: string required always "Name of the resource."
  target: MetricTarget required always "The value that is aimed at."
}
ExternalMetricSource "A metric from outside of the cluster." {
  metric: MetricIdentifier required always "The metric."
  target: MetricTarget required always "The value that is aimed at."
}
ObjectMetricSource "A metric of one object." {
  describedObject: CrossVersionObjectReference required always "The object."
  metric: MetricIdentifier required always "The metric."
  target: MetricTarget required always "The value that is aimed at."
}
PodsMetricSource "A metric of each pod." {
  metric: MetricIdentifier required always "The metric."
  target: MetricTarget required always "The value that is aimed at."
}
ResourceMetricSource "Use of a resource by each pod." {
  name: string required always "Name of the resource."
  target: MetricTarget required always "The value that is aimed at."
}
MetricIdentifier "A metric by name and labels." {
  name: string required always "Name of the metric."
  selector: LabelSelector "Selects among the series of the metric."
}
MetricTarget "The value that is aimed at; the member named by type is set." {
  averageUtilization: int32? "Mean use of the pods in percent of what they request."
  averageValue: quantity "Mean value of the pods."
  type: string required always "Utilization, Value or AverageValue."
  value: quantity "The value itself."
}
HorizontalPodAutoscalerStatus "What an autoscaler sees and wants." {
  conditions: [HorizontalPodAutoscalerCondition] keys(type) "AbleToScale, ScalingActive and ScalingLimited."
  currentMetrics: [MetricStatus] atomic "The metrics as seen last."
  currentReplicas: int32 "Pods at the last look."
  desiredReplicas: int32 always "Pods that are wanted."
  lastScaleTime: time "When the number was changed last."
  observedGeneration: int64? "Generation of the spec that this status is about."
}
HorizontalPodAutoscalerCondition "One aspect of the state of an autoscaler." {
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  reason: string "Why it is so, in one word."
  status: string required always "True, False or Unknown."
  type: string required always "What it is about."
}
MetricStatus "One metric as seen last; the member named by type is set." {
  containerResource: ContainerResourceMetricStatus "Use of a resource by one container of each pod."
  external: ExternalMetricStatus "A metric from outside of the cluster."
  object: ObjectMetricStatus "A metric of one object."
  pods: PodsMetricStatus "A metric of each pod."
  resource: ResourceMetricStatus "Use of a resource by each pod."
  type: string required always "Resource, ContainerResource, Pods, Object or External."
}
ContainerResourceMetricStatus "Use of a resource by one container of each pod, as seen last." {
  container: string required always "Name of the container."
  current: MetricValueStatus required always "The value."
  name: string required always "Name of the resource."
}
ExternalMetricStatus "A metric from outside of the cluster, as seen last." {
  current: MetricValueStatus required always "The value."
  metric: MetricIdentifier required always "The metric."
}
ObjectMetricStatus "A metric of one object, as seen last." {
  current: MetricValueStatus required always "The value."
  describedObject: CrossVersionObjectReference required always "The object."
  metric: MetricIdentifier required always "The metric."
}
PodsMetricStatus "A metric of each pod, as seen last." {
  current: MetricValueStatus required always "The value."
  metric: MetricIdentifier required always "The metric."
}
ResourceMetricStatus "Use of a resource by each pod, as seen last." {
  current: MetricValueStatus required always "The value."
  name: string required always "Name of the resource."
}
MetricValueStatus "The value of a metric." {
  averageUtilization: int32? "Mean use of the pods in percent of what they request."
  averageValue: quantity "Mean value of the pods."
  value: quantity "The value itself."
}
HorizontalPodAutoscalerV1 {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: HorizontalPodAutoscalerSpecV1 "What is scaled, and between which numbers."
  status: HorizontalPodAutoscalerStatusV1 "What the autoscaler sees and wants."
}
HorizontalPodAutoscalerSpecV1 "What is scaled, and between which numbers." {
  maxReplicas: int32 required always "The most pods."
  minReplicas: int32 "The fewest pods; 1 when unset."
  scaleTargetRef: CrossVersionObjectReference required always "What is scaled: any object with a scale subresource."
  targetCPUUtilizationPercentage: int32? "Used share of the requested cpu that is aimed at."
}
HorizontalPodAutoscalerStatusV1 "What an autoscaler sees and wants." {
  currentCPUUtilizationPercentage: int32? "Mean use of cpu in percent of what the pods request."
  currentReplicas: int32 always "Pods at the last look."
  desiredReplicas: int32 always "Pods that are wanted."
  lastScaleTime: time "When the number was changed last."
  observedGeneration: int64? "Generation of the spec that this status is about."
}
)";

}  // namespace canaria::api::schema
