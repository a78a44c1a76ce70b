#include "plan/proxy/server_slots.h"

#include <algorithm>
#include <bit>

namespace canaria::plan::proxy {

std::string server_name(std::size_t slot) { return "s" + std::to_string(slot + 1); }

Slots seat(const Slots& before, const std::vector<Endpoint>& endpoints) {
  const std::size_t needed = std::bit_ceil(std::max(endpoints.size(), kFewestSlots));
  Slots slots(std::max(before.size(), needed));
  std::vector<const Endpoint*> unseated;
  for (const Endpoint& endpoint : endpoints) {
    const auto old = std::find_if(before.begin(), before.end(), [&](const std::optional<Endpoint>& taken) {
      return taken && taken->place() == endpoint.place() && taken->pod == endpoint.pod;
    });
    if (old == before.end()) unseated.push_back(&endpoint);
    else slots[static_cast<std::size_t>(old - before.begin())] = endpoint;
  }
  // First those that were empty before: a slot that has just been left may still end requests of its last endpoint.
  const auto take = [&](bool may_be_left) {
    for (std::size_t i = 0; i < slots.size() && !unseated.empty(); ++i) {
      if (slots[i] || (!may_be_left && i < before.size() && before[i])) continue;
      slots[i] = *unseated.front();
      unseated.erase(unseated.begin());
    }
  };
  take(false);
  take(true);
  return slots;
}

SlotTable seat_all(const SlotTable& before, const ProxyModel& model) {
  SlotTable table;
  for (const auto& [name, backend] : model.backends) {
    const auto old = before.find(name);
    table.emplace(name, seat(old == before.end() ? Slots() : old->second, backend.endpoints));
  }
  return table;
}

}  // namespace canaria::plan::proxy
