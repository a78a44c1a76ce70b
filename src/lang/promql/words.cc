#include "lang/promql/words.h"

#include <algorithm>
#include <array>

namespace canaria::lang::promql {
namespace {

constexpr std::array<OperatorRow, 15> kOperators = {{
    {"or", Operator::kOr, 1},
    {"and", Operator::kAnd, 2},
    {"unless", Operator::kUnless, 2},
    {"==", Operator::kEqual, 3},
    {"!=", Operator::kNotEqual, 3},
    {"<=", Operator::kLessOrEqual, 3},
    {"<", Operator::kLess, 3},
    {">=", Operator::kGreaterOrEqual, 3},
    {">", Operator::kGreater, 3},
    {"+", Operator::kAdd, 4},
    {"-", Operator::kSubtract, 4},
    {"*", Operator::kMultiply, 5},
    {"/", Operator::kDivide, 5},
    {"%", Operator::kModulo, 5},
    {"^", Operator::kPower, kPowerPrecedence},
}};

constexpr std::array<AggregationRow, 11> kAggregations = {{
    {"sum", AggregationKind::kSum, false},
    {"avg", AggregationKind::kAvg, false},
    {"min", AggregationKind::kMin, false},
    {"max", AggregationKind::kMax, false},
    {"count", AggregationKind::kCount, false},
    {"group", AggregationKind::kGroup, false},
    {"stddev", AggregationKind::kStddev, false},
    {"stdvar", AggregationKind::kStdvar, false},
    {"topk", AggregationKind::kTopk, true},
    {"bottomk", AggregationKind::kBottomk, true},
    {"quantile", AggregationKind::kQuantile, true},
}};

template <class Rows>
auto find_row(const Rows& rows, std::string_view word) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.text == word; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const OperatorRow* find_operator(std::string_view word) { return find_row(kOperators, word); }
const AggregationRow* find_aggregation(std::string_view word) { return find_row(kAggregations, word); }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace canaria::lang::promql
