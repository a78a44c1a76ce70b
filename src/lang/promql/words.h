// The words of PromQL that mean something: operators with their precedence, and aggregations.
#pragma once

#include <string>
#include <string_view>

#include "lang/promql/expression.h"

namespace canaria::lang::promql {

struct OperatorRow {
  std::string_view text;
  Operator operation;
  int precedence;  // the higher, the tighter
};
inline constexpr int kPowerPrecedence = 6;

struct AggregationRow {
  std::string_view text;
  AggregationKind kind;
  bool has_parameter;
};

// nullptr: no such word. REQUIRES: lower case.
const OperatorRow* find_operator(std::string_view word);
const AggregationRow* find_aggregation(std::string_view word);

// Keywords mean the same in any case.
std::string lower(std::string text);

}  // namespace canaria::lang::promql
