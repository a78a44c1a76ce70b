// The writes of one transaction: each is judged on what the ones before it in the batch have made of the state, so that a
// batch has the same outcome as its writes one by one. Nothing becomes visible here; the changes are handed on to the disk
// and, when that has taken them, to the catalog.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "store/catalog.h"
#include "store/content_rules.h"
#include "store/object_rules.h"
#include "store/random_names.h"

namespace canaria::store {

enum class Verb { kCreate, kUpdate, kPatch, kDelete };

struct WriteRequest {
  WriteRequest() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  Verb verb = Verb::kCreate;
  api::Resource resource;
  api::ObjectKey key;
  json::Value body;
  PatchKind patch = PatchKind::kMerge;
  WriteOptions options;
  DeleteOptions deletion;
};

// Whether the Namespace of a new object has to exist.
enum class NamespaceRule { kAny, kMustExist };

// What judges writes beside the rules for metadata.
struct WriteRules {
  const ContentRules* content = nullptr;  // null: any content
  NamespaceRule namespaces = NamespaceRule::kAny;
};

class WriteBatch {
 public:
  // The catalog must not change while the batch lives.
  WriteBatch(Catalog& catalog, RandomNames& names, WriteRules rules, Time now);

  // The object as it would be now, or what is wrong with the request.
  Result<json::Value> apply(WriteRequest request);

  const std::vector<Change>& changes() const { return changes_; }
  // The resources that the changes refer to.
  std::vector<ResourceRow> resources() const;

 private:
  Result<json::Value> create(const ResourceEntry& entry, WriteRequest request);
  Result<json::Value> change(const ResourceEntry& entry, WriteRequest request);
  Result<json::Value> create_applied(const ResourceEntry& entry, WriteRequest request);
  Result<Outcome> outcome_of(const ResourceEntry& entry, WriteRequest request, const json::Value& current) const;
  Result<json::Value> wish_of(WriteRequest& request, const json::Value& current) const;
  Status check_namespace(const WriteRequest& request, std::string_view name);
  ObjectPointer current(ResourceId id, const api::ObjectKey& key) const;
  void record(const ResourceEntry& entry, ChangeKind kind, const api::ObjectKey& key, ObjectPointer before, json::Value& object);

  Catalog& catalog_;
  RandomNames& names_;
  WriteRules rules_;
  Time now_;
  Revision revision_;
  std::vector<Change> changes_;
  std::map<std::pair<ResourceId, api::ObjectKey>, ObjectPointer> written_;  // null: deleted
};

}  // namespace canaria::store
