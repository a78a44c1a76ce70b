#include "plan/proxy/latencies.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace canaria::plan::proxy {
namespace {

constexpr std::array<std::uint64_t, 10> kMantissas = {100, 125, 160, 200, 250, 315, 400, 500, 630, 800};
constexpr std::uint64_t kSampled = 8;  // above the limit, one request in so many is counted

// Upper bounds of the steps in microseconds: 100, 125, 160 ... 25,000,000. What is above is one step more.
const std::vector<std::uint64_t>& step_bounds() {
  static const std::vector<std::uint64_t> bounds = [] {
    std::vector<std::uint64_t> made;
    std::uint64_t power = 1;
    for (int decade = 0; decade < 6; ++decade, power *= 10)
      for (const std::uint64_t mantissa : kMantissas)
        if (mantissa * power <= 25'000'000) made.push_back(mantissa * power);
    return made;
  }();
  return bounds;
}

// What a request in a step took, in seconds: the middle of the step.
double middle_of(std::size_t step) {
  const auto& bounds = step_bounds();
  const double low = step == 0 ? 0 : static_cast<double>(bounds[step - 1]);
  const double high = step < bounds.size() ? static_cast<double>(bounds[step]) : low * 1.25;
  return (low + high) / 2e6;
}

std::uint64_t number_after(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  std::uint64_t number = 0;
  if (at != std::string_view::npos) std::from_chars(line.data() + at + name.size(), line.data() + line.size(), number);
  return number;
}

std::uint64_t growth(std::uint64_t before, std::uint64_t now) { return now >= before ? now - before : now; }

}  // namespace

std::string latency_map_text() {
  std::string text;
  std::uint64_t low = 0;
  std::size_t step = 0;
  for (const std::uint64_t bound : step_bounds()) {
    text += std::to_string(low) + ":" + std::to_string(bound) + " " + std::to_string(step++) + "\n";
    low = bound + 1;
  }
  return text + std::to_string(low) + ": " + std::to_string(step) + "\n";
}

std::string latency_rules() {
  const std::string table = kLatencyTable;
  // Whether a request is one of eight is settled when it comes: the rate may be another one when its answer comes.
  return "    http-request set-var(txn.start) date(0,us) if { be_sess_rate lt 2000 } || { rand(" + std::to_string(kSampled) +
         ") eq 0 }\n"
         "    http-request set-var(txn.few) int(1) if { var(txn.start) -m found } !{ be_sess_rate lt 2000 }\n"
         "    http-response set-var(txn.took) date(0,us),sub(txn.start),map_int(" +
         kLatencyFile +
         ") if { var(txn.start) -m found }\n"
         "    http-response track-sc0 be_name,concat(:,txn.took) table " +
         table +
         " if { var(txn.took) -m found }\n"
         "    http-response sc-inc-gpc(0,0) if { var(txn.took) -m found } !{ var(txn.few) -m found }\n"
         "    http-response sc-inc-gpc(1,0) if { var(txn.few) -m found }\n";
}

std::string latency_table_section() {
  return std::string("\nbackend ") + kLatencyTable + "\n    stick-table type string len 320 size 100k store gpc(2)\n";
}

std::string latency_question() { return std::string("show table ") + kLatencyTable; }

// A line is: 0x7f98: key=shop.stable:80:12 use=0 exp=0 gpc0=475 gpc1=0
void Latencies::take(std::int64_t generation, std::string_view table) {
  for (std::size_t start = 0; start < table.size();) {
    const std::size_t end = std::min(table.find('\n', start), table.size());
    const std::string_view line = table.substr(start, end - start);
    start = end + 1;
    const std::size_t at = line.find(" key=");
    if (!line.starts_with("0x") || at == std::string_view::npos) continue;
    const std::string_view key = line.substr(at + 5, line.find(' ', at + 5) - at - 5);
    const std::size_t colon = key.rfind(':');
    if (colon == std::string_view::npos) continue;
    const std::uint64_t step = number_after(key.substr(colon), ":");
    if (step > step_bounds().size()) continue;
    auto& [all, sampled] = last_[{generation, std::string(key)}];
    auto& steps = steps_[std::string(key.substr(0, colon))];
    steps.resize(step_bounds().size() + 1);
    const std::uint64_t all_now = number_after(line, " gpc0="), sampled_now = number_after(line, " gpc1=");
    steps[step] += growth(all, all_now) + kSampled * growth(sampled, sampled_now);
    all = all_now;
    sampled = sampled_now;
  }
}

void Latencies::forget(std::int64_t generation) {
  std::erase_if(last_, [&](const auto& entry) { return entry.first.first == generation; });
}

Latencies::Histogram Latencies::of_backend(const std::string& backend) const {
  Histogram result;
  const auto found = steps_.find(backend);
  if (found == steps_.end()) return result;
  const auto& bounds = step_bounds();
  for (std::size_t step = 0; step < found->second.size(); ++step) {
    const std::uint64_t count = found->second[step];
    result.count += count;
    result.sum_seconds += static_cast<double>(count) * middle_of(step);
    for (std::size_t i = 0; i < kLatencyBounds.size(); ++i)
      if (step < bounds.size() && static_cast<double>(bounds[step]) <= std::round(kLatencyBounds.at(i) * 1e6))
        result.below.at(i) += count;
  }
  return result;
}

}  // namespace canaria::plan::proxy
