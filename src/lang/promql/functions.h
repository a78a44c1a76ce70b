// The functions of PromQL: one row each with the types of their arguments and what computes them. The parser checks calls by
// this table, the evaluator makes them by it.
#pragma once

#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "lang/promql/expression.h"
#include "lang/promql/samples.h"

namespace canaria::lang::promql {

struct VectorElement {
  Labels labels;
  double value = 0;
};
using InstantVector = std::vector<VectorElement>;

struct SeriesWindow {
  const Labels* labels = nullptr;  // of the evaluation's own series
  std::span<const Sample> samples;  // never empty
};
struct RangeVector {
  std::int64_t start_ms = 0, end_ms = 0;
  std::vector<SeriesWindow> windows;
};

// In the order of ValueType.
using Value = std::variant<double, InstantVector, RangeVector, std::string>;

struct Invocation {
  const Call* call = nullptr;
  std::vector<Value> arguments;
  std::int64_t time_ms = 0;

  double number(std::size_t i) const { return std::get<double>(arguments.at(i)); }
  const std::string& text(std::size_t i) const { return std::get<std::string>(arguments.at(i)); }
  InstantVector& vector(std::size_t i) { return std::get<InstantVector>(arguments.at(i)); }
  const RangeVector& range(std::size_t i) const { return std::get<RangeVector>(arguments.at(i)); }
};

struct Function {
  std::string_view name;
  std::vector<ValueType> arguments;
  // How many of the last arguments may be left out; kAnyNumber: the last one may be repeated, or left out.
  int optional = 0;
  ValueType returns = ValueType::kVector;
  // The labels of the result are as they should be, and so is their name. Fails with kInvalid.
  Result<Value> (*evaluate)(Invocation& invocation) = nullptr;
};
inline constexpr int kAnyNumber = -1;

// nullptr: no such function.
const Function* find_function(std::string_view name);

}  // namespace canaria::lang::promql
