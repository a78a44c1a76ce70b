// Namespaces, configuration, secrets, service accounts and pod templates of core/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kCoreTable = R"(
Namespace {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: NamespaceSpec "How the namespace behaves."
  status: NamespaceStatus
}
NamespaceSpec {
  finalizers: [string] atomic "What must be gone before the namespace is."
}
NamespaceStatus {
  conditions: [NamespaceCondition] keys(type)
  phase: string "Active or Terminating."
}
NamespaceCondition {
  type: string
  lastTransitionTime: time
  message: string
  reason: string
  status: string
}
ConfigMap {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  binaryData: {string} "Bytes by key, in base64."
  data: {string} "Texts by key."
  immutable: bool "True forbids every change of the content."
}
Secret {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  type: string "What the secret is for; Opaque when unset."
  data: {string} "Secret bytes by key, in base64."
  immutable: bool "True forbids every change of the content."
  stringData: {string} "Secret texts by key; written into data, never returned."
}
ServiceAccount {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  automountServiceAccountToken: bool
  imagePullSecrets: [LocalObjectReference] atomic
  secrets: [ObjectReference] keys(name)
}
ObjectReference atomic {
  apiVersion: string
  kind: string
  name: string
  namespace: string
  fieldPath: string
  resourceVersion: string
  uid: string
}
PodTemplate {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  template: PodTemplateSpec
}
)";

}  // namespace canaria::api::schema
