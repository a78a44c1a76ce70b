// Where a pod may run: affinity, tolerations, topology spread, and the selectors they use.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPlacementTable = R"(
Affinity {
  nodeAffinity: NodeAffinity
  podAffinity: PodAffinity
  podAntiAffinity: PodAntiAffinity
}
NodeAffinity {
  requiredDuringSchedulingIgnoredDuringExecution: NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution: [PreferredSchedulingTerm] atomic
}
PreferredSchedulingTerm {
  weight: int32 required always
  preference: NodeSelectorTerm required always
}
NodeSelector atomic {
  nodeSelectorTerms: [NodeSelectorTerm] required always atomic
}
NodeSelectorTerm atomic {
  matchExpressions: [NodeSelectorRequirement] atomic
  matchFields: [NodeSelectorRequirement] atomic
}
NodeSelectorRequirement {
  key: string required always
  operator: string required always
  values: [string] atomic
}
PodAffinity {
  requiredDuringSchedulingIgnoredDuringExecution: [PodAffinityTerm] atomic
  preferredDuringSchedulingIgnoredDuringExecution: [WeightedPodAffinityTerm] atomic
}
PodAntiAffinity {
  requiredDuringSchedulingIgnoredDuringExecution: [PodAffinityTerm] atomic
  preferredDuringSchedulingIgnoredDuringExecution: [WeightedPodAffinityTerm] atomic
}
WeightedPodAffinityTerm {
  weight: int32 required always
  podAffinityTerm: PodAffinityTerm required always
}
PodAffinityTerm {
  labelSelector: LabelSelector
  namespaces: [string] atomic
  topologyKey: string required always
  namespaceSelector: LabelSelector
  matchLabelKeys: [string] atomic
  mismatchLabelKeys: [string] atomic
}
Toleration {
  key: string
  operator: string
  value: string
  effect: string
  tolerationSeconds: int64?
}
TopologySpreadConstraint {
  maxSkew: int32 required always
  topologyKey: string required always
  whenUnsatisfiable: string required always
  labelSelector: LabelSelector
  minDomains: int32?
  nodeAffinityPolicy: string?
  nodeTaintsPolicy: string?
  matchLabelKeys: [string] atomic
}
LabelSelector {
  matchLabels: {string}
  matchExpressions: [LabelSelectorRequirement] atomic
}
LabelSelectorRequirement {
  key: string required always
  operator: string required always
  values: [string] atomic
}
)";

}  // namespace canaria::api::schema
