// What a client asks about itself: the reviews of authorization.k8s.io/v1 and authentication.k8s.io/v1. They are answered and
// not kept.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kReviewTable = R"(
SelfSubjectAccessReview {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: SelfSubjectAccessReviewSpec required always "What is to be done."
  status: SubjectAccessReviewStatus "The answer."
}
SelfSubjectAccessReviewSpec "What is to be done; exactly one of these." {
  nonResourceAttributes: NonResourceAttributes "A request to a path that is no resource."
  resourceAttributes: ResourceAttributes "A request to a resource."
}
NonResourceAttributes "A request to a path that is no resource." {
  path: string "The path."
  verb: string "The verb of HTTP in lower case."
}
ResourceAttributes "A request to a resource." {
  fieldSelector: any-object "Field selector of a list or watch."
  group: string "Group of the resource; * for all."
  labelSelector: any-object "Label selector of a list or watch."
  name: string "Name of the object; all when empty."
  namespace: string "Namespace; all when empty."
  resource: string "Plural name of the resource; * for all."
  subresource: string "Subresource; none when empty."
  verb: string "get, list, watch, create, update, patch, delete and so on; * for all."
  version: string "Version of the resource; * for all."
}
SubjectAccessReviewStatus "Whether a request is allowed." {
  allowed: bool always "Whether it is allowed."
  denied: bool "Whether it is refused, whatever others say."
  evaluationError: string "What went wrong while it was decided."
  reason: string "Why it was decided so."
}
SelfSubjectRulesReview {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: SelfSubjectRulesReviewSpec required always "Which namespace is asked about."
  status: SubjectRulesReviewStatus "The answer."
}
SelfSubjectRulesReviewSpec "Which namespace is asked about." {
  namespace: string "The namespace."
}
SubjectRulesReviewStatus "What a client may do." {
  evaluationError: string "What went wrong while the list was made."
  incomplete: bool always "Whether there may be more."
  nonResourceRules: [NonResourceRule] always atomic "Paths that are no resources."
  resourceRules: [ResourceRule] always atomic "Resources."
}
NonResourceRule "Verbs that are allowed on some paths." {
  nonResourceURLs: [string] atomic "The paths; * at the end for all below."
  verbs: [string] always atomic "The verbs; * for all."
}
ResourceRule "Verbs that are allowed on some resources." {
  apiGroups: [string] atomic "Groups of the resources; * for all."
  resourceNames: [string] atomic "Names of the objects; all when empty."
  resources: [string] atomic "Plural names of the resources; * for all."
  verbs: [string] always atomic "The verbs; * for all."
}
SelfSubjectReview {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  status: SelfSubjectReviewStatus "The answer."
}
SelfSubjectReviewStatus "Who asks." {
  userInfo: UserInfo "Who asks."
}
UserInfo "Who somebody is." {
  extra: {any} "Further facts about the user."
  groups: [string] atomic "Groups of the user."
  uid: string "Identity of the user."
  username: string "Name of the user."
}
)";

}  // namespace canaria::api::schema
