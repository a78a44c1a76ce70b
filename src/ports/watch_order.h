// What a controller asks the composition root for: keep this cache up to date with that part of the API until the program
// ends. How the watch is done (HTTP, in process) is not the controllers' business.
#pragma once

#include <functional>
#include <string>

#include "api/meta/resource.h"
#include "ports/object_cache.h"

namespace canaria {

struct WatchOrder {
  api::Resource resource;
  std::string namespace_;      // empty: all namespaces
  std::string label_selector;  // empty: all objects
  ObjectSink* sink = nullptr;  // outlives the watch
};

using StartWatch = std::function<void(WatchOrder)>;

}  // namespace canaria
