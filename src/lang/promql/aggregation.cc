#include "lang/promql/aggregation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "lang/promql/over_time.h"

namespace canaria::lang::promql {
namespace {

using Groups = std::map<Labels, std::vector<VectorElement>>;

Labels group_of(const Aggregation& node, const Labels& labels) {
  if (node.by == GroupBy::kAllBut) {
    Labels group = without_name(labels);
    for (const std::string& name : node.labels) set_label(group, name, "");
    return group;
  }
  Labels group;
  for (const std::string& name : node.labels) set_label(group, name, label(labels, name));
  return group;
}

double extreme(const std::vector<VectorElement>& group, bool (*is_better)(double, double)) {
  double best = group.front().value;
  for (const VectorElement& element : group)
    if (is_better(element.value, best) || std::isnan(best)) best = element.value;
  return best;
}

double mean(const std::vector<VectorElement>& group) {
  const auto count = static_cast<double>(group.size());
  double sum = 0;
  for (const VectorElement& element : group) sum += element.value;
  if (!std::isinf(sum)) return sum / count;
  double result = 0;  // the sum may be too large where the mean is not
  for (const VectorElement& element : group) result += element.value / count;
  return result;
}

double variance(const std::vector<VectorElement>& group) {
  Spread spread;
  for (const VectorElement& element : group) spread.add(element.value);
  return spread.variance();
}

double value_of(AggregationKind kind, double parameter, const std::vector<VectorElement>& group) {
  switch (kind) {
    case AggregationKind::kSum: {
      double sum = 0;
      for (const VectorElement& element : group) sum += element.value;
      return sum;
    }
    case AggregationKind::kAvg: return mean(group);
    case AggregationKind::kMin: return extreme(group, [](double a, double b) { return a < b; });
    case AggregationKind::kMax: return extreme(group, [](double a, double b) { return a > b; });
    case AggregationKind::kCount: return static_cast<double>(group.size());
    case AggregationKind::kStdvar: return variance(group);
    case AggregationKind::kStddev: return std::sqrt(variance(group));
    case AggregationKind::kQuantile: {
      std::vector<double> values;
      for (const VectorElement& element : group) values.push_back(element.value);
      return quantile(parameter, std::move(values));
    }
    case AggregationKind::kGroup:
    case AggregationKind::kTopk:
    case AggregationKind::kBottomk: break;
  }
  return 1;
}

Result<InstantVector> best_of(const Groups& groups, AggregationKind kind, double wanted) {
  if (!(wanted > -9.2e18 && wanted < 9.2e18))
    return fail(Code::kInvalid, "the number of elements that topk or bottomk is to leave is not a number of this size");
  const bool is_top = kind == AggregationKind::kTopk;
  InstantVector result;
  for (const auto& [labels, group] : groups) {
    std::vector<VectorElement> ordered = group;
    // Not a number is the last choice of both.
    std::stable_sort(ordered.begin(), ordered.end(), [is_top](const VectorElement& a, const VectorElement& b) {
      if (std::isnan(a.value) || std::isnan(b.value)) return !std::isnan(a.value) && std::isnan(b.value);
      return is_top ? a.value > b.value : a.value < b.value;
    });
    if (wanted < static_cast<double>(ordered.size())) ordered.resize(wanted < 1 ? 0 : static_cast<std::size_t>(wanted));
    std::move(ordered.begin(), ordered.end(), std::back_inserter(result));
  }
  return result;
}

}  // namespace

Result<InstantVector> aggregate(const Aggregation& node, double parameter, InstantVector operand) {
  Groups groups;
  for (VectorElement& element : operand) groups[group_of(node, element.labels)].push_back(std::move(element));
  if (node.kind == AggregationKind::kTopk || node.kind == AggregationKind::kBottomk) return best_of(groups, node.kind, parameter);
  InstantVector result;
  for (const auto& [labels, group] : groups) result.push_back({labels, value_of(node.kind, parameter, group)});
  return result;
}

}  // namespace canaria::lang::promql
