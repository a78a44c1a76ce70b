#include "plan/proxy/traffic_counters.h"

#include <numeric>
#include <string_view>

#include "json/write.h"
#include "plan/proxy/statistics.h"

namespace canaria::plan::proxy {
namespace {

struct Column {
  const char* of_proxy;  // HAProxy's name of the column
  const char* name;
  const char* help;
};
constexpr std::array<Column, TrafficCounters::kColumns> kOtherCounters = {{
    {"stot", "haproxy_backend_sessions_total", "Requests or TCP connections given to the backend."},
    {"bin", "haproxy_backend_bytes_in_total", "Bytes of requests."},
    {"bout", "haproxy_backend_bytes_out_total", "Bytes of answers."},
    {"econ", "haproxy_backend_connection_errors_total", "Attempts to connect that failed."},
    {"eresp", "haproxy_backend_response_errors_total", "Answers that were none, or were cut off."},
    {"wretr", "haproxy_backend_retry_warnings_total", "Attempts to connect that were repeated."},
    {"wredis", "haproxy_backend_redispatch_warnings_total", "Requests tried again on another pod."},
}};

TrafficCounters::Numbers numbers_in(const StatisticsRow& row) {
  TrafficCounters::Numbers numbers;
  for (std::size_t i = 0; i < TrafficCounters::kCodes.size(); ++i)
    numbers.answers.at(i) = number_in(row, std::string("hrsp_") + TrafficCounters::kCodes.at(i));
  for (std::size_t i = 0; i < kOtherCounters.size(); ++i) numbers.columns.at(i) = number_in(row, kOtherCounters.at(i).of_proxy);
  return numbers;
}

// Of a number that only grows; a smaller one means that it started again.
std::uint64_t growth(std::uint64_t before, std::uint64_t now) { return now >= before ? now - before : now; }

// The pod in the slot "s3"; empty when the row is not a server's or nobody sits there.
std::string pod_of(const std::string& backend, std::string_view server, const SlotTable& slots) {
  const auto seats = slots.find(backend);
  const auto slot = slot_number(server);
  if (seats == slots.end() || !slot || *slot >= seats->second.size()) return "";
  const std::optional<Endpoint>& seated = seats->second[*slot];
  return seated && seated->state != EndpointState::kGone ? seated->pod : "";
}

void write_header(std::string& out, const std::string& name, const char* type, const char* help) {
  out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

}  // namespace

std::uint64_t TrafficCounters::Numbers::requests() const {
  return std::accumulate(answers.begin(), answers.end(), std::uint64_t{0});
}

void TrafficCounters::take(std::int64_t generation, const std::string& statistics, const SlotTable& slots) {
  const std::size_t table = statistics.find("# table:");
  if (table != std::string::npos) latencies_.take(generation, std::string_view(statistics).substr(table));
  for (const StatisticsRow& row : read_statistics(statistics)) {
    const std::string backend(text_in(row, "pxname"));
    const std::string_view server = text_in(row, "svname");
    if (!places_.contains(backend) || server == "FRONTEND") continue;
    Series series{backend, ""};
    if (server != "BACKEND") {
      series.second = pod_of(backend, server, slots);
      if (series.second.empty()) continue;
    }
    add(generation, backend + "/" + std::string(server), series, numbers_in(row));
    Current& current = current_[series];
    if (generation < current.generation) continue;
    current = {generation, number_in(row, "scur"), static_cast<double>(number_in(row, "rtime")) / 1000};
  }
}

void TrafficCounters::add(std::int64_t generation, const std::string& raw_key, const Series& series, const Numbers& now) {
  Numbers& last = last_[{generation, raw_key}];
  Numbers& total = totals_[series];
  for (std::size_t i = 0; i < now.answers.size(); ++i) total.answers.at(i) += growth(last.answers.at(i), now.answers.at(i));
  for (std::size_t i = 0; i < now.columns.size(); ++i) total.columns.at(i) += growth(last.columns.at(i), now.columns.at(i));
  last = now;
}

void TrafficCounters::forget(std::int64_t generation) {
  std::erase_if(last_, [&](const auto& entry) { return entry.first.first == generation; });
  latencies_.forget(generation);
}

void TrafficCounters::note_backends(const ProxyModel& model) {
  places_.clear();
  for (const auto& [name, backend] : model.backends)
    places_[name] = {backend.service.namespace_, backend.service.name, backend.port, backend.protocol};
  const auto has_ended = [&](const auto& entry) {
    const auto backend = model.backends.find(entry.first.first);
    if (backend == model.backends.end()) return true;
    if (entry.first.second.empty()) return false;
    for (const Endpoint& endpoint : backend->second.endpoints)
      if (endpoint.pod == entry.first.second) return false;
    return true;
  };
  for (const auto& [series, numbers] : totals_)
    if (!model.backends.contains(series.first)) latencies_.forget_backend(series.first);
  std::erase_if(totals_, has_ended);
  std::erase_if(current_, has_ended);
}

TrafficCounters::Numbers TrafficCounters::of_backend(const std::string& backend) const {
  const auto found = totals_.find({backend, ""});
  return found == totals_.end() ? Numbers() : found->second;
}

std::string TrafficCounters::labels(const Series& series) const {
  const Place& place = places_.at(series.first);
  return "namespace=\"" + place.namespace_ + "\",service=\"" + place.service + "\",port=\"" + std::to_string(place.port) +
         "\",proxy=\"" + series.first + "\"" + (series.second.empty() ? "" : ",pod=\"" + series.second + "\"");
}

TrafficCounters::Current TrafficCounters::current(const Series& series) const {
  const auto found = current_.find(series);
  return found == current_.end() ? Current() : found->second;
}

template <class Value>
void TrafficCounters::write_lines(std::string& out, const std::string& name, Kind kind, Value value) const {
  for (const auto& [series, numbers] : totals_)
    if (series.second.empty() == (kind == Kind::kBackend))
      out += name + "{" + labels(series) + "} " + value(series, numbers) + "\n";
}

void TrafficCounters::write_answers(std::string& out, const std::string& name, Kind kind) const {
  for (const auto& [series, numbers] : totals_) {
    if (series.second.empty() != (kind == Kind::kBackend) || !is_http(series)) continue;
    for (std::size_t i = 0; i < kCodes.size(); ++i)
      out += name + "{" + labels(series) + ",code=\"" + kCodes.at(i) + "\"} " + std::to_string(numbers.answers.at(i)) + "\n";
  }
}

void TrafficCounters::write_columns(std::string& out) const {
  for (std::size_t i = 0; i < kOtherCounters.size(); ++i) {
    const Column& column = kOtherCounters.at(i);
    write_header(out, column.name, "counter", column.help);
    write_lines(out, column.name, Kind::kBackend,
                [i](const Series&, const Numbers& numbers) { return std::to_string(numbers.columns.at(i)); });
  }
}

void TrafficCounters::write_latencies(std::string& out) const {
  const std::string name = "haproxy_backend_response_time_seconds";
  write_header(out, name, "histogram", "Time from the choice of the backend to the header of its answer.");
  for (const auto& [series, numbers] : totals_) {
    if (!series.second.empty() || !is_http(series)) continue;
    const Latencies::Histogram histogram = latencies_.of_backend(series.first);
    const std::string known = "{" + labels(series);
    const auto bucket = [&](const std::string& bound, std::uint64_t count) {
      out += name + "_bucket" + known + ",le=\"" + bound + "\"} " + std::to_string(count) + "\n";
    };
    for (std::size_t i = 0; i < kLatencyBounds.size(); ++i)
      bucket(json::write_number(kLatencyBounds.at(i)), histogram.below.at(i));
    bucket("+Inf", histogram.count);
    out += name + "_sum" + known + "} " + json::write_number(histogram.sum_seconds) + "\n";
    out += name + "_count" + known + "} " + std::to_string(histogram.count) + "\n";
  }
}

std::string TrafficCounters::text() const {
  std::string out;
  const auto seconds = [this](const Series& series, const Numbers&) {
    return json::write_number(current(series).response_seconds);
  };
  const char* mean = "Mean time to the response over the last 1024 requests.";
  write_header(out, "haproxy_backend_http_requests_total", "counter", "Answered HTTP requests.");
  for (const auto& [series, numbers] : totals_)
    if (series.second.empty() && is_http(series))
      out += "haproxy_backend_http_requests_total{" + labels(series) + "} " + std::to_string(numbers.requests()) + "\n";
  write_header(out, "haproxy_backend_http_responses_total", "counter", "Answered HTTP requests by class of status.");
  write_answers(out, "haproxy_backend_http_responses_total", Kind::kBackend);
  write_latencies(out);
  write_header(out, "haproxy_backend_response_time_average_seconds", "gauge", mean);
  write_lines(out, "haproxy_backend_response_time_average_seconds", Kind::kBackend, seconds);
  write_header(out, "haproxy_backend_current_sessions", "gauge", "Requests or TCP connections at this moment.");
  write_lines(out, "haproxy_backend_current_sessions", Kind::kBackend,
              [this](const Series& series, const Numbers&) { return std::to_string(current(series).sessions); });
  write_columns(out);
  write_header(out, "haproxy_server_http_responses_total", "counter", "Answered HTTP requests by pod and class of status.");
  write_answers(out, "haproxy_server_http_responses_total", Kind::kPod);
  write_header(out, "haproxy_server_response_time_average_seconds", "gauge", mean);
  write_lines(out, "haproxy_server_response_time_average_seconds", Kind::kPod, seconds);
  return out;
}

}  // namespace canaria::plan::proxy
