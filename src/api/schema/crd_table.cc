// The CustomResourceDefinition of apiextensions.k8s.io/v1. The schemas inside are kept as they are.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kCrdTable = R"(
CustomResourceDefinition {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: CustomResourceDefinitionSpec required "The kind, its names and versions."
  status: CustomResourceDefinitionStatus "Whether the kind is served."
}
CustomResourceDefinitionSpec "A kind, its names and versions." {
  conversion: CustomResourceConversion "How objects of one version become those of another; unchanged when unset."
  group: string required "The API group of the kind."
  names: CustomResourceDefinitionNames required "How the kind is called."
  preserveUnknownFields: bool "Must be false; schemas say what is kept."
  scope: string required "Namespaced or Cluster."
  versions: [CustomResourceDefinitionVersion] required atomic "The versions of the kind."
}
CustomResourceConversion "How objects of one version become those of another." {
  strategy: string required "None changes only apiVersion, Webhook asks a service."
  webhook: CrdWebhookConversion "The service to ask; for strategy Webhook."
}
CrdWebhookConversion "A service that converts objects." {
  clientConfig: CrdWebhookClientConfig "How it is called."
  conversionReviewVersions: [string] required atomic "Versions of the request that it understands, best first."
}
CrdWebhookClientConfig "How a webhook is called: exactly one of service and url." {
  caBundle: string "Certificates of the authorities it is trusted by, as PEM in base64; those of the system when unset."
  service: CrdServiceReference "A Service of the cluster."
  url: string "Address of the webhook, with https."
}
CrdServiceReference "A Service that is called." {
  name: string required "Name of the Service."
  namespace: string required "Namespace of the Service."
  path: string "Path of the request."
  port: int32 "Port of the Service; 443 when unset."
}
CustomResourceDefinitionNames "How a kind is called." {
  kind: string required "Name of the kind, in CamelCase and singular."
  categories: [string] atomic "Groups of resources it is shown with, like all."
  listKind: string "Name of the list; the kind and List when unset."
  plural: string required "Name of the resource in paths, in lower case and plural."
  shortNames: [string] atomic "Short names for the command line."
  singular: string "Name for the command line in singular; the kind in lower case when unset."
}
CustomResourceDefinitionVersion "One version of a kind." {
  name: string required "Name of the version, like v1 or v1beta1."
  additionalPrinterColumns: [CustomResourceColumnDefinition] atomic "Columns that kubectl get shows; the age when unset."
  deprecated: bool "True warns everybody who uses the version."
  deprecationWarning: string "Text of that warning."
  schema: CustomResourceValidation "The schema of the objects."
  selectableFields: [SelectableField] atomic "Fields by which lists and watches can select; at most 8."
  served: bool required "Whether the version can be used."
  storage: bool required "Whether objects are stored in this version."
  subresources: CustomResourceSubresources "Whether objects have a status and a scale subresource."
}
CustomResourceColumnDefinition "A column that kubectl get shows." {
  type: string required "integer, number, string, boolean or date."
  name: string required "Title of the column."
  description: string "What it shows."
  format: string "Format of the value, like int32 or date-time."
  jsonPath: string required "Where the value is in the object, like .spec.replicas."
  priority: int32 "0 is always shown, more only in wide output."
}
CustomResourceValidation "The schema of a version." {
  openAPIV3Schema: any-object "A structural OpenAPI v3 schema."
}
SelectableField "A field to select by." {
  jsonPath: string required "Where it is in the object."
}
CustomResourceSubresources "Subresources of a version." {
  scale: CustomResourceSubresourceScale "The scale subresource, for kubectl scale and autoscalers."
  status: CustomResourceSubresourceStatus "The status subresource: the status is then written apart from the rest."
}
CustomResourceSubresourceScale "Where the numbers of the scale subresource are in the object." {
  labelSelectorPath: string "Where the selector of the pods is, as text, in the status."
  specReplicasPath: string required "Where the wanted number is, in the spec."
  statusReplicasPath: string required "Where the number of pods is, in the status."
}
CustomResourceSubresourceStatus "It has no members: its presence is the setting." {
}
CustomResourceDefinitionStatus "Whether a kind is served." {
  acceptedNames: CustomResourceDefinitionNames "The names in use."
  conditions: [CustomResourceDefinitionCondition] keys(type) "NamesAccepted, Established and others."
  observedGeneration: int64 "Generation of the spec that this status is about."
  storedVersions: [string] atomic "Versions in which objects may be stored."
}
CustomResourceDefinitionCondition "One aspect of the state of a kind." {
  type: string "What it is about."
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  observedGeneration: int64 "Generation of the spec that it is about."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
}
)";

}  // namespace canaria::api::schema
