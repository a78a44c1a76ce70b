// The typed, trimmed copy of one resource that a watch keeps up to date and reconciles read from.
//
// One writer (the watcher, or a controller handing in the response to its own write), many readers, all on the loop, so there
// are no locks. Objects are immutable once stored: a reader may keep the pointer as long as it likes.
#pragma once

#include <charconv>
#include <functional>
#include <map>
#include <memory>
#include <string>
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
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  virtual void put(const json::Value& object) = 0;                   // added or modified
  virtual void drop(const json::Value& object) = 0;                  // deleted
  virtual void replace(std::vector<json::Value> objects) = 0;        // a relist: all that exists now
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
  const std::map<api::ObjectKey, Pointer>& all() const { return objects_; }
  bool has_synced() const { return synced_; }

  // Older versions than the cached one are ignored: a watch event may be slower than the response to our own write.
  void put(const json::Value& object) override { store(std::make_shared<const T>(parser_(object))); }
  void drop(const json::Value& object) override {
    const T parsed = parser_(object);
    const auto found = objects_.find(parsed.metadata.key());
    if (found == objects_.end() || is_older(parsed.metadata.resourceVersion, found->second->metadata.resourceVersion)) return;
    const Pointer before = found->second;
    objects_.erase(found);
    notify(before, nullptr);
  }
  void replace(std::vector<json::Value> objects) override {
    std::map<api::ObjectKey, Pointer> gone;
    gone.swap(objects_);
    std::map<api::ObjectKey, Pointer> before = gone;
    for (json::Value& object : objects) {
      auto parsed = std::make_shared<const T>(parser_(object));
      object = nullptr;
      const api::ObjectKey key = parsed->metadata.key();
      const auto old = gone.find(key);
      if (old != gone.end() && is_older(parsed->metadata.resourceVersion, old->second->metadata.resourceVersion))
        parsed = old->second;
      objects_[key] = std::move(parsed);
      gone.erase(key);
    }
    synced_ = true;
    for (const auto& [key, object] : gone) notify(object, nullptr);
    for (const auto& [key, object] : std::map<api::ObjectKey, Pointer>(objects_)) {
      const auto old = before.find(key);
      const Pointer earlier = old == before.end() ? nullptr : old->second;
      if (earlier != object) notify(earlier, object);
    }
  }

 private:
  void store(Pointer object) {
    Pointer& slot = objects_[object->metadata.key()];
    if (slot && !is_older(slot->metadata.resourceVersion, object->metadata.resourceVersion)) return;
    const Pointer before = std::exchange(slot, std::move(object));
    const Pointer after = slot;
    notify(before, after);
  }
  void notify(const Pointer& before, const Pointer& after) {
    for (const Listener& listener : listeners_) listener(before, after);
  }

  Parser parser_;
  std::map<api::ObjectKey, Pointer> objects_;
  std::vector<Listener> listeners_;
  bool synced_ = false;
};

}  // namespace canaria
