#include "store/resource_policy.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace canaria::store {
namespace {

constexpr Seconds kEventLifetime{3600};

ResourcePolicy plain() { return {}; }

ResourcePolicy with_status(GenerationRule generation) {
  ResourcePolicy policy;
  policy.status = StatusWrites::kSeparate;
  policy.generation = generation;
  return policy;
}

ResourcePolicy pod() {
  ResourcePolicy policy = with_status(GenerationRule::kNone);
  policy.deletion = DeletionRule::kGraceful;
  policy.selectable_fields = {"spec.nodeName", "spec.restartPolicy", "spec.schedulerName",      "spec.serviceAccountName",
                              "status.phase",  "status.podIP",       "status.nominatedNodeName"};
  return policy;
}

ResourcePolicy event() {
  ResourcePolicy policy;
  policy.time_to_live = kEventLifetime;
  policy.selectable_fields = {"involvedObject.kind",
                              "involvedObject.namespace",
                              "involvedObject.name",
                              "involvedObject.uid",
                              "involvedObject.apiVersion",
                              "involvedObject.resourceVersion",
                              "involvedObject.fieldPath",
                              "reason",
                              "reportingComponent",
                              "source.component",
                              "type"};
  return policy;
}

ResourcePolicy namespace_policy() {
  ResourcePolicy policy = with_status(GenerationRule::kNone);
  policy.deletion = DeletionRule::kWithContents;
  policy.name = NameRule::kLabel;
  policy.selectable_fields = {"status.phase"};
  return policy;
}

ResourcePolicy secret() {
  ResourcePolicy policy;
  policy.selectable_fields = {"type"};
  return policy;
}

ResourcePolicy service() {
  ResourcePolicy policy = with_status(GenerationRule::kNone);
  policy.name = NameRule::kServiceLabel;
  policy.selectable_fields = {"spec.clusterIP", "spec.type"};
  return policy;
}

ResourcePolicy definition() {
  ResourcePolicy policy = with_status(GenerationRule::kSpec);
  policy.deletion = DeletionRule::kWithInstances;
  return policy;
}

ResourcePolicy conditional(ResourcePolicy policy) {
  policy.unconditional_update = UnconditionalUpdate::kRefused;
  return policy;
}

// Groups without a dot, or below k8s.io, are built in; apart from Gateway API, which comes as custom resources.
bool is_custom(std::string_view group) {
  if (group == "gateway.networking.k8s.io") return true;
  return group.find('.') != std::string_view::npos && !group.ends_with(".k8s.io");
}

}  // namespace

ResourcePolicy default_policy(const api::Resource& resource) {
  const std::string name = resource.qualified();
  if (name == "pods") return pod();
  if (name == "events" || name == "events.events.k8s.io") return event();
  if (name == "namespaces") return namespace_policy();
  if (name == "secrets") return secret();
  if (name == "services") return service();
  if (name == "horizontalpodautoscalers.autoscaling") return with_status(GenerationRule::kNone);
  if (name == "poddisruptionbudgets.policy") {
    ResourcePolicy policy = with_status(GenerationRule::kSpec);
    policy.name = NameRule::kPathSegment;
    return policy;
  }
  if (name == "leases.coordination.k8s.io") return conditional(plain());
  if (name == "customresourcedefinitions.apiextensions.k8s.io") return conditional(definition());
  if (name == "podtemplates") {
    ResourcePolicy policy;
    policy.generation = GenerationRule::kContent;
    return policy;
  }
  static constexpr std::array<std::string_view, 4> kWithSpecAndStatus = {"deployments.apps", "replicasets.apps", "jobs.batch",
                                                                         "ingresses.networking.k8s.io"};
  if (std::find(kWithSpecAndStatus.begin(), kWithSpecAndStatus.end(), name) != kWithSpecAndStatus.end())
    return with_status(GenerationRule::kSpec);
  if (is_custom(resource.group)) return conditional(with_status(GenerationRule::kContent));
  return plain();
}

}  // namespace canaria::store
