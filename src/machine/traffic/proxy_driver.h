// Makes the running proxy do what a model says: by runtime commands when only weights or endpoints differ, by a reload when
// the structure does. Knows what each process of the proxy has been told; after a reload the old one is still told who leaves
// until it has ended, because connections that were open before go on there.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "machine/traffic/proxy_process.h"
#include "plan/proxy/runtime_commands.h"
#include "plan/proxy/traffic_counters.h"

namespace canaria::machine {

class ProxyDriver {
 public:
  explicit ProxyDriver(ProxyProcess& process);

  // Idempotent. After a failure it is unknown what the proxy does, so the next call reloads it.
  Task<Status> apply(plan::proxy::ProxyModel model);
  // Reads the counters of all processes, frees slots that are out of use and forgets processes that have ended.
  Task<void> read_counters();
  // How long ago that was begun last.
  Millis counters_age() const;
  const plan::proxy::TrafficCounters& counters() const { return counters_; }
  // How often the configuration was loaded; for tests and metrics.
  int loads() const { return loads_; }
  int commands() const { return commands_; }

 private:
  struct Worker {
    Worker() = default;
    std::int64_t generation = 0;
    plan::proxy::RunningState state;
  };
  Task<Status> load(plan::proxy::ProxyModel model);
  Task<Status> tell(std::int64_t generation, std::vector<std::string> commands);
  Task<void> tell_old_workers(plan::proxy::ProxyModel model);

  ProxyProcess& process_;
  std::int32_t connections_max_;
  std::vector<Worker> workers_;  // oldest first; the last one takes new connections
  std::string structure_;        // of the last worker; empty: unknown
  plan::proxy::TrafficCounters counters_;
  std::chrono::steady_clock::time_point counters_read_{};
  int loads_ = 0;
  int commands_ = 0;
};

}  // namespace canaria::machine
