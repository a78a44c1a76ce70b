// The CustomResourceDefinition of apiextensions.k8s.io/v1. The schemas inside are kept as they are.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kCrdTable = R"(
CustomResourceDefinition {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: CustomResourceDefinitionSpec required
  status: CustomResourceDefinitionStatus
}
CustomResourceDefinitionSpec {
  conversion: CustomResourceConversion
  group: string required "The API group of the kind."
  names: CustomResourceDefinitionNames required "How the kind is called."
  preserveUnknownFields: bool
  scope: string required "Namespaced or Cluster."
  versions: [CustomResourceDefinitionVersion] required atomic "The versions of the kind."
}
CustomResourceConversion {
  strategy: string required
  webhook: CrdWebhookConversion
}
CrdWebhookConversion {
  clientConfig: CrdWebhookClientConfig
  conversionReviewVersions: [string] required atomic
}
CrdWebhookClientConfig {
  caBundle: string
  service: CrdServiceReference
  url: string
}
CrdServiceReference {
  name: string required
  namespace: string required
  path: string
  port: int32
}
CustomResourceDefinitionNames {
  kind: string required
  categories: [string] atomic
  listKind: string
  plural: string required
  shortNames: [string] atomic
  singular: string
}
CustomResourceDefinitionVersion {
  name: string required
  additionalPrinterColumns: [CustomResourceColumnDefinition] atomic
  deprecated: bool
  deprecationWarning: string
  schema: CustomResourceValidation
  selectableFields: [SelectableField] atomic
  served: bool required "Whether the version can be used."
  storage: bool required "Whether objects are stored in this version."
  subresources: CustomResourceSubresources
}
CustomResourceColumnDefinition {
  type: string required
  name: string required
  description: string
  format: string
  jsonPath: string required
  priority: int32
}
CustomResourceValidation {
  openAPIV3Schema: any-object
}
SelectableField {
  jsonPath: string required
}
CustomResourceSubresources {
  scale: CustomResourceSubresourceScale
  status: CustomResourceSubresourceStatus
}
CustomResourceSubresourceScale {
  labelSelectorPath: string
  specReplicasPath: string required
  statusReplicasPath: string required
}
CustomResourceSubresourceStatus {
}
CustomResourceDefinitionStatus {
  acceptedNames: CustomResourceDefinitionNames
  conditions: [CustomResourceDefinitionCondition] keys(type)
  observedGeneration: int64
  storedVersions: [string] atomic
}
CustomResourceDefinitionCondition {
  type: string
  lastTransitionTime: time
  message: string
  observedGeneration: int64
  reason: string
  status: string
}
)";

}  // namespace canaria::api::schema
