// Who owns whom: the ownerReferences of all objects, and what has to be done about one of them now.
//
// The rules of garbage collection as a pure structure: changes go in, verdicts come out. A verdict looks only at the present
// state, so asking twice, late or after a restart is harmless.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "api/meta/resource.h"
#include "json/value.h"

namespace canaria::store {

struct OwnedObject {
  api::Resource resource;
  api::ObjectKey key;
  std::string uid;
};

struct DeleteObject {
  OwnedObject object;
};
struct DropOwner {  // take the reference to an owner off the object
  OwnedObject object;
  std::string owner_uid;
};
struct DropFinalizer {  // the collector has finished with the object
  OwnedObject object;
  std::string finalizer;
};
using CollectorAction = std::variant<DeleteObject, DropOwner, DropFinalizer>;

class OwnerGraph {
 public:
  // Returns the uids that the change may have made something to do for.
  std::vector<std::string> put(const api::Resource& resource, const json::Value& object);
  std::vector<std::string> drop(const std::string& uid);

  // What to do about an object, or about the dependents of one that is gone; empty when there is nothing.
  std::vector<CollectorAction> verdict(const std::string& uid) const;
  // Everything that a verdict may be asked about: all objects, and owners that are not there.
  std::vector<std::string> uids() const;
  std::size_t size() const { return nodes_.size(); }

 private:
  enum class Block { kNo, kYes };  // whether the owner's foreground deletion waits for this dependent
  enum class Phase { kLive, kForeground, kOrphaning, kDeleting };
  struct Node {
    OwnedObject object;
    std::map<std::string, Block> owners;
    Phase phase = Phase::kLive;
  };
  const Node* find(const std::string& uid) const;
  std::vector<const Node*> dependents(const std::string& uid) const;
  void unlink(const Node& node);
  bool has_other_owner(const Node& node, const std::string& uid) const;
  void judge_dependents_of_absent(const std::string& uid, std::vector<CollectorAction>& actions) const;
  void judge(const Node& node, std::vector<CollectorAction>& actions) const;

  std::map<std::string, Node> nodes_;                     // by uid
  std::map<std::string, std::set<std::string>> children_;  // uid of the owner -> uids of its dependents
};

}  // namespace canaria::store
