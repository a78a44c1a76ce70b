// The committed state in memory: every object by resource and key, and the window of recent changes.
//
// Readers see only this, so they never see a write that the disk has not taken. The window answers three questions: what a
// watch has missed, how the objects were at an earlier revision (for the later pages of a list), and what is too old for
// either. No disk and no waiting here.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ports/object_client.h"
#include "store/journal.h"
#include "store/object_selection.h"
#include "store/resource_policy.h"
#include "store/stored_object.h"

namespace canaria::store {

struct HistoryLimits {
  std::size_t count = 10'000;
  std::size_t bytes = 8U << 20U;
  Seconds age{600};
};

struct ResourceEntry {
  ResourceId id = 0;
  api::Resource resource;
  ResourcePolicy policy;
};

struct KeyedObject {
  api::ObjectKey key;
  ObjectPointer object;
};
struct Page {
  std::vector<KeyedObject> objects;
  Revision revision = 0;
  std::string continue_;  // empty on the last page
};

class Catalog {
 public:
  Catalog(PolicyDoor policies, HistoryLimits limits);

  // REQUIRES: nothing was published before.
  Status load(StoredState state);

  // The entry of a resource, made when it is new. Its address stays.
  const ResourceEntry& entry(const api::Resource& resource);
  const ResourceEntry& entry(ResourceId id) const { return tables_[static_cast<std::size_t>(id)].entry; }
  std::size_t resource_count() const { return tables_.size(); }
  // Asks the door again: definitions have changed.
  void refresh_policies();

  Revision revision() const { return revision_; }
  // The history has every change after this revision.
  Revision floor() const { return history_.empty() ? revision_ : history_.front().object->revision - 1; }

  ObjectPointer find(ResourceId id, const api::ObjectKey& key) const;
  // In order of namespace and name.
  std::vector<KeyedObject> select(ResourceId id, const ObjectSelection& selection) const;
  // A page of at most `limit` (0: all) objects, later pages as of the revision of the first. Fails with kExpired when that
  // revision has left the window and kInvalid on a token that is none of ours.
  Result<Page> page(ResourceId id, const ObjectSelection& selection, std::size_t limit, const std::string& token) const;
  // Keys whose time to live is over.
  std::vector<KeyedObject> expired(ResourceId id, Time now) const;

  // Takes over changes that have been committed, in order. REQUIRES: revisions without a gap.
  void publish(const std::vector<Change>& changes);
  // Forgets what is beyond the limits.
  void trim_history(Time now);
  // The first change after a revision, or null. REQUIRES: revision >= floor().
  const Change* change_after(Revision revision) const;

  StoredObject index(const ResourceEntry& entry, const json::Value& object) const;

 private:
  using Objects = std::map<api::ObjectKey, ObjectPointer>;
  struct Table {
    ResourceEntry entry;
    Objects objects;
  };
  struct Position {
    Revision revision = 0;
    api::ObjectKey after;
  };
  Result<ObjectPointer> stored(const ObjectRow& row) const;
  Status load_history(std::vector<ObjectRow> rows);
  static Result<Position> parse_token(const std::string& token);
  // What was different at a revision: null where there was no object. Fails when the window does not know.
  Result<std::map<api::ObjectKey, ObjectPointer>> undone(ResourceId id, Revision revision) const;

  PolicyDoor policies_;
  HistoryLimits limits_;
  std::deque<Table> tables_;
  std::unordered_map<std::string, ResourceId> ids_;  // by qualified name: versions share their objects
  std::deque<Change> history_;
  std::size_t history_bytes_ = 0;
  Revision revision_ = 1;
};

// "1234" as a revision; "" and "0" are 0. Fails with kInvalid.
Result<Revision> parse_revision(const std::string& text);

}  // namespace canaria::store
