#include "lang/promql/type_check.h"

#include <algorithm>
#include <string>

#include "lang/promql/functions.h"

namespace canaria::lang::promql {

const char* to_string(ValueType type) {
  switch (type) {
    case ValueType::kScalar: return "scalar";
    case ValueType::kVector: return "instant vector";
    case ValueType::kMatrix: return "range vector";
    case ValueType::kString: return "string";
  }
  return "";
}

bool is_comparison(Operator operation) { return operation >= Operator::kEqual && operation <= Operator::kGreaterOrEqual; }
bool is_set_operator(Operator operation) { return operation >= Operator::kAnd; }

namespace {

using Checked = tl::expected<ValueType, TypeProblem>;

tl::unexpected<TypeProblem> problem(std::size_t position, std::string message) {
  return tl::unexpected<TypeProblem>(TypeProblem{position, std::move(message)});
}

// Nothing when the type is the wanted one.
tl::expected<void, TypeProblem> expect_type(const Expression& expression, ValueType wanted, const std::string& where) {
  if (expression.type == wanted) return {};
  return problem(expression.position,
                 std::string("expected type ") + to_string(wanted) + " in " + where + ", got " + to_string(expression.type));
}

std::string set_operator_text(Operator operation) {
  return operation == Operator::kAnd ? "and" : operation == Operator::kOr ? "or" : "unless";
}

Checked type_of(const BinaryOperation& node, std::size_t position) {
  for (const Expression* side : {node.left.get(), node.right.get()})
    if (side->type != ValueType::kScalar && side->type != ValueType::kVector)
      return problem(side->position, "binary expression must contain only scalar and instant vector types");
  const bool is_scalar = node.left->type == ValueType::kScalar && node.right->type == ValueType::kScalar;
  const bool are_vectors = node.left->type == ValueType::kVector && node.right->type == ValueType::kVector;
  if (!are_vectors && !node.matching.labels.empty())
    return problem(position, "vector matching only allowed between instant vectors");
  if (!are_vectors && is_set_operator(node.operation))
    return problem(position,
                   "set operator \"" + set_operator_text(node.operation) + "\" not allowed in binary scalar expression");
  if (is_scalar && is_comparison(node.operation) && node.comparison == ComparisonResult::kFilter)
    return problem(node.operator_position, "comparisons between scalars must use BOOL modifier");
  return is_scalar ? ValueType::kScalar : ValueType::kVector;
}

Checked type_of(const Aggregation& node, std::size_t) {
  if (auto fits = expect_type(*node.operand, ValueType::kVector, "aggregation expression"); !fits)
    return tl::unexpected(fits.error());
  if (!node.parameter) return ValueType::kVector;
  if (auto fits = expect_type(*node.parameter, ValueType::kScalar, "aggregation parameter"); !fits)
    return tl::unexpected(fits.error());
  return ValueType::kVector;
}

Checked type_of(const Call& node, std::size_t position) {
  const Function& function = *node.function;
  const std::string name(function.name);
  const std::size_t given = node.arguments.size(), most = function.arguments.size();
  const std::size_t least = most - static_cast<std::size_t>(function.optional == kAnyNumber ? 1 : function.optional);
  const auto wrong = [&](const char* how, std::size_t number) {
    return problem(position, std::string("expected ") + how + std::to_string(number) + " argument(s) in call to \"" + name +
                                 "\", got " + std::to_string(given));
  };
  if (function.optional == 0 && given != most) return wrong("", most);
  if (given < least) return wrong("at least ", least);
  if (given > most && function.optional != kAnyNumber) return wrong("at most ", most);
  for (std::size_t i = 0; i < given; ++i) {
    auto fits = expect_type(*node.arguments[i], function.arguments[std::min(i, most - 1)], "call to function \"" + name + "\"");
    if (!fits) return tl::unexpected(fits.error());
  }
  return function.returns;
}

struct TypeOf {
  std::size_t position;
  Checked operator()(const NumberLiteral&) const { return ValueType::kScalar; }
  Checked operator()(const TextLiteral&) const { return ValueType::kString; }
  Checked operator()(const Selector& node) const { return node.range_ms > 0 ? ValueType::kMatrix : ValueType::kVector; }
  Checked operator()(const Negation& node) const { return node.operand->type; }
  Checked operator()(const BinaryOperation& node) const { return type_of(node, position); }
  Checked operator()(const Aggregation& node) const { return type_of(node, position); }
  Checked operator()(const Call& node) const { return type_of(node, position); }
};

}  // namespace

Checked checked_type(const Expression& expression) { return std::visit(TypeOf{expression.position}, expression.node); }

}  // namespace canaria::lang::promql
