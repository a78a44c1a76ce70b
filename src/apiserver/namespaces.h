// Namespaces beyond being objects: the ones that always exist, and the emptying of one that is being deleted. Its contents are
// deleted, kind by kind; what has finalizers or a process that still ends is waited for; then the Namespace may go.
#pragma once

#include <string>

#include "apiserver/served_resources.h"
#include "async/loop.h"
#include "async/work_queue.h"
#include "ports/clock.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class Namespaces {
 public:
  Namespaces(async::Loop& loop, store::ObjectStore& store, const ServedResources& served, const Clock& clock);

  // default, kube-system, kube-public and kube-node-lease, where they are missing.
  Task<Status> make_lasting();
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  Task<Result<std::optional<Time>>> settle(std::string name);
  // Deletes everything in the Namespace; returns how much was there.
  Task<Result<std::size_t>> empty(std::string name);
  Task<Status> finalize(std::string name);

  store::ObjectStore& store_;
  const ServedResources& served_;
  const Clock& clock_;
  async::WorkQueue<std::string> queue_;
};

}  // namespace canaria::apiserver
