#include "lang/promql/histogram_quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace canaria::lang::promql {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// By bound, equal bounds added up, and never decreasing: series of one histogram are not read at the same instant.
std::vector<Bucket> in_order(std::vector<Bucket> buckets) {
  std::sort(buckets.begin(), buckets.end(), [](const Bucket& a, const Bucket& b) { return a.upper_bound < b.upper_bound; });
  std::vector<Bucket> result;
  for (const Bucket& bucket : buckets) {
    if (!result.empty() && result.back().upper_bound == bucket.upper_bound) result.back().count += bucket.count;
    else result.push_back(bucket);
  }
  for (std::size_t i = 1; i < result.size(); ++i) result[i].count = std::max(result[i].count, result[i - 1].count);
  return result;
}

}  // namespace

double histogram_quantile(double q, std::vector<Bucket> given) {
  if (std::isnan(q)) return kNan;
  if (q < 0) return -kInfinity;
  if (q > 1) return kInfinity;
  const std::vector<Bucket> buckets = in_order(std::move(given));
  if (buckets.size() < 2 || buckets.back().upper_bound != kInfinity) return kNan;
  const double observations = buckets.back().count;
  if (observations == 0 || std::isnan(observations)) return kNan;

  double rank = q * observations;
  std::size_t place = 0;
  while (place + 1 < buckets.size() && buckets[place].count < rank) ++place;
  if (place + 1 == buckets.size()) return buckets[place - 1].upper_bound;
  const double end = buckets[place].upper_bound;
  if (place == 0 && end <= 0) return end;
  double start = 0, count = buckets[place].count;
  if (place > 0) {
    start = buckets[place - 1].upper_bound;
    count -= buckets[place - 1].count;
    rank -= buckets[place - 1].count;
  }
  return start + (end - start) * (rank / count);
}

}  // namespace canaria::lang::promql
