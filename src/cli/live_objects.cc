#include "cli/live_objects.h"

namespace canaria::cli {
namespace {

api::ObjectKey key_of(const json::Value& object) {
  return {std::string(json::text_at(object, "metadata.namespace")), std::string(json::text_at(object, "metadata.name"))};
}

}  // namespace

LiveObjects::LiveObjects(std::shared_ptr<ObjectClient> client, api::Resource resource, ListQuery scope, MissingResource missing)
    : client_(std::move(client)), resource_(std::move(resource)), scope_(std::move(scope)), missing_(missing) {}

Task<Status> LiveObjects::load() {
  CO_TRY(ObjectList list, co_await list_all(client_, resource_, scope_, missing_));
  objects_.clear();
  for (json::Value& object : list.items) {
    api::ObjectKey key = key_of(object);
    objects_.insert_or_assign(std::move(key), std::move(object));
  }
  version_ = list.resource_version;
  changed_ = true;
  co_return Status();
}

void LiveObjects::apply(WatchEvent event) {
  const std::string version(json::text_at(event.object, "metadata.resourceVersion"));
  if (!version.empty()) version_ = version;
  if (event.kind == WatchEventKind::kBookmark) return;
  changed_ = true;
  api::ObjectKey key = key_of(event.object);
  if (event.kind == WatchEventKind::kDeleted) objects_.erase(key);
  else objects_.insert_or_assign(std::move(key), without_managed_fields(std::move(event.object)));
}

Task<void> LiveObjects::follow(std::shared_ptr<LiveObjects> self, Loop* loop) {
  if (self->version_.empty()) co_return;  // the resource does not exist on this server
  int failures = 0;
  while (failures <= 5) {
    WatchQuery query;
    query.namespace_ = self->scope_.namespace_;
    query.label_selector = self->scope_.label_selector;
    query.field_selector = self->scope_.field_selector;
    query.resource_version = self->version_;
    bool heard = false;
    WatchSink sink = [target = self.get(), &heard](WatchEvent event) {
      heard = true;
      target->apply(std::move(event));
    };
    auto ended = co_await self->client_->watch(self->resource_, std::move(query), std::move(sink));
    if (!ended && ended.error().code == Code::kExpired) ended = co_await self->load();
    if (ended) {
      failures = 0;
      if (!heard) co_await loop->sleep(Millis(200));  // a server that ends watches at once must not make us spin
      continue;
    }
    if (heard) failures = 0;
    if (++failures > 5) self->failure_ = ended.error();
    else co_await loop->sleep(Millis(1000));
  }
}

std::vector<json::Value> LiveObjects::objects() const {
  std::vector<json::Value> all;
  for (const auto& [key, object] : objects_) all.push_back(object);
  return all;
}

const json::Value* LiveObjects::find(const api::ObjectKey& key) const {
  const auto found = objects_.find(key);
  return found == objects_.end() ? nullptr : &found->second;
}

}  // namespace canaria::cli
