// Computes the value of an expression at an instant, or at one instant after the other.
//
// An evaluation first takes from the source all samples that its instants can need, so that it sees one state of the world and
// touches the source no more. It bounds how many samples it takes and looks at. Semantics are those of Prometheus 2: a window
// includes both of its ends, and an instant sees the last sample of the five minutes before it.
#pragma once

#include <map>

#include "lang/promql/functions.h"

namespace canaria::lang::promql {

struct EvaluationLimits {
  std::size_t samples_taken = 2'000'000;
  std::size_t samples_seen = 50'000'000;
};

class Evaluation {
 public:
  // For instants from `first_ms` to `last_ms`. The expression has to outlive it.
  static Result<Evaluation> make(const Expression& expression, const SampleSource& source, std::int64_t first_ms,
                                 std::int64_t last_ms, EvaluationLimits limits = {});

  // Fails with kInvalid. A range vector refers to samples of this evaluation.
  Result<Value> at(std::int64_t time_ms);

 private:
  Evaluation(const Expression& expression, EvaluationLimits limits) : expression_(&expression), limits_(limits) {}
  Status take_samples(const Expression& expression, const SampleSource& source, std::int64_t first_ms, std::int64_t last_ms);

  Result<Value> value_of(const Expression& expression, std::int64_t time_ms);
  Result<Value> value_of(const Selector& node, std::int64_t time_ms);
  Result<Value> value_of(const Negation& node, std::int64_t time_ms);
  Result<Value> value_of(const BinaryOperation& node, std::int64_t time_ms);
  Result<Value> value_of(const Aggregation& node, std::int64_t time_ms);
  Result<Value> value_of(const Call& node, std::int64_t time_ms);
  Result<Value> value_of(const NumberLiteral& node, std::int64_t) { return Value(node.value); }
  Result<Value> value_of(const TextLiteral& node, std::int64_t) { return Value(node.value); }
  InstantVector instant_vector(const std::vector<Series>& series, std::int64_t time_ms);
  RangeVector range_vector(const std::vector<Series>& series, std::int64_t start_ms, std::int64_t end_ms);

  const Expression* expression_;
  EvaluationLimits limits_;
  std::size_t taken_ = 0, seen_ = 0;
  std::map<const Selector*, std::vector<Series>> series_;  // in order of labels
};

}  // namespace canaria::lang::promql
