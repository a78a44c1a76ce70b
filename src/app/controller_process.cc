#include "app/controller_process.h"

#include "app/build_facts.h"
#include "async/resident_memory.h"
#include "async/timers.h"
#include "telemetry/log.h"
#include "telemetry/process_metrics.h"

namespace canaria::app {
namespace {

constexpr Millis kDrainLimit{20'000};
// Between losing the lease (renew deadline) and the moment another may have it (lease duration) lie five seconds by default.
constexpr Millis kDrainLimitWithoutLease{2'000};
constexpr Millis kEventsLimit{3'000};
constexpr Millis kReleaseLimit{3'000};
constexpr Seconds kMemoryCare{20};

controllers::BuildLabels build_labels() {
  const cli::BuildFacts facts = build_facts();
  return {facts.version, facts.go_version, facts.platform.substr(facts.platform.find('/') + 1), facts.git_commit};
}

}  // namespace

ControllerProcess::ControllerProcess(async::Loop& loop, const ControllerFlags& flags)
    : loop_(loop), flags_(flags), metrics_(registry_, clock_, build_labels()), background_(loop) {
  telemetry::add_process_metrics(registry_);
}

ControllerProcess::~ControllerProcess() = default;

void ControllerProcess::stop() { ended_.set(); }

Task<Status> ControllerProcess::run() {
  CO_TRY(connection_, ClusterConnection::open(loop_, clock_, flags_.connection, client_options()));
  if (flags_.is_namespaced) namespace_ = connection_->access().namespace_;
  ObjectClient& client = connection_->client();
  events_.emplace(loop_, client, clock_, event_options());
  writes_.emplace(client, [this] { return !elector_ || elector_->may_act(); });
  const controllers::RolloutReconciler::Doors doors{*writes_, *events_, clock_};
  controller_.emplace(
      loop_, doors, metrics_, [this](WatchOrder order) { start_watch(std::move(order)); }, controller_options());
  if (Status opened = open_servers(); !opened) {
    Status failed = std::move(opened);
    co_await close();
    co_return failed;
  }
  telemetry::log_info("started", {{"version", build_facts().version},
                                  {"server", connection_->access().server},
                                  {"namespace", namespace_.empty() ? "all" : namespace_}});
  controller_->watch();
  background_.spawn(give_memory_back());
  events_->start();
  if (flags_.has_leader_election && !flags_.is_dry_run) {
    elector_.emplace(client, clock_, leader_options());
    background_.spawn(lead_with_lease());
  } else {
    background_.spawn(controller_->lead());
  }
  co_await ended_.wait();
  co_await close();
  co_return Status();
}

Task<void> ControllerProcess::lead_with_lease() {
  co_await elector_->acquire();
  // Renewing must not wait for the first lists, which may take longer than the lease lasts.
  background_.spawn(controller_->lead());
  const Error reason = co_await elector_->hold();
  telemetry::log_error("lost the lease, ending so that another controller can take over", {{"error", reason.message}});
  has_lost_lease_ = true;
  ended_.set();
}

Task<void> ControllerProcess::close() {
  co_await async::run_bounded(controller_->drain(), has_lost_lease_ ? kDrainLimitWithoutLease : kDrainLimit);
  co_await controller_->stop();
  co_await events_->stop(kEventsLimit);
  const bool is_leader = elector_ && elector_->is_leader() && !has_lost_lease_;
  co_await background_.stop();
  if (is_leader) co_await async::run_bounded(elector_->release(), kReleaseLimit);
  if (metrics_server_) co_await metrics_server_->stop();
  if (health_server_) co_await health_server_->stop();
  telemetry::log_info("stopped", {{"lease", is_leader ? "given up" : has_lost_lease_ ? "lost" : "not held"}});
}

// ---- parts

kube::ObjectClientOptions ControllerProcess::client_options() {
  kube::ObjectClientOptions options;
  if (flags_.qps) {
    options.qps = *flags_.qps;
    options.burst = flags_.burst.value_or(static_cast<int>(2 * *flags_.qps));
  }
  options.on_request = [this](const kube::RequestRecord& record) {
    metrics_.request_answered({record.kind, record.namespace_, record.name, record.verb, record.status});
  };
  return options;
}

kube::EventSinkOptions ControllerProcess::event_options() {
  kube::EventSinkOptions options;
  options.on_record = [this](const EventTarget& target, api::EventType type, const std::string& reason) {
    metrics_.event_recorded(target.key, type, reason);
    telemetry::log_debug("event", {{"event_reason", reason}, {"rollout", target.key.name}, {"namespace", target.key.namespace_}});
  };
  options.on_drop = [](const Error& error) {
    telemetry::log_warning("an event could not be delivered", {{"error", error.message}});
  };
  return options;
}

kube::LeaderOptions ControllerProcess::leader_options() {
  kube::LeaderOptions options;
  options.lease = {kube::own_namespace(kube::process_surroundings()), kube::lease_name(flags_.instance_id)};
  options.identity = kube::make_identity();
  options.lease_duration = flags_.lease_duration;
  options.renew_deadline = flags_.renew_deadline;
  options.retry_period = flags_.retry_period;
  options.on_failure = [lease = options.lease](const Error& error) {
    telemetry::log_warning("the lease could not be taken or renewed", {{"lease", lease.text()}, {"error", error.message}});
  };
  options.on_new_leader = [](const std::string& holder) { telemetry::log_info("new leader", {{"leader", holder}}); };
  return options;
}

controllers::RolloutController::Options ControllerProcess::controller_options() const {
  controllers::RolloutController::Options options;
  options.plan.resync = flags_.resync;
  options.plan.instance_id = flags_.instance_id;
  options.namespace_ = namespace_;
  options.workers = flags_.workers;
  options.mode = flags_.is_dry_run ? controllers::Mode::kDryRun : controllers::Mode::kApply;
  return options;
}

void ControllerProcess::start_watch(WatchOrder order) {
  kube::WatcherOptions options;
  options.resource = order.resource;
  options.namespace_ = order.namespace_;
  options.label_selector = order.label_selector;
  options.seed = static_cast<unsigned>(watchers_.size()) + static_cast<unsigned>(clock_.now().time_since_epoch().count());
  options.on_failure = [kind = order.resource.qualified()](const Error& error, Millis delay) {
    telemetry::log_warning("a watch failed and will be tried again",
                           {{"resource", kind}, {"retry_ms", std::to_string(delay.count())}, {"error", error.message}});
  };
  watchers_.push_back(std::make_unique<kube::Watcher>(connection_->client(), *order.sink, std::move(options)));
  background_.spawn(watchers_.back()->run());
}

// A relist or a wave of updates leaves free memory behind that the allocator would keep for ever.
Task<void> ControllerProcess::give_memory_back() {
  co_await controller_->wait_until_synced();
  std::size_t seen = 0;
  for (bool is_first = true;; is_first = false) {
    if (is_first || controller_->passes() != seen) async::release_unused_memory();
    seen = controller_->passes();
    co_await async::sleep_for(kMemoryCare);
  }
}

// ---- servers

Status ControllerProcess::open_servers() {
  CHECK_OK(open_server(health_server_, "health", flags_.health_port));
  return open_server(metrics_server_, "metrics", flags_.metrics_port);
}

// Every interface: IPv6 with IPv4 mapped into it, or IPv4 alone where the kernel has no IPv6.
Status ControllerProcess::open_server(std::unique_ptr<net::HttpServer>& server, const std::string& name, std::uint16_t port) {
  server = make_server(name, "::", port);
  Result<std::uint16_t> opened = server->open();
  if (!opened) {
    server = make_server(name, "0.0.0.0", port);
    opened = server->open();
  }
  if (!opened) return wrap("open the " + name + " server", opened.error());
  telemetry::log_info("listening", {{"server", name}, {"port", std::to_string(*opened)}});
  return Status();
}

std::unique_ptr<net::HttpServer> ControllerProcess::make_server(std::string name, std::string address, std::uint16_t port) {
  net::HttpServerOptions options;
  options.name = name;
  options.address = std::move(address);
  options.port = port;
  options.body_limit = 64 << 10;
  auto server = std::make_unique<net::HttpServer>(loop_, std::move(options));
  if (name == "health")
    server->route("/healthz", [this](net::ServerRequest request) { return serve_health(std::move(request)); });
  else server->route("/metrics", [this](net::ServerRequest request) { return serve_metrics(std::move(request)); });
  return server;
}

Task<net::ServerResponse> ControllerProcess::serve_health(net::ServerRequest) { co_return net::ServerResponse(200, "ok"); }

Task<net::ServerResponse> ControllerProcess::serve_metrics(net::ServerRequest) {
  co_return net::ServerResponse(200, controller_->metrics_text(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace canaria::app
