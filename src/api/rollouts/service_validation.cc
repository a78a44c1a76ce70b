// The Services that a Rollout names: do they exist, would they select its pods, and does no other Rollout switch them?

#include <algorithm>

#include "api/rollouts/validation_rules.h"

namespace canaria::api {
namespace {

struct Reference {
  std::string path;
  std::string name;
};

// In the order in which they are checked. Here the paths are complete, unlike those of the spec's own rules.
std::vector<Reference> references(const Rollout& rollout) {
  std::vector<Reference> list;
  const auto add = [&](const char* path, const std::string& name) {
    if (!name.empty()) list.push_back({kStrategyPath + path, name});
  };
  if (const auto& blue_green = rollout.spec.strategy.blueGreen) {
    add("blueGreen.activeService", blue_green->activeService);
    add("blueGreen.previewService", blue_green->previewService);
  }
  if (const auto* canary = rollout.canary()) {
    add("canary.stableService", canary->stableService);
    add("canary.canaryService", canary->canaryService);
    if (canary->pingPong) {
      add("canary.pingPong.pingService", canary->pingPong->pingService);
      add("canary.pingPong.pongService", canary->pingPong->pongService);
    }
  }
  return list;
}

const Service* find_service(const std::vector<Service>& services, const std::string& name) {
  const auto found =
      std::find_if(services.begin(), services.end(), [&](const Service& service) { return service.metadata.name == name; });
  return found == services.end() ? nullptr : &*found;
}

void validate_selection(const Reference& reference, const Service& service, const StringMap& labels, FieldErrors& errors) {
  for (const auto& [key, value] : service.spec.selector) {
    if (key == kHashLabel) continue;
    const auto label = labels.find(key);
    if (label != labels.end() && label->second == value) continue;
    errors.invalid(reference.path, json::Value(reference.name),
                   "Service \"" + reference.name + "\" has unmatch label \"" + key + "\" in rollout");
  }
}

void validate_ownership(const Reference& reference, const Service& service, const std::string& rollout, FieldErrors& errors) {
  const auto owner = service.metadata.annotations.find(kManagedByAnnotation);
  if (owner != service.metadata.annotations.end() && owner->second != rollout)
    errors.invalid(reference.path, json::Value(reference.name),
                   "Service \"" + reference.name + "\" is managed by another Rollout");
}

}  // namespace

std::vector<FieldError> validate_services(const Rollout& rollout, const std::string& pod_template,
                                          const std::vector<Service>& services) {
  FieldErrors errors;
  const auto list = references(rollout);
  // A1. All of them are looked up before the first is looked at.
  for (const Reference& reference : list)
    if (!find_service(services, reference.name))
      errors.invalid(reference.path, json::Value(reference.name), "service \"" + reference.name + "\" not found");
  // B1. - B2.
  const auto labels = template_labels(pod_template);
  for (const Reference& reference : list) {
    const Service* service = find_service(services, reference.name);
    if (!service) continue;
    validate_selection(reference, *service, labels, errors);
    validate_ownership(reference, *service, rollout.metadata.name, errors);
  }
  return errors.take();
}

std::vector<std::string> referenced_services(const Rollout& rollout) {
  std::vector<std::string> names;
  for (const Reference& reference : references(rollout))
    if (std::find(names.begin(), names.end(), reference.name) == names.end()) names.push_back(reference.name);
  return names;
}

}  // namespace canaria::api
