// What is measured on this machine, as a Prometheus would offer it, without one: every two seconds it looks at all metrics,
// keeps them for two hours, and answers the questions that analysis asks. A real Prometheus may scrape it as well.
//
//   GET       /metrics                         everything at this moment, in the text format
//   GET POST  /api/v1/query, query_range ...   see query_api.h
//   GET       /-/healthy, /-/ready
//
// Read-only and on a loopback address, so it asks for no token. It knows nothing about where metrics come from: that is one
// function that returns their text.
#pragma once

#include <functional>
#include <string>

#include "async/loop.h"
#include "async/scope.h"
#include "machine/metrics/query_api.h"
#include "machine/metrics/sample_history.h"
#include "net/http_server.h"
#include "ports/clock.h"

namespace canaria::machine {

inline constexpr std::uint16_t kMetricsPort = 9090;

struct MetricsOptions {
  std::string address;                 // of the listener
  std::uint16_t port = kMetricsPort;   // when it is in use, any other
  Millis interval{2'000};
  HistoryLimits limits;
};

class MetricsService {
 public:
  using Source = std::function<Task<std::string>()>;

  MetricsService(async::Loop& loop, const Clock& clock, Source source, MetricsOptions options);

  // Starts listening and looking; returns "http://127.77.224.1:9090". Fails when the address cannot be listened on.
  Result<std::string> start();
  Task<void> stop();

  const SampleHistory& history() const { return history_; }
  // The text format: the metrics of the source and those of the history itself.
  Task<std::string> text();

 private:
  Task<void> look();
  Task<net::ServerResponse> serve_text(net::ServerRequest request);
  Task<net::ServerResponse> serve_query(net::ServerRequest request);

  const Clock& clock_;
  Source source_;
  MetricsOptions options_;
  async::Loop& loop_;
  SampleHistory history_;
  QueryApi api_;
  std::unique_ptr<net::HttpServer> server_;
  async::Scope scope_;
};

}  // namespace canaria::machine
