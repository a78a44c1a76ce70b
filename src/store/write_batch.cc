#include "store/write_batch.h"

#include <algorithm>
#include <fmt/format.h>

#include "json/write.h"
#include "store/metadata.h"
#include "store/namespace_rules.h"

namespace canaria::store {
namespace {

// Five random letters collide; the API server lets the client try again, which nobody does.
constexpr int kNameAttempts = 8;

bool is_apply(const WriteRequest& request) { return request.verb == Verb::kPatch && request.patch == PatchKind::kApply; }

}  // namespace

WriteBatch::WriteBatch(Catalog& catalog, RandomNames& names, WriteRules rules, Time now)
    : catalog_(catalog), names_(names), rules_(rules), now_(now), revision_(catalog.revision()) {}

Result<json::Value> WriteBatch::apply(WriteRequest request) {
  const ResourceEntry& entry = catalog_.entry(request.resource);
  if (entry.resource.scope == api::Scope::kCluster) request.key.namespace_.clear();
  if (request.verb == Verb::kCreate) return create(entry, std::move(request));
  return change(entry, std::move(request));
}

Status WriteBatch::check_namespace(const WriteRequest& request, std::string_view name) {
  if (rules_.namespaces == NamespaceRule::kAny || request.resource.scope == api::Scope::kCluster) return {};
  const ResourceEntry& entry = catalog_.entry(api::resources::namespaces());
  const ObjectPointer found = current(entry.id, {"", request.key.namespace_});
  const std::string what = fmt::format("{} \"{}\"", request.resource.qualified(), name);
  if (!found) return namespace_accepts(nullptr, request.key.namespace_, what);
  // Parsing each time would cost more than the write; only what is being deleted contains the word.
  if (found->text.find("deletionTimestamp") == std::string::npos) return {};
  TRY(const json::Value stored, json::parse(found->text));
  return namespace_accepts(&stored, request.key.namespace_, what);
}

Result<json::Value> WriteBatch::create(const ResourceEntry& entry, WriteRequest request) {
  TRY(const Part part, part_of(request.resource, entry.policy, request.options.subresource));
  if (part != Part::kMain) return fail(Code::kInvalid, "a subresource cannot be created: update it");
  const bool has_name = !request.key.name.empty() || !json::text_at(request.body, "metadata.name").empty();
  for (int attempt = 1;; ++attempt) {
    const NameCheck names = rules_.content ? NameCheck::kByContentRules : NameCheck::kHere;
    const CreateStamp stamp{now_, names_.uid(), names_.suffix(), names};
    TRY(json::Value object, created_object(request.resource, entry.policy, request.key, request.body, stamp));
    const api::ObjectKey key{request.key.namespace_, std::string(json::text_at(object, "metadata.name"))};
    CHECK_OK(check_namespace(request, key.name));
    if (rules_.content) {
      const ContentWrite write{request.resource, key, request.options, nullptr, now_, is_apply(request)};
      TRY(object, rules_.content->admitted(write, std::move(object)));
    }
    if (current(entry.id, key)) {
      if (!has_name && attempt < kNameAttempts) continue;
      return fail(already_exists(request.resource, key));
    }
    if (request.options.dry_run == DryRun::kNo) record(entry, ChangeKind::kAdded, key, nullptr, object);
    return object;
  }
}

// Server-side apply of what is not there.
Result<json::Value> WriteBatch::create_applied(const ResourceEntry& entry, WriteRequest request) {
  const ContentWrite write{request.resource, request.key, request.options, nullptr, now_};
  TRY(request.body, rules_.content->patched(write, PatchKind::kApply, request.body));
  return create(entry, std::move(request));
}

Result<json::Value> WriteBatch::wish_of(WriteRequest& request, const json::Value& current) const {
  if (request.verb == Verb::kUpdate) return std::move(request.body);
  const bool has_schema = request.patch == PatchKind::kStrategic || request.patch == PatchKind::kApply;
  if (!rules_.content || !has_schema) return patched_wish(current, request.patch, request.body);
  const ContentWrite write{request.resource, request.key, request.options, &current, now_};
  return rules_.content->patched(write, request.patch, request.body);
}

Result<Outcome> WriteBatch::outcome_of(const ResourceEntry& entry, WriteRequest request, const json::Value& current) const {
  if (request.verb == Verb::kDelete) return deleted_object(request.resource, entry.policy, current, request.deletion, now_);
  TRY(const Part part, part_of(request.resource, entry.policy, request.options.subresource));
  TRY(json::Value wish, wish_of(request, current));
  TRY(json::Value proposed, proposed_object(request.resource, entry.policy, current, std::move(wish), part));
  if (rules_.content) {
    const ContentWrite write{request.resource, request.key, request.options, &current, now_, is_apply(request)};
    TRY(proposed, rules_.content->admitted(write, std::move(proposed)));
  }
  return settled_object(entry.policy, current, std::move(proposed), part);
}

Result<json::Value> WriteBatch::change(const ResourceEntry& entry, WriteRequest request) {
  const api::ObjectKey key = request.key;
  const ObjectPointer before = current(entry.id, key);
  if (!before && is_apply(request) && rules_.content && request.options.subresource.empty())
    return create_applied(entry, std::move(request));
  if (!before) return fail(not_found(request.resource, key));
  const DryRun dry_run = request.verb == Verb::kDelete ? request.deletion.dry_run : request.options.dry_run;
  TRY(const json::Value stored, json::parse(before->text));
  TRY(Outcome outcome, outcome_of(entry, std::move(request), stored));
  if (outcome.effect != Effect::kNone && dry_run == DryRun::kNo) {
    const ChangeKind kind = outcome.effect == Effect::kRemoved ? ChangeKind::kDeleted : ChangeKind::kModified;
    record(entry, kind, key, before, outcome.object);
  }
  return std::move(outcome.object);
}

ObjectPointer WriteBatch::current(ResourceId id, const api::ObjectKey& key) const {
  const auto found = written_.find({id, key});
  return found == written_.end() ? catalog_.find(id, key) : found->second;
}

void WriteBatch::record(const ResourceEntry& entry, ChangeKind kind, const api::ObjectKey& key, ObjectPointer before,
                        json::Value& object) {
  ++revision_;
  metadata_of(object.get_object())["resourceVersion"] = std::to_string(revision_);
  StoredObject stored = catalog_.index(entry, object);
  stored.revision = revision_;
  stored.written = now_;
  stored.text = json::write(object);
  const auto pointer = std::make_shared<const StoredObject>(std::move(stored));
  written_[{entry.id, key}] = kind == ChangeKind::kDeleted ? nullptr : pointer;
  changes_.push_back({kind, entry.id, key, pointer, std::move(before)});
}

std::vector<ResourceRow> WriteBatch::resources() const {
  // All up to the highest number: they are numbered without gaps, also those that were only asked for.
  ResourceId highest = -1;
  for (const Change& change : changes_) highest = std::max(highest, change.resource);
  std::vector<ResourceRow> rows;
  for (ResourceId id = 0; id <= highest; ++id) rows.push_back({id, catalog_.entry(id).resource});
  return rows;
}

}  // namespace canaria::store
