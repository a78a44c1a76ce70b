// The Event of core/v1, in the form of events.k8s.io/v1 as well, and the Lease of coordination.k8s.io/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kEventTable = R"(
Event {
  apiVersion: string
  kind: string
  metadata: ObjectMeta required
  type: string "Normal or Warning."
  action: string "What was done."
  count: int32 "How often it happened."
  eventTime: time "When it happened first, to the microsecond."
  firstTimestamp: time "When it happened first."
  involvedObject: ObjectReference required "What the event is about."
  lastTimestamp: time "When it happened last."
  message: string "What happened."
  reason: string "Why, in one word."
  related: ObjectReference "A second object it is about."
  reportingComponent: string "Who reports it."
  reportingInstance: string "Which of several copies reports it."
  series: EventSeries "Repetitions of the event."
  source: EventSource "Who reports it."
}
EventOfGroup {
  apiVersion: string
  kind: string
  metadata: ObjectMeta required
  action: string "What was done."
  deprecatedCount: int32 "How often it happened, for old writers."
  deprecatedFirstTimestamp: time "When it happened first, for old writers."
  deprecatedLastTimestamp: time "When it happened last, for old writers."
  deprecatedSource: EventSource "Who reports it, for old writers."
  eventTime: time "When it happened first; new Events have to say it."
  note: string "What happened."
  reason: string "Why, in one word."
  regarding: ObjectReference "What the event is about."
  related: ObjectReference "A second object it is about."
  reportingController: string "Who reports it."
  reportingInstance: string "Which of several copies reports it."
  series: EventSeries "Repetitions of the event."
  type: string "Normal or Warning."
}
EventSeries "Repetitions of an event." {
  count: int32 "How often it happened so far."
  lastObservedTime: time "When it happened last."
}
EventSource "Who reports an event." {
  component: string "The program."
  host: string "The node it runs on."
}
Lease {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: LeaseSpec "Who holds it, and until when."
}
LeaseSpec "Who holds a lease, and until when." {
  acquireTime: time "When the holder took it."
  holderIdentity: string "Who holds the lease."
  leaseDurationSeconds: int32 "Seconds after renewTime before others may take it."
  leaseTransitions: int32 "How often the holder changed."
  preferredHolder: string "Who should hold it next, when the leader is chosen by others."
  renewTime: time "When the holder renewed it last."
  strategy: string "How the leader is chosen by others."
}
)";

}  // namespace canaria::api::schema
