// The types of expressions: what an operator, aggregation or function accepts, and what it returns.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "lang/promql/expression.h"

namespace canaria::lang::promql {

struct TypeProblem {
  std::size_t position = 0;
  std::string message;  // as Prometheus says it
};

// The type of an expression whose operands have theirs.
tl::expected<ValueType, TypeProblem> checked_type(const Expression& expression);

}  // namespace canaria::lang::promql
