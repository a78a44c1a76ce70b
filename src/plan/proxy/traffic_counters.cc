#include "plan/proxy/traffic_counters.h"

#include <functional>
#include <string_view>

#include "json/write.h"
#include "plan/proxy/statistics.h"

namespace canaria::plan::proxy {
namespace {

TrafficCounters::Numbers numbers_in(const StatisticsRow& row) {
  TrafficCounters::Numbers numbers;
  for (std::size_t i = 0; i < TrafficCounters::kCodes.size(); ++i)
    numbers.answers.at(i) = number_in(row, std::string("hrsp_") + TrafficCounters::kCodes.at(i));
  numbers.connections = number_in(row, "stot");
  numbers.retries = number_in(row, "wretr") + number_in(row, "wredis");
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

}  // namespace

void TrafficCounters::take(std::int64_t generation, const std::string& statistics, const SlotTable& slots) {
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
  total.connections += growth(last.connections, now.connections);
  total.retries += growth(last.retries, now.retries);
  last = now;
}

void TrafficCounters::forget(std::int64_t generation) {
  std::erase_if(last_, [&](const auto& entry) { return entry.first.first == generation; });
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
  std::erase_if(totals_, has_ended);
  std::erase_if(current_, has_ended);
}

TrafficCounters::Numbers TrafficCounters::of_backend(const std::string& backend) const {
  const auto found = totals_.find({backend, ""});
  return found == totals_.end() ? Numbers() : found->second;
}

std::string TrafficCounters::labels(const Series& series) const {
  const Place& place = places_.at(series.first);
  return "namespace=\"" + place.namespace_ + "\",service=\"" + place.service + "\",port=\"" + std::to_string(place.port) + "\"" +
         (series.second.empty() ? "" : ",pod=\"" + series.second + "\"");
}

std::string TrafficCounters::text() const {
  std::string out;
  const auto header = [&out](const std::string& name, const char* type, const char* help) {
    out += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  };
  const auto lines = [&](const std::string& name, bool is_pod,
                         const std::function<std::string(const Series&, const Numbers&)>& value) {
    for (const auto& [series, numbers] : totals_)
      if (series.second.empty() != is_pod) out += name + "{" + labels(series) + "} " + value(series, numbers) + "\n";
  };
  const auto answers = [&](const std::string& name, bool is_pod) {
    for (const auto& [series, numbers] : totals_)
      if (series.second.empty() != is_pod && places_.at(series.first).protocol == Protocol::kHttp)
        for (std::size_t i = 0; i < kCodes.size(); ++i)
          out += name + "{" + labels(series) + ",code=\"" + kCodes.at(i) + "\"} " + std::to_string(numbers.answers.at(i)) + "\n";
  };
  const auto current = [this](const Series& series) {
    const auto found = current_.find(series);
    return found == current_.end() ? Current() : found->second;
  };
  const auto response = [&](const Series& series, const Numbers&) {
    return json::write_number(current(series).response_seconds);
  };

  header("canaria_traffic_requests_total", "counter", "Answered HTTP requests by backend Service and class of status.");
  answers("canaria_traffic_requests_total", false);
  header("canaria_traffic_connections_total", "counter", "Requests or TCP connections given to the backend.");
  lines("canaria_traffic_connections_total", false,
        [](const Series&, const Numbers& numbers) { return std::to_string(numbers.connections); });
  header("canaria_traffic_retries_total", "counter", "Attempts that were repeated.");
  lines("canaria_traffic_retries_total", false,
        [](const Series&, const Numbers& numbers) { return std::to_string(numbers.retries); });
  header("canaria_traffic_sessions", "gauge", "Requests or TCP connections at this moment.");
  lines("canaria_traffic_sessions", false,
        [&](const Series& series, const Numbers&) { return std::to_string(current(series).sessions); });
  header("canaria_traffic_response_seconds", "gauge", "Mean time to the response over the last 1024 requests.");
  lines("canaria_traffic_response_seconds", false, response);
  header("canaria_traffic_pod_requests_total", "counter", "Answered HTTP requests by pod and class of status.");
  answers("canaria_traffic_pod_requests_total", true);
  header("canaria_traffic_pod_response_seconds", "gauge", "Mean time to the response over the last 1024 requests.");
  lines("canaria_traffic_pod_response_seconds", true, response);
  return out;
}

}  // namespace canaria::plan::proxy
