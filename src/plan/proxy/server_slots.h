// Which endpoint sits in which server slot of its backend. Slots exist so that endpoints come and go without a reload: a
// backend has some free ones, and only when they run out is the proxy loaded anew, with other seats.
//
// A slot is not given to another endpoint before the proxy says that it has no connection to the former one: it keeps
// connections to servers by slot and would send requests for the new endpoint over them. So who leaves stays seated, out of
// service (kGone), until then; and newcomers, who get other slots, are ready before anybody leaves.
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

inline constexpr std::size_t kFewestSlots = 8;

// For a proxy that is started: as many free slots as ready endpoints at least.
Slots seat_anew(const std::vector<Endpoint>& endpoints);
SlotTable seat_all_anew(const ProxyModel& model);

// For one that runs with `before`: who is seated stays; who is ready and comes gets a free slot, as long as there are any.
Slots seat(const Slots& before, const std::vector<Endpoint>& endpoints);
// A backend that is not in `before` is seated anew.
SlotTable seat_all(const SlotTable& before, const ProxyModel& model);

// Whether every ready endpoint has a slot. When not, the proxy has to be loaded with seat_all_anew.
bool are_seated(const SlotTable& slots, const ProxyModel& model);

// Frees the slots of those who are gone and to whom the process with this answer to "show stat" has no connection.
void free_slots(SlotTable& slots, const std::string& statistics);

std::string server_name(std::size_t slot);
// Of "s3": 2; nothing for another text.
std::optional<std::size_t> slot_number(std::string_view server_name);

}  // namespace canaria::plan::proxy
