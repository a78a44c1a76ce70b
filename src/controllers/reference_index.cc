#include "controllers/reference_index.h"

namespace canaria::controllers {

void ReferenceIndex::set(const api::ObjectKey& from, std::vector<std::string> references) {
  const auto known = references_.find(from);
  if (known == references_.end() && references.empty()) return;
  if (known != references_.end()) {
    if (known->second == references) return;
    for (const std::string& reference : known->second) {
      const auto entry = naming_.find(reference);
      if (entry == naming_.end()) continue;  // named twice by the same Rollout
      entry->second.erase(from);
      if (entry->second.empty()) naming_.erase(entry);
    }
  }
  for (const std::string& reference : references) naming_[reference].insert(from);
  if (references.empty()) references_.erase(from);
  else references_[from] = std::move(references);
}

std::vector<api::ObjectKey> ReferenceIndex::naming(const std::string& reference) const {
  const auto entry = naming_.find(reference);
  if (entry == naming_.end()) return {};
  return {entry->second.begin(), entry->second.end()};
}

}  // namespace canaria::controllers
