// A PromQL expression as a tree of values. Made by parse.h, which has checked all types: an evaluator can rely on them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "lang/promql/matcher.h"

namespace canaria::lang::promql {

enum class ValueType { kScalar, kVector, kMatrix, kString };
// "scalar", "instant vector", "range vector", "string": as error messages say it.
const char* to_string(ValueType type);

struct Expression;
struct Function;
using ExpressionPtr = std::unique_ptr<Expression>;

struct NumberLiteral {
  double value = 0;
};
struct TextLiteral {
  std::string value;
};
// With a range it is a range vector.
struct Selector {
  std::vector<Matcher> matchers;
  std::int64_t offset_ms = 0;
  std::int64_t range_ms = 0;  // 0: none
};
struct Negation {
  ExpressionPtr operand;
};

enum class Operator {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kAnd,
  kOr,
  kUnless,
};
bool is_comparison(Operator operation);
bool is_set_operator(Operator operation);

enum class Cardinality { kOneToOne, kManyToOne, kOneToMany };
// kIgnoring without labels is what applies when nothing is said.
enum class MatchBy { kIgnoring, kOn };
struct Matching {
  MatchBy by = MatchBy::kIgnoring;
  std::vector<std::string> labels;
  Cardinality cardinality = Cardinality::kOneToOne;
  std::vector<std::string> included;  // of group_left or group_right: labels taken from the "one" side
};
// kFilter: a comparison leaves out what does not fit; kBool: it says 0 or 1.
enum class ComparisonResult { kFilter, kBool };
struct BinaryOperation {
  Operator operation = Operator::kAdd;
  std::size_t operator_position = 0;
  ComparisonResult comparison = ComparisonResult::kFilter;
  Matching matching;
  ExpressionPtr left, right;
};

enum class AggregationKind { kSum, kAvg, kMin, kMax, kCount, kGroup, kStddev, kStdvar, kTopk, kBottomk, kQuantile };
enum class GroupBy { kLabels, kAllBut };
struct Aggregation {
  AggregationKind kind = AggregationKind::kSum;
  GroupBy by = GroupBy::kLabels;
  std::vector<std::string> labels;
  ExpressionPtr parameter;  // of topk, bottomk and quantile
  ExpressionPtr operand;
};

struct Call {
  const Function* function = nullptr;
  std::vector<ExpressionPtr> arguments;
};

struct Expression {
  using Node = std::variant<NumberLiteral, TextLiteral, Selector, Negation, BinaryOperation, Aggregation, Call>;
  Node node;
  ValueType type = ValueType::kScalar;
  int height = 1;            // of the tree below; bounded, so that walking it by recursion is safe
  std::size_t position = 0;  // where it starts in the text
};

}  // namespace canaria::lang::promql
