// What a selector means: matching, its canonical text, and the way from the object notation to requirements.
#include "lang/selector.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "json/write.h"

namespace canaria::lang {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

bool holds(const Requirement& requirement, const Labels& labels) {
  const auto label = labels.find(requirement.key);
  const bool exists = label != labels.end();
  const auto is_listed = [&] {
    return std::find(requirement.values.begin(), requirement.values.end(), label->second) != requirement.values.end();
  };
  switch (requirement.match) {
    case Match::kEquals:
    case Match::kIn: return exists && is_listed();
    case Match::kNotEquals:
    case Match::kNotIn: return !exists || !is_listed();
    case Match::kExists: return exists;
    case Match::kDoesNotExist: return !exists;
    case Match::kGreaterThan:
    case Match::kLessThan: {
      const auto number = exists ? whole_number(label->second) : std::nullopt;
      const auto bound = whole_number(requirement.values.empty() ? "" : requirement.values.front());
      if (!number || !bound) return false;
      return requirement.match == Match::kGreaterThan ? *number > *bound : *number < *bound;
    }
  }
  return false;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string out;
  for (const std::string& text : texts) {
    if (&text != &texts.front()) out += separator;
    out += text;
  }
  return out;
}

std::string requirement_text(const Requirement& requirement) {
  const std::string values = joined(requirement.values, ",");
  switch (requirement.match) {
    case Match::kEquals: return requirement.key + "=" + values;
    case Match::kNotEquals: return requirement.key + "!=" + values;
    case Match::kIn: return requirement.key + " in (" + values + ")";
    case Match::kNotIn: return requirement.key + " notin (" + values + ")";
    case Match::kExists: return requirement.key;
    case Match::kDoesNotExist: return "!" + requirement.key;
    case Match::kGreaterThan: return requirement.key + ">" + values;
    case Match::kLessThan: return requirement.key + "<" + values;
  }
  return {};
}

std::optional<Match> match_of(std::string_view operator_name) {
  if (operator_name == "In") return Match::kIn;
  if (operator_name == "NotIn") return Match::kNotIn;
  if (operator_name == "Exists") return Match::kExists;
  if (operator_name == "DoesNotExist") return Match::kDoesNotExist;
  return std::nullopt;
}

std::string invalid_value(std::string_view value, const std::string& detail) {
  return "Invalid value: " + json::write(json::Value(value)) + ": " + detail;
}

void add_expression_problems(std::vector<SelectorProblem>& problems, const LabelSelectorRequirement& expression,
                             const std::string& path) {
  const auto match = match_of(expression.operator_);
  const bool takes_values = match == Match::kIn || match == Match::kNotIn;
  if (!match) problems.push_back({path + ".operator", invalid_value(expression.operator_, "not a valid selector operator")});
  else if (takes_values && expression.values.empty())
    problems.push_back({path + ".values", "Required value: must be specified when `operator` is 'In' or 'NotIn'"});
  else if (!takes_values && !expression.values.empty())
    problems.push_back({path + ".values", "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"});
  for (const std::string& text : label_key_problems(expression.key))
    problems.push_back({path + ".key", invalid_value(expression.key, text)});
  for (std::size_t i = 0; i < expression.values.size(); ++i)
    for (const std::string& text : label_value_problems(expression.values[i]))
      problems.push_back({path + ".values[" + std::to_string(i) + "]", invalid_value(expression.values[i], text)});
}

}  // namespace

bool matches(const Requirements& requirements, const Labels& labels) {
  return std::all_of(requirements.begin(), requirements.end(),
                     [&](const Requirement& requirement) { return holds(requirement, labels); });
}

std::string selector_text(const Requirements& requirements) {
  std::vector<std::string> texts;
  for (const Requirement& requirement : requirements) texts.push_back(requirement_text(requirement));
  return joined(texts, ",");
}

Result<Requirements> to_requirements(const LabelSelector& selector) {
  if (const auto problems = selector_problems(selector, "selector"); !problems.empty())
    return fail(Code::kInvalid, problems.front().path + ": " + problems.front().text);
  Requirements requirements;
  for (const auto& [key, value] : selector.matchLabels) requirements.push_back({key, Match::kEquals, {value}});
  for (const LabelSelectorRequirement& expression : selector.matchExpressions) {
    requirements.push_back({expression.key, *match_of(expression.operator_), expression.values});
    std::sort(requirements.back().values.begin(), requirements.back().values.end());
  }
  std::stable_sort(requirements.begin(), requirements.end(),
                   [](const Requirement& left, const Requirement& right) { return left.key < right.key; });
  return requirements;
}

bool matches(const LabelSelector& selector, const Labels& labels) {
  const auto requirements = to_requirements(selector);
  return requirements && matches(*requirements, labels);
}

std::string selector_text(const LabelSelector& selector) {
  const auto requirements = to_requirements(selector);
  return requirements ? selector_text(*requirements) : std::string();
}

std::vector<SelectorProblem> selector_problems(const LabelSelector& selector, std::string_view path) {
  std::vector<SelectorProblem> problems;
  const std::string labels_path = std::string(path) + ".matchLabels";
  for (const auto& [key, value] : selector.matchLabels) {
    for (const std::string& text : label_key_problems(key)) problems.push_back({labels_path, invalid_value(key, text)});
    for (const std::string& text : label_value_problems(value)) problems.push_back({labels_path, invalid_value(value, text)});
  }
  for (std::size_t i = 0; i < selector.matchExpressions.size(); ++i)
    add_expression_problems(problems, selector.matchExpressions[i],
                            std::string(path) + ".matchExpressions[" + std::to_string(i) + "]");
  return problems;
}

}  // namespace canaria::lang
