// What a series did within a window: sums, means, extremes, rates. Pure arithmetic on samples.
#pragma once

#include <optional>
#include <span>

#include "lang/promql/samples.h"

namespace canaria::lang::promql {

// REQUIRES for all: at least one sample.
double sum_over_time(std::span<const Sample> samples);
double avg_over_time(std::span<const Sample> samples);
double min_over_time(std::span<const Sample> samples);
double max_over_time(std::span<const Sample> samples);
double count_over_time(std::span<const Sample> samples);
double last_over_time(std::span<const Sample> samples);
double present_over_time(std::span<const Sample> samples);
double stdvar_over_time(std::span<const Sample> samples);
double stddev_over_time(std::span<const Sample> samples);
double changes(std::span<const Sample> samples);
double resets(std::span<const Sample> samples);

// kDelta: of a gauge. kIncrease, kRate: of a counter, which may have started again from zero.
enum class RateKind { kDelta, kIncrease, kRate };
// The change within the window, as if the samples had been taken at its ends: extrapolated up to 1.1 mean distances between
// samples, half a distance where the series seems to begin or end inside, and never below the zero of a counter. Example: 10,
// 20, 30 at 10 s, 20 s, 30 s in the window 5..35 s: 20 in 20 s is 30 in 30 s. Empty with fewer than two samples.
std::optional<double> extrapolated(RateKind kind, std::span<const Sample> samples, std::int64_t start_ms, std::int64_t end_ms);
// The same of the last two samples, without extrapolation; kDelta or kRate.
std::optional<double> instant(RateKind kind, std::span<const Sample> samples);

// The quantile by linear interpolation between ranks; NaN of nothing, -Inf below 0, +Inf above 1.
double quantile(double q, std::vector<double> values);

// Mean and variance in one pass (Welford).
class Spread {
 public:
  void add(double value) {
    const double delta = value - mean_;
    mean_ += delta / ++count_;
    squares_ += delta * (value - mean_);
  }
  double variance() const { return squares_ / count_; }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

// A sum that keeps what rounding loses (Neumaier).
class ExactSum {
 public:
  void add(double value);
  double value() const;

 private:
  double sum_ = 0, lost_ = 0;
};

}  // namespace canaria::lang::promql
