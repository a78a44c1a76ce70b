// Keeps the registry as the stored CustomResourceDefinitions say, tells their authors by conditions, and removes the objects
// of a definition that is being deleted before it goes.
//
// The registry changes within the store's notification, so that whoever was told that a definition is written can use it.
// Writes are made by a work queue afterwards, level-based: they follow from the definition as it is stored then.
#pragma once

#include <string>

#include "apiserver/resource_registry.h"
#include "async/work_queue.h"
#include "ports/clock.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class DefinitionFollower {
 public:
  // All must outlive the store's last change.
  DefinitionFollower(async::Loop& loop, store::ObjectStore& store, const Clock& clock, ResourceRegistry& registry);

  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  void take(const std::string& name, const std::string& text);
  void learn(const store::Change& change);
  Task<Result<std::optional<Time>>> reconcile(std::string name);
  Task<Result<std::optional<Time>>> clean_up(std::string name, json::Value definition);
  // How many objects of the resource are left.
  Task<Result<std::size_t>> remove_objects(api::Resource resource);

  store::ObjectStore& store_;
  const Clock& clock_;
  ResourceRegistry& registry_;
  async::WorkQueue<std::string> queue_;
};

}  // namespace canaria::apiserver
