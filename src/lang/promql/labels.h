// The labels of a series: names to values, in order of the names. A label that is absent and one that is empty are the same, so
// empty ones are never kept. The name of the metric is a label too.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace canaria::lang::promql {

using Labels = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view kMetricName = "__name__";

// The value; empty when there is no such label.
inline std::string_view label(const Labels& labels, std::string_view name) {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

inline void set_label(Labels& labels, std::string_view name, std::string_view value) {
  if (!value.empty()) {
    labels.insert_or_assign(std::string(name), std::string(value));
    return;
  }
  if (const auto found = labels.find(name); found != labels.end()) labels.erase(found);
}

inline Labels without_name(Labels labels) {
  set_label(labels, kMetricName, "");
  return labels;
}

// As an expression that selects it: {__name__="up", service="web"}
std::string labels_text(const Labels& labels);

}  // namespace canaria::lang::promql
