// What the metrics of this machine were during the last two hours, in memory, for expressions to look at. It is fed, every two
// seconds, with the very text that /metrics shows, so a Prometheus that scrapes the machine sees the same.
//
// All series of one look share its time. A series is a list of runs: as long as its value does not change it costs nothing,
// after that eight bytes a look. A series that is missing from a look has ended and gets an end marker; its samples leave with
// age. When the bound on memory is reached, the oldest looks leave early; when there are too many series, new ones are not
// kept. Lives on the loop; no I/O, no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lang/promql/samples.h"

namespace canaria::machine {

struct HistoryLimits {
  std::int64_t age_ms = 2 * 3'600'000;
  std::size_t bytes = 8 << 20;
  std::size_t series = 4'000;
};

class SampleHistory final : public lang::promql::SampleSource {
 public:
  explicit SampleHistory(HistoryLimits limits = {}) : limits_(limits) {}

  // One look, in the Prometheus text format without times. What was recorded in the future of it (the clock has been set back)
  // is forgotten.
  void record(std::int64_t time_ms, std::string_view exposition);

  std::vector<lang::promql::Series> select(const std::vector<lang::promql::Matcher>& matchers, std::int64_t from_ms,
                                           std::int64_t to_ms) const override;
  // The labels of the series that fit and have samples in that time; like select(), without them.
  std::vector<lang::promql::Labels> labels_of(const std::vector<lang::promql::Matcher>& matchers, std::int64_t from_ms,
                                              std::int64_t to_ms) const;

  std::size_t series() const { return series_.size(); }
  std::size_t looks() const { return times_.size(); }
  // About what is allocated.
  std::size_t bytes() const { return bytes_; }
  // Series that were not kept, because there are too many or their text is none; counted once a look.
  std::uint64_t refused() const { return refused_; }

 private:
  // Values of consecutive looks. All the same while `values` is empty.
  struct Run {
    std::uint64_t first = 0;  // number of the look
    std::uint64_t count = 0;
    double value = 0;
    std::vector<double> values;
    std::uint64_t end() const { return first + count; }
    double at(std::uint64_t look) const { return values.empty() ? value : values[look - first]; }
  };
  struct Entry {
    lang::promql::Labels labels;
    std::vector<Run> runs;
    std::uint64_t next = 0;  // the look after its last sample
    bool has_ended = false;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

  void note(std::uint64_t look, std::string_view series, double value);
  void append(Entry& entry, std::uint64_t look, double value);
  void end_missing(std::uint64_t look);
  void forget_before(std::uint64_t look);
  std::size_t size_of(const Entries::value_type& entry) const;
  // The looks of that time: the first, and the one after the last.
  std::pair<std::uint64_t, std::uint64_t> looks_in(std::int64_t from_ms, std::int64_t to_ms) const;

  HistoryLimits limits_;
  std::uint64_t first_ = 0;          // number of the oldest look
  std::deque<std::int64_t> times_;   // of the looks
  Entries series_;                   // by their text
  std::size_t bytes_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace canaria::machine
