// Which endpoint sits in which server slot of its backend. Slots exist so that endpoints come and go without a reload: a
// backend has some free ones, and only when they run out is its structure changed, to twice as many.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/proxy/proxy_model.h"

namespace canaria::plan::proxy {

// In the order of the slots; slot i is the server "s<i + 1>".
using Slots = std::vector<std::optional<Endpoint>>;
using SlotTable = std::map<std::string, Slots>;  // by backend

inline constexpr std::size_t kFewestSlots = 4;

// An endpoint keeps its slot; a new one gets the first free one; the number of slots never shrinks below `before`.
Slots seat(const Slots& before, const std::vector<Endpoint>& endpoints);
SlotTable seat_all(const SlotTable& before, const ProxyModel& model);

std::string server_name(std::size_t slot);

}  // namespace canaria::plan::proxy
