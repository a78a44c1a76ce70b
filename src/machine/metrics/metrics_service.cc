#include "machine/metrics/metrics_service.h"

#include "async/timers.h"

namespace canaria::machine {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kBodyMax = 64 << 10;
constexpr std::size_t kConnectionsMax = 64;
constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

std::string family(const char* name, const char* type, const char* help, std::size_t value) {
  return std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n" + name + " " +
         std::to_string(value) + "\n";
}

}  // namespace

MetricsService::MetricsService(async::Loop& loop, const Clock& clock, Source source, MetricsOptions options)
    : clock_(clock),
      source_(std::move(source)),
      options_(std::move(options)),
      loop_(loop),
      history_(options_.limits),
      api_(history_, clock),
      scope_(loop) {}

Result<std::string> MetricsService::start() {
  net::HttpServerOptions options;
  options.address = options_.address;
  options.body_limit = kBodyMax;
  options.connection_limit = kConnectionsMax;
  options.name = "metrics";
  Result<std::uint16_t> port = fail(Code::kUnavailable, "");
  for (const std::uint16_t wanted : {options_.port, std::uint16_t{0}}) {
    options.port = wanted;
    server_ = std::make_unique<net::HttpServer>(loop_, options);
    server_->route("/metrics", [this](net::ServerRequest request) { return serve_text(std::move(request)); });
    server_->route("/", [this](net::ServerRequest request) { return serve_query(std::move(request)); });
    port = server_->open();
    if (port || port.error().code != Code::kUnavailable) break;
  }
  if (!port) {
    server_.reset();
    return wrap("offer metrics", port.error());
  }
  scope_.spawn(look());
  return "http://" + options_.address + ":" + std::to_string(*port);
}

Task<void> MetricsService::stop() {
  co_await scope_.stop();
  if (server_) co_await server_->stop();
}

Task<std::string> MetricsService::text() {
  Task<std::string> asking = source_();
  std::string text = co_await std::move(asking);
  text += family("canaria_metrics_series", "gauge", "Series in the history of metrics.", history_.series());
  text += family("canaria_metrics_bytes", "gauge", "Memory of the history of metrics.", history_.bytes());
  text += family("canaria_metrics_refused_total", "counter", "Samples that the history has no room for, or cannot read.",
                 history_.refused());
  co_return text;
}

// At even distances, however long a look takes: rates are computed from these times.
Task<void> MetricsService::look() {
  for (auto next = Steady::now();;) {
    const std::string seen = co_await text();
    history_.record(clock_.now().time_since_epoch().count(), seen);
    next = std::max(next + options_.interval, Steady::now());
    co_await async::sleep_for(next - Steady::now());
  }
}

Task<net::ServerResponse> MetricsService::serve_text(net::ServerRequest) {
  std::string body = co_await text();
  co_return net::ServerResponse(200, std::move(body), kTextFormat);
}

Task<net::ServerResponse> MetricsService::serve_query(net::ServerRequest request) {
  if (request.path == "/-/healthy") co_return net::ServerResponse(200, "Prometheus Server is Healthy.\n");
  if (request.path == "/-/ready") co_return net::ServerResponse(200, "Prometheus Server is Ready.\n");
  if (request.path == "/")
    co_return net::ServerResponse(200,
                                  "Metrics of this machine: /metrics, and /api/v1/query?query=... as Prometheus answers it.\n");
  if (request.method != "GET" && request.method != "POST") co_return net::ServerResponse(405, "GET or POST\n");
  std::string parameters = request.query;
  if (request.method == "POST" && !request.body.empty()) parameters = request.body + "&" + parameters;
  QueryAnswer answer = co_await api_.answer(request.path, std::move(parameters));
  co_return net::ServerResponse(answer.status, std::move(answer.body), "application/json");
}

}  // namespace canaria::machine
