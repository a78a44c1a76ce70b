#include "apiserver/namespaces.h"

#include <array>
#include <set>

#include "json/write.h"
#include "store/metadata.h"

namespace canaria::apiserver {
namespace {

constexpr Millis kLookAgain{250};

// Only an object that is being deleted has the word in its text.
bool may_be_terminating(const store::StoredObject& object) { return object.text.find("deletionTimestamp") != std::string::npos; }

}  // namespace

Namespaces::Namespaces(async::Loop& loop, store::ObjectStore& store, const ServedResources& served, const Clock& clock)
    : store_(store),
      served_(served),
      clock_(clock),
      queue_(
          loop, 2, [this](std::string name) { return settle(std::move(name)); }, [&clock] { return clock.now(); }) {}

Task<Status> Namespaces::make_lasting() {
  static constexpr std::array<std::string_view, 4> kLasting = {"default", "kube-system", "kube-public", "kube-node-lease"};
  for (const std::string_view name : kLasting) {
    const api::ObjectKey key{"", std::string(name)};
    if (store_.find(api::resources::namespaces(), key)) continue;
    json::Object metadata;
    metadata["name"] = name;
    json::Object object;
    object["metadata"] = std::move(metadata);
    json::Value wanted(std::move(object));
    WriteOptions options;
    const auto created = co_await store_.create(api::resources::namespaces(), key, std::move(wanted), std::move(options));
    if (!created && created.error().code != Code::kAlreadyExists) co_return fail(created.error());
  }
  co_return Status();
}

void Namespaces::start() {
  const auto page = store_.page(api::resources::namespaces(), ListQuery());
  if (page)
    for (const store::KeyedObject& keyed : page->objects)
      if (may_be_terminating(*keyed.object)) queue_.add(keyed.key.name);
  store_.on_change([this](const store::Change& change) {
    if (change.kind == store::ChangeKind::kDeleted || !may_be_terminating(*change.object)) return;
    const api::Resource& resource = store_.catalog().entry(change.resource).resource;
    if (resource.qualified() == "namespaces") queue_.add(change.key.name);
  });
  queue_.start();
}

Task<Result<std::optional<Time>>> Namespaces::settle(std::string name) {
  const api::ObjectKey key{"", name};
  const store::ObjectPointer found = store_.find(api::resources::namespaces(), key);
  if (!found) co_return std::nullopt;
  CO_TRY(const json::Value object, json::parse(found->text));
  if (json::text_at(object, "metadata.deletionTimestamp").empty()) co_return std::nullopt;
  CO_TRY(const std::size_t left, co_await empty(name));
  if (left != 0) co_return clock_.now() + kLookAgain;
  CO_CHECK(co_await finalize(name));
  co_return std::nullopt;
}

Task<Result<std::size_t>> Namespaces::empty(std::string name) {
  std::size_t left = 0;
  std::set<std::string> seen;  // several versions share their objects
  for (const ServedResource* served : served_.all()) {
    const api::Resource resource = served->kept_as();
    if (resource.scope == api::Scope::kCluster || !seen.insert(resource.qualified()).second) continue;
    ListQuery query;
    query.namespace_ = name;
    CO_TRY(const store::Page page, store_.page(resource, query));
    for (const store::KeyedObject& keyed : page.objects) {
      if (may_be_terminating(*keyed.object)) {
        ++left;  // its finalizers or its runner are at work
        continue;
      }
      store::DeleteOptions options;
      const auto removed = co_await store_.remove_object(resource, keyed.key, std::move(options));
      if (!removed && removed.error().code != Code::kNotFound) co_return fail(removed.error());
      if (store_.find(resource, keyed.key)) ++left;
    }
  }
  co_return left;
}

Task<Status> Namespaces::finalize(std::string name) {
  json::Object spec;
  spec["finalizers"] = nullptr;
  json::Object patch;
  patch["spec"] = std::move(spec);
  json::Value body(std::move(patch));
  const api::ObjectKey key{"", name};
  WriteOptions options;
  options.subresource = "finalize";
  const auto written =
      co_await store_.patch(api::resources::namespaces(), key, PatchKind::kMerge, std::move(body), std::move(options));
  if (!written && written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

}  // namespace canaria::apiserver
