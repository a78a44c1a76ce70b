// The Node that stands for this machine: written at start, not again. It has no heartbeat: when this program does not run,
// nobody would read it.
#pragma once

#include <string>

#include "ports/clock.h"
#include "ports/object_client.h"

namespace canaria::machine {

struct NodeCapacity {
  std::int64_t cpu_millis = 0;
  std::int64_t memory_bytes = 0;
};

// Of this machine.
NodeCapacity machine_capacity();
std::string host_name();

json::Value node_object(const std::string& name, const std::string& address, const NodeCapacity& capacity, Time now);

// Creates the Node, or brings the status of an existing one up to date.
Task<Status> register_node(ObjectClient* client, std::string name, json::Value node);

}  // namespace canaria::machine
