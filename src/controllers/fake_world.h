// For tests only: an API server in memory (objects, versions, preconditions, status subresource, faults on demand) and the
// other doors, so that tests look at the state of the world and not at the calls that led to it.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "api/core/pod.h"
#include "controllers/rollout_caches.h"
#include "json/patch.h"
#include "lang/selector.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_client.h"

namespace canaria::controllers {

class FakeWorld final : public ObjectClient {
 public:
  using Id = std::pair<std::string, api::ObjectKey>;

  // Puts an object in without a call; fills in identity and version.
  json::Value seed(const api::Resource& resource, json::Value object) {
    const api::ObjectKey key{std::string(json::text_at(object, "metadata.namespace")),
                             std::string(json::text_at(object, "metadata.name"))};
    return stamp(resource, key, std::move(object));
  }
  // Text of the world's object, or null.
  json::Value at(const api::Resource& resource, const api::ObjectKey& key) const {
    const auto found = objects_.find(Id{resource.qualified(), key});
    return found == objects_.end() ? json::Value(nullptr) : found->second;
  }
  void erase(const api::Resource& resource, const api::ObjectKey& key) { objects_.erase(Id{resource.qualified(), key}); }
  // The next write of this verb ("create", "patch", "update", "delete", "get") on the resource fails so.
  void fail_next(std::string verb, const api::Resource& resource, Error error) {
    faults_.push_back({verb + " " + resource.qualified(), std::move(error)});
  }
  int writes() const { return writes_; }
  int requests() const { return requests_; }

  Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) override {
    ++requests_;
    if (auto fault = take_fault("get", resource)) co_return fail(std::move(*fault));
    if (!has(resource, key)) co_return missing(resource, key);
    co_return at(resource, key);
  }
  Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) override {
    ++requests_;
    if (auto fault = take_fault("list", resource)) co_return fail(std::move(*fault));
    ObjectList page;
    const auto requirements = lang::parse_selector(query.label_selector);
    for (const auto& [id, object] : objects_) {
      if (id.first != resource.qualified() || (!query.namespace_.empty() && id.second.namespace_ != query.namespace_)) continue;
      const auto meta = api::parse_pod(object).metadata;
      if (requirements && lang::matches(*requirements, meta.labels)) page.items.push_back(object);
    }
    co_return page;
  }
  Task<Status> watch(api::Resource, WatchQuery, WatchSink) override { co_return Status(); }

  Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object,
                                   WriteOptions options) override {
    ++requests_;
    if (auto fault = take_fault("create", resource)) co_return fail(std::move(*fault));
    if (options.subresource == "eviction") {
      ++writes_;
      erase(resource, key);
      co_return object;
    }
    if (has(resource, key)) co_return fail(Code::kAlreadyExists, resource.qualified() + " \"" + key.name + "\" already exists");
    ++writes_;
    object.get_object()["metadata"].get_object()["namespace"] = key.namespace_;
    co_return stamp(resource, key, std::move(object));
  }
  Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions) override {
    ++requests_;
    if (auto fault = take_fault("update", resource)) co_return fail(std::move(*fault));
    co_return replace(resource, key, object, object);
  }
  Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind, json::Value body,
                                  WriteOptions options) override {
    ++requests_;
    if (auto fault = take_fault("patch", resource)) co_return fail(std::move(*fault));
    if (!has(resource, key)) co_return missing(resource, key);
    json::Value changed = at(resource, key);
    if (options.subresource == "status") {
      const json::Value patched = json::merge_patch(changed, body);
      changed.get_object()["status"] = patched.at("status");
    } else {
      changed = json::merge_patch(std::move(changed), body);
    }
    co_return replace(resource, key, std::move(changed), body);
  }
  Task<Status> remove(api::Resource resource, api::ObjectKey key, Propagation) override {
    ++requests_;
    if (auto fault = take_fault("delete", resource)) co_return fail(std::move(*fault));
    if (!has(resource, key)) co_return missing(resource, key);
    ++writes_;
    erase(resource, key);
    co_return Status();
  }

  // What watches would have told by now.
  void fill(RolloutCaches& caches) const {
    caches.rollouts().replace(all(api::resources::rollouts()));
    caches.sets().replace(all(api::resources::replica_sets()));
    caches.services().replace(all(api::resources::services()));
  }
  std::vector<json::Value> all(const api::Resource& resource) const {
    std::vector<json::Value> found;
    for (const auto& [id, object] : objects_)
      if (id.first == resource.qualified()) found.push_back(object);
    return found;
  }

 private:
  bool has(const api::Resource& resource, const api::ObjectKey& key) const {
    return objects_.contains(Id{resource.qualified(), key});
  }
  static tl::unexpected<Error> missing(const api::Resource& resource, const api::ObjectKey& key) {
    return fail(Code::kNotFound, resource.qualified() + " \"" + key.name + "\" not found");
  }
  Result<json::Value> replace(const api::Resource& resource, const api::ObjectKey& key, json::Value object,
                              const json::Value& sent) {
    if (!has(resource, key)) return missing(resource, key);
    const json::Value current = at(resource, key);
    for (const char* guard : {"metadata.resourceVersion", "metadata.uid"}) {
      const auto wanted = json::text_at(sent, guard);
      if (!wanted.empty() && wanted != json::text_at(current, guard))
        return fail(Code::kConflict, "the object has been modified");
    }
    ++writes_;
    return stamp(resource, key, std::move(object));
  }
  json::Value stamp(const api::Resource& resource, const api::ObjectKey& key, json::Value object) {
    json::Object& metadata = object.get_object()["metadata"].get_object();
    if (!metadata.contains("uid")) metadata["uid"] = "uid-" + std::to_string(++uids_);
    metadata["resourceVersion"] = std::to_string(++version_);
    objects_[Id{resource.qualified(), key}] = object;
    return object;
  }
  std::optional<Error> take_fault(const std::string& verb, const api::Resource& resource) {
    const auto fault = std::find_if(faults_.begin(), faults_.end(),
                                    [&](const auto& planned) { return planned.first == verb + " " + resource.qualified(); });
    if (fault == faults_.end()) return std::nullopt;
    Error error = std::move(fault->second);
    faults_.erase(fault);
    return error;
  }

  std::map<Id, json::Value> objects_;
  std::deque<std::pair<std::string, Error>> faults_;
  std::uint64_t version_ = 100;
  int uids_ = 0;
  int writes_ = 0;
  int requests_ = 0;
};

struct FakeClock final : Clock {
  Time time = *parse_time("2026-08-01T10:00:00Z");
  Time now() const override { return time; }
};

struct RecordedEvents final : EventRecorder {
  struct Entry {
    EventTarget target;
    api::EventType type;
    std::string reason;
    std::string message;
  };
  std::vector<Entry> entries;
  void record(EventTarget target, api::EventType type, std::string reason, std::string message) override {
    entries.push_back({std::move(target), type, std::move(reason), std::move(message)});
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> result;
    for (const Entry& entry : entries) result.push_back(entry.reason);
    return result;
  }
};

}  // namespace canaria::controllers
