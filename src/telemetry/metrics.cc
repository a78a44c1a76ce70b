#include "telemetry/metrics.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/assert.h"

namespace canaria::telemetry {
namespace {

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);  // the shortest text that reads back as the same number
}

void append_escaped(std::string& out, const std::string& text) {
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
}

// name{label="value",...} with an optional last label.
void append_series(std::string& out, const FamilyHeader& header, const char* suffix, const LabelValues& values,
                   const std::string& bound = "") {
  out += header.name;
  out += suffix;
  if (!values.empty() || !bound.empty()) {
    const char* separator = "{";
    for (std::size_t i = 0; i < values.size(); ++i) {
      out += separator;
      out += header.labels[i];
      out += "=\"";
      append_escaped(out, values[i]);
      out += '"';
      separator = ",";
    }
    if (!bound.empty()) out += fmt::format("{}le=\"{}\"", separator, bound);
    out += '}';
  }
  out += ' ';
}

void append_header(std::string& out, const FamilyHeader& header, const char* type) {
  std::string help;
  for (const char c : header.help) help += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", header.name, help, type);
}

template <class Series>
void erase_matching(std::map<LabelValues, Series>& series, const LabelValues& first) {
  std::erase_if(series, [&first](const auto& entry) {
    return entry.first.size() >= first.size() && std::equal(first.begin(), first.end(), entry.first.begin());
  });
}

bool is_valid_name(const std::string& name) {
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:") == std::string::npos;
}

}  // namespace

NumberFamily::NumberFamily(FamilyHeader header, const char* type) : header_(std::move(header)), type_(type) {
  if (header_.labels.empty()) series_[{}] = 0;
}

double& NumberFamily::at(const LabelValues& labels) {
  CANARIA_ASSERT(labels.size() == header_.labels.size(), header_.name.c_str());
  return series_[labels];
}

double NumberFamily::value(const LabelValues& labels) const {
  const auto found = series_.find(labels);
  return found == series_.end() ? 0 : found->second;
}

void NumberFamily::write(std::string& out) const {
  if (series_.empty()) return;
  append_header(out, header_, type_);
  for (const auto& [labels, value] : series_) {
    append_series(out, header_, "", labels);
    out += number(value);
    out += '\n';
  }
}

void NumberFamily::forget(const LabelValues& first) { erase_matching(series_, first); }

HistogramFamily::HistogramFamily(FamilyHeader header, std::vector<double> bounds)
    : header_(std::move(header)), bounds_(std::move(bounds)) {
  CANARIA_ASSERT(std::is_sorted(bounds_.begin(), bounds_.end()), header_.name.c_str());
}

void HistogramFamily::observe(const LabelValues& labels, double value) {
  CANARIA_ASSERT(labels.size() == header_.labels.size(), header_.name.c_str());
  Series& series = series_[labels];
  series.buckets.resize(bounds_.size() + 1);
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  ++series.buckets[static_cast<std::size_t>(bound - bounds_.begin())];
  series.sum += value;
  ++series.count;
}

void HistogramFamily::write(std::string& out) const {
  if (series_.empty()) return;
  append_header(out, header_, "histogram");
  for (const auto& [labels, series] : series_) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      below += series.buckets[i];
      append_series(out, header_, "_bucket", labels, number(bounds_[i]));
      out += fmt::format("{}\n", below);
    }
    append_series(out, header_, "_bucket", labels, "+Inf");
    out += fmt::format("{}\n", series.count);
    append_series(out, header_, "_sum", labels);
    out += number(series.sum) + "\n";
    append_series(out, header_, "_count", labels);
    out += fmt::format("{}\n", series.count);
  }
}

void HistogramFamily::forget(const LabelValues& first) { erase_matching(series_, first); }

std::uint64_t HistogramFamily::count(const LabelValues& labels) const {
  const auto found = series_.find(labels);
  return found == series_.end() ? 0 : found->second.count;
}

Registry::Registry() = default;
Registry::~Registry() = default;

template <class T>
T& Registry::keep(const std::string& name, std::unique_ptr<T> family) {
  CANARIA_ASSERT(is_valid_name(name) && !families_.contains(name), name.c_str());
  T& result = *family;
  families_[name] = std::move(family);
  return result;
}

CounterFamily& Registry::counter(std::string name, std::string help, std::vector<std::string> labels) {
  return keep(name, std::make_unique<CounterFamily>(FamilyHeader{name, std::move(help), std::move(labels)}));
}

GaugeFamily& Registry::gauge(std::string name, std::string help, std::vector<std::string> labels) {
  return keep(name, std::make_unique<GaugeFamily>(FamilyHeader{name, std::move(help), std::move(labels)}));
}

HistogramFamily& Registry::histogram(std::string name, std::string help, std::vector<std::string> labels,
                                     std::vector<double> bounds) {
  FamilyHeader header{name, std::move(help), std::move(labels)};
  return keep(name, std::make_unique<HistogramFamily>(std::move(header), std::move(bounds)));
}

void Registry::on_collect(std::function<void()> collector) { collectors_.push_back(std::move(collector)); }

std::string Registry::text() {
  for (const auto& collector : collectors_) collector();
  std::string out;
  for (const auto& [name, family] : families_) family->write(out);
  return out;
}

std::vector<double> exponential_bounds(double start, double factor, int count) {
  std::vector<double> result;
  for (double bound = start; count > 0; --count, bound *= factor) result.push_back(bound);
  return result;
}

}  // namespace canaria::telemetry
