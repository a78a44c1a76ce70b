#include "lang/promql/evaluate.h"

#include <algorithm>
#include <set>

#include "lang/promql/aggregation.h"
#include "lang/promql/binary_operation.h"

namespace canaria::lang::promql {
namespace {

constexpr const char* kTooMany =
    "query processing would load too many samples into memory in query execution: ask for less time, larger steps or fewer "
    "series";

std::vector<const Expression*> operands_of(const Expression& expression) {
  std::vector<const Expression*> result;
  if (const auto* negation = std::get_if<Negation>(&expression.node)) result = {negation->operand.get()};
  if (const auto* binary = std::get_if<BinaryOperation>(&expression.node)) result = {binary->left.get(), binary->right.get()};
  if (const auto* aggregation = std::get_if<Aggregation>(&expression.node)) {
    result = {aggregation->operand.get()};
    if (aggregation->parameter) result.push_back(aggregation->parameter.get());
  }
  if (const auto* call = std::get_if<Call>(&expression.node))
    for (const ExpressionPtr& argument : call->arguments) result.push_back(argument.get());
  return result;
}

Status check_unique(const InstantVector& vector) {
  std::set<Labels> seen;
  for (const VectorElement& element : vector)
    if (!seen.insert(element.labels).second) return fail(Code::kInvalid, "vector cannot contain metrics with the same labelset");
  return {};
}

// The samples from start to end, both included.
std::span<const Sample> window_of(const std::vector<Sample>& samples, std::int64_t start_ms, std::int64_t end_ms) {
  const auto first = std::lower_bound(samples.begin(), samples.end(), start_ms,
                                      [](const Sample& sample, std::int64_t time) { return sample.time_ms < time; });
  const auto last = std::upper_bound(first, samples.end(), end_ms,
                                     [](std::int64_t time, const Sample& sample) { return time < sample.time_ms; });
  return {first, last};
}

}  // namespace

Result<Evaluation> Evaluation::make(const Expression& expression, const SampleSource& source, std::int64_t first_ms,
                                    std::int64_t last_ms, EvaluationLimits limits) {
  Evaluation made(expression, limits);
  CHECK_OK(made.take_samples(expression, source, first_ms, last_ms));
  return made;
}

Status Evaluation::take_samples(const Expression& expression, const SampleSource& source, std::int64_t first_ms,
                                std::int64_t last_ms) {
  if (const auto* selector = std::get_if<Selector>(&expression.node)) {
    const bool is_range = selector->range_ms > 0;
    const std::int64_t back = is_range ? selector->range_ms : kLookbackMs;
    std::vector<Series> series =
        source.select(selector->matchers, first_ms - selector->offset_ms - back, last_ms - selector->offset_ms);
    for (Series& one : series) {
      if (is_range) std::erase_if(one.samples, [](const Sample& sample) { return is_end_marker(sample.value); });
      taken_ += one.samples.size();
    }
    if (taken_ > limits_.samples_taken) return fail(Code::kInvalid, kTooMany);
    std::sort(series.begin(), series.end(), [](const Series& a, const Series& b) { return a.labels < b.labels; });
    series_[selector] = std::move(series);
  }
  for (const Expression* operand : operands_of(expression)) {
    CHECK_OK(take_samples(*operand, source, first_ms, last_ms));
  }
  return {};
}

Result<Value> Evaluation::at(std::int64_t time_ms) {
  TRY(Value result, value_of(*expression_, time_ms));
  if (seen_ > limits_.samples_seen) return fail(Code::kInvalid, kTooMany);
  return result;
}

Result<Value> Evaluation::value_of(const Expression& expression, std::int64_t time_ms) {
  return std::visit([&](const auto& node) { return value_of(node, time_ms); }, expression.node);
}

Result<Value> Evaluation::value_of(const Selector& node, std::int64_t time_ms) {
  const std::int64_t end_ms = time_ms - node.offset_ms;
  const std::vector<Series>& series = series_.at(&node);
  if (node.range_ms == 0) return Value(instant_vector(series, end_ms));
  return Value(range_vector(series, end_ms - node.range_ms, end_ms));
}

InstantVector Evaluation::instant_vector(const std::vector<Series>& series, std::int64_t time_ms) {
  InstantVector result;
  for (const Series& one : series) {
    const auto window = window_of(one.samples, time_ms - kLookbackMs, time_ms);
    ++seen_;
    if (!window.empty() && !is_end_marker(window.back().value)) result.push_back({one.labels, window.back().value});
  }
  return result;
}

RangeVector Evaluation::range_vector(const std::vector<Series>& series, std::int64_t start_ms, std::int64_t end_ms) {
  RangeVector result;
  result.start_ms = start_ms;
  result.end_ms = end_ms;
  for (const Series& one : series) {
    const auto window = window_of(one.samples, start_ms, end_ms);
    seen_ += window.size();
    if (!window.empty()) result.windows.push_back({&one.labels, window});
  }
  return result;
}

Result<Value> Evaluation::value_of(const Negation& node, std::int64_t time_ms) {
  TRY(Value value, value_of(*node.operand, time_ms));
  if (const double* number = std::get_if<double>(&value)) return Value(-*number);
  auto& vector = std::get<InstantVector>(value);
  for (VectorElement& element : vector) {
    element.value = -element.value;
    element.labels = without_name(std::move(element.labels));
  }
  CHECK_OK(check_unique(vector));
  return value;
}

Result<Value> Evaluation::value_of(const BinaryOperation& node, std::int64_t time_ms) {
  TRY(Value left, value_of(*node.left, time_ms));
  TRY(Value right, value_of(*node.right, time_ms));
  TRY(Value result, operate(node, std::move(left), std::move(right)));
  if (const auto* vector = std::get_if<InstantVector>(&result)) {
    CHECK_OK(check_unique(*vector));
  }
  return result;
}

Result<Value> Evaluation::value_of(const Aggregation& node, std::int64_t time_ms) {
  double parameter = 0;
  if (node.parameter) {
    TRY(const Value value, value_of(*node.parameter, time_ms));
    parameter = std::get<double>(value);
  }
  TRY(Value operand, value_of(*node.operand, time_ms));
  TRY(InstantVector result, aggregate(node, parameter, std::get<InstantVector>(std::move(operand))));
  return Value(std::move(result));
}

Result<Value> Evaluation::value_of(const Call& node, std::int64_t time_ms) {
  Invocation invocation;
  invocation.call = &node;
  invocation.time_ms = time_ms;
  for (const ExpressionPtr& argument : node.arguments) {
    TRY(Value value, value_of(*argument, time_ms));
    invocation.arguments.push_back(std::move(value));
  }
  TRY(Value result, node.function->evaluate(invocation));
  if (const auto* vector = std::get_if<InstantVector>(&result)) {
    CHECK_OK(check_unique(*vector));
  }
  return result;
}

}  // namespace canaria::lang::promql
