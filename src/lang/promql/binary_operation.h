// Operators between two values: arithmetic and comparisons of numbers, of vectors with a number, and of vectors whose elements
// are matched by their labels; and the set operators and, or, unless.
#pragma once

#include "lang/promql/functions.h"

namespace canaria::lang::promql {

// The type of the result is the one that the parser has found. Fails with kInvalid when labels match more than they may.
Result<Value> operate(const BinaryOperation& node, Value left, Value right);

}  // namespace canaria::lang::promql
