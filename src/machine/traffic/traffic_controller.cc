#include "machine/traffic/traffic_controller.h"

#include <algorithm>

#include "async/timers.h"
#include "machine/traffic/listen_trial.h"
#include "telemetry/log.h"

namespace canaria::machine {
namespace {

namespace proxy = plan::proxy;
using Steady = std::chrono::steady_clock;

constexpr Millis kTick{2'000};             // counters are read, ports in use are tried again
constexpr Millis kFirstRetry{100};
constexpr Millis kLastRetry{5'000};
constexpr Millis kShortLife{1'000};        // a proxy that ends sooner is not started again at once

template <class Cache>
auto values(const Cache& cache) {
  std::vector<typename Cache::Pointer> result;
  for (const auto& [key, object] : cache.all()) result.push_back(object);
  return result;
}

bool wants_traffic(const proxy::TrafficObjects& objects) {
  return !objects.services.empty() || !objects.gateways.empty() || !objects.ingresses.empty();
}

}  // namespace

TrafficController::TrafficController(async::Loop& loop, ObjectClient& client, const Clock& clock, EventRecorder& events,
                                     StartWatch start_watch, TrafficOptions options)
    : client_(client),
      clock_(clock),
      events_(events),
      start_watch_(std::move(start_watch)),
      options_(std::move(options)),
      process_(options_.folder, options_.program),
      driver_(process_),
      scope_(loop) {
  const auto on_change = [this](const auto&, const auto&) { changed(); };
  services_.on_change(on_change);
  slices_.on_change(on_change);
  routes_.on_change(on_change);
  gateways_.on_change(on_change);
  ingresses_.on_change(on_change);
  for (const auto& on_sync : {std::function<void()>([this] { note_sync(); })}) {
    services_.on_sync(on_sync);
    slices_.on_sync(on_sync);
    routes_.on_sync(on_sync);
    gateways_.on_sync(on_sync);
    ingresses_.on_sync(on_sync);
  }
}

Task<Status> TrafficController::open() { return process_.open(); }

void TrafficController::start() {
  start_watch_({api::resources::services(), "", "", &services_});
  start_watch_({api::resources::endpoint_slices(), "", "", &slices_});
  start_watch_({api::resources::http_routes(), "", "", &routes_});
  start_watch_({api::resources::gateways(), "", "", &gateways_});
  start_watch_({api::resources::ingresses(), "", "", &ingresses_});
  scope_.spawn(run());
  scope_.spawn(watch_process());
}

Task<void> TrafficController::stop() {
  co_await scope_.stop();
  co_await process_.stop();
}

void TrafficController::changed() { wake_.set(); }

void TrafficController::note_sync() {
  if (services_.has_synced() && slices_.has_synced() && routes_.has_synced() && gateways_.has_synced() && ingresses_.has_synced())
    synced_.set();
}

// ---- the loop

Task<void> TrafficController::run() {
  co_await synced_.wait();
  Millis retry = kFirstRetry;
  wake_.set();
  for (auto tick = Steady::now() + kTick;;) {
    const async::Wake woken = co_await wake_.wait_until(tick);
    if (woken == async::Wake::kTimeout) {
      tick = Steady::now() + kTick;
      if (driver_.counters_age() > kTick * 3 / 4) co_await driver_.read_counters();  // whoever shows them reads them too
      if (!must_retry_ports_) continue;
    }
    is_passing_ = true;
    co_await async::sleep_for(options_.fold);
    wake_.reset();
    const Status outcome = co_await pass();
    is_passing_ = false;
    if (outcome) {
      ++passes_;
      retry = kFirstRetry;
      if (process_.is_running()) started_.set();
      continue;
    }
    telemetry::log_error("traffic is not as it should be", {{"error", outcome.error().message}});
    if (process_.is_running()) started_.set();
    co_await async::sleep_for(retry);
    retry = std::min(retry * 2, kLastRetry);
    wake_.set();
  }
}

// Starts a proxy that has died again at once.
Task<void> TrafficController::watch_process() {
  for (;;) {
    co_await started_.wait();
    started_.reset();
    if (!process_.has_process()) continue;
    const auto start = Steady::now();
    co_await process_.wait_for_end();
    if (Steady::now() - start < kShortLife) co_await async::sleep_for(kShortLife / 4);
    telemetry::log_warning("the proxy has ended, it is started again", {});
    wake_.set();
  }
}

Task<Status> TrafficController::pass() {
  if (!has_class_) co_await make_gateway_class();
  const proxy::TrafficObjects seen = objects();
  if (!wants_traffic(seen) && !process_.is_running()) co_return Status();
  co_await try_patterns(proxy::patterns_of(seen));
  given_ = give_addresses(seen);
  proxy::TrafficPlan plan = proxy::plan_traffic(seen, given_, refused_patterns_);
  const std::size_t wanted = plan.model.listeners.size();
  const auto problems = settle_ports(plan.model, process_.listens_on());
  must_retry_ports_ = plan.model.listeners.size() < wanted;
  model_ = plan.model;
  const Status applied = co_await driver_.apply(plan.model);
  CO_CHECK(applied);
  tell_problems(seen, problems);
  co_return co_await write_statuses(proxy::status_writes(seen, given_, plan, problems, clock_.now()));
}

proxy::TrafficObjects TrafficController::objects() const {
  proxy::TrafficObjects result;
  result.services = values(services_);
  result.slices = values(slices_);
  result.routes = values(routes_);
  result.gateways = values(gateways_);
  result.ingresses = values(ingresses_);
  return result;
}

// Who has an address keeps it: those of earlier programs are in the statuses.
proxy::GivenAddresses TrafficController::give_addresses(const proxy::TrafficObjects& seen) {
  proxy::GivenAddresses given;
  std::set<std::string> taken;
  const auto keep = [&](std::string& slot, const std::string& address) {
    if (options_.addresses.holds(AddressUse::kGateway, address) && taken.insert(address).second) slot = address;
  };
  for (const auto& ingress : seen.ingresses) {
    if (!given.ingress.empty()) break;
    keep(given.ingress, given_.ingress);
    const auto* known = json::find(ingress->status, "loadBalancer.ingress");
    if (given.ingress.empty() && known && known->is_array() && !known->get_array().empty())
      keep(given.ingress, std::string(json::text_at(known->get_array().front(), "ip")));
  }
  for (const auto& gateway : seen.gateways) {
    std::string address;
    if (const auto before = given_.gateways.find(gateway->metadata.key()); before != given_.gateways.end())
      keep(address, before->second);
    const auto* known = json::find(gateway->status, "addresses");
    if (address.empty() && known && known->is_array() && !known->get_array().empty())
      keep(address, std::string(json::text_at(known->get_array().front(), "value")));
    if (!address.empty()) given.gateways.emplace(gateway->metadata.key(), address);
  }
  const auto next = [&]() {
    const auto address = options_.addresses.next_free(AddressUse::kGateway, taken);
    if (address) taken.insert(*address);
    return address;
  };
  if (!seen.ingresses.empty() && given.ingress.empty()) given.ingress = next().value_or("");
  for (const auto& gateway : seen.gateways)
    if (!given.gateways.contains(gateway->metadata.key()))
      if (auto address = next()) given.gateways.emplace(gateway->metadata.key(), std::move(*address));
  return given;
}

Task<void> TrafficController::try_patterns(std::vector<std::string> patterns) {
  for (const std::string& pattern : patterns) {
    if (!tried_patterns_.insert(pattern).second) continue;
    const Status outcome = co_await process_.check(proxy::pattern_trial_text(pattern));
    if (!outcome) refused_patterns_[pattern] = outcome.error().message;
  }
}

// ---- what others see of it

Task<void> TrafficController::make_gateway_class() {
  json::Value object = json::Object{{"apiVersion", api::resources::gateway_classes().api_version()},
                                    {"kind", api::resources::gateway_classes().kind},
                                    {"metadata", json::Object{{"name", "canaria"}}},
                                    {"spec", json::Object{{"controllerName", proxy::kControllerName}}}};
  api::ObjectKey key{"", "canaria"};
  const auto made = co_await client_.create(api::resources::gateway_classes(), key, std::move(object), WriteOptions());
  if (!made && made.error().code != Code::kAlreadyExists) co_return;  // tried again with the next pass
  has_class_ = true;
  if (!made) co_return;
  json::Object accepted{{"type", "Accepted"},      {"status", "True"},
                        {"reason", "Accepted"},    {"message", "routes of any Gateway class are served by this machine"},
                        {"observedGeneration", 1}, {"lastTransitionTime", format_time(clock_.now())}};
  json::Value body = json::Object{{"status", json::Object{{"conditions", json::Array{std::move(accepted)}}}}};
  WriteOptions to_status;
  to_status.subresource = "status";
  static_cast<void>(
      co_await client_.patch(api::resources::gateway_classes(), key, PatchKind::kMerge, std::move(body), to_status));
}

Task<Status> TrafficController::write_statuses(std::vector<proxy::StatusWrite> writes) {
  Status outcome;
  for (proxy::StatusWrite& write : writes) {
    json::Object body;
    body["status"] = std::move(write.status);
    json::Value patch(std::move(body));
    WriteOptions to_status;
    to_status.subresource = "status";
    const std::string what = "status of " + write.resource.kind + " " + write.key.text();
    const auto written = co_await client_.patch(write.resource, write.key, PatchKind::kMerge, std::move(patch), to_status);
    if (!written && written.error().code != Code::kNotFound) outcome = wrap(what, written.error());
  }
  co_return outcome;
}

// Gateways and Ingresses have a status for this; a Service only has Events.
void TrafficController::tell_problems(const proxy::TrafficObjects& seen, const std::map<std::string, std::string>& problems) {
  for (const auto& service : seen.services) {
    for (const proxy::ServicePort& port : service->spec.ports) {
      const std::string listener =
          "service." + service->metadata.namespace_ + "." + service->metadata.name + ":" + std::to_string(port.port);
      const auto found = problems.find(listener);
      const auto known = problems_.find(listener);
      if (found == problems.end() || (known != problems_.end() && known->second == found->second)) continue;
      const bool is_moved = found->second.starts_with("listens on");
      EventTarget target{"v1", "Service", service->metadata.key(), service->metadata.uid, service->metadata.resourceVersion};
      events_.record(std::move(target), is_moved ? api::EventType::kNormal : api::EventType::kWarning,
                     is_moved ? "PortMoved" : "PortUnavailable", found->second);
    }
  }
  problems_ = problems;
}

std::vector<RouteAddress> TrafficController::addresses() const {
  std::vector<RouteAddress> result;
  for (const proxy::Listener& listener : model_.listeners) {
    const bool is_http = listener.protocol == proxy::Protocol::kHttp;
    const std::string place =
        listener.place.address + (is_http && listener.port() == 80 ? "" : ":" + std::to_string(listener.port()));
    const std::string url = is_http ? "http://" + place + "/" : "tcp://" + place;
    std::set<std::pair<std::string, std::string>> known;
    for (const proxy::RequestMatch& match : listener.matches) {
      const std::string& about = listener.rules.at(match.rule).about;
      if (known.emplace(match.host, about).second) result.push_back({url, match.host, about});
    }
    const auto backend = model_.backends.find(listener.default_backend);
    if (backend != model_.backends.end() && known.empty())
      result.push_back({url, "", "Service " + backend->second.service.text()});
  }
  return result;
}

Task<std::string> TrafficController::metrics_text() {
  co_await driver_.read_counters();
  std::string text = driver_.counters().text();
  text +=
      "# HELP canaria_traffic_proxy_loads_total Starts and reloads of the proxy.\n# TYPE canaria_traffic_proxy_loads_total "
      "counter\n";
  text += "canaria_traffic_proxy_loads_total " + std::to_string(driver_.loads()) + "\n";
  co_return text;
}

}  // namespace canaria::machine
