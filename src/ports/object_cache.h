// The typed, trimmed copy of one resource that a watch keeps up to date and reconciles read from.
//
// One writer (the watcher, or a controller handing in the response to its own write), many readers, all on the loop, so there
// are no locks. Objects are immutable once stored: a reader may keep the pointer as long as it likes.
#pragma once

#include <charconv>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/meta/object_meta.h"
#include "json/value.h"

namespace canaria {

// Whether resource version `a` is older than `b`; malformed or missing versions count as fresh.
inline bool is_older(const std::string& a, const std::string& b) {
  std::uint64_t x = 0, y = 0;
  const auto left = std::from_chars(a.data(), a.data() + a.size(), x);
  const auto right = std::from_chars(b.data(), b.data() + b.size(), y);
  return left.ec == std::errc() && right.ec == std::errc() && x < y;
}

// What a watcher feeds, without knowing the type of the objects.
//
// A relist is begin_replace(), put() for everything that exists, end_replace(): what was not put in between is gone. Objects
// come one by one, so that a large relist is never in memory as JSON. A relist that fails halfway is simply begun again.
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  virtual void put(const json::Value& object) = 0;   // added or modified
  virtual void drop(const json::Value& object) = 0;  // deleted
  virtual void begin_replace() = 0;
  // resource_version: the position of the list; newer objects of ours stay although the list lacks them.
  virtual void end_replace(const std::string& resource_version) = 0;

  void replace(const std::vector<json::Value>& objects, const std::string& resource_version = "") {
    begin_replace();
    for (const json::Value& object : objects) put(object);
    end_replace(resource_version);
  }
};

template <class T>
class ObjectCache : public ObjectSink {
 public:
  using Pointer = std::shared_ptr<const T>;
  using Parser = std::function<T(const json::Value&)>;
  // before or after is null for an addition or a deletion.
  using Listener = std::function<void(const Pointer& before, const Pointer& after)>;

  explicit ObjectCache(Parser parser) : parser_(std::move(parser)) {}

  void on_change(Listener listener) { listeners_.push_back(std::move(listener)); }

  Pointer find(const api::ObjectKey& key) const {
    const auto found = objects_.find(key);
    return found == objects_.end() ? nullptr : found->second;
  }
  std::vector<Pointer> in_namespace(const std::string& namespace_) const {
    std::vector<Pointer> result;
    for (auto at = objects_.lower_bound(api::ObjectKey{namespace_, ""});
         at != objects_.end() && at->first.namespace_ == namespace_; ++at)
      result.push_back(at->second);
    return result;
  }
  // For iteration: in order of namespace and name.
  const std::map<api::ObjectKey, Pointer>& all() const { return objects_; }
  // Whether a first list has been taken in whole.
  bool has_synced() const { return synced_; }
  // Called once, at the end of the first list, after its objects have been announced.
  void on_sync(std::function<void()> listener) { sync_listeners_.push_back(std::move(listener)); }

  // Older versions than the cached one are ignored: a watch event may be slower than the response to our own write, or the
  // other way round when the object has been deleted meanwhile.
  void put(const json::Value& object) override { store(std::make_shared<const T>(parser_(object))); }
  void drop(const json::Value& object) override {
    const T parsed = parser_(object);
    const api::ObjectKey key = parsed.metadata.key();
    bury(key, parsed.metadata.resourceVersion);
    const auto found = objects_.find(key);
    if (found == objects_.end() || is_older(parsed.metadata.resourceVersion, found->second->metadata.resourceVersion)) return;
    erase(found);
  }
  void begin_replace() override {
    replacing_ = true;
    seen_.clear();
  }
  void end_replace(const std::string& resource_version) override {
    replacing_ = false;
    const std::set<api::ObjectKey> seen = std::exchange(seen_, {});
    std::vector<api::ObjectKey> gone;
    for (const auto& [key, object] : objects_)
      if (!seen.contains(key) && !is_older(resource_version, object->metadata.resourceVersion)) gone.push_back(key);
    for (const api::ObjectKey& key : gone) {
      bury(key, resource_version);
      erase(objects_.find(key));
    }
    if (std::exchange(synced_, true)) return;
    for (const auto& listener : sync_listeners_) listener();
  }

 private:
  static constexpr std::size_t kGraves = 512;

  void store(Pointer object) {
    const api::ObjectKey key = object->metadata.key();
    if (replacing_) seen_.insert(key);
    const auto grave = graves_.find(key);
    if (grave != graves_.end() && is_older(object->metadata.resourceVersion, grave->second)) return;
    Pointer& slot = objects_[key];
    if (slot && !is_older(slot->metadata.resourceVersion, object->metadata.resourceVersion)) return;
    const Pointer before = std::exchange(slot, std::move(object));
    const Pointer after = slot;
    notify(before, after);
  }
  void erase(typename std::map<api::ObjectKey, Pointer>::iterator at) {
    const Pointer before = at->second;
    objects_.erase(at);
    notify(before, nullptr);
  }
  // Remembers a deletion for a while, so that a late response to an earlier write does not bring the object back.
  void bury(const api::ObjectKey& key, const std::string& resource_version) {
    if (resource_version.empty()) return;
    if (graves_.insert_or_assign(key, resource_version).second) grave_order_.push_back(key);
    if (grave_order_.size() <= kGraves) return;
    graves_.erase(grave_order_.front());
    grave_order_.pop_front();
  }
  void notify(const Pointer& before, const Pointer& after) {
    for (const Listener& listener : listeners_) listener(before, after);
  }

  Parser parser_;
  std::map<api::ObjectKey, Pointer> objects_;
  std::map<api::ObjectKey, std::string> graves_;
  std::deque<api::ObjectKey> grave_order_;
  std::set<api::ObjectKey> seen_;
  std::vector<Listener> listeners_;
  std::vector<std::function<void()>> sync_listeners_;
  bool replacing_ = false;
  bool synced_ = false;
};

}  // namespace canaria
