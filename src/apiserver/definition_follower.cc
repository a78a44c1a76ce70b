#include "apiserver/definition_follower.h"

#include <algorithm>

#include "json/patch.h"
#include "store/metadata.h"
#include "store/namespace_rules.h"

namespace canaria::apiserver {
namespace {

constexpr Seconds kCleanupInterval{1};
constexpr int kCleanupPage = 500;

const api::Resource& definitions() { return api::resources::custom_resource_definitions(); }

// With the version that was looked at: whoever changed the definition since then brings it back here.
json::Object precondition(const json::Value& definition) {
  return {{"resourceVersion", json::text_at(definition, "metadata.resourceVersion")}};
}

json::Value finalizers_patch(const json::Value& definition, const std::vector<std::string>& finalizers) {
  json::Object metadata = precondition(definition);
  metadata["finalizers"] = json::Array(finalizers.begin(), finalizers.end());
  return json::Object{{"metadata", std::move(metadata)}};
}

json::Value status_patch(const json::Value& definition, json::Value status) {
  return json::Object{{"metadata", precondition(definition)}, {"status", std::move(status)}};
}

bool is_being_deleted(const json::Value& definition) { return !json::text_at(definition, "metadata.deletionTimestamp").empty(); }

// Changed or gone meanwhile: its own change brings it back.
Result<std::optional<Time>> settled(const Result<json::Value>& written) {
  if (written || written.error().code == Code::kNotFound || written.error().code == Code::kConflict) return std::nullopt;
  return fail(written.error());
}

}  // namespace

DefinitionFollower::DefinitionFollower(async::Loop& loop, store::ObjectStore& store, const Clock& clock,
                                       ResourceRegistry& registry)
    : store_(store),
      clock_(clock),
      registry_(registry),
      queue_(
          loop, 1, [this](std::string name) { return reconcile(std::move(name)); }, [&clock] { return clock.now(); }) {
  if (const auto page = store_.page(definitions(), ListQuery()))
    for (const store::KeyedObject& keyed : page->objects) take(keyed.key.name, keyed.object->text);
  store_.refresh_policies();
  store_.on_change([this](const store::Change& change) { learn(change); });
}

void DefinitionFollower::start() { queue_.start(); }

void DefinitionFollower::take(const std::string& name, const std::string& text) {
  queue_.add(name);
  if (const auto definition = json::parse(text)) registry_.define(name, *definition);
}

void DefinitionFollower::learn(const store::Change& change) {
  if (store_.catalog().entry(change.resource).resource.qualified() != definitions().qualified()) return;
  const std::uint64_t before = registry_.edition();
  if (change.kind == store::ChangeKind::kDeleted) registry_.undefine(change.key.name);
  else take(change.key.name, change.object->text);
  if (registry_.edition() != before) store_.refresh_policies();
}

Task<Result<std::optional<Time>>> DefinitionFollower::reconcile(std::string name) {
  const api::ObjectKey key{"", name};
  const store::ObjectPointer stored = store_.find(definitions(), key);
  if (!stored) co_return std::nullopt;
  CO_TRY(json::Value definition, json::parse(stored->text));
  if (is_being_deleted(definition)) co_return co_await clean_up(std::move(name), std::move(definition));

  const bool is_ours =
      registry_.is_built_in(json::text_at(definition, "spec.group"), json::text_at(definition, "spec.names.plural"));
  const auto conflict = is_ours ? std::nullopt : name_conflict(definition, registry_.all());
  json::Value status = definition_status(definition, conflict, clock_.now());
  if (const json::Value* before = json::find(definition, "status"); before && json::same_json(*before, status))
    co_return std::nullopt;
  WriteOptions options;
  options.subresource = "status";
  json::Value patch = status_patch(definition, std::move(status));
  const auto written = co_await store_.patch(definitions(), key, PatchKind::kMerge, std::move(patch), std::move(options));
  co_return settled(written);
}

Task<Result<std::optional<Time>>> DefinitionFollower::clean_up(std::string name, json::Value definition) {
  std::vector<std::string> finalizers = store::finalizers_of(definition.get_object().at("metadata").get_object());
  const auto ours = std::find(finalizers.begin(), finalizers.end(), store::kInstancesFinalizer);
  if (ours == finalizers.end()) co_return std::nullopt;
  const ServedResource* served =
      registry_.find_any_version(json::text_at(definition, "spec.group"), json::text_at(definition, "spec.names.plural"));
  if (served && served->definer == Definer::kDefined) {
    CO_TRY(const std::size_t count, co_await remove_objects(served->resource));
    // Those with finalizers of their own are waited for.
    if (count > 0) co_return clock_.now() + kCleanupInterval;
  }
  finalizers.erase(ours);
  json::Value patch = finalizers_patch(definition, finalizers);
  const api::ObjectKey key{"", name};
  const auto written = co_await store_.patch(definitions(), key, PatchKind::kMerge, std::move(patch), WriteOptions());
  co_return settled(written);
}

Task<Result<std::size_t>> DefinitionFollower::remove_objects(api::Resource resource) {
  ListQuery query;
  query.limit = kCleanupPage;
  CO_TRY(const store::Page page, store_.page(resource, query));
  for (const store::KeyedObject& keyed : page.objects) {
    const api::ObjectKey key = keyed.key;
    const auto removed = co_await store_.remove(resource, key, Propagation::kBackground);
    if (!removed && removed.error().code != Code::kNotFound) co_return fail(removed.error());
  }
  CO_TRY(const store::Page left, store_.page(resource, query));
  co_return left.objects.size();
}

}  // namespace canaria::apiserver
