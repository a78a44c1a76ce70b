#include "lang/promql/functions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "lang/promql/histogram_quantile.h"
#include "lang/promql/label_functions.h"
#include "lang/promql/over_time.h"

namespace canaria::lang::promql {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

enum class Name { kDrop, kKeep };
template <double (*kCompute)(std::span<const Sample>), Name kName = Name::kDrop>
Result<Value> over_time(Invocation& invocation) {
  InstantVector result;
  for (const SeriesWindow& window : invocation.range(0).windows)
    result.push_back({kName == Name::kKeep ? *window.labels : without_name(*window.labels), kCompute(window.samples)});
  return Value(std::move(result));
}

template <class Compute>
Result<Value> where_known(const RangeVector& range, Compute compute) {
  InstantVector result;
  for (const SeriesWindow& window : range.windows)
    if (const std::optional<double> value = compute(window.samples)) result.push_back({without_name(*window.labels), *value});
  return Value(std::move(result));
}

template <RateKind kKind>
Result<Value> rate(Invocation& invocation) {
  const RangeVector& range = invocation.range(0);
  return where_known(range, [&](auto samples) { return extrapolated(kKind, samples, range.start_ms, range.end_ms); });
}

template <RateKind kKind>
Result<Value> instant_rate(Invocation& invocation) {
  return where_known(invocation.range(0), [](auto samples) { return instant(kKind, samples); });
}

Result<Value> quantile_over_time(Invocation& invocation) {
  const double q = invocation.number(0);
  return where_known(invocation.range(1), [q](auto samples) -> std::optional<double> {
    std::vector<double> values;
    for (const Sample& sample : samples) values.push_back(sample.value);
    return quantile(q, std::move(values));
  });
}

template <class Compute>
Result<Value> each(Invocation& invocation, std::size_t argument, Compute compute) {
  InstantVector result = std::move(invocation.vector(argument));
  for (VectorElement& element : result) {
    element.labels = without_name(std::move(element.labels));
    element.value = compute(element.value);
  }
  return Value(std::move(result));
}

template <double (*kCompute)(double)>
Result<Value> math(Invocation& invocation) {
  return each(invocation, 0, kCompute);
}
double sign(double value) { return value > 0 ? 1 : value < 0 ? -1 : value; }

// Unlike std::max and std::min: not a number wins.
double larger(double a, double b) { return std::isnan(a) || std::isnan(b) ? kNan : std::max(a, b); }
double smaller(double a, double b) { return std::isnan(a) || std::isnan(b) ? kNan : std::min(a, b); }

Result<Value> clamp(Invocation& invocation) {
  const double low = invocation.number(1), high = invocation.number(2);
  if (high < low) return Value(InstantVector());
  return each(invocation, 0, [=](double value) { return larger(low, smaller(high, value)); });
}
Result<Value> clamp_min(Invocation& invocation) {
  return each(invocation, 0, [low = invocation.number(1)](double value) { return larger(low, value); });
}
Result<Value> clamp_max(Invocation& invocation) {
  return each(invocation, 0, [high = invocation.number(1)](double value) { return smaller(high, value); });
}

// To the nearest multiple; halves go up. The inverse keeps 0.1 and the like exact.
Result<Value> round_to(Invocation& invocation) {
  const double inverse = 1 / (invocation.arguments.size() > 1 ? invocation.number(1) : 1.0);
  return each(invocation, 0, [=](double value) { return std::floor(value * inverse + 0.5) / inverse; });
}

Result<Value> scalar(Invocation& invocation) {
  const InstantVector& vector = invocation.vector(0);
  return Value(vector.size() == 1 ? vector.front().value : kNan);
}
Result<Value> vector(Invocation& invocation) { return Value(InstantVector{{Labels(), invocation.number(0)}}); }
Result<Value> time(Invocation& invocation) { return Value(static_cast<double>(invocation.time_ms) / 1000); }

template <class IsBefore>
Result<Value> sorted(Invocation& invocation, IsBefore is_before) {
  InstantVector result = std::move(invocation.vector(0));
  std::stable_sort(result.begin(), result.end(), [&](const VectorElement& a, const VectorElement& b) {
    return std::isnan(b.value) ? !std::isnan(a.value) : is_before(a.value, b.value);
  });
  return Value(std::move(result));
}
Result<Value> sort_up(Invocation& invocation) { return sorted(invocation, std::less<>()); }
Result<Value> sort_down(Invocation& invocation) { return sorted(invocation, std::greater<>()); }

std::optional<double> bound_in(const Labels& labels) {
  const std::string text(label(labels, "le"));
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  double bound = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), bound);
  if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return bound;
}

Result<Value> quantile_of_histograms(Invocation& invocation) {
  std::map<Labels, std::vector<Bucket>> histograms;
  for (VectorElement& element : invocation.vector(1)) {
    const auto bound = bound_in(element.labels);
    if (!bound) continue;
    Labels labels = without_name(std::move(element.labels));
    set_label(labels, "le", "");
    histograms[std::move(labels)].push_back({*bound, element.value});
  }
  InstantVector result;
  for (auto& [labels, buckets] : histograms)
    result.push_back({labels, histogram_quantile(invocation.number(0), std::move(buckets))});
  return Value(std::move(result));
}

using enum ValueType;

// In alphabetical order.
const Function kFunctions[] = {
    {"abs", {kVector}, 0, kVector, math<std::fabs>},
    {"absent", {kVector}, 0, kVector, absent},
    {"absent_over_time", {kMatrix}, 0, kVector, absent_over_time},
    {"avg_over_time", {kMatrix}, 0, kVector, over_time<avg_over_time>},
    {"ceil", {kVector}, 0, kVector, math<std::ceil>},
    {"changes", {kMatrix}, 0, kVector, over_time<changes>},
    {"clamp", {kVector, kScalar, kScalar}, 0, kVector, clamp},
    {"clamp_max", {kVector, kScalar}, 0, kVector, clamp_max},
    {"clamp_min", {kVector, kScalar}, 0, kVector, clamp_min},
    {"count_over_time", {kMatrix}, 0, kVector, over_time<count_over_time>},
    {"delta", {kMatrix}, 0, kVector, rate<RateKind::kDelta>},
    {"exp", {kVector}, 0, kVector, math<std::exp>},
    {"floor", {kVector}, 0, kVector, math<std::floor>},
    {"histogram_quantile", {kScalar, kVector}, 0, kVector, quantile_of_histograms},
    {"idelta", {kMatrix}, 0, kVector, instant_rate<RateKind::kDelta>},
    {"increase", {kMatrix}, 0, kVector, rate<RateKind::kIncrease>},
    {"irate", {kMatrix}, 0, kVector, instant_rate<RateKind::kRate>},
    {"label_join", {kVector, kString, kString, kString}, kAnyNumber, kVector, label_join},
    {"label_replace", {kVector, kString, kString, kString, kString}, 0, kVector, label_replace},
    {"last_over_time", {kMatrix}, 0, kVector, over_time<last_over_time, Name::kKeep>},
    {"ln", {kVector}, 0, kVector, math<std::log>},
    {"log10", {kVector}, 0, kVector, math<std::log10>},
    {"log2", {kVector}, 0, kVector, math<std::log2>},
    {"max_over_time", {kMatrix}, 0, kVector, over_time<max_over_time>},
    {"min_over_time", {kMatrix}, 0, kVector, over_time<min_over_time>},
    {"present_over_time", {kMatrix}, 0, kVector, over_time<present_over_time>},
    {"quantile_over_time", {kScalar, kMatrix}, 0, kVector, quantile_over_time},
    {"rate", {kMatrix}, 0, kVector, rate<RateKind::kRate>},
    {"resets", {kMatrix}, 0, kVector, over_time<resets>},
    {"round", {kVector, kScalar}, 1, kVector, round_to},
    {"scalar", {kVector}, 0, kScalar, scalar},
    {"sgn", {kVector}, 0, kVector, math<sign>},
    {"sort", {kVector}, 0, kVector, sort_up},
    {"sort_desc", {kVector}, 0, kVector, sort_down},
    {"sqrt", {kVector}, 0, kVector, math<std::sqrt>},
    {"stddev_over_time", {kMatrix}, 0, kVector, over_time<stddev_over_time>},
    {"stdvar_over_time", {kMatrix}, 0, kVector, over_time<stdvar_over_time>},
    {"sum_over_time", {kMatrix}, 0, kVector, over_time<sum_over_time>},
    {"time", {}, 0, kScalar, time},
    {"vector", {kScalar}, 0, kVector, vector},
};

}  // namespace

const Function* find_function(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kFunctions), std::end(kFunctions), [&](const Function& row) { return row.name == name; });
  return found == std::end(kFunctions) ? nullptr : &*found;
}

}  // namespace canaria::lang::promql
