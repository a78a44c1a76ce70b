// How a weight becomes pods when pods are the only way to weigh traffic: every pod gets an equal share of the requests, so
// the canary's share of pods has to come close to the wanted percentage.
//
// Example: 5 pods, 30 %, a surge allowed: 2 of 6 pods (33 %) beat 2 of 5 (40 %) and 1 of 5 (20 %), so (2, 4).

#include <array>
#include <cmath>

#include "lang/int_or_percent.h"
#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"

namespace canaria::plan {
namespace {

struct Candidate {
  std::int64_t canary;
  std::int64_t total;
  double distance(std::int32_t weight) const {
    return std::abs(static_cast<double>(canary) * 100.0 / static_cast<double>(total) - weight);
  }
};

// Whether the weight falls exactly between two pod counts.
// Compat: the fraction of the weight is taken first, in floating point, so 29 % of 50 pods is not a tie.
bool is_tied(std::int64_t pods, std::int32_t weight) {
  double whole = 0;
  return std::modf(static_cast<double>(pods) * (weight / 100.0), &whole) == 0.5;
}

}  // namespace

SurgeLimits surge_limits(std::int32_t replicas, const std::optional<api::IntOrString>& max_surge,
                         const std::optional<api::IntOrString>& max_unavailable) {
  static const api::IntOrString kDefault{std::string("25%")};
  const auto surge = lang::resolve(max_surge.value_or(kDefault), replicas, lang::Rounding::kUp);
  const auto unavailable = lang::resolve(max_unavailable.value_or(kDefault), replicas, lang::Rounding::kDown);
  if (!surge || !unavailable) return {};
  SurgeLimits limits{std::max(0, *surge), std::max(0, *unavailable)};
  // With both at zero no pod could ever be replaced.
  if (limits.surge == 0 && limits.unavailable == 0) limits.unavailable = 1;
  limits.unavailable = std::min(limits.unavailable, replicas);
  return limits;
}

SurgeLimits surge_limits(const api::Rollout& rollout) {
  const auto* canary = rollout.canary();
  if (!canary) return surge_limits(rollout.replicas(), std::nullopt, std::nullopt);
  return surge_limits(rollout.replicas(), canary->maxSurge, canary->maxUnavailable);
}

Sizes weighted_split(std::int32_t replicas, std::int32_t weight, std::int32_t surge) {
  // 1. Nothing to split.
  if (replicas <= 0) return {};
  // 2. The two nearest counts.
  const std::int64_t all = replicas;
  const std::int64_t product = all * weight;
  const std::int64_t down = product / 100;
  const std::int64_t up = down + (product % 100 != 0 ? 1 : 0);
  // 3. A weight strictly between 0 and 100 leaves neither side without pods, unless a single pod cannot be surged over.
  const bool zero_allowed = weight == 100 || weight == 0 || (replicas == 1 && surge == 0);
  const bool down_allowed = down > 0 || zero_allowed;
  // 4. Candidates; the earliest of equally close ones wins.
  std::optional<Candidate> best;
  const auto consider = [&](bool allowed, Candidate candidate) {
    if (allowed && (!best || candidate.distance(weight) < best->distance(weight))) best = candidate;
  };
  consider(up < all || zero_allowed, {up, all});
  consider(down_allowed && !is_tied(all, weight), {down, all});
  if (surge > 0) {
    consider(true, {up, all + 1});
    consider(down_allowed && !is_tied(all + 1, weight), {down, all + 1});
  }
  // 5. Only a high weight without surge gets here (2 pods, 75 %): one pod stays stable. Argo Rollouts gives such a step no
  // canary at all and completes it.
  if (!best) best = Candidate{all - 1, all};
  // 6. The rest is stable.
  return {as_count(best->canary), as_count(best->total - best->canary)};
}

}  // namespace canaria::plan
