// Object metadata. The root metadata of a CRD is published as a plain object; the API server knows its fields itself.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kObjectMetaTable = R"(
ObjectMeta "What every object has: names, labels, owners, versions." {
  name: string "Name of the object, unique for its kind in the namespace; it cannot be changed."
  generateName: string "The server completes this to a name of its own when name is unset."
  namespace: string "The namespace of the object; it cannot be changed."
  selfLink: string "Not filled in any more."
  uid: string "Identity of this object, never used again. Set by the server."
  resourceVersion: string "Changes with every write; a write that names another one than the current is a conflict. Set by the server."
  generation: int64 "Counts the changes of the spec. Set by the server."
  creationTimestamp: time "When it was created. Set by the server."
  deletionTimestamp: time? "When it is to be gone; set by the server when it is deleted."
  deletionGracePeriodSeconds: int64? "Seconds the object was given to end when it was deleted. Set by the server."
  labels: {string} "Short texts by which the object is selected."
  annotations: {string} "Texts of any kind for tools; 256 KiB in all."
  ownerReferences: [OwnerReference] keys(uid) "The objects it belongs to; it is deleted when the last of them is gone."
  finalizers: [string] set "While one of these is left, a deleted object stays."
  managedFields: [ManagedFieldsEntry] atomic "Who set which fields. Kept by the server."
}
OwnerReference atomic "An owner of an object: cluster-wide or of the same namespace." {
  apiVersion: string required always "apiVersion of the owner."
  kind: string required always "Kind of the owner."
  name: string required always "Name of the owner."
  uid: string required always "Identity of the owner."
  controller: bool? "Whether the owner controls the object; at most one owner does."
  blockOwnerDeletion: bool? "True keeps the owner, when it is deleted in the foreground, until this object is gone."
}
ManagedFieldsEntry "The fields that one writer has set." {
  manager: string "Who wrote."
  operation: string "Apply or Update."
  apiVersion: string "Version in which the fields were written."
  time: time? "When the entry changed last."
  fieldsType: string "Form of fieldsV1: FieldsV1."
  fieldsV1: any "The fields, as a tree of names."
  subresource: string "The subresource through which they were written."
}
)";

}  // namespace canaria::api::schema
