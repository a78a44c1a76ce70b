// The traffic as numbers, for Prometheus and for analysis of releases: what HAProxy counts, added up over its processes, so
// that a reload or a restart does not set anything back. Names are those of HAProxy's own exporter where it has one.
//
//   haproxy_backend_http_requests_total         counter; answered requests; HTTP only
//   haproxy_backend_http_responses_total        counter; also by code: 1xx 2xx 3xx 4xx 5xx other. 5xx includes what the proxy
//                                               itself answered with 503
//   haproxy_backend_response_time_seconds       histogram; from the choice of the backend to the header of its answer:
//   latencies.h haproxy_backend_response_time_average_seconds   gauge; mean of the last 1024 requests, in milliseconds' steps
//   haproxy_backend_sessions_total, _current_sessions, _bytes_in_total, _bytes_out_total, _connection_errors_total,
//   _response_errors_total, _retry_warnings_total, _redispatch_warnings_total
//   haproxy_server_http_responses_total, haproxy_server_response_time_average_seconds    of one pod, with the label pod
//
// All with the labels namespace, service, port and proxy ("shop.canary:80", HAProxy's name of the backend). In a canary release
// the Services of the canary and of the stable version are the backends, so `service` tells them apart.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "plan/proxy/latencies.h"
#include "plan/proxy/proxy_model.h"
#include "plan/proxy/server_slots.h"

namespace canaria::plan::proxy {

class TrafficCounters {
 public:
  static constexpr std::array<const char*, 6> kCodes = {"1xx", "2xx", "3xx", "4xx", "5xx", "other"};
  static constexpr std::size_t kColumns = 7;  // of other counters

  struct Numbers {
    std::array<std::uint64_t, kCodes.size()> answers{};
    std::array<std::uint64_t, kColumns> columns{};
    std::uint64_t requests() const;
  };

  // The answer to "show stat" of the process of a generation, then that to latency_question(); with who sits in its slots.
  void take(std::int64_t generation, const std::string& statistics, const SlotTable& slots);
  // That process has ended; what it counted stays.
  void forget(std::int64_t generation);
  // Series of backends that are not in the model any more end.
  void note_backends(const ProxyModel& model);

  // Sum over all processes, by backend.
  Numbers of_backend(const std::string& backend) const;
  // Prometheus text.
  std::string text() const;

 private:
  using Series = std::pair<std::string, std::string>;  // backend and pod; the pod is empty for the whole backend
  struct Place {
    std::string namespace_, service;
    std::int32_t port = 0;
    Protocol protocol = Protocol::kTcp;
  };
  struct Current {
    std::int64_t generation = 0;
    std::uint64_t sessions = 0;
    double response_seconds = 0;
  };
  enum class Kind { kBackend, kPod };
  void add(std::int64_t generation, const std::string& raw_key, const Series& series, const Numbers& now);
  std::string labels(const Series& series) const;
  bool is_http(const Series& series) const { return places_.at(series.first).protocol == Protocol::kHttp; }
  Current current(const Series& series) const;
  void write_answers(std::string& out, const std::string& name, Kind kind) const;
  void write_columns(std::string& out) const;
  void write_latencies(std::string& out) const;
  template <class Value>
  void write_lines(std::string& out, const std::string& name, Kind kind, Value value) const;

  std::map<Series, Numbers> totals_;
  std::map<Series, Current> current_;
  Latencies latencies_;
  // What a process had counted at the last look, by generation and HAProxy's own names.
  std::map<std::pair<std::int64_t, std::string>, Numbers> last_;
  std::map<std::string, Place> places_;  // by backend
};

}  // namespace canaria::plan::proxy
