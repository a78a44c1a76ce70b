#include "lang/promql/over_time.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace canaria::lang::promql {
namespace {

using Samples = std::span<const Sample>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

// What a counter lost each time it started again.
double lost_at_resets(Samples samples) {
  double lost = 0;
  for (std::size_t i = 1; i < samples.size(); ++i)
    if (samples[i].value < samples[i - 1].value) lost += samples[i - 1].value;
  return lost;
}

// How much of the gap between a sample and its end of the window counts as covered.
double covered(double gap, double mean_distance) { return gap < mean_distance * 1.1 ? gap : mean_distance / 2; }

// Not a number loses against everything.
template <class IsBetter>
double extreme(Samples samples, IsBetter is_better) {
  double best = samples.front().value;
  for (const Sample& sample : samples)
    if (is_better(sample.value, best) || std::isnan(best)) best = sample.value;
  return best;
}

Spread spread_of(Samples samples) {
  Spread spread;
  for (const Sample& sample : samples) spread.add(sample.value);
  return spread;
}

}  // namespace

void ExactSum::add(double value) {
  const double next = sum_ + value;
  lost_ += std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
  sum_ = next;
}

double ExactSum::value() const { return std::isinf(sum_) ? sum_ : sum_ + lost_; }

double sum_over_time(Samples samples) {
  ExactSum sum;
  for (const Sample& sample : samples) sum.add(sample.value);
  return sum.value();
}

double avg_over_time(Samples samples) {
  const double sum = sum_over_time(samples), count = count_over_time(samples);
  if (!std::isinf(sum)) return sum / count;
  // Either a value is infinite, or only the sum is too large.
  double mean = 0;
  for (const Sample& sample : samples) mean += sample.value / count;
  return mean;
}

double min_over_time(Samples samples) { return extreme(samples, std::less<>()); }
double max_over_time(Samples samples) { return extreme(samples, std::greater<>()); }
double count_over_time(Samples samples) { return static_cast<double>(samples.size()); }
double last_over_time(Samples samples) { return samples.back().value; }
double present_over_time(Samples) { return 1; }
double stdvar_over_time(Samples samples) { return spread_of(samples).variance(); }
double stddev_over_time(Samples samples) { return std::sqrt(stdvar_over_time(samples)); }

double changes(Samples samples) {
  int count = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const double before = samples[i - 1].value, now = samples[i].value;
    if (now != before && !(std::isnan(now) && std::isnan(before))) ++count;
  }
  return count;
}

double resets(Samples samples) {
  int count = 0;
  for (std::size_t i = 1; i < samples.size(); ++i)
    if (samples[i].value < samples[i - 1].value) ++count;
  return count;
}

std::optional<double> extrapolated(RateKind kind, Samples samples, std::int64_t start_ms, std::int64_t end_ms) {
  if (samples.size() < 2) return std::nullopt;
  const Sample &first = samples.front(), &last = samples.back();
  double change = last.value - first.value;
  if (kind != RateKind::kDelta) change += lost_at_resets(samples);

  const double sampled = seconds(last.time_ms - first.time_ms);
  const double mean_distance = sampled / static_cast<double>(samples.size() - 1);
  double before = seconds(first.time_ms - start_ms);
  const double after = seconds(end_ms - last.time_ms);
  // A counter was zero at the earliest where the line through the samples crosses zero.
  if (kind != RateKind::kDelta && change > 0 && first.value >= 0) before = std::min(before, sampled * (first.value / change));
  double factor = (sampled + covered(before, mean_distance) + covered(after, mean_distance)) / sampled;
  if (kind == RateKind::kRate) factor /= seconds(end_ms - start_ms);
  return change * factor;
}

std::optional<double> instant(RateKind kind, Samples samples) {
  if (samples.size() < 2) return std::nullopt;
  const Sample &before = samples[samples.size() - 2], &last = samples.back();
  if (last.time_ms == before.time_ms) return std::nullopt;
  if (kind == RateKind::kDelta) return last.value - before.value;
  const double change = last.value < before.value ? last.value : last.value - before.value;
  return change / seconds(last.time_ms - before.time_ms);
}

double quantile(double q, std::vector<double> values) {
  if (values.empty() || std::isnan(q)) return kNan;
  if (q < 0) return -kInfinity;
  if (q > 1) return kInfinity;
  std::sort(values.begin(), values.end(), [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });
  const double rank = q * static_cast<double>(values.size() - 1);
  const double lower = std::floor(rank), weight = rank - lower;
  const auto below = static_cast<std::size_t>(lower), above = std::min(below + 1, values.size() - 1);
  return values[below] * (1 - weight) + values[above] * weight;
}

}  // namespace canaria::lang::promql
