#include "store/journal.h"

#include <fmt/format.h>

namespace canaria::store {
namespace {

constexpr std::int64_t kApplicationId = 0x43616e61;  // "Cana"
constexpr std::int64_t kSchemaVersion = 1;
// History is forgotten in portions: a deletion per commit would cost more than the rows.
constexpr Revision kForgetPortion = 256;

constexpr const char* kSettings = R"(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 1000;
  PRAGMA journal_size_limit = 4194304;
)";

constexpr const char* kSchema = R"(
  BEGIN IMMEDIATE;
  CREATE TABLE resources (id INTEGER PRIMARY KEY, api_group TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL,
                          plural TEXT NOT NULL, namespaced INTEGER NOT NULL);
  CREATE TABLE objects (resource INTEGER NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL,
                        written INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (resource, namespace, name));
  CREATE TABLE history (revision INTEGER PRIMARY KEY, kind INTEGER NOT NULL, resource INTEGER NOT NULL,
                        namespace TEXT NOT NULL, name TEXT NOT NULL, written INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE position (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, floor INTEGER NOT NULL);
  INSERT INTO position VALUES (1, 1, 1);
  PRAGMA application_id = 1130458721;
  PRAGMA user_version = 1;
  COMMIT;
)";
static_assert(kApplicationId == 1130458721 && kSchemaVersion == 1, "the schema text repeats these numbers");

Status check_version(Database& database, const std::string& path) {
  TRY(const std::int64_t application, database.number("PRAGMA application_id"));
  TRY(const std::int64_t version, database.number("PRAGMA user_version"));
  TRY(const std::int64_t tables, database.number("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0 && version == 0) return database.execute(kSchema);
  if (application != kApplicationId)
    return fail(Code::kInvalid, fmt::format("{} belongs to another program: choose another data directory", path));
  if (version > kSchemaVersion)
    return fail(Code::kInvalid,
                fmt::format("{} was written by a newer version of this program (schema {}, this one knows {}): use that "
                            "version, or choose another data directory",
                            path, version, kSchemaVersion));
  return {};
}

Time time_of(std::int64_t milliseconds) { return Time(Millis(milliseconds)); }
std::int64_t number_of(Time time) { return time.time_since_epoch().count(); }

Result<std::vector<ResourceRow>> load_resources(Database& database) {
  std::vector<ResourceRow> rows;
  TRY(Statement query, database.prepare("SELECT id, api_group, version, kind, plural, namespaced FROM resources ORDER BY id"));
  for (;;) {
    TRY(const Step step, query.step());
    if (step == Step::kEnd) return rows;
    ResourceRow row;
    row.id = query.number(0);
    row.resource = {std::string(query.text(1)), std::string(query.text(2)), std::string(query.text(3)),
                    std::string(query.text(4)), query.number(5) != 0 ? api::Scope::kNamespaced : api::Scope::kCluster};
    rows.push_back(std::move(row));
  }
}

Result<std::vector<ObjectRow>> load_rows(Database& database, const char* statement) {
  std::vector<ObjectRow> rows;
  TRY(Statement query, database.prepare(statement));
  for (;;) {
    TRY(const Step step, query.step());
    if (step == Step::kEnd) return rows;
    ObjectRow row;
    row.kind = static_cast<ChangeKind>(query.number(0));
    row.resource = query.number(1);
    row.key = {std::string(query.text(2)), std::string(query.text(3))};
    row.revision = query.number(4);
    row.written = time_of(query.number(5));
    row.text = std::string(query.text(6));
    rows.push_back(std::move(row));
  }
}

}  // namespace

Result<Journal> Journal::open(const std::string& path, JournalOptions options) {
  TRY(Database database, Database::open(path));
  CHECK_OK(database.execute(kSettings));
  CHECK_OK(check_version(database, path));
  if (options.pages_max > 0) {
    CHECK_OK(database.number(fmt::format("PRAGMA max_page_count = {}", options.pages_max).c_str()));
  }
  Journal journal(std::move(database));
  CHECK_OK(journal.prepare());
  return journal;
}

Status Journal::prepare() {
  TRY(begin_, database_.prepare("BEGIN IMMEDIATE"));
  TRY(commit_, database_.prepare("COMMIT"));
  TRY(rollback_, database_.prepare("ROLLBACK"));
  TRY(put_resource_, database_.prepare("INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?, ?, ?)"));
  TRY(put_object_, database_.prepare("INSERT INTO objects VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
                                     "revision = ?4, written = ?5, body = ?6"));
  TRY(drop_object_, database_.prepare("DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?"));
  TRY(put_history_, database_.prepare("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?)"));
  TRY(drop_history_, database_.prepare("DELETE FROM history WHERE revision <= ?"));
  TRY(put_position_, database_.prepare("UPDATE position SET revision = ?, floor = ?"));
  TRY(floor_, database_.number("SELECT floor FROM position"));
  return {};
}

Result<StoredState> Journal::load() {
  StoredState state;
  TRY(state.revision, database_.number("SELECT revision FROM position"));
  state.floor = floor_;
  TRY(state.resources, load_resources(database_));
  TRY(state.objects, load_rows(database_, "SELECT 0, resource, namespace, name, revision, written, body FROM objects"));
  TRY(state.history,
      load_rows(database_, "SELECT kind, resource, namespace, name, revision, written, body FROM history ORDER BY revision"));
  for (const ResourceRow& row : state.resources) known_resources_.insert(row.id);
  CHECK_OK(database_.execute("PRAGMA shrink_memory"));
  return state;
}

Status Journal::commit(const std::vector<Change>& changes, const std::vector<ResourceRow>& resources, Revision floor) {
  CHECK_OK(begin_.run());
  const Status written = write(changes, resources, floor);
  const Status committed = written ? commit_.run() : written;
  if (!committed) {
    // SQLite itself may have rolled back already; then there is nothing left to undo and the error does not matter.
    const Status undone = rollback_.run();
    static_cast<void>(undone);
    return committed;
  }
  for (const ResourceRow& row : resources) known_resources_.insert(row.id);
  if (floor >= floor_ + kForgetPortion) floor_ = floor;
  return {};
}

Status Journal::write(const std::vector<Change>& changes, const std::vector<ResourceRow>& resources, Revision floor) {
  CHECK_OK(write_resources(resources));
  for (const Change& change : changes) {
    CHECK_OK(write_change(change));
  }
  Revision new_floor = floor_;
  if (floor >= floor_ + kForgetPortion) {
    CHECK_OK(drop_history_.bind(1, floor).run());
    new_floor = floor;
  }
  if (changes.empty()) return {};
  return put_position_.bind(1, changes.back().object->revision).bind(2, new_floor).run();
}

Status Journal::write_resources(const std::vector<ResourceRow>& resources) {
  for (const ResourceRow& row : resources) {
    if (known_resources_.contains(row.id)) continue;
    const api::Resource& resource = row.resource;
    put_resource_.bind(1, row.id)
        .bind(2, resource.group)
        .bind(3, resource.version)
        .bind(4, resource.kind)
        .bind(5, resource.plural);
    CHECK_OK(put_resource_.bind(6, std::int64_t{resource.scope == api::Scope::kNamespaced}).run());
  }
  return {};
}

Status Journal::write_change(const Change& change) {
  const StoredObject& object = *change.object;
  const std::int64_t written = number_of(object.written);
  put_history_.bind(1, object.revision).bind(2, static_cast<std::int64_t>(change.kind)).bind(3, change.resource);
  CHECK_OK(put_history_.bind(4, change.key.namespace_).bind(5, change.key.name).bind(6, written).bind(7, object.text).run());
  if (change.kind == ChangeKind::kDeleted)
    return drop_object_.bind(1, change.resource).bind(2, change.key.namespace_).bind(3, change.key.name).run();
  put_object_.bind(1, change.resource).bind(2, change.key.namespace_).bind(3, change.key.name).bind(4, object.revision);
  return put_object_.bind(5, written).bind(6, object.text).run();
}

}  // namespace canaria::store
