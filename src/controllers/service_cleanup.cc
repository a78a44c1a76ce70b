#include "controllers/service_cleanup.h"

#include <algorithm>

#include "api/rollouts/validation.h"

namespace canaria::controllers {
namespace {

constexpr int kRolloutPage = 500;

bool names_service(const json::Value& rollout, const std::string& service) {
  const std::vector<std::string> names = api::referenced_services(api::parse_rollout(rollout));
  return std::find(names.begin(), names.end(), service) != names.end();
}

// With the version that was looked at: whoever changed the Service since then gets another look.
json::Value removal_patch(const api::Service& service) {
  const json::Object annotations{{api::kManagedByAnnotation, nullptr}};
  const json::Object selector{{api::kHashLabel, nullptr}};
  return json::Object{
      {"metadata", json::Object{{"resourceVersion", service.metadata.resourceVersion}, {"annotations", annotations}}},
      {"spec", json::Object{{"selector", selector}}}};
}

}  // namespace

ServiceCleanup::ServiceCleanup(ObjectClient& client, RolloutCaches& caches,
                               std::function<void(const api::ObjectKey&)> enqueue_rollout)
    : client_(client), caches_(caches), enqueue_rollout_(std::move(enqueue_rollout)) {}

Task<Result<std::optional<Time>>> ServiceCleanup::reconcile(api::ObjectKey key) {
  const auto naming = caches_.rollouts_naming_service(key);
  for (const api::ObjectKey& rollout : naming) enqueue_rollout_(rollout);
  const auto service = caches_.services().find(key);
  if (!naming.empty() || !service || !service->spec.selector.contains(api::kHashLabel)) co_return std::nullopt;

  CO_TRY(const bool is_named, co_await is_named_live(key, service->metadata.annotation(api::kManagedByAnnotation)));
  if (is_named) co_return std::nullopt;
  auto cleaned =
      co_await client_.patch(api::resources::services(), key, PatchKind::kMerge, removal_patch(*service), WriteOptions());
  if (cleaned) {
    caches_.store_own(caches_.services(), *cleaned);
    co_return std::nullopt;
  }
  // Changed or gone meanwhile: its own event brings us back.
  const Code code = cleaned.error().code;
  if (code == Code::kConflict || code == Code::kNotFound) co_return std::nullopt;
  co_return wrap("clean up Service " + key.text(), cleaned.error());
}

// The annotation names the one Rollout to ask. Without it anyone in the namespace may be using the Service.
Task<Result<bool>> ServiceCleanup::is_named_live(api::ObjectKey service, std::string managed_by) {
  if (!managed_by.empty()) {
    const api::ObjectKey owner{service.namespace_, managed_by};
    const auto rollout = co_await client_.get(api::resources::rollouts(), owner);
    if (rollout) co_return names_service(*rollout, service.name);
    if (rollout.error().code == Code::kNotFound) co_return false;
    co_return wrap("look up the Rollout that manages Service " + service.text(), rollout.error());
  }
  ListQuery query;
  query.namespace_ = service.namespace_;
  query.limit = kRolloutPage;
  do {
    const auto page = co_await client_.list(api::resources::rollouts(), query);
    if (!page) co_return wrap("list the Rollouts that may use Service " + service.text(), page.error());
    for (const json::Value& rollout : page->items)
      if (names_service(rollout, service.name)) co_return true;
    query.continue_ = page->continue_;
  } while (!query.continue_.empty());
  co_return false;
}

}  // namespace canaria::controllers
