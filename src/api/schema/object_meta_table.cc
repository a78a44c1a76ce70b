// Object metadata. The root metadata of a CRD is published as a plain object; the API server knows its fields itself.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kObjectMetaTable = R"(
ObjectMeta {
  name: string
  generateName: string
  namespace: string
  selfLink: string
  uid: string
  resourceVersion: string
  generation: int64
  creationTimestamp: time
  deletionTimestamp: time?
  deletionGracePeriodSeconds: int64?
  labels: {string}
  annotations: {string}
  ownerReferences: [OwnerReference] keys(uid)
  finalizers: [string] set
  managedFields: [ManagedFieldsEntry] atomic
}
OwnerReference atomic {
  apiVersion: string required always
  kind: string required always
  name: string required always
  uid: string required always
  controller: bool?
  blockOwnerDeletion: bool?
}
ManagedFieldsEntry {
  manager: string
  operation: string
  apiVersion: string
  time: time?
  fieldsType: string
  fieldsV1: any
  subresource: string
}
)";

}  // namespace canaria::api::schema
