#include "plan/proxy/server_slots.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "plan/proxy/statistics.h"

namespace canaria::plan::proxy {
namespace {

bool is_same_pod(const Endpoint& a, const Endpoint& b) { return a.place() == b.place() && a.pod == b.pod; }

// What has become of who sits in a slot.
Endpoint state_now(const Endpoint& seated, const std::vector<Endpoint>& endpoints) {
  Endpoint now = seated;
  const auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& e) { return is_same_pod(e, seated); });
  if (found == endpoints.end()) now.state = EndpointState::kGone;
  // Who is gone has no requests left that it could end.
  else if (seated.state != EndpointState::kGone || found->state == EndpointState::kReady) now.state = found->state;
  return now;
}

bool has_seat(const Slots& slots, const Endpoint& endpoint) {
  return std::any_of(slots.begin(), slots.end(), [&](const auto& seated) { return seated && is_same_pod(*seated, endpoint); });
}

}  // namespace

Slots seat_anew(const std::vector<Endpoint>& endpoints) {
  return seat(Slots(std::bit_ceil(std::max(2 * endpoints.size(), kFewestSlots))), endpoints);
}

SlotTable seat_all_anew(const ProxyModel& model) { return seat_all({}, model); }

Slots seat(const Slots& before, const std::vector<Endpoint>& endpoints) {
  Slots slots(before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i]) slots[i] = state_now(*before[i], endpoints);
  auto next_free = slots.begin();
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.state != EndpointState::kReady || has_seat(slots, endpoint)) continue;
    next_free = std::find(next_free, slots.end(), std::nullopt);
    if (next_free == slots.end()) break;
    *next_free = endpoint;
  }
  return slots;
}

SlotTable seat_all(const SlotTable& before, const ProxyModel& model) {
  SlotTable table;
  for (const auto& [name, backend] : model.backends) {
    const auto old = before.find(name);
    table.emplace(name, old == before.end() ? seat_anew(backend.endpoints) : seat(old->second, backend.endpoints));
  }
  return table;
}

bool are_seated(const SlotTable& slots, const ProxyModel& model) {
  for (const auto& [name, backend] : model.backends) {
    const auto seats = slots.find(name);
    for (const Endpoint& endpoint : backend.endpoints)
      if (endpoint.state == EndpointState::kReady && (seats == slots.end() || !has_seat(seats->second, endpoint))) return false;
  }
  return true;
}

void free_slots(SlotTable& slots, const std::string& statistics) {
  for (const StatisticsRow& row : read_statistics(statistics)) {
    const auto backend = slots.find(std::string(text_in(row, "pxname")));
    const auto slot = slot_number(text_in(row, "svname"));
    if (backend == slots.end() || !slot || *slot >= backend->second.size()) continue;
    std::optional<Endpoint>& seated = backend->second[*slot];
    const bool is_unused = number_in(row, "scur") == 0 && number_in(row, "used_conn_cur") == 0 &&
                           number_in(row, "idle_conn_cur") == 0 && number_in(row, "safe_conn_cur") == 0;
    if (seated && seated->state == EndpointState::kGone && is_unused) seated.reset();
  }
}

std::string server_name(std::size_t slot) { return "s" + std::to_string(slot + 1); }

std::optional<std::size_t> slot_number(std::string_view server_name) {
  std::size_t number = 0;
  if (!server_name.starts_with('s')) return std::nullopt;
  const char* const end = server_name.data() + server_name.size();
  const auto read = std::from_chars(server_name.data() + 1, end, number);
  if (read.ec != std::errc() || read.ptr != end || number == 0) return std::nullopt;
  return number - 1;
}

}  // namespace canaria::plan::proxy
