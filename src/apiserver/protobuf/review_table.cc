// Who somebody is and what they may do (authentication.k8s.io/v1, authorization.k8s.io/v1), and the newer Events
// (events.k8s.io/v1). The language is that of messages.h.
#include "apiserver/protobuf/tables.h"

namespace canaria::apiserver::protobuf {

const std::string_view kAuthenticationTable = R"(
choice ExtraValue { 1 - [string]! }
SelfSubjectReviewStatus { 1 userInfo UserInfo }
UserInfo { 1 username string, 2 uid string, 3 groups [string], 4 extra {ExtraValue} }
authentication.k8s.io/v1 SelfSubjectReview { 1 metadata ObjectMeta, 2 status SelfSubjectReviewStatus }
)";

const std::string_view kAuthorizationTable = R"(
FieldSelectorAttributes { 1 rawSelector string, 2 requirements [FieldSelectorRequirement] }
LabelSelectorAttributes { 1 rawSelector string, 2 requirements [LabelSelectorRequirement] }
NonResourceAttributes { 1 path string, 2 verb string }
NonResourceRule { 1 verbs [string]!, 2 nonResourceURLs [string] }
ResourceAttributes {
  1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, 7 name string,
  8 fieldSelector FieldSelectorAttributes?, 9 labelSelector LabelSelectorAttributes?
}
ResourceRule { 1 verbs [string]!, 2 apiGroups [string], 3 resources [string], 4 resourceNames [string] }
SelfSubjectAccessReviewSpec { 1 resourceAttributes ResourceAttributes?, 2 nonResourceAttributes NonResourceAttributes? }
SelfSubjectRulesReviewSpec { 1 namespace string }
SubjectAccessReviewStatus { 1 allowed bool!, 2 reason string, 3 evaluationError string, 4 denied bool }
SubjectRulesReviewStatus {
  1 resourceRules [ResourceRule]!, 2 nonResourceRules [NonResourceRule]!, 3 incomplete bool!, 4 evaluationError string
}
authorization.k8s.io/v1 SelfSubjectAccessReview {
  1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus
}
authorization.k8s.io/v1 SelfSubjectRulesReview {
  1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec, 3 status SubjectRulesReviewStatus
}
)";

const std::string_view kEventsTable = R"(
EventSeries { 1 count int32!, 2 lastObservedTime micro-time }
events.k8s.io/v1 Event {
  1 metadata ObjectMeta, 2 eventTime micro-time, 3 series EventSeries?, 4 reportingController string,
  5 reportingInstance string, 6 action string, 7 reason string, 8 regarding ObjectReference, 9 related ObjectReference?,
  10 note string, 11 type string, 12 deprecatedSource EventSource, 13 deprecatedFirstTimestamp time,
  14 deprecatedLastTimestamp time, 15 deprecatedCount int32
}
)";

}  // namespace canaria::apiserver::protobuf
