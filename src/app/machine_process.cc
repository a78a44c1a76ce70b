#include "app/machine_process.h"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <random>
#include <unistd.h>

#include "app/build_facts.h"
#include "app/token_file.h"
#include "async/resident_memory.h"
#include "async/timers.h"
#include "base/base64.h"
#include "net/certificate.h"
#include "telemetry/log.h"
#include "telemetry/process_metrics.h"

namespace canaria::app {
namespace {

constexpr Millis kDrainLimit{5'000};
constexpr Millis kEventsLimit{2'000};
constexpr Seconds kMemoryCare{20};
constexpr Seconds kProxySearch{3};

controllers::BuildLabels build_labels() {
  const cli::BuildFacts facts = build_facts();
  return {facts.version, facts.go_version, facts.platform.substr(facts.platform.find('/') + 1), facts.git_commit};
}

std::string random_token() {
  std::random_device source;
  std::string token;
  for (int i = 0; i < 8; ++i) token += fmt::format("{:08x}", source());
  return token;
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::kNotFound, "read " + path + ": no such file or not readable");
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::string host_name() {
  std::string name(256, '\0');
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  name.resize(name.find('\0'));
  for (char& letter : name) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return name;
}

}  // namespace

MachineProcess::MachineProcess(async::Loop& loop, UpFlags flags, InstanceFolder folder, std::string work_folder)
    : loop_(loop),
      flags_(std::move(flags)),
      folder_(std::move(folder)),
      work_folder_(std::move(work_folder)),
      metrics_(registry_, clock_, build_labels()),
      http_(loop, net::HttpClientOptions()),
      background_(loop) {
  telemetry::add_process_metrics(registry_);
}

MachineProcess::~MachineProcess() = default;

// ---- start

Task<Status> MachineProcess::start() {
  if (flags_.runtime == RuntimeKind::kPodman)
    co_return fail(Code::kInvalid,
                   "--runtime podman is not available in this version of Canaria: use --runtime process, with the "
                   "command of each container");
  CO_CHECK(prepare_settings());
  CO_CHECK(open_store());
  CO_CHECK(co_await open_runtime());
  CO_CHECK(co_await open_api());
  CO_CHECK(write_kubeconfig());
  events_->start();
  collector_->start();
  CO_CHECK(co_await start_controllers());
  CO_CHECK(open_metrics());
  background_.spawn(keep_memory_small());
  co_return Status();
}

Status MachineProcess::prepare_settings() {
  TRY(settings_, folder_.settings());
  TRY(settings_.block, claim_address_block(settings_.block));
  if (settings_.token.empty()) settings_.token = random_token();
  if (!flags_.certificate_file.empty()) {
    TRY(settings_.certificate, read_file(flags_.certificate_file));
    TRY(settings_.key, read_file(flags_.key_file));
  } else if (settings_.certificate.empty()) {
    net::CertificateOptions wanted;
    wanted.now = clock_.now();
    TRY(const net::ServerCertificate made, net::make_server_certificate(wanted));
    settings_.certificate = made.certificate_pem;
    settings_.key = made.key_pem;
    settings_.authority = made.authority_pem;
  }
  return folder_.save(settings_);
}

Status MachineProcess::open_store() {
  store::StoreOptions options;
  options.directory = folder_.below("store");
  options.policies = resources_.policies();
  options.rules.content = &resources_;
  options.rules.namespaces = store::NamespaceRule::kMustExist;
  TRY(store_, store::ObjectStore::open(loop_, clock_, std::move(options)));
  resources_.follow(loop_, *store_, clock_);
  collector_.emplace(loop_, *store_, clock_);
  kube::EventSinkOptions events;
  events.component = "canaria";
  events.on_drop = [](const Error& error) { telemetry::log_warning("an event could not be stored", {{"error", error.message}}); };
  events_.emplace(loop_, *store_, clock_, std::move(events));
  return {};
}

// The part that pod logs are read from, before the API that serves them.
Task<Status> MachineProcess::open_runtime() {
  if (!runs(Part::kNode)) co_return Status();
  machine::ProcessRuntimeOptions options;
  options.directory = folder_.below("pods");
  options.working_directory = work_folder_;
  CO_TRY(runtime_, machine::ProcessRuntime::open(loop_, std::move(options)));
  machine::NodeAgent::Options node;
  node.name = host_name();
  node.addresses = machine::AddressBlock(settings_.block);
  const machine::NodeAgent::Doors doors{*store_, clock_, *events_, *runtime_, http_, folder_.below("volumes")};
  node_.emplace(
      loop_, doors, [this](WatchOrder order) { start_watch(std::move(order)); }, std::move(node));
  logs_.emplace(*node_, *runtime_);
  co_return Status();
}

Result<std::vector<apiserver::ApiUser>> MachineProcess::users() const {
  std::vector<apiserver::ApiUser> users{{settings_.token, "admin", {std::string(apiserver::kMastersGroup)}}};
  if (flags_.token_file.empty()) return users;
  TRY(const std::string text, read_file(flags_.token_file));
  auto more = parse_token_file(text);
  if (!more) return wrap(flags_.token_file, more.error());
  users.insert(users.end(), more->begin(), more->end());
  return users;
}

Task<Status> MachineProcess::open_api() {
  apiserver::ApiServerOptions options;
  options.port = flags_.port != 0 ? flags_.port : settings_.port;
  options.certificate_pem = settings_.certificate;
  options.key_pem = settings_.key;
  CO_TRY(options.users, users());
  if (logs_) options.pod_logs = &*logs_;
  options.audit_log_path = flags_.audit_log;
  api_ = std::make_unique<apiserver::ApiServer>(loop_, *store_, resources_, clock_, std::move(options));
  api_->route("/metrics", apiserver::RouteAccess::kEverybody,
              [this](net::ServerRequest request) { return serve_metrics(std::move(request)); });
  auto port = co_await api_->open();
  if (!port) {
    const std::string hint = port.error().message.ends_with("choose another port") ? " with --port" : "";
    co_return fail(port.error().code, "open the API: " + port.error().message + hint);
  }
  settings_.port = *port;
  co_return folder_.save(settings_);
}

std::string MachineProcess::server_url() const { return fmt::format("https://127.0.0.1:{}", settings_.port); }

Status MachineProcess::write_kubeconfig() const {
  const std::string authority = settings_.authority.empty() ? settings_.certificate : settings_.authority;
  const std::string text = fmt::format(
      "apiVersion: v1\nkind: Config\ncurrent-context: canaria\n"
      "contexts:\n  - name: canaria\n    context: {{cluster: canaria, user: admin, namespace: default}}\n"
      "clusters:\n  - name: canaria\n    cluster:\n      server: {}\n      certificate-authority-data: {}\n"
      "users:\n  - name: admin\n    user:\n      token: {}\n",
      server_url(), encode_base64(authority), settings_.token);
  return folder_.write_private("kubeconfig", text);
}

Task<Status> MachineProcess::start_controllers() {
  const StartWatch watches = [this](WatchOrder order) { start_watch(std::move(order)); };
  if (runs(Part::kTraffic)) {
    CO_CHECK(co_await start_traffic());
  }
  if (runs(Part::kWorkloads)) {
    machine::WorkloadOptions options;
    options.addresses = machine::AddressBlock(settings_.block);
    scales_.emplace(resources_, *store_);
    options.scales = &*scales_;
    workloads_.emplace(loop_, *store_, clock_, *events_, watches, options);
    workloads_->start();
  }
  if (node_) {
    CO_CHECK(co_await node_->start());
  }
  if (runs(Part::kRollouts)) make_rollout_controller();
  if (workloads_) co_await workloads_->wait_until_synced();
  co_return Status();
}

// Without HAProxy everything else is still of use: it is said, and looked for again.
Task<Status> MachineProcess::start_traffic() {
  machine::TrafficOptions options;
  options.addresses = machine::AddressBlock(settings_.block);
  options.folder = folder_.below("proxy");
  const StartWatch watches = [this](WatchOrder order) { start_watch(std::move(order)); };
  traffic_.emplace(loop_, *store_, clock_, *events_, watches, std::move(options));
  const Status opened = co_await traffic_->open();
  if (opened) {
    traffic_->start();
    co_return Status();
  }
  if (opened.error().code != Code::kNotFound) co_return fail(opened.error());
  notice_ = opened.error().message + ". Until then pods run, but Services and routes cannot be reached";
  telemetry::log_error("there is no traffic", {{"error", opened.error().message}});
  background_.spawn(look_for_proxy());
  co_return Status();
}

Task<void> MachineProcess::look_for_proxy() {
  for (bool is_found = false; !is_found;) {
    co_await async::sleep_for(kProxySearch);
    const Status opened = co_await traffic_->open();
    is_found = opened.has_value();
  }
  notice_.clear();
  telemetry::log_warning("HAProxy has been found, traffic begins", {});
  traffic_->start();
}

Status MachineProcess::open_metrics() {
  machine::MetricsOptions options;
  options.address = machine::AddressBlock(settings_.block).own_address();
  metrics_service_.emplace(
      loop_, clock_, [this] { return metrics_text(); }, std::move(options));
  TRY(settings_.metrics, metrics_service_->start());
  return folder_.save(settings_);
}

void MachineProcess::make_rollout_controller() {
  const controllers::RolloutReconciler::Doors doors{*store_, *events_, clock_};
  rollouts_.emplace(
      loop_, doors, metrics_, [this](WatchOrder order) { start_watch(std::move(order)); },
      controllers::RolloutController::Options());
  rollouts_->watch();
  background_.spawn(rollouts_->lead());
}

void MachineProcess::start_watch(WatchOrder order) {
  kube::WatcherOptions options;
  options.resource = order.resource;
  options.namespace_ = order.namespace_;
  options.label_selector = order.label_selector;
  options.seed = static_cast<unsigned>(watchers_.size()) + 1;
  watchers_.push_back(std::make_unique<kube::Watcher>(*store_, *order.sink, std::move(options)));
  background_.spawn(watchers_.back()->run());
}

// ---- while it runs

Task<Status> MachineProcess::apply(std::vector<Manifest> manifests, std::function<void(std::string)> on_applied) {
  FindResource find_resource = [this](const std::string& api_version, const std::string& kind) -> const api::Resource* {
    const apiserver::ServedResource* found = resources_.find_kind(api_version, kind);
    return found ? &found->resource : nullptr;
  };
  return apply_manifests(store_.get(), std::move(manifests), std::move(find_resource), std::move(on_applied));
}

std::vector<machine::RouteAddress> MachineProcess::addresses() const {
  return traffic_ ? traffic_->addresses() : std::vector<machine::RouteAddress>();
}

Task<void> MachineProcess::wait_until_routed() {
  std::size_t before = 0;
  for (int attempt = 0; traffic_ && attempt < 20; ++attempt) {
    co_await async::sleep_for(Millis(100));
    const std::size_t now = traffic_->addresses().size();
    if (now == before && attempt >= 2) co_return;
    before = now;
  }
}

Task<std::string> MachineProcess::metrics_text() {
  std::string text = rollouts_ ? rollouts_->metrics_text() : registry_.text();
  if (traffic_) text += co_await traffic_->metrics_text();
  co_return text;
}

Task<net::ServerResponse> MachineProcess::serve_metrics(net::ServerRequest) {
  std::string text = co_await metrics_text();
  co_return net::ServerResponse(200, std::move(text), "text/plain; version=0.0.4; charset=utf-8");
}

// Starting, and bursts of work, leave free memory behind that the allocator would keep for ever.
Task<void> MachineProcess::keep_memory_small() {
  std::size_t seen = 0;
  for (bool is_first = true;; is_first = false) {
    const std::size_t passes = (rollouts_ ? rollouts_->passes() : 0) + (node_ ? node_->passes() : 0);
    if (is_first || passes != seen) async::release_unused_memory();
    seen = passes;
    co_await async::sleep_for(kMemoryCare);
  }
}

// ---- stop

Task<void> MachineProcess::stop(Pods pods) {
  if (metrics_service_) co_await metrics_service_->stop();
  if (rollouts_) {
    co_await async::run_bounded(rollouts_->drain(), kDrainLimit);
    co_await rollouts_->stop();
  }
  if (workloads_) co_await workloads_->stop();
  if (node_) co_await node_->stop(pods == Pods::kStop ? machine::StopPods::kYes : machine::StopPods::kNo);
  if (traffic_) {
    if (pods == Pods::kStop) co_await traffic_->stop();
    else co_await traffic_->abandon();
  }
  if (runtime_) co_await runtime_->stop();
  if (collector_) co_await collector_->stop();
  if (events_) co_await events_->stop(kEventsLimit);
  co_await background_.stop();
  if (api_) co_await api_->stop();
  if (store_) {
    co_await resources_.stop();
    co_await store_->stop();
  }
}

}  // namespace canaria::app
