// Everything on one machine (`canaria up`): every adapter, and its order of starting and stopping.
//
//   start: store -> API server -> controllers (workloads, node, traffic, rollouts) -> ready
//   stop:  controllers -> pods (when asked to) -> traffic -> events -> API server -> store
//
// The controllers see only ports; that the API they work on is in this process is known here alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apiserver/api_server.h"
#include "apiserver/scale_targets.h"
#include "apiserver/served_resources.h"
#include "app/instance_folder.h"
#include "app/manifest_files.h"
#include "app/system_clock.h"
#include "app/up_flags.h"
#include "async/event.h"
#include "async/scope.h"
#include "controllers/rollout_controller.h"
#include "controllers/rollout_metrics.h"
#include "kube/event_sink.h"
#include "kube/watcher.h"
#include "machine/metrics/metrics_service.h"
#include "machine/pods/node_agent.h"
#include "machine/pods/runtime_pod_logs.h"
#include "machine/runtime/process_runtime.h"
#include "machine/traffic/traffic_controller.h"
#include "machine/workloads/workload_controllers.h"
#include "net/http_client.h"
#include "store/collector.h"
#include "store/object_store.h"
#include "telemetry/metrics.h"

namespace canaria::app {

class MachineProcess {
 public:
  // `work_folder` is where the commands of containers run that name no folder of their own.
  MachineProcess(async::Loop& loop, UpFlags flags, InstanceFolder folder, std::string work_folder);
  ~MachineProcess();

  // Returns when the API answers and every controller has seen what there is. Fails with what is in the way; then stop() is
  // still to be called.
  Task<Status> start();
  // Applies manifests; see apply_manifests.
  Task<Status> apply(std::vector<Manifest> manifests, std::function<void(std::string)> on_applied);
  // kStop: pods are ended as `kubectl delete` would, all at once. kLeave: they go on, and the next start takes them over.
  enum class Pods { kStop, kLeave };
  Task<void> stop(Pods pods);

  ObjectClient& client() { return *store_; }
  HttpClient& http() { return http_; }
  std::string kubeconfig_path() const { return folder_.below("kubeconfig"); }
  std::string server_url() const;
  // Where metrics are offered as Prometheus does: what analysis asks. See docs/metrics.md.
  const std::string& metrics_url() const { return settings_.metrics; }
  // What does not work and what to do about it, for people; empty when all is well.
  const std::string& notice() const { return notice_; }
  // Returns once nothing has changed about the addresses for a moment, at most two seconds later.
  Task<void> wait_until_routed();
  // Where Services and routes can be reached now.
  std::vector<machine::RouteAddress> addresses() const;

 private:
  Status prepare_settings();
  Result<std::vector<apiserver::ApiUser>> users() const;
  Status open_store();
  Task<Status> open_runtime();
  Task<Status> open_api();
  Task<Status> start_controllers();
  Status open_metrics();
  Task<Status> start_traffic();
  Task<void> look_for_proxy();
  void make_rollout_controller();
  Status write_kubeconfig() const;
  void start_watch(WatchOrder order);
  bool runs(Part part) const { return flags_.parts.contains(part); }
  Task<std::string> metrics_text();
  Task<net::ServerResponse> serve_metrics(net::ServerRequest request);
  Task<void> keep_memory_small();

  async::Loop& loop_;
  UpFlags flags_;
  InstanceFolder folder_;
  std::string work_folder_;
  InstanceSettings settings_;
  SystemClock clock_;
  telemetry::Registry registry_;
  controllers::RolloutMetrics metrics_;
  net::CurlHttpClient http_;
  apiserver::ServedResources resources_;
  std::unique_ptr<store::ObjectStore> store_;
  std::optional<store::Collector> collector_;
  std::optional<kube::EventSink> events_;
  std::unique_ptr<machine::ProcessRuntime> runtime_;
  std::optional<machine::NodeAgent> node_;
  std::optional<machine::RuntimePodLogs> logs_;
  std::optional<apiserver::ScaleTargets> scales_;
  std::optional<machine::WorkloadControllers> workloads_;
  std::optional<machine::TrafficController> traffic_;
  std::optional<controllers::RolloutController> rollouts_;
  std::unique_ptr<apiserver::ApiServer> api_;
  std::optional<machine::MetricsService> metrics_service_;
  std::vector<std::unique_ptr<kube::Watcher>> watchers_;
  std::string notice_;
  async::Scope background_;  // watches and workers
};

}  // namespace canaria::app
