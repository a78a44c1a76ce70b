#include "lang/promql/binary_operation.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace canaria::lang::promql {
namespace {

// Nothing when a comparison leaves the element out.
std::optional<double> computed(const BinaryOperation& node, double a, double b) {
  bool holds = false;
  switch (node.operation) {
    case Operator::kAdd: return a + b;
    case Operator::kSubtract: return a - b;
    case Operator::kMultiply: return a * b;
    case Operator::kDivide: return a / b;
    case Operator::kModulo: return std::fmod(a, b);
    case Operator::kPower: return std::pow(a, b);
    case Operator::kEqual: holds = a == b; break;
    case Operator::kNotEqual: holds = a != b; break;
    case Operator::kLess: holds = a < b; break;
    case Operator::kLessOrEqual: holds = a <= b; break;
    case Operator::kGreater: holds = a > b; break;
    case Operator::kGreaterOrEqual: holds = a >= b; break;
    case Operator::kAnd:
    case Operator::kOr:
    case Operator::kUnless: break;
  }
  if (node.comparison == ComparisonResult::kBool) return holds ? 1 : 0;
  return holds ? std::optional(a) : std::nullopt;
}

bool drops_name(const BinaryOperation& node) {
  return !is_comparison(node.operation) || node.comparison == ComparisonResult::kBool;
}

// Of a vector and a number; `is_left` tells on which side the vector stands. A filter keeps the vector's value on either side.
InstantVector with_number(const BinaryOperation& node, InstantVector vector, double number, bool is_left) {
  InstantVector result;
  for (VectorElement& element : vector) {
    std::optional<double> value = is_left ? computed(node, element.value, number) : computed(node, number, element.value);
    if (!value) continue;
    if (drops_name(node)) element.labels = without_name(std::move(element.labels));
    else value = element.value;
    result.push_back({std::move(element.labels), *value});
  }
  return result;
}

// The labels by which elements of both sides are matched.
Labels signature(const Matching& matching, const Labels& labels) {
  Labels result;
  if (matching.by == MatchBy::kOn) {
    for (const std::string& name : matching.labels) set_label(result, name, label(labels, name));
    return result;
  }
  result = without_name(labels);
  for (const std::string& name : matching.labels) set_label(result, name, "");
  return result;
}

InstantVector of_sets(const BinaryOperation& node, InstantVector left, InstantVector right) {
  const bool is_or = node.operation == Operator::kOr;
  std::set<Labels> others;
  for (const VectorElement& element : is_or ? left : right) others.insert(signature(node.matching, element.labels));
  const bool keeps_known = node.operation == Operator::kAnd;
  std::erase_if(is_or ? right : left, [&](const VectorElement& element) {
    return others.contains(signature(node.matching, element.labels)) != keeps_known;
  });
  if (is_or) std::move(right.begin(), right.end(), std::back_inserter(left));
  return left;
}

Labels labels_of_result(const BinaryOperation& node, const Labels& many, const Labels& one) {
  Labels labels = drops_name(node) ? without_name(many) : many;
  if (node.matching.cardinality == Cardinality::kOneToOne) {
    if (node.matching.by == MatchBy::kOn) return signature(node.matching, labels);
    for (const std::string& name : node.matching.labels) set_label(labels, name, "");
  }
  for (const std::string& name : node.matching.included) set_label(labels, name, label(one, name));
  return labels;
}

Result<InstantVector> matched(const BinaryOperation& node, InstantVector left, InstantVector right) {
  const bool is_swapped = node.matching.cardinality == Cardinality::kOneToMany;
  const bool is_one_to_one = node.matching.cardinality == Cardinality::kOneToOne;
  const InstantVector &many = is_swapped ? right : left, &one = is_swapped ? left : right;
  std::map<Labels, const VectorElement*> ones;
  for (const VectorElement& element : one) {
    const Labels sign = signature(node.matching, element.labels);
    const auto [known, is_new] = ones.emplace(sign, &element);
    if (!is_new)
      return fail(Code::kInvalid, "found duplicate series for the match group " + labels_text(sign) + " on the " +
                                      (is_swapped ? "left" : "right") + " hand-side of the operation: [" +
                                      labels_text(element.labels) + ", " + labels_text(known->second->labels) +
                                      "];many-to-many matching not allowed: matching labels must be unique on one side");
  }
  std::set<Labels> seen;
  InstantVector result;
  for (const VectorElement& element : many) {
    const Labels sign = signature(node.matching, element.labels);
    const auto found = ones.find(sign);
    if (found == ones.end()) continue;
    const VectorElement& other = *found->second;
    const auto value = is_swapped ? computed(node, other.value, element.value) : computed(node, element.value, other.value);
    if (!value) continue;
    Labels labels = labels_of_result(node, element.labels, other.labels);
    if (!seen.insert(is_one_to_one ? sign : labels).second)
      return fail(Code::kInvalid,
                  is_one_to_one ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                                : "multiple matches for labels: grouping labels must ensure unique matches");
    result.push_back({std::move(labels), *value});
  }
  return result;
}

}  // namespace

Result<Value> operate(const BinaryOperation& node, Value left, Value right) {
  const double* left_number = std::get_if<double>(&left);
  const double* right_number = std::get_if<double>(&right);
  if (left_number && right_number) return Value(computed(node, *left_number, *right_number).value_or(0));
  if (left_number) return Value(with_number(node, std::get<InstantVector>(std::move(right)), *left_number, false));
  if (right_number) return Value(with_number(node, std::get<InstantVector>(std::move(left)), *right_number, true));
  InstantVector first = std::get<InstantVector>(std::move(left)), second = std::get<InstantVector>(std::move(right));
  if (is_set_operator(node.operation)) return Value(of_sets(node, std::move(first), std::move(second)));
  TRY(InstantVector result, matched(node, std::move(first), std::move(second)));
  return Value(std::move(result));
}

}  // namespace canaria::lang::promql
