// Namespaces, configuration, secrets, service accounts and pod templates of core/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kCoreTable = R"(
Namespace {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: NamespaceSpec "How the namespace behaves."
  status: NamespaceStatus "The state of the namespace."
}
NamespaceSpec "How a namespace behaves." {
  finalizers: [string] atomic "What must be gone before the namespace is."
}
NamespaceStatus "The state of a namespace." {
  conditions: [NamespaceCondition] keys(type) "What still keeps a deleted namespace."
  phase: string "Active or Terminating."
}
NamespaceCondition "One aspect of the state of a namespace." {
  type: string "What it is about."
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
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
  automountServiceAccountToken: bool "False keeps the token out of the containers of its pods."
  imagePullSecrets: [LocalObjectReference] atomic "Secrets that pods of this account use to fetch images."
  secrets: [ObjectReference] keys(name) "Secrets that pods of this account may use."
}
ObjectReference atomic "A reference to any object." {
  apiVersion: string "apiVersion of the object."
  kind: string "Kind of the object."
  name: string "Name of the object."
  namespace: string "Namespace of the object."
  fieldPath: string "Which part of the object is meant, like spec.containers{web}."
  resourceVersion: string "Version of the object that is meant."
  uid: string "Identity of the object."
}
PodTemplate {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  template: PodTemplateSpec "The pods that are made of it."
}
)";

}  // namespace canaria::api::schema
