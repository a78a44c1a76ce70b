// A canary without a traffic router: new and stable pods trade places within maxSurge and maxUnavailable, a few pods at a
// time. Each call answers only the next move; it is asked again once the pods of the last one have come or gone.
//
// Example: 10 pods, 20 %, surge 3, none unavailable. First (2, 10): the canary grows into the surge; once its pods are
// available, (2, 8): the stable pods that they replace may go.

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"

namespace canaria::plan {
namespace {

// One ReplicaSet as counted here. A set whose size was just reduced counts no more pods than it is to have.
struct Count {
  bool exists = false;
  std::int64_t spec = 0;
  std::int64_t available = 0;
  std::int64_t serving() const { return std::min(spec, available); }
};

Count count_of(const api::ReplicaSet* set) { return {set != nullptr, wanted_pods(set), available_pods(set)}; }

struct Bounds {
  std::int64_t cap;    // most pods in all
  std::int64_t floor;  // fewest pods that serve
};

// Corrects a decided pair of sizes so that the kept set neither exceeds the cap nor gives up pods the service still needs.
void adjust(const Bounds& bounds, const Count& drained, std::int64_t& drained_size, const Count& kept, std::int64_t& kept_size) {
  if (!kept.exists) return;
  // 1. The kept set makes room first.
  kept_size -= std::max<std::int64_t>(0, drained_size + kept_size - bounds.cap);
  // 2. - 3. But takes back what availability needs.
  const auto serving = std::min(drained.available, drained_size) + std::min(kept.available, kept_size);
  kept_size += std::min(std::max<std::int64_t>(0, kept.available - kept_size), std::max<std::int64_t>(0, bounds.floor - serving));
  // 4. Then the drained set yields.
  drained_size -= std::max<std::int64_t>(0, drained_size + kept_size - bounds.cap);
}

}  // namespace

Sizes next_basic_sizes(const api::Rollout& rollout, const Roles& roles) {
  const bool same = roles.stable && roles.stable == roles.new_set;
  const bool alone = same || !roles.stable;
  const auto limits = surge_limits(rollout);
  const auto replicas = rollout.replicas();
  const Sizes target = alone ? Sizes{replicas, 0} : weighted_split(replicas, canary_share(rollout, roles).weight, limits.surge);
  const Count fresh = count_of(roles.new_set);
  const Count stable = count_of(roles.stable);
  std::int64_t others = 0;
  for (const auto* set : roles.others) others += wanted_pods(set);

  // 1. - 2. The bounds, the room left within them, and the sizes as they are.
  const Bounds bounds{std::int64_t{replicas} + limits.surge, std::int64_t{replicas} - limits.unavailable};
  auto room = bounds.cap - others - fresh.spec - (alone ? 0 : stable.spec);
  auto canary_size = fresh.spec;
  auto stable_size = alone ? 0 : stable.spec;
  const auto sizes = [&] { return Sizes{as_count(canary_size), as_count(stable_size)}; };

  // 3. - 4. Growth: stable first, it serves most of the traffic.
  if (!alone && stable.spec < target.stable && room > 0) {
    stable_size = std::min<std::int64_t>(target.stable, stable.spec + room);
    room -= stable_size - stable.spec;
  }
  if (fresh.spec < target.canary && room > 0) canary_size = std::min<std::int64_t>(target.canary, fresh.spec + room);

  // 5. Superseded revisions go before new or stable shrink.
  if (others > 0) return sizes();

  // 6. - 7. Pods to spare. Those about to be removed count by spec, the others only when they serve.
  // Compat: when new and stable are one ReplicaSet it counts twice, so that it can shrink even while unavailable.
  const bool growing = !fresh.exists || target.canary >= fresh.spec;
  const auto serving = growing ? fresh.serving() + stable.spec : fresh.spec + stable.serving();
  const auto spare = serving - bounds.floor;
  if (spare <= 0) return sizes();

  // 8. Shrink the side that has too many.
  if (!growing) {
    if (fresh.spec > target.canary) canary_size = std::max<std::int64_t>(target.canary, fresh.spec - spare);
    adjust(bounds, fresh, canary_size, stable, stable_size);
  } else if (!alone) {
    if (stable.spec > target.stable) stable_size = std::max<std::int64_t>(target.stable, stable.spec - spare);
    adjust(bounds, stable, stable_size, fresh, canary_size);
  }
  return sizes();
}

Sizes next_sizes(const api::Rollout& rollout, const Roles& roles, const std::optional<api::TrafficWeights>& weights) {
  return is_routed(rollout) ? routed_sizes(rollout, roles, weights) : next_basic_sizes(rollout, roles);
}

}  // namespace canaria::plan
