// The rules, in the order in which they apply to a write:
//
// 1. What a write adds or modifies is taken from all other owners; what it removes nobody owns any more.
// 2. An ordinary write owns what it took beside what it owned before; its time changes when it took something.
// 3. An apply owns exactly what it states. What it stated the last time and no longer states is removed from the object, except
//    where others own it. Taking (1) from others is a conflict unless it is forced.
// 4. Compat: an apply by "kubectl" may take what kubectl's own client-side apply wrote and nobody changed since, and keeps the
//    annotation of that apply current, so that users can go back and forth (kubectl apply with and without --server-side).
// 5. At most kUpdaters entries of ordinary writers; the oldest become one entry "ancient-changes".
#include "json/server_side_apply.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "json/managed_fields.h"
#include "json/patch.h"
#include "json/write.h"

namespace canaria::json {

namespace {

constexpr std::size_t kUpdaters = 10;
constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

using Operation = FieldManager::Operation;
using Owners = std::vector<Owner>;

Value without_owners(const Value& object) { return with_owners(object, {}); }

// What is there before an object is created: its identity.
Value nothing_of(const Value& object) {
  Object nothing;
  for (const std::string_view name : {"apiVersion", "kind"})
    if (const Value* member = find(object, name)) nothing[name] = *member;
  nothing["metadata"] = Object();
  return nothing;
}

Owner* entry_for(Owners& owners, const FieldManager& writer) {
  const auto found = std::ranges::find_if(owners, [&](const Owner& owner) { return is_same_writer(owner.writer, writer); });
  return found == owners.end() ? nullptr : &*found;
}

Owner& made_entry_for(Owners& owners, const FieldManager& writer) {
  if (Owner* known = entry_for(owners, writer)) return *known;
  Owner owner;
  owner.writer = writer;
  owner.writer.time.clear();
  owners.push_back(std::move(owner));
  return owners.back();
}

// Rule 5.
void limit_updaters(Owners& owners) {
  const auto is_updater = [](const Owner& owner) { return owner.writer.operation == Operation::kUpdate; };
  const auto older = [&](const Owner& left, const Owner& right) {
    if (is_updater(left) != is_updater(right)) return is_updater(left);
    return std::tie(left.writer.time, left.writer.name) < std::tie(right.writer.time, right.writer.name);
  };
  std::erase_if(owners, [](const Owner& owner) { return owner.fields.empty(); });
  while (static_cast<std::size_t>(std::ranges::count_if(owners, is_updater)) > kUpdaters) {
    std::ranges::sort(owners, older);
    // Two of one version become one, so that the loop ends; with more versions than kUpdaters nothing can be joined.
    const auto second = std::find_if(owners.begin() + 1, owners.end(), [&](const Owner& owner) {
      return is_updater(owner) && owner.writer.api_version == owners.front().writer.api_version;
    });
    if (second == owners.end()) return;
    Owner joined;
    joined.writer.name = "ancient-changes";
    joined.writer.api_version = second->writer.api_version;
    joined.writer.time = second->writer.time;
    joined.fields = owners.front().fields.united(second->fields);
    owners.erase(second);
    owners.erase(owners.begin());
    owners.push_back(std::move(joined));
  }
}

Owners take_from_others(Owners owners, const FieldChanges& changes) {
  const FieldSet gone = changes.added.united(changes.modified).united(changes.removed);
  for (Owner& owner : owners) owner.fields = owner.fields.without(gone);
  return owners;
}

// Rules 1 and 2.
Owners after_update(Owners owners, const FieldChanges& changes, const FieldManager& writer) {
  const Owner* before = entry_for(owners, writer);
  const FieldSet kept = before ? before->fields.without(changes.removed) : FieldSet();
  const FieldSet taken = without_server_fields(changes.added.united(changes.modified));
  owners = take_from_others(std::move(owners), changes);
  if (!taken.empty() || !kept.empty()) {
    Owner& mine = made_entry_for(owners, writer);
    mine.fields = kept.united(taken);
    if (!taken.empty()) mine.writer.time = writer.time;
  }
  return owners;
}

// The managedFields of an object, which loses them.
std::optional<Value> taken_entries(Value& object) {
  Object* root = object.if_object();
  Value* metadata = root ? root->if_contains("metadata") : nullptr;
  Object* members = metadata ? metadata->if_object() : nullptr;
  const auto found = members ? members->find("managedFields") : nullptr;
  if (!members || found == members->end()) return std::nullopt;
  Value entries = std::move(found->value());
  members->stable_erase(found);
  return entries;
}

Value with_entries(Value object, const Value& entries) {
  Object* root = object.if_object();
  if (!root) return object;
  Value& metadata = (*root)["metadata"];
  if (!metadata.is_object()) metadata = Object();
  metadata.get_object()["managedFields"] = entries;
  return object;
}

// The entries a write starts from. Clients that do not know managedFields send none, and must not lose them thereby.
Owners owners_at_start(const Value* before, const std::optional<Value>& sent, const FieldManager& writer) {
  if (sent && writer.subresource.empty()) {
    auto owners = owners_of(with_entries(Object(), *sent));
    if (owners && !owners->empty()) return *std::move(owners);
  }
  if (!before) return {};
  return owners_of(*before).value_or(Owners());
}

// What a write changes; `after` has no managedFields, and that is no change.
FieldChanges changes_of(const Value* before, const Value& after, const Schema* schema, Origin origin) {
  static const FieldSet kEntries = [] {
    FieldSet set;
    set[PathStep::field("metadata")][PathStep::field("managedFields")].insert();
    return set;
  }();
  FieldChanges changes = field_changes(before ? *before : nothing_of(after), after, schema, origin);
  changes.removed = changes.removed.without(kEntries);
  return changes;
}

struct Conflict {
  FieldManager writer;
  FieldSet fields;
};

std::string writer_text(const FieldManager& writer) {
  std::string text = write(Value(writer.name));
  if (!writer.subresource.empty()) text += " with subresource " + write(Value(writer.subresource));
  if (writer.operation == Operation::kUpdate) text += " using " + writer.api_version;
  return text;
}

Error conflict_error(const std::vector<Conflict>& conflicts) {
  Error error;
  error.code = Code::kConflict;
  std::map<std::string, std::vector<std::string>> fields;
  for (const Conflict& conflict : conflicts) {
    const std::string who = writer_text(conflict.writer);
    for (const std::string& path : conflict.fields.paths()) {
      fields[who].push_back(path);
      error.causes.push_back({"FieldManagerConflict", "conflict with " + who, path});
    }
  }
  if (error.causes.size() == 1) {
    error.message = "Apply failed with 1 conflict: " + error.causes[0].message + ": " + error.causes[0].field;
    return error;
  }
  std::string text;
  for (const auto& [who, paths] : fields) {
    text += (text.empty() ? "" : "\n") + ("conflicts with " + who + ":");
    for (const std::string& path : paths) text += "\n- " + path;
  }
  error.message = "Apply failed with " + std::to_string(error.causes.size()) + " conflicts: " + text;
  return error;
}

std::vector<Conflict> conflicts_of(const Owners& owners, const FieldManager& writer, const FieldSet& wanted) {
  std::vector<Conflict> conflicts;
  for (const Owner& owner : owners) {
    if (is_same_writer(owner.writer, writer)) continue;
    FieldSet common = owner.fields.intersected(wanted);
    if (!common.empty()) conflicts.push_back({owner.writer, std::move(common)});
  }
  return conflicts;
}

const Value* last_applied_of(const Value& object) {
  const Value* annotations = find(object, "metadata.annotations");
  const Object* members = annotations ? annotations->if_object() : nullptr;
  const Value* text = members ? members->if_contains(kLastApplied) : nullptr;
  return text && text->is_string() ? text : nullptr;
}

// Rule 4: what client-side apply wrote and still is so.
FieldSet last_applied_fields(const Value& live, const Schema* schema, Origin origin) {
  const Value* text = last_applied_of(live);
  if (!text) return {};
  const auto applied = parse(text->get_string());
  if (!applied || !applied->is_object()) return {};
  const FieldChanges since = field_changes(*applied, live, schema, origin);
  return field_set_of(*applied, schema).without(since.modified).without(since.removed);
}

Value with_last_applied(Value object, Value applied) {
  if (Value* metadata = applied.get_object().if_contains("metadata"); metadata && metadata->is_object())
    if (Value* annotations = metadata->get_object().if_contains("annotations"); annotations && annotations->is_object())
      annotations->get_object().erase(kLastApplied);
  object.at("metadata").at("annotations").get_object()[kLastApplied] = write(applied) + "\n";
  return object;
}

// Rule 3: what this applier stated before and no longer states disappears, unless it is another's.
Value pruned(const Value& merged, const Owners& owners, const FieldSet& last, const Schema* schema) {
  if (last.empty()) return merged;
  const auto fields = [&](const Value& object) { return with_named_fields(field_set_of(object, schema), schema); };
  FieldSet owned;
  for (const Owner& owner : owners) owned = owned.united(owner.fields);
  owned = with_named_fields(owned, schema);
  const FieldSet mine = with_named_fields(last, schema);
  const FieldSet all = fields(merged);
  const Value bare = without_fields(merged, mine, schema);
  const Value with_owned = without_fields(merged, all.without(fields(bare).united(owned)), schema);
  return without_fields(merged, all.without(fields(with_owned)).intersected(mine), schema);
}

Status check_request(const Value& applied, const FieldManager& writer, const Schema* schema) {
  if (!applied.is_object()) return fail(Code::kBadRequest, "the applied configuration must be an object");
  if (const Value* owners = find(applied, "metadata.managedFields"); owners && !owners->is_null())
    return fail(Code::kBadRequest, "metadata.managedFields must be nil");
  const std::string version(text_at(applied, "apiVersion"));
  const std::string kind = ", Kind=" + std::string(text_at(applied, "kind"));
  if (version != writer.api_version) return fail(Code::kBadRequest, "invalid object type: " + version + kind);
  const Status checked = check_applied(applied, schema);
  if (checked) return {};
  const std::string name =
      std::string(text_at(applied, "metadata.namespace")) + "/" + std::string(text_at(applied, "metadata.name"));
  const std::string type = (version.find('/') == std::string::npos ? "/" : "") + version + kind;
  return fail(checked.error().code,
              "failed to create typed patch object (" + name + "; " + type + "): " + checked.error().message);
}

// The owners of the live object; of one that nobody has recorded, everything but the status belongs to a writer that stands for
// the past.
Owners owners_before_apply(const Value& live, const FieldManager& writer, const Schema* schema, Origin origin) {
  Owners owners = owners_of(live).value_or(Owners());
  if (!owners.empty() || !live.is_object()) return owners;
  FieldManager past = writer;
  past.name = "before-first-apply";
  past.operation = Operation::kUpdate;
  past.subresource.clear();
  Value written = without_owners(live);
  if (const auto status = written.get_object().find("status"); status != written.get_object().end())
    written.get_object().stable_erase(status);
  return after_update({}, field_changes(nothing_of(live), written, schema, origin), past);
}

}  // namespace

Value with_ownership(const Value* before, Value after, const FieldManager& writer, const Schema* schema, Origin origin) {
  const bool forgets = writer.subresource.empty() && forgets_owners(after);
  std::optional<Value> sent = taken_entries(after);
  const FieldChanges changes = changes_of(before, after, schema, origin);
  if (changes.empty()) {
    if (forgets) return after;
    // The common case of a write that changes nothing that is owned: the entries stay as they are, unread.
    const Value* known = before ? find(*before, "metadata.managedFields") : nullptr;
    if (known && known->is_array() && (!sent || !writer.subresource.empty() || *sent == *known))
      return with_entries(std::move(after), *known);
  }
  Owners owners = forgets ? Owners() : owners_at_start(before, sent, writer);
  owners = after_update(std::move(owners), changes, writer);
  limit_updaters(owners);
  return with_owners(std::move(after), std::move(owners));
}

Result<Value> server_side_apply(const Value* live, const Value& applied, const FieldManager& writer, Force force,
                                const Schema* schema, Origin origin) {
  CHECK_OK(check_request(applied, writer, schema));
  const Value current = live ? without_owners(*live) : nothing_of(applied);
  Owners owners = live ? owners_before_apply(*live, writer, schema, origin) : Owners();
  const Owner* previous = entry_for(owners, writer);
  const FieldSet last = previous ? previous->fields : FieldSet();
  const FieldSet stated = without_server_fields(field_set_of(applied, schema));
  made_entry_for(owners, writer).fields = stated;

  Value wanted = pruned(merge_fields(current, applied, schema), owners, last, schema);
  const FieldChanges changes = field_changes(current, wanted, schema, origin);
  auto conflicts = conflicts_of(owners, writer, changes.added.united(changes.modified));
  if (writer.name == "kubectl" && !conflicts.empty()) {
    const FieldSet allowed = last_applied_fields(current, schema, origin);
    for (Conflict& conflict : conflicts) conflict.fields = conflict.fields.without(allowed);
    std::erase_if(conflicts, [](const Conflict& conflict) { return conflict.fields.empty(); });
  }
  if (force == Force::kNo && !conflicts.empty()) return fail(conflict_error(conflicts));

  const bool is_changed = !same_json(current, wanted);
  owners = take_from_others(std::move(owners), changes);
  Owner& mine = made_entry_for(owners, writer);
  mine.fields = stated;
  mine.writer.api_version = writer.api_version;
  if (is_changed) mine.writer.time = writer.time;
  if (writer.name == "kubectl" && last_applied_of(wanted)) wanted = with_last_applied(std::move(wanted), applied);
  limit_updaters(owners);
  return with_owners(std::move(wanted), std::move(owners));
}

}  // namespace canaria::json
