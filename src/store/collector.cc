#include "store/collector.h"

#include <algorithm>

#include "store/metadata.h"

namespace canaria::store {
namespace {

// Somebody else was faster: the graph hears of it, and the verdict is asked anew.
Status settled(const Result<json::Value>& written) {
  if (written || written.error().code == Code::kNotFound || written.error().code == Code::kConflict) return {};
  return fail(written.error());
}

}  // namespace

Collector::Collector(async::Loop& loop, ObjectStore& store, const Clock& clock)
    : store_(store),
      queue_(
          loop, 8, [this](std::string uid) { return settle(std::move(uid)); }, [&clock] { return clock.now(); }) {
  take_all();
  store_.on_change([this](const Change& change) { take(change); });
}

void Collector::start() { queue_.start(); }

void Collector::take_all() {
  const Catalog& catalog = store_.catalog();
  for (std::size_t id = 0; id < catalog.resource_count(); ++id) {
    const auto resource = static_cast<ResourceId>(id);
    for (const KeyedObject& keyed : catalog.select(resource, ObjectSelection()))
      if (const auto object = json::parse(keyed.object->text)) graph_.put(catalog.entry(resource).resource, *object);
  }
  for (const std::string& uid : graph_.uids()) queue_.add(uid);
}

void Collector::take(const Change& change) {
  const auto object = json::parse(change.object->text);
  if (!object) return;
  const std::vector<std::string> affected = change.kind == ChangeKind::kDeleted
                                                ? graph_.drop(std::string(json::text_at(*object, "metadata.uid")))
                                                : graph_.put(store_.catalog().entry(change.resource).resource, *object);
  for (const std::string& uid : affected) queue_.add(uid);
}

Task<Result<std::optional<Time>>> Collector::settle(std::string uid) {
  const std::vector<CollectorAction> actions = graph_.verdict(uid);
  for (const CollectorAction& action : actions) {
    CO_CHECK(co_await carry_out(action));
  }
  co_return std::nullopt;
}

Task<Status> Collector::carry_out(CollectorAction action) {
  if (auto* wanted = std::get_if<DeleteObject>(&action)) return remove(std::move(wanted->object));
  if (auto* wanted = std::get_if<DropOwner>(&action)) return drop_owner(std::move(wanted->object), std::move(wanted->owner_uid));
  auto& wanted = std::get<DropFinalizer>(action);
  return drop_finalizer(std::move(wanted.object), std::move(wanted.finalizer));
}

Task<Status> Collector::remove(OwnedObject object) {
  DeleteOptions options;
  options.uid = object.uid;
  const auto written = co_await store_.remove_object(object.resource, object.key, std::move(options));
  co_return settled(written);
}

Result<json::Value> Collector::current(const OwnedObject& object) const {
  const ObjectPointer stored = store_.find(object.resource, object.key);
  if (!stored) return json::Value(nullptr);
  TRY(json::Value value, json::parse(stored->text));
  if (json::text_at(value, "metadata.uid") != object.uid) return json::Value(nullptr);
  return value;
}

Task<Status> Collector::drop_owner(OwnedObject object, std::string owner_uid) {
  CO_TRY(json::Value value, current(object));
  if (value.is_null()) co_return Status();
  json::Object& metadata = metadata_of(value.get_object());
  json::Value* owners = metadata.if_contains("ownerReferences");
  if (!owners || !owners->is_array()) co_return Status();
  json::Array kept;
  for (const json::Value& owner : owners->get_array())
    if (json::text_at(owner, "uid") != owner_uid) kept.push_back(owner);
  if (kept.empty()) remove_member(metadata, "ownerReferences");
  else *owners = std::move(kept);
  WriteOptions options;
  const auto written = co_await store_.update(object.resource, object.key, std::move(value), std::move(options));
  co_return settled(written);
}

Task<Status> Collector::drop_finalizer(OwnedObject object, std::string finalizer) {
  CO_TRY(json::Value value, current(object));
  if (value.is_null()) co_return Status();
  json::Object& metadata = metadata_of(value.get_object());
  std::vector<std::string> finalizers = finalizers_of(metadata);
  std::erase(finalizers, finalizer);
  set_finalizers(metadata, finalizers);
  WriteOptions options;
  const auto written = co_await store_.update(object.resource, object.key, std::move(value), std::move(options));
  co_return settled(written);
}

}  // namespace canaria::store
