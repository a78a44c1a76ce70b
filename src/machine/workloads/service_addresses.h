// Gives every Service that wants one an address of this machine, unique and for as long as the Service lives. A real API server
// does this when a Service is created; here it is a controller, so that the store need not know of addresses.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "async/work_queue.h"
#include "machine/addresses.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"

namespace canaria::machine {

class ServiceAddresses {
 public:
  ServiceAddresses(WorkloadDoors doors, WorkloadCaches& caches, AddressBlock block);

  // REQUIRES: the cache of Services has synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  std::set<std::string> taken() const;

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  AddressBlock block_;
  std::string last_;  // so that an address is not used again right after its Service is gone
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
