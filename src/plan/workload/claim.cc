#include "plan/workload/claim.h"

#include "json/codec.h"

namespace canaria::plan::workload {
namespace {

json::Value owners_patch(const api::ObjectMeta& object, json::Array owners) {
  const json::Object metadata{
      {"uid", object.uid}, {"resourceVersion", object.resourceVersion}, {"ownerReferences", std::move(owners)}};
  return json::Object{{"metadata", metadata}};
}

}  // namespace

Claim claim_on(const api::ObjectMeta& object, const api::ObjectMeta& owner, const lang::Requirements& selector) {
  const bool fits = !selector.empty() && lang::matches(selector, object.labels);
  const api::OwnerReference* controller = object.controller();
  const bool is_owner_going = owner.deletionTimestamp.has_value();
  if (controller) {
    if (controller->uid != owner.uid) return Claim::kNone;
    if (fits) return Claim::kOwned;
    return is_owner_going ? Claim::kNone : Claim::kRelease;
  }
  if (!fits || is_owner_going || object.deletionTimestamp) return Claim::kNone;
  return Claim::kAdopt;
}

lang::Requirements claim_selector(const std::optional<lang::LabelSelector>& selector) {
  if (!selector) return {};
  auto requirements = lang::to_requirements(*selector);
  return requirements ? *std::move(requirements) : lang::Requirements();
}

api::OwnerReference controller_reference(const api::Resource& kind, const api::ObjectMeta& owner) {
  return {kind.api_version(), kind.kind, owner.name, owner.uid, true, true};
}

json::Value adoption_patch(const api::ObjectMeta& object, const api::Resource& kind, const api::ObjectMeta& owner) {
  json::Array owners;
  for (const api::OwnerReference& present : object.ownerReferences) owners.push_back(json::encode(present));
  owners.push_back(json::encode(controller_reference(kind, owner)));
  return owners_patch(object, std::move(owners));
}

json::Value release_patch(const api::ObjectMeta& object, const api::ObjectMeta& owner) {
  json::Array owners;
  for (const api::OwnerReference& present : object.ownerReferences)
    if (present.uid != owner.uid) owners.push_back(json::encode(present));
  return owners_patch(object, std::move(owners));
}

}  // namespace canaria::plan::workload
