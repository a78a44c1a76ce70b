// The traffic as numbers, for Prometheus and for analysis of releases: what HAProxy counts, added up over its processes, so
// that a reload or a restart does not set anything back.
//
//   canaria_traffic_requests_total{namespace,service,port,code}    counter; code: 1xx 2xx 3xx 4xx 5xx other; HTTP only.
//                                                                  5xx includes what the proxy itself answered with 503
//   canaria_traffic_connections_total{namespace,service,port}      counter; connections that a backend was chosen for
//   canaria_traffic_retries_total{namespace,service,port}          counter; requests tried again on another pod
//   canaria_traffic_sessions{namespace,service,port}               gauge; requests or connections at this moment
//   canaria_traffic_response_seconds{namespace,service,port}       gauge; mean time to the response of the last 1024 requests
//   canaria_traffic_pod_requests_total{namespace,service,port,pod,code}   counter; like requests_total, by pod
//   canaria_traffic_pod_response_seconds{namespace,service,port,pod}      gauge
//
// In a canary release the Services of the canary and of the stable version are the backends, so `service` tells them apart.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "plan/proxy/proxy_model.h"
#include "plan/proxy/server_slots.h"

namespace canaria::plan::proxy {

class TrafficCounters {
 public:
  static constexpr std::array<const char*, 6> kCodes = {"1xx", "2xx", "3xx", "4xx", "5xx", "other"};

  struct Numbers {
    std::array<std::uint64_t, kCodes.size()> answers{};
    std::uint64_t connections = 0;
    std::uint64_t retries = 0;
  };

  // The answer to "show stat" of the process of a generation, with who sits in its slots.
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
  void add(std::int64_t generation, const std::string& raw_key, const Series& series, const Numbers& now);
  std::string labels(const Series& series) const;

  std::map<Series, Numbers> totals_;
  std::map<Series, Current> current_;
  // What a process had counted at the last look, by generation and HAProxy's own names.
  std::map<std::pair<std::int64_t, std::string>, Numbers> last_;
  std::map<std::string, Place> places_;  // by backend
};

}  // namespace canaria::plan::proxy
