// What every workload controller gets: the doors to the world, and how it tells about what it does.
#pragma once

#include <string>
#include <utility>

#include "async/loop.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_client.h"

namespace canaria::machine {

struct WorkloadDoors {
  async::Loop& loop;
  ObjectClient& client;
  const Clock& clock;
  EventRecorder& events;
};

inline EventTarget event_target(const api::Resource& kind, const api::ObjectMeta& object) {
  return {kind.api_version(), kind.kind, object.key(), object.uid, object.resourceVersion};
}

inline WriteOptions to_subresource(std::string name) {
  WriteOptions options;
  options.subresource = std::move(name);
  return options;
}

}  // namespace canaria::machine
