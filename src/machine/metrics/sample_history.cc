#include "machine/metrics/sample_history.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "lang/promql/parse.h"

namespace canaria::machine {
namespace {

namespace promql = lang::promql;

constexpr std::uint64_t kRunMax = 120;   // values of a run that is not all the same: four minutes
constexpr std::uint64_t kEarly = 60;     // looks that leave together when memory is short

// As the text format writes it: also +Inf, -Inf and NaN.
std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

// Not a number equals itself here.
bool is_same(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace

void SampleHistory::record(std::int64_t time_ms, std::string_view exposition) {
  if (!times_.empty() && time_ms <= times_.back()) {
    first_ += times_.size();
    times_.clear();
    series_.clear();
    bytes_ = 0;
  }
  const std::uint64_t look = first_ + times_.size();
  times_.push_back(time_ms);
  while (!exposition.empty()) {
    const std::size_t end = std::min(exposition.find('\n'), exposition.size());
    const std::string_view line = exposition.substr(0, end);
    exposition.remove_prefix(std::min(end + 1, exposition.size()));
    const std::size_t blank = line.rfind(' ');
    if (line.empty() || line.front() == '#' || blank == std::string_view::npos) continue;
    if (const auto value = number_in(line.substr(blank + 1))) note(look, line.substr(0, blank), *value);
    else ++refused_;
  }
  end_missing(look);
  std::uint64_t oldest = first_;
  while (times_[oldest - first_] < time_ms - limits_.age_ms) ++oldest;
  if (oldest > first_) forget_before(oldest);
  while (bytes_ > limits_.bytes && times_.size() > 2 * kEarly) forget_before(first_ + kEarly);
}

void SampleHistory::note(std::uint64_t look, std::string_view text, double value) {
  auto found = series_.find(text);
  if (found == series_.end()) {
    auto labels = series_.size() < limits_.series ? promql::parse_series(text) : fail(Code::kTooManyRequests, "");
    if (!labels) {
      ++refused_;
      return;
    }
    found = series_.emplace(text, Entry()).first;
    found->second.labels = *std::move(labels);
    bytes_ += size_of(*found);
  }
  if (found->second.next == look + 1) return;  // twice in one text
  append(found->second, look, value);
  found->second.has_ended = false;
}

void SampleHistory::append(Entry& entry, std::uint64_t look, double value) {
  entry.next = look + 1;
  Run* last = entry.runs.empty() ? nullptr : &entry.runs.back();
  const bool follows = last && last->end() == look;
  if (follows && last->values.empty() && is_same(last->value, value)) {
    ++last->count;
    return;
  }
  if (follows && last->count < kRunMax) {
    if (last->values.empty()) {
      last->values.reserve(kRunMax);
      last->values.assign(last->count, last->value);
      bytes_ += kRunMax * sizeof(double);
    }
    last->values.push_back(value);
    ++last->count;
    return;
  }
  Run run;
  run.first = look;
  run.count = 1;
  run.value = value;
  entry.runs.push_back(std::move(run));
  bytes_ += sizeof(Run);
}

void SampleHistory::end_missing(std::uint64_t look) {
  for (auto& [text, entry] : series_) {
    if (entry.next == look + 1 || entry.has_ended) continue;
    append(entry, look, promql::end_marker());
    entry.has_ended = true;
  }
}

void SampleHistory::forget_before(std::uint64_t look) {
  times_.erase(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(look - first_));
  first_ = look;
  for (auto item = series_.begin(); item != series_.end();) {
    auto& runs = item->second.runs;
    const auto kept = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.end() > look; });
    for (auto run = runs.begin(); run != kept; ++run)
      bytes_ -= sizeof(Run) + (run->values.empty() ? 0 : kRunMax * sizeof(double));
    runs.erase(runs.begin(), kept);
    if (runs.empty()) {
      bytes_ -= size_of(*item);
      item = series_.erase(item);
    } else {
      ++item;
    }
  }
}

// Of what a series costs whatever its values are.
std::size_t SampleHistory::size_of(const Entries::value_type& entry) const {
  constexpr std::size_t kNode = 48;  // of a tree or a table
  std::size_t size = sizeof(entry) + kNode + entry.first.size();
  for (const auto& [name, value] : entry.second.labels) size += sizeof(name) + sizeof(value) + kNode + value.size();
  return size;
}

std::pair<std::uint64_t, std::uint64_t> SampleHistory::looks_in(std::int64_t from_ms, std::int64_t to_ms) const {
  const auto from = std::lower_bound(times_.begin(), times_.end(), from_ms);
  const auto to = std::upper_bound(from, times_.end(), to_ms);
  return {first_ + static_cast<std::uint64_t>(from - times_.begin()), first_ + static_cast<std::uint64_t>(to - times_.begin())};
}

std::vector<promql::Series> SampleHistory::select(const std::vector<promql::Matcher>& matchers, std::int64_t from_ms,
                                                  std::int64_t to_ms) const {
  std::vector<promql::Series> result;
  const auto [first, end] = looks_in(from_ms, to_ms);
  for (const auto& [text, entry] : series_) {
    if (entry.next <= first || !fits_all(matchers, entry.labels)) continue;
    std::vector<promql::Sample> samples;
    for (const Run& run : entry.runs)
      for (std::uint64_t look = std::max(first, run.first); look < std::min(end, run.end()); ++look)
        samples.push_back({times_[look - first_], run.at(look)});
    if (!samples.empty()) result.push_back({entry.labels, std::move(samples)});
  }
  return result;
}

std::vector<promql::Labels> SampleHistory::labels_of(const std::vector<promql::Matcher>& matchers, std::int64_t from_ms,
                                                     std::int64_t to_ms) const {
  std::vector<promql::Labels> result;
  const auto [first, end] = looks_in(from_ms, to_ms);
  for (const auto& [text, entry] : series_) {
    const bool is_there = std::any_of(entry.runs.begin(), entry.runs.end(),
                                      [&, from = first, to = end](const Run& run) { return run.first < to && run.end() > from; });
    if (is_there && fits_all(matchers, entry.labels)) result.push_back(entry.labels);
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace canaria::machine
