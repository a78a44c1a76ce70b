#include "plan/proxy/runtime_commands.h"

#include <cstddef>

namespace canaria::plan::proxy {
namespace {

std::string server(const std::string& backend, std::size_t slot) { return "set server " + backend + "/" + server_name(slot); }

// Who gets requests from now on.
void add_arrivals(const std::string& backend, const Slots& before, const Slots& after, CommandPlan& plan) {
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!after[i] || after[i]->state != EndpointState::kReady) continue;
    const std::optional<Endpoint> seated = i < before.size() ? before[i] : std::nullopt;
    if (i >= before.size() || (seated && seated->place() != after[i]->place())) plan.needs_reload = true;
    else if (!seated)
      plan.commands.push_back(server(backend, i) + " addr " + after[i]->address + " port " + std::to_string(after[i]->port));
    if (!seated || seated->state != EndpointState::kReady) plan.commands.push_back(server(backend, i) + " state ready");
  }
}

// Who gets none any more.
void add_departures(const std::string& backend, const Slots& before, const Slots& after, CommandPlan& plan) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!before[i]) continue;
    const EndpointState now = i < after.size() && after[i] ? after[i]->state : EndpointState::kGone;
    if (now == before[i]->state || now == EndpointState::kReady) continue;
    plan.commands.push_back(server(backend, i) + (now == EndpointState::kDraining ? " state drain" : " state maint"));
  }
}

const Slots& slots_in(const SlotTable& table, const std::string& backend) {
  static const Slots kNone;
  const auto found = table.find(backend);
  return found == table.end() ? kNone : found->second;
}

}  // namespace

std::string split_text(const Rule& rule) {
  std::string text;
  std::int32_t sum = 0;
  for (std::size_t i = 0; i + 1 < rule.shares.size(); ++i) {
    sum += rule.shares[i].weight;
    text += (i > 0 ? ":" : "") + std::to_string(sum);
  }
  return text;
}

std::map<std::string, std::string> split_table(const ProxyModel& model) {
  std::map<std::string, std::string> table;
  for (const Listener& listener : model.listeners)
    for (const Rule& rule : listener.rules)
      if (rule.shares.size() > 1) table.emplace(rule.key, split_text(rule));
  return table;
}

CommandPlan commands_between(const RunningState& before, const RunningState& after, const std::string& map_file) {
  CommandPlan plan;
  for (const auto& [backend, slots] : after.slots) add_arrivals(backend, slots_in(before.slots, backend), slots, plan);
  for (const auto& [key, split] : after.splits) {
    const auto old = before.splits.find(key);
    if (old == before.splits.end()) plan.needs_reload = true;
    else if (old->second != split) plan.commands.push_back("set map " + map_file + " " + key + " " + split);
  }
  for (const auto& [backend, slots] : before.slots) add_departures(backend, slots, slots_in(after.slots, backend), plan);
  return plan;
}

}  // namespace canaria::plan::proxy
