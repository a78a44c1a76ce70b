#include "api/meta/object_meta.h"

namespace canaria::api {
namespace {

std::string value_or_empty(const StringMap& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::string() : found->second;
}

}  // namespace

std::string ObjectMeta::annotation(const std::string& key) const { return value_or_empty(annotations, key); }
std::string ObjectMeta::label(const std::string& key) const { return value_or_empty(labels, key); }

const OwnerReference* ObjectMeta::controller() const {
  for (const OwnerReference& owner : ownerReferences)
    if (owner.controller) return &owner;
  return nullptr;
}

}  // namespace canaria::api
