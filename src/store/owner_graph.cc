#include "store/owner_graph.h"

#include <algorithm>

#include "store/metadata.h"
#include "store/object_rules.h"

namespace canaria::store {
namespace {

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

std::vector<std::string> OwnerGraph::put(const api::Resource& resource, const json::Value& object) {
  const json::Value* metadata = json::find(object, "metadata");
  if (!metadata || !metadata->is_object()) return {};
  const json::Object& members = metadata->get_object();
  Node node;
  node.object = {resource,
                 {std::string(text_member(members, "namespace")), std::string(text_member(members, "name"))},
                 std::string(text_member(members, "uid"))};
  const json::Value* owners = members.if_contains("ownerReferences");
  if (owners && owners->is_array())
    for (const json::Value& owner : owners->get_array()) {
      const json::Value* blocks = json::find(owner, "blockOwnerDeletion");
      const bool blocking = blocks && blocks->is_bool() && blocks->get_bool();
      if (const std::string uid(json::text_at(owner, "uid")); !uid.empty())
        node.owners[uid] = blocking ? Block::kYes : Block::kNo;
    }
  const std::vector<std::string> finalizers = finalizers_of(members);
  if (is_being_deleted(members))
    node.phase = has(finalizers, kOrphanFinalizer)       ? Phase::kOrphaning
                 : has(finalizers, kForegroundFinalizer) ? Phase::kForeground
                                                         : Phase::kDeleting;
  const std::string uid = node.object.uid;
  std::vector<std::string> affected{uid};
  if (const auto before = nodes_.find(uid); before != nodes_.end()) {
    for (const auto& [owner, blocking] : before->second.owners) affected.push_back(owner);
    unlink(before->second);
  }
  for (const auto& [owner, blocking] : node.owners) {
    children_[owner].insert(uid);
    affected.push_back(owner);
  }
  nodes_.insert_or_assign(uid, std::move(node));
  // Most objects neither own nor are owned: nothing can be due for them.
  const bool is_loner = affected.size() == 1 && !children_.contains(uid) && nodes_.at(uid).phase == Phase::kLive;
  return is_loner ? std::vector<std::string>() : affected;
}

std::vector<std::string> OwnerGraph::drop(const std::string& uid) {
  const auto found = nodes_.find(uid);
  if (found == nodes_.end()) return {};
  std::vector<std::string> affected;
  for (const auto& [owner, blocking] : found->second.owners) affected.push_back(owner);
  unlink(found->second);
  nodes_.erase(found);
  if (children_.contains(uid)) affected.push_back(uid);
  return affected;
}

void OwnerGraph::unlink(const Node& node) {
  for (const auto& [owner, blocking] : node.owners) {
    const auto found = children_.find(owner);
    if (found == children_.end()) continue;
    found->second.erase(node.object.uid);
    if (found->second.empty()) children_.erase(found);
  }
}

const OwnerGraph::Node* OwnerGraph::find(const std::string& uid) const {
  const auto found = nodes_.find(uid);
  return found == nodes_.end() ? nullptr : &found->second;
}

std::vector<const OwnerGraph::Node*> OwnerGraph::dependents(const std::string& uid) const {
  std::vector<const Node*> result;
  if (const auto found = children_.find(uid); found != children_.end())
    for (const std::string& child : found->second) result.push_back(find(child));
  return result;
}

// Owners that wait for their own dependents do not keep an object alive.
bool OwnerGraph::has_other_owner(const Node& node, const std::string& uid) const {
  return std::any_of(node.owners.begin(), node.owners.end(), [&](const auto& entry) {
    const Node* owner = entry.first == uid ? nullptr : find(entry.first);
    return owner && owner->phase != Phase::kForeground;
  });
}

std::vector<CollectorAction> OwnerGraph::verdict(const std::string& uid) const {
  std::vector<CollectorAction> actions;
  if (const Node* node = find(uid)) judge(*node, actions);
  else judge_dependents_of_absent(uid, actions);
  return actions;
}

void OwnerGraph::judge_dependents_of_absent(const std::string& uid, std::vector<CollectorAction>& actions) const {
  for (const Node* child : dependents(uid)) {
    if (has_other_owner(*child, uid)) actions.push_back(DropOwner{child->object, uid});
    else if (child->phase == Phase::kLive) actions.push_back(DeleteObject{child->object});
  }
}

void OwnerGraph::judge(const Node& node, std::vector<CollectorAction>& actions) const {
  const std::string& uid = node.object.uid;
  const std::vector<const Node*> children = dependents(uid);
  if (node.phase == Phase::kOrphaning) {
    for (const Node* child : children) actions.push_back(DropOwner{child->object, uid});
    if (children.empty()) actions.push_back(DropFinalizer{node.object, std::string(kOrphanFinalizer)});
    return;
  }
  if (node.phase == Phase::kForeground) {
    bool waits = false;
    for (const Node* child : children) {
      if (has_other_owner(*child, uid)) {
        actions.push_back(DropOwner{child->object, uid});
        continue;
      }
      waits = waits || child->owners.at(uid) == Block::kYes;
      if (child->phase == Phase::kLive) actions.push_back(DeleteObject{child->object});
    }
    if (!waits) actions.push_back(DropFinalizer{node.object, std::string(kForegroundFinalizer)});
    return;
  }
  // Made after its owners had gone, or by somebody who knew a wrong uid.
  const bool ownerless = !node.owners.empty() && std::none_of(node.owners.begin(), node.owners.end(),
                                                              [this](const auto& entry) { return find(entry.first) != nullptr; });
  if (ownerless && node.phase == Phase::kLive) actions.push_back(DeleteObject{node.object});
}

std::vector<std::string> OwnerGraph::uids() const {
  std::set<std::string> all;
  for (const auto& [uid, node] : nodes_)
    if (!node.owners.empty() || node.phase != Phase::kLive) all.insert(uid);
  for (const auto& [owner, dependents_of_owner] : children_) all.insert(owner);
  return {all.begin(), all.end()};
}

}  // namespace canaria::store
