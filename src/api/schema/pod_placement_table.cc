// Where a pod may run: affinity, tolerations, topology spread, and the selectors they use.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPlacementTable = R"(
Affinity "Where a pod should run." {
  nodeAffinity: NodeAffinity "Which nodes it wants."
  podAffinity: PodAffinity "Which pods it wants to be close to."
  podAntiAffinity: PodAntiAffinity "Which pods it wants to be away from."
}
NodeAffinity "Which nodes a pod wants." {
  requiredDuringSchedulingIgnoredDuringExecution: NodeSelector "The node must match; later changes of the node do not matter."
  preferredDuringSchedulingIgnoredDuringExecution: [PreferredSchedulingTerm] atomic "Nodes that match get the weights as points; the most points win."
}
PreferredSchedulingTerm "A kind of nodes that is welcome." {
  weight: int32 required always "Points for a node that matches, 1 to 100."
  preference: NodeSelectorTerm required always "What the node should be like."
}
NodeSelector atomic "Nodes that match at least one of several terms." {
  nodeSelectorTerms: [NodeSelectorTerm] required always atomic "The terms; at least one of them must match."
}
NodeSelectorTerm atomic "What one node must fulfill; an empty term matches none." {
  matchExpressions: [NodeSelectorRequirement] atomic "Requirements on labels of the node, all of them."
  matchFields: [NodeSelectorRequirement] atomic "Requirements on fields of the node; metadata.name is the only one there is."
}
NodeSelectorRequirement "A requirement on a label or field." {
  key: string required always "The label or field."
  operator: string required always "In, NotIn, Exists, DoesNotExist, Gt or Lt."
  values: [string] atomic "Values for In and NotIn, one whole number for Gt and Lt, none for the others."
}
PodAffinity "Pods to be close to." {
  requiredDuringSchedulingIgnoredDuringExecution: [PodAffinityTerm] atomic "All of these must hold when the pod is placed."
  preferredDuringSchedulingIgnoredDuringExecution: [WeightedPodAffinityTerm] atomic "Nodes for which these hold get the weights as points."
}
PodAntiAffinity "Pods to be away from." {
  requiredDuringSchedulingIgnoredDuringExecution: [PodAffinityTerm] atomic "All of these must hold when the pod is placed."
  preferredDuringSchedulingIgnoredDuringExecution: [WeightedPodAffinityTerm] atomic "Nodes for which these hold get the weights as points."
}
WeightedPodAffinityTerm "Pods that matter, and how much." {
  weight: int32 required always "Points for a node for which it holds, 1 to 100."
  podAffinityTerm: PodAffinityTerm required always "The pods and the kind of neighborhood."
}
PodAffinityTerm "Pods, and what counts as being with them." {
  labelSelector: LabelSelector "Selects the pods; none when unset."
  namespaces: [string] atomic "Namespaces of the pods, beside those of namespaceSelector; that of this pod when both are unset."
  topologyKey: string required always "Nodes with the same value of this label are one place."
  namespaceSelector: LabelSelector "Selects namespaces by label; an empty one selects all."
  matchLabelKeys: [string] atomic "Labels that the other pods must have with the values of this pod."
  mismatchLabelKeys: [string] atomic "Labels that the other pods must have with other values than this pod."
}
Toleration "Taints that do not matter to a pod." {
  key: string "Key of the taint; every key when empty, with operator Exists."
  operator: string "Exists, Equal, or Lt and Gt for numbers; Equal when unset."
  value: string "Value of the taint, for Equal."
  effect: string "NoSchedule, PreferNoSchedule or NoExecute; every effect when unset."
  tolerationSeconds: int64? "Seconds a NoExecute taint is put up with; for ever when unset, at once with 0 and less."
}
TopologySpreadConstraint "How evenly pods are spread over domains." {
  maxSkew: int32 required always "How many more pods one domain may have than the one with the fewest; at least 1."
  topologyKey: string required always "Nodes with the same value of this label are one domain."
  whenUnsatisfiable: string required always "DoNotSchedule, or ScheduleAnyway to only prefer it."
  labelSelector: LabelSelector "Selects the pods that are counted."
  minDomains: int32? "Domains there should be; while there are fewer the least count is 0. Only with DoNotSchedule; 1 when unset."
  nodeAffinityPolicy: string? "Whether nodeAffinity and nodeSelector limit the nodes that count: Honor or Ignore; Honor when unset."
  nodeTaintsPolicy: string? "Whether taints limit the nodes that count: Honor or Ignore; Ignore when unset."
  matchLabelKeys: [string] atomic "Labels whose values of this pod are added to labelSelector."
}
LabelSelector atomic-built-in "Selects objects by their labels; an empty one selects all, all parts must match." {
  matchLabels: {string} "Labels with the values they must have."
  matchExpressions: [LabelSelectorRequirement] atomic "Requirements on labels."
}
LabelSelectorRequirement "A requirement on one label." {
  key: string required always "The label."
  operator: string required always "In, NotIn, Exists or DoesNotExist."
  values: [string] atomic "Values for In and NotIn, at least one; none for the others."
}
)";

}  // namespace canaria::api::schema
