// Where Kubernetes Events go. Recording never blocks or fails: sending happens in the background with aggregation and a
// limit per object, so a slow API server cannot slow a rollout down.
#pragma once

#include <string>

#include "api/core/event_type.h"
#include "api/meta/resource.h"

namespace canaria {

// The object an Event is about.
struct EventTarget {
  std::string api_version;
  std::string kind;
  api::ObjectKey key;
  std::string uid;
  std::string resource_version;
  std::string field_path;  // the part of the object: "spec.containers{web}"; empty: the whole
};

class EventRecorder {
 public:
  virtual ~EventRecorder() = default;
  virtual void record(EventTarget target, api::EventType type, std::string reason, std::string message) = 0;
};

}  // namespace canaria
