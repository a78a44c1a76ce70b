// Garbage collection: deletes what has lost its owners, and lets go of what was deleted in the foreground or as an orphan.
//
// It follows the store's changes into an OwnerGraph, asks for the verdict on every object that a change may concern, and
// carries it out by ordinary writes with preconditions. A refused write is tried again; the verdict is then asked anew.
#pragma once

#include <string>

#include "async/loop.h"
#include "async/work_queue.h"
#include "store/object_store.h"
#include "store/owner_graph.h"

namespace canaria::store {

class Collector {
 public:
  // REQUIRES: the store lives as long as its listeners may be called, so the collector is stopped before the store and
  // destroyed after its last change.
  Collector(async::Loop& loop, ObjectStore& store, const Clock& clock);

  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  void take(const Change& change);
  void take_all();
  Task<Result<std::optional<Time>>> settle(std::string uid);
  Task<Status> carry_out(CollectorAction action);
  Task<Status> remove(OwnedObject object);
  Task<Status> drop_owner(OwnedObject object, std::string owner_uid);
  Task<Status> drop_finalizer(OwnedObject object, std::string finalizer);
  // The object as it is now; null when it is gone or another one has its name.
  Result<json::Value> current(const OwnedObject& object) const;

  ObjectStore& store_;
  OwnerGraph graph_;
  async::WorkQueue<std::string> queue_;
};

}  // namespace canaria::store
