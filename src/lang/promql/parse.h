// Reads PromQL as Prometheus 2 does, with its precedence, its checks of types and its form of error messages.
//
// Left out, and refused with what and where: subqueries, the @ modifier, count_values, trigonometry, calendar functions and
// forecasts. See docs/metrics.md for what there is.
#pragma once

#include <string_view>

#include "lang/promql/expression.h"

namespace canaria::lang::promql {

// No text is longer and no tree higher.
inline constexpr std::size_t kTextMax = 16 << 10;
inline constexpr int kHeightMax = 200;

// Fails with kBadRequest: `1:5: parse error: unexpected end of input`.
Result<ExpressionPtr> parse_expression(std::string_view text);

// What stands behind match[]: an instant vector selector and nothing else.
Result<std::vector<Matcher>> parse_series_selector(std::string_view text);

// A series as an exposition writes it: name{label="value",...}. Fails with kBadRequest.
Result<Labels> parse_series(std::string_view text);

}  // namespace canaria::lang::promql
