// The rules on a Rollout's spec that come before its strategy, and the order of all. They are numbered in that order, those of
// the strategies by b, c, s (steps) and a (anti-affinity): the first error is what the InvalidSpec condition shows, so order and
// texts are part of the contract.
//
// Not here: whether the objects it names exist (service_validation.cc) and what this version cannot do
// (feature_availability.cc).

#include "api/rollouts/validation.h"

#include "api/rollouts/validation_rules.h"
#include "json/codec.h"
#include "lang/selector.h"

namespace canaria::api {
namespace {

constexpr std::int32_t kDefaultProgressDeadline = 600;
constexpr const char* kNotNegative = "must be greater than or equal to 0";

void validate_not_negative(const char* path, std::int32_t number, FieldErrors& errors) {
  if (number < 0) errors.invalid(path, number, kNotNegative);
}

enum class Usable { kNo, kYes };

// Rules 2 to 4 and 6: whether a selector can be matched against labels.
Usable validate_selector(const std::optional<LabelSelector>& selector, FieldErrors& errors) {
  if (!selector) {
    errors.required("spec.selector", "Rollout has missing field '.spec.selector'");
    return Usable::kNo;
  }
  const auto problems = lang::selector_problems(*selector, "spec.selector");
  for (const auto& problem : problems) errors.add(problem.path, problem.text);
  if (selector->empty()) {
    errors.invalid("spec.selector", json::Object(), "empty selector is invalid for deployment");
    return Usable::kNo;
  }
  if (!problems.empty()) return Usable::kNo;
  if (!lang::to_requirements(*selector)) {
    errors.invalid("spec.selector", json::encode(*selector), "invalid label selector");
    return Usable::kNo;
  }
  return Usable::kYes;
}

// Rule 7. Without labels the value is null, as for any unset map.
void validate_template_labels(const std::string& pod_template, const LabelSelector& selector, FieldErrors& errors) {
  const auto labels = template_labels(pod_template);
  if (lang::matches(selector, labels)) return;
  const auto printed = labels.empty() ? json::Value(nullptr) : json::encode(labels);
  errors.invalid("spec.template.metadata.labels", printed, "`selector` does not match template `labels`");
}

// Rules 14 and 15, then those of the strategy.
void validate_strategy(const RolloutSpec& spec, FieldErrors& errors) {
  const auto& strategy = spec.strategy;
  if (!strategy.canary && !strategy.blueGreen) {
    errors.required("spec.strategy.strategy", "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'");
    return;
  }
  if (strategy.canary && strategy.blueGreen) {
    errors.invalid("spec.strategy.strategy", "blueGreen: true canary: true", "Multiple Strategies can not be listed");
    return;
  }
  if (strategy.blueGreen) validate_blue_green(spec, errors);
  if (strategy.canary) validate_canary(*strategy.canary, errors);
}

}  // namespace

std::vector<FieldError> validate(const Rollout& rollout, const std::string& pod_template,
                                 const std::optional<LabelSelector>& selector) {
  FieldErrors errors;
  const RolloutSpec& spec = rollout.spec;
  const bool is_template_known = !pod_template.empty();
  // 1.
  if (spec.replicas) validate_not_negative("spec.replicas", *spec.replicas, errors);
  // 2. - 4., 6. A referenced workload may bring the selector along.
  auto usable = Usable::kNo;
  if (selector || is_template_known || !spec.workloadRef) usable = validate_selector(selector, errors);
  // 5. Once the workload is looked up, the template is the workload's.
  if (spec.workloadRef && !is_template_known && has_template_metadata(rollout.pod_template))
    errors.internal("spec.template", "template must be empty for workload reference rollout");
  // 7. - 11.
  if (is_template_known) {
    if (usable == Usable::kYes) validate_template_labels(pod_template, *selector, errors);
    validate_template(pod_template, errors);
  }
  // 12. - 13.
  validate_not_negative("spec.minReadySeconds", spec.minReadySeconds, errors);
  if (spec.revisionHistoryLimit) validate_not_negative("spec.revisionHistoryLimit", *spec.revisionHistoryLimit, errors);
  const auto deadline = spec.progressDeadlineSeconds.value_or(kDefaultProgressDeadline);
  validate_not_negative("spec.progressDeadlineSeconds", deadline, errors);
  if (deadline <= spec.minReadySeconds)
    errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
  // 14. on
  validate_strategy(spec, errors);
  return errors.take();
}

}  // namespace canaria::api
