// What a node watches: pods, and what their environments refer to. Everything is kept trimmed to what starting reads.
#pragma once

#include <functional>
#include <string>

#include "api/core/running_pod.h"
#include "plan/pod/pod_snapshot.h"
#include "ports/object_cache.h"
#include "ports/watch_order.h"

namespace canaria::machine {

// A ConfigMap, or a Secret with its values decoded.
struct ConfigObject {
  api::ObjectMeta metadata;  // names and version only
  api::StringMap content;
  api::StringMap binary;  // binaryData of a ConfigMap, decoded
};

struct LinkedService {
  api::ObjectMeta metadata;
  plan::ServiceFacts facts;
};

ConfigObject parse_config_map(const json::Value& object);
ConfigObject parse_secret(const json::Value& object);
LinkedService parse_linked_service(const json::Value& object);

class NodeCaches {
 public:
  NodeCaches();

  void watch(const StartWatch& start_watch);
  bool has_synced() const;
  // Calls the listener once, when all first lists are in.
  void on_sync(std::function<void()> listener);
  // Lookups in one namespace; valid while the caches live and only until the next turn of the loop.
  plan::ConfigLookup lookup(const std::string& namespace_) const;

  ObjectCache<api::RunningPod> pods;
  ObjectCache<ConfigObject> config_maps;
  ObjectCache<ConfigObject> secrets;
  ObjectCache<LinkedService> services;
};

}  // namespace canaria::machine
