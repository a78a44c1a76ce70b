#include "machine/workloads/service_addresses.h"

namespace canaria::machine {

// One worker: two Services must not find the same address free.
ServiceAddresses::ServiceAddresses(WorkloadDoors doors, WorkloadCaches& caches, AddressBlock block)
    : doors_(doors),
      caches_(caches),
      block_(block),
      queue_(
          doors.loop, 1, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.services().on_change([this](const auto&, const auto& after) {
    if (is_started_ && after && after->wants_address()) queue_.add(after->metadata.key());
  });
}

void ServiceAddresses::start() {
  is_started_ = true;
  for (const auto& [key, service] : caches_.services().all())
    if (service->wants_address()) queue_.add(key);
  queue_.start();
}

std::set<std::string> ServiceAddresses::taken() const {
  std::set<std::string> addresses;
  for (const auto& [key, service] : caches_.services().all())
    if (!service->cluster_ip.empty()) addresses.insert(service->cluster_ip);
  return addresses;
}

Task<Result<std::optional<Time>>> ServiceAddresses::reconcile(api::ObjectKey key) {
  const auto service = caches_.services().find(key);
  if (!service || !service->wants_address() || service->metadata.deletionTimestamp) co_return std::nullopt;
  const auto address = block_.next_free(AddressUse::kService, taken(), last_);
  if (!address) {
    doors_.events.record(event_target(api::resources::services(), service->metadata), api::EventType::kWarning,
                         "ClusterIPOutOfRange", "no address is free for Services: delete some");
    co_return fail(Code::kUnavailable, "no address is free for Services");
  }
  const json::Array addresses{json::Value(*address)};
  json::Value patch = json::Object{{"metadata", {{"uid", service->metadata.uid}}},
                                   {"spec", {{"clusterIP", *address}, {"clusterIPs", addresses}}}};
  auto written =
      co_await doors_.client.patch(api::resources::services(), key, PatchKind::kMerge, std::move(patch), WriteOptions());
  if (!written && written.error().code == Code::kNotFound) co_return std::nullopt;
  if (!written) co_return wrap("give Service " + key.text() + " an address", written.error());
  last_ = *address;
  caches_.services().put(*written);
  co_return std::nullopt;
}

}  // namespace canaria::machine
