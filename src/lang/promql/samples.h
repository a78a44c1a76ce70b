// What expressions are evaluated on: series of samples, from wherever they are kept.
//
// A series that has ended says so with a marker, a NaN of its own kind, as Prometheus writes it; without one, the last sample
// counts for five minutes more.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "lang/promql/labels.h"
#include "lang/promql/matcher.h"

namespace canaria::lang::promql {

struct Sample {
  std::int64_t time_ms = 0;  // since 1970
  double value = 0;
};

struct Series {
  Labels labels;
  std::vector<Sample> samples;  // in order of time
};

inline constexpr std::uint64_t kEndMarkerBits = 0x7ff0000000000002;
inline double end_marker() { return std::bit_cast<double>(kEndMarkerBits); }
inline bool is_end_marker(double value) { return std::bit_cast<std::uint64_t>(value) == kEndMarkerBits; }

// How long a sample counts when no later one follows.
inline constexpr std::int64_t kLookbackMs = 300'000;

class SampleSource {
 public:
  virtual ~SampleSource() = default;
  // The series that fit all matchers and have samples from `from_ms` to `to_ms`, both included, with those samples (and
  // markers), in any order.
  virtual std::vector<Series> select(const std::vector<Matcher>& matchers, std::int64_t from_ms, std::int64_t to_ms) const = 0;
};

}  // namespace canaria::lang::promql
