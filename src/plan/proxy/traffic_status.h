// What the objects of traffic say about themselves: addresses, conditions, attached routes. Pure: returns the statuses that
// differ from what is there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "plan/proxy/plan_traffic.h"

namespace canaria::plan::proxy {

// Who writes the statuses of routes and accepts Gateway classes.
inline constexpr const char* kControllerName = "canaria.io/machine";

// Why a listener of the model does not run, by its name.
using ListenerProblems = std::map<std::string, std::string>;

struct StatusWrite {
  StatusWrite() = default;
  StatusWrite(const api::Resource& kind, api::ObjectKey name, json::Value content)
      : resource(kind), key(std::move(name)), status(std::move(content)) {}
  api::Resource resource;
  api::ObjectKey key;
  json::Value status;
};

std::vector<StatusWrite> status_writes(const TrafficObjects& objects, const GivenAddresses& addresses, const TrafficPlan& plan,
                                       const ListenerProblems& problems, Time now);

}  // namespace canaria::plan::proxy
