// Decides what becomes of a recorded event: a new Event object, a higher count on an earlier one, or nothing. Pure.
//
// Compat: the rules of Kubernetes' client library, so that `kubectl get events` looks as people know it:
// 1. Events that differ only in their message are the same kind of event. From the tenth message within ten minutes on, they
//    are combined under "(combined from similar events): <message>".
// 2. An event equal to an earlier one raises its count instead of making another object.
// 3. Each object may cause 25 requests at once, then one every five minutes; the rest is only counted.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/time.h"
#include "kube/lru_map.h"
#include "kube/rate_limit.h"
#include "ports/event_recorder.h"

namespace canaria::kube {

// An Event as it should be on the server now.
struct OutgoingEvent {
  api::ObjectKey key;
  EventTarget target;
  api::EventType type = api::EventType::kNormal;
  std::string reason;
  std::string message;
  Time first;
  Time last;
  int count = 1;
  bool is_known = false;  // an earlier one of the same name has been sent: raise its count
};

class EventCorrelator {
 public:
  EventCorrelator();
  ~EventCorrelator();

  // Empty: one too many for its object.
  std::optional<OutgoingEvent> take(EventTarget target, api::EventType type, std::string reason, std::string message, Time now);

 private:
  struct Similar {
    std::set<std::string> messages;
    Time last;
  };
  struct Sent {
    std::string name;
    Time first;
    int count = 0;
  };
  LruMap<TokenBucket> budgets_;
  LruMap<Similar> similar_;
  LruMap<Sent> sent_;
  std::uint64_t last_suffix_ = 0;
};

}  // namespace canaria::kube
