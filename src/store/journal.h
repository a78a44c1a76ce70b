// The disk side of the store: one SQLite database with the objects, the history of changes and the position of the last one.
//
// Write-ahead log and synchronous=FULL: what commit() has acknowledged survives the end of the process and of the machine.
// Calls block and belong to one thread at a time. What is in memory, and who watches it, is not known here.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "store/sqlite.h"
#include "store/stored_object.h"

namespace canaria::store {

struct ResourceRow {
  ResourceId id = 0;
  api::Resource resource;
};

// A row of the objects, or of the history. Text is the object as it was written.
struct ObjectRow {
  ChangeKind kind = ChangeKind::kAdded;  // history only
  ResourceId resource = 0;
  api::ObjectKey key;
  Revision revision = 0;
  Time written;
  std::string text;
};

struct StoredState {
  Revision revision = 1;
  Revision floor = 1;  // history has every change after this one
  std::vector<ResourceRow> resources;
  std::vector<ObjectRow> objects;
  std::vector<ObjectRow> history;  // in order
};

struct JournalOptions {
  std::int64_t pages_max = 0;  // limit of the database in pages of 4 KiB; 0: none but the disk
};

class Journal {
 public:
  // Opens or creates the database. Fails when it was written by a newer version of the program, or by another program.
  static Result<Journal> open(const std::string& path, JournalOptions options = {});

  Result<StoredState> load();

  // All changes in one transaction, or none. `resources` are those that the changes refer to; history up to `floor` is
  // forgotten. After a failure the database is as it was before.
  Status commit(const std::vector<Change>& changes, const std::vector<ResourceRow>& resources, Revision floor);

 private:
  explicit Journal(Database database) : database_(std::move(database)) {}
  Status prepare();
  Status write(const std::vector<Change>& changes, const std::vector<ResourceRow>& resources, Revision floor);
  Status write_resources(const std::vector<ResourceRow>& resources);
  Status write_change(const Change& change);

  Database database_;
  Statement begin_, commit_, rollback_;
  Statement put_resource_, put_object_, drop_object_, put_history_, drop_history_, put_position_;
  std::unordered_set<ResourceId> known_resources_;
  Revision floor_ = 0;
};

}  // namespace canaria::store
