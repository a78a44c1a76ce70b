// sum, avg, topk and the like: the elements of a vector put into groups, and each group turned into one element (or, for topk
// and bottomk, into some of its own).
#pragma once

#include "lang/promql/functions.h"

namespace canaria::lang::promql {

// `parameter` is what topk, bottomk and quantile are given. Fails with kInvalid.
Result<InstantVector> aggregate(const Aggregation& node, double parameter, InstantVector operand);

}  // namespace canaria::lang::promql
