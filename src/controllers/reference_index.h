// Who names whom: from the text of a reference ("shop/web-stable") to the Rollouts that contain it. Kept up to date from cache
// events, so that an event on a Service finds its Rollouts without looking at all of them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/meta/resource.h"

namespace canaria::controllers {

class ReferenceIndex {
 public:
  // `from` now names exactly these; an empty list forgets it.
  void set(const api::ObjectKey& from, std::vector<std::string> references);
  // Who names this, in the order of their keys.
  std::vector<api::ObjectKey> naming(const std::string& reference) const;
  bool is_named(const std::string& reference) const { return naming_.contains(reference); }

 private:
  std::map<api::ObjectKey, std::vector<std::string>> references_;
  std::unordered_map<std::string, std::set<api::ObjectKey>> naming_;
};

}  // namespace canaria::controllers
