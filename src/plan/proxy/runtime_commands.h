// What has to be said to a running proxy so that it does what a newer model says, without a reload: weights and endpoints.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/proxy/proxy_model.h"
#include "plan/proxy/server_slots.h"

namespace canaria::plan::proxy {

// The thresholds of a rule as its entry in the map of weights: "9500" sends 95 % to the first of two backends; of more, each
// number includes the ones before it ("2000:5000"). One entry, so that a change is never seen in part.
std::string split_text(const Rule& rule);
// By rule key; of the rules with more than one backend.
std::map<std::string, std::string> split_table(const ProxyModel& model);

// What a running proxy knows that can be changed while it runs.
struct RunningState {
  SlotTable slots;
  std::map<std::string, std::string> splits;
};

struct CommandPlan {
  std::vector<std::string> commands;  // one line of the runtime interface each
  bool needs_reload = false;  // something has no slot of its own or no entry yet
};

// Servers that come are made ready before weights send anybody to them, and weights are moved before servers drain or go: at
// no moment does a backend have fewer ready servers than it had before or has afterwards.
CommandPlan commands_between(const RunningState& before, const RunningState& after, const std::string& map_file);

}  // namespace canaria::plan::proxy
