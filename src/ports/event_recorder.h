// Where Kubernetes Events go. Recording never blocks or fails: sending happens in the background with aggregation and a
// limit per object, so a slow API server cannot slow a rollout down.
#pragma once

#include <string>

#include "api/meta/object_meta.h"

namespace canaria {

enum class EventType { kNormal, kWarning };

// The object an Event is about.
struct EventTarget {
  std::string api_version;
  std::string kind;
  api::ObjectKey key;
  std::string uid;
  std::string resource_version;
};

class EventRecorder {
 public:
  virtual ~EventRecorder() = default;
  virtual void record(EventTarget target, EventType type, std::string reason, std::string message) = 0;
};

}  // namespace canaria
