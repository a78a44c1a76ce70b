// An ObjectCache with the index that keeps one reconcile independent of how many objects there are: who is controlled by whom.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/object_cache.h"

namespace canaria::machine {

template <class T>
class OwnedCache {
 public:
  using Pointer = typename ObjectCache<T>::Pointer;

  explicit OwnedCache(typename ObjectCache<T>::Parser parser) : objects_(std::move(parser)) {
    // First of all listeners, so that the others already see the index of what they are told about.
    objects_.on_change([this](const Pointer& before, const Pointer& after) { index(before, after); });
  }
  OwnedCache(const OwnedCache&) = delete;
  OwnedCache& operator=(const OwnedCache&) = delete;

  ObjectCache<T>& objects() { return objects_; }
  const ObjectCache<T>& objects() const { return objects_; }

  // By name. An empty UID: those without controller.
  std::vector<Pointer> controlled_by(const std::string& namespace_, const std::string& uid) const {
    std::vector<Pointer> result;
    const auto names = names_.find({namespace_, uid});
    if (names == names_.end()) return result;
    for (const std::string& name : names->second)
      if (Pointer found = objects_.find(api::ObjectKey{namespace_, name})) result.push_back(std::move(found));
    return result;
  }
  std::vector<Pointer> without_controller(const std::string& namespace_) const { return controlled_by(namespace_, ""); }

 private:
  static std::pair<std::string, std::string> owner_of(const T& object) {
    const api::OwnerReference* owner = object.metadata.controller();
    return {object.metadata.namespace_, owner ? owner->uid : std::string()};
  }
  void index(const Pointer& before, const Pointer& after) {
    if (before && after && owner_of(*before) == owner_of(*after)) return;
    if (before) {
      const auto names = names_.find(owner_of(*before));
      if (names != names_.end()) {
        names->second.erase(before->metadata.name);
        if (names->second.empty()) names_.erase(names);
      }
    }
    if (after) names_[owner_of(*after)].insert(after->metadata.name);
  }

  ObjectCache<T> objects_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> names_;
};

}  // namespace canaria::machine
