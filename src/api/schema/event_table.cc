// The Event of core/v1, and the Lease of coordination.k8s.io/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kEventTable = R"(
Event {
  apiVersion: string
  kind: string
  metadata: ObjectMeta required
  type: string "Normal or Warning."
  action: string
  count: int32 "How often it happened."
  eventTime: time
  firstTimestamp: time "When it happened first."
  involvedObject: ObjectReference required "What the event is about."
  lastTimestamp: time "When it happened last."
  message: string "What happened."
  reason: string "Why, in one word."
  related: ObjectReference
  reportingComponent: string "Who reports it."
  reportingInstance: string
  series: EventSeries
  source: EventSource "Who reports it."
}
EventSeries {
  count: int32
  lastObservedTime: time
}
EventSource {
  component: string
  host: string
}
Lease {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: LeaseSpec
}
LeaseSpec {
  acquireTime: time "When the holder took it."
  holderIdentity: string "Who holds the lease."
  leaseDurationSeconds: int32 "Seconds after renewTime before others may take it."
  leaseTransitions: int32 "How often the holder changed."
  preferredHolder: string
  renewTime: time "When the holder renewed it last."
  strategy: string
}
)";

}  // namespace canaria::api::schema
