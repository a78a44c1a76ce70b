// The running controller: every adapter and its order of starting and stopping.
//
//   start: health and metrics servers -> watches (warm caches, also on a standby) -> lease -> workers
//   stop:  workers drained -> events sent -> lease given up -> watches and servers closed
//
// When the lease is lost nothing is drained for long: another controller may act soon.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "app/cluster_connection.h"
#include "app/controller_flags.h"
#include "app/system_clock.h"
#include "async/event.h"
#include "async/loop.h"
#include "async/scope.h"
#include "controllers/rollout_controller.h"
#include "controllers/rollout_metrics.h"
#include "kube/event_sink.h"
#include "kube/fenced_client.h"
#include "kube/leader_elector.h"
#include "kube/watcher.h"
#include "net/http_server.h"
#include "telemetry/metrics.h"

namespace canaria::app {

class ControllerProcess {
 public:
  // The connection was opened with request_options().
  ControllerProcess(async::Loop& loop, const ControllerFlags& flags);
  ~ControllerProcess();

  // Connects, serves and leads until stop() or until the lease is lost. Fails when it cannot start.
  Task<Status> run();
  // Asks run() to end gracefully.
  void stop();

 private:
  kube::ObjectClientOptions client_options();
  kube::EventSinkOptions event_options();
  kube::LeaderOptions leader_options();
  controllers::RolloutController::Options controller_options() const;
  void start_watch(WatchOrder order);
  Status open_servers();
  std::unique_ptr<net::HttpServer> make_server(std::string name, std::string address, std::uint16_t port);
  Status open_server(std::unique_ptr<net::HttpServer>& server, const std::string& name, std::uint16_t port);
  Task<net::ServerResponse> serve_health(net::ServerRequest request);
  Task<net::ServerResponse> serve_metrics(net::ServerRequest request);
  Task<void> lead_with_lease();
  Task<void> give_memory_back();
  Task<void> close();

  async::Loop& loop_;
  ControllerFlags flags_;
  SystemClock clock_;
  telemetry::Registry registry_;
  controllers::RolloutMetrics metrics_;
  async::Event ended_;                    // stop() was called or the lease was lost
  bool has_lost_lease_ = false;
  std::string namespace_;                 // watched; empty: all
  std::shared_ptr<ClusterConnection> connection_;
  std::optional<kube::EventSink> events_;
  std::optional<kube::FencedClient> writes_;  // what the controller acts through
  std::optional<controllers::RolloutController> controller_;
  std::optional<kube::LeaderElector> elector_;
  std::vector<std::unique_ptr<kube::Watcher>> watchers_;
  std::unique_ptr<net::HttpServer> health_server_;
  std::unique_ptr<net::HttpServer> metrics_server_;
  async::Scope background_;               // watches, the lease, memory care
};

}  // namespace canaria::app
