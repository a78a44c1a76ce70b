// The functions that change labels, and absent(), which makes them up.
#pragma once

#include "lang/promql/functions.h"

namespace canaria::lang::promql {

Result<Value> label_replace(Invocation& invocation);
Result<Value> label_join(Invocation& invocation);
Result<Value> absent(Invocation& invocation);
Result<Value> absent_over_time(Invocation& invocation);

}  // namespace canaria::lang::promql
