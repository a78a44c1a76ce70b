#include "store/catalog.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/assert.h"

namespace canaria::store {

Result<Revision> parse_revision(const std::string& text) {
  Revision revision = 0;
  if (text.empty()) return revision;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc() || end != text.data() + text.size() || revision < 0)
    return fail(Code::kInvalid, "invalid resource version: resourceVersion: Invalid value: \"" + text +
                                    "\": strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
  return revision;
}

Catalog::Catalog(PolicyDoor policies, HistoryLimits limits) : policies_(std::move(policies)), limits_(limits) {}

const ResourceEntry& Catalog::entry(const api::Resource& resource) {
  const auto [found, is_new] = ids_.try_emplace(resource.qualified(), static_cast<ResourceId>(tables_.size()));
  if (is_new) tables_.push_back({ResourceEntry{found->second, resource, policies_(resource)}, {}});
  return tables_[static_cast<std::size_t>(found->second)].entry;
}

void Catalog::refresh_policies() {
  for (Table& table : tables_) {
    ResourcePolicy policy = policies_(table.entry.resource);
    const bool reindex = policy.selectable_fields != table.entry.policy.selectable_fields;
    table.entry.policy = std::move(policy);
    if (!reindex) continue;
    for (auto& [key, object] : table.objects) {
      const auto parsed = json::parse(object->text);
      StoredObject indexed = index(table.entry, *parsed);
      indexed.revision = object->revision;
      indexed.written = object->written;
      indexed.text = object->text;
      object = std::make_shared<const StoredObject>(std::move(indexed));
    }
  }
}

StoredObject Catalog::index(const ResourceEntry& entry, const json::Value& object) const {
  StoredObject stored;
  index_object(entry.policy, object, stored);
  return stored;
}

Result<ObjectPointer> Catalog::stored(const ObjectRow& row) const {
  if (row.resource < 0 || row.resource >= static_cast<ResourceId>(tables_.size()))
    return fail(Code::kInternal, fmt::format("{}: its resource {} is not in the database", row.key.text(), row.resource));
  const ResourceEntry& entry = tables_[static_cast<std::size_t>(row.resource)].entry;
  const auto parsed = json::parse(row.text);
  if (!parsed) return wrap(entry.resource.qualified() + " " + row.key.text(), parsed.error());
  StoredObject object = index(entry, *parsed);
  object.revision = row.revision;
  object.written = row.written;
  object.text = row.text;
  return std::make_shared<const StoredObject>(std::move(object));
}

Status Catalog::load(StoredState state) {
  for (const ResourceRow& row : state.resources)
    if (entry(row.resource).id != row.id)
      return fail(Code::kInternal,
                  fmt::format("the resources in the database are not numbered as expected at {}: restore it from a copy",
                              row.resource.qualified()));
  revision_ = state.revision;
  for (const ObjectRow& row : state.objects) {
    TRY(ObjectPointer object, stored(row));
    tables_[static_cast<std::size_t>(row.resource)].objects.emplace(row.key, std::move(object));
  }
  return load_history(std::move(state.history));
}

Status Catalog::load_history(std::vector<ObjectRow> rows) {
  // A history with a gap is of no use to a watch: only its end without gaps counts.
  std::size_t begin = rows.size();
  Revision expected = revision_;
  while (begin > 0 && rows[begin - 1].revision == expected) {
    --begin;
    --expected;
  }
  std::map<std::pair<ResourceId, api::ObjectKey>, ObjectPointer> latest;
  for (std::size_t at = begin; at < rows.size(); ++at) {
    const ObjectRow& row = rows[at];
    ObjectPointer object = find(row.resource, row.key);
    if (!object || object->revision != row.revision) {
      TRY(object, stored(row));
    }
    ObjectPointer& before = latest[{row.resource, row.key}];
    history_bytes_ += object->text.size();
    history_.push_back({row.kind, row.resource, row.key, object, row.kind == ChangeKind::kAdded ? nullptr : before});
    before = row.kind == ChangeKind::kDeleted ? nullptr : object;
  }
  return {};
}

ObjectPointer Catalog::find(ResourceId id, const api::ObjectKey& key) const {
  if (id < 0 || id >= static_cast<ResourceId>(tables_.size())) return nullptr;
  const Objects& objects = tables_[static_cast<std::size_t>(id)].objects;
  const auto found = objects.find(key);
  return found == objects.end() ? nullptr : found->second;
}

std::vector<KeyedObject> Catalog::select(ResourceId id, const ObjectSelection& selection) const {
  std::vector<KeyedObject> selected;
  const Objects& objects = tables_[static_cast<std::size_t>(id)].objects;
  const std::string& wanted = selection.namespace_name();
  for (auto at = objects.lower_bound(api::ObjectKey{wanted, ""}); at != objects.end(); ++at) {
    if (!wanted.empty() && at->first.namespace_ != wanted) break;
    if (selection.matches(at->first, *at->second)) selected.push_back({at->first, at->second});
  }
  return selected;
}

// "<revision>:<namespace>/<name>", the last object of the page before.
Result<Catalog::Position> Catalog::parse_token(const std::string& token) {
  const auto colon = token.find(':');
  const auto slash = token.find('/');
  const auto revision = parse_revision(token.substr(0, colon));
  if (!revision || *revision == 0 || colon == std::string::npos || slash == std::string::npos || slash < colon)
    return fail(Code::kInvalid, "invalid continue token: continue key is not valid: use the one that the page before came with");
  return Position{*revision, {token.substr(colon + 1, slash - colon - 1), token.substr(slash + 1)}};
}

Result<std::map<api::ObjectKey, ObjectPointer>> Catalog::undone(ResourceId id, Revision revision) const {
  std::map<api::ObjectKey, ObjectPointer> result;
  const auto too_old = [] {
    return fail(Code::kExpired,
                "The provided continue parameter is too old to display a consistent list result. You can start a new "
                "list without the continue parameter.");
  };
  if (revision < floor() || revision > revision_) return too_old();
  for (auto at = history_.rbegin(); at != history_.rend() && at->object->revision > revision; ++at) {
    if (at->resource != id) continue;
    if (!at->before && at->kind != ChangeKind::kAdded) return too_old();
    result.insert_or_assign(at->key, at->before);
  }
  return result;
}

Result<Page> Catalog::page(ResourceId id, const ObjectSelection& selection, std::size_t limit, const std::string& token) const {
  Page page;
  page.revision = revision_;
  if (token.empty() && limit == 0) {
    page.objects = select(id, selection);
    return page;
  }
  Position position;
  if (!token.empty()) {
    TRY(position, parse_token(token));
    page.revision = position.revision;
  }
  TRY(const auto earlier, undone(id, page.revision));
  const Objects& objects = tables_[static_cast<std::size_t>(id)].objects;
  const api::ObjectKey start = token.empty() ? api::ObjectKey{selection.namespace_name(), ""} : position.after;
  auto now = token.empty() ? objects.lower_bound(start) : objects.upper_bound(start);
  auto then = token.empty() ? earlier.lower_bound(start) : earlier.upper_bound(start);
  // Both are in the same order; where a key is in `earlier`, that is what counts.
  while (now != objects.end() || then != earlier.end()) {
    const bool use_then = then != earlier.end() && (now == objects.end() || then->first <= now->first);
    const api::ObjectKey& key = use_then ? then->first : now->first;
    const ObjectPointer& object = use_then ? then->second : now->second;
    if (!selection.namespace_name().empty() && key.namespace_ != selection.namespace_name()) break;
    if (object && selection.matches(key, *object)) {
      if (limit != 0 && page.objects.size() == limit) {
        const api::ObjectKey& last = page.objects.back().key;
        page.continue_ = fmt::format("{}:{}/{}", page.revision, last.namespace_, last.name);
        break;
      }
      page.objects.push_back({key, object});
    }
    if (use_then && now != objects.end() && now->first == then->first) ++now;
    if (use_then) ++then;
    else ++now;
  }
  return page;
}

std::vector<KeyedObject> Catalog::expired(ResourceId id, Time now) const {
  std::vector<KeyedObject> result;
  const Table& table = tables_[static_cast<std::size_t>(id)];
  if (!table.entry.policy.time_to_live) return result;
  for (const auto& [key, object] : table.objects)
    if (object->written + *table.entry.policy.time_to_live <= now) result.push_back({key, object});
  return result;
}

void Catalog::publish(const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    CANARIA_ASSERT(change.object->revision == revision_ + 1, "changes are published in order");
    revision_ = change.object->revision;
    Objects& objects = tables_[static_cast<std::size_t>(change.resource)].objects;
    if (change.kind == ChangeKind::kDeleted) objects.erase(change.key);
    else objects[change.key] = change.object;
    history_bytes_ += change.object->text.size();
    history_.push_back(change);
  }
}

void Catalog::trim_history(Time now) {
  while (!history_.empty()) {
    const StoredObject& oldest = *history_.front().object;
    if (history_.size() <= limits_.count && history_bytes_ <= limits_.bytes && oldest.written + limits_.age > now) return;
    history_bytes_ -= oldest.text.size();
    history_.pop_front();
  }
}

const Change* Catalog::change_after(Revision revision) const {
  CANARIA_ASSERT(revision >= floor(), "the history is asked only for what it still has");
  const auto index = static_cast<std::size_t>(revision - floor());
  return index < history_.size() ? &history_[index] : nullptr;
}

}  // namespace canaria::store
