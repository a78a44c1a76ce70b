// Values as Prometheus writes them into the answers of its HTTP API: {"resultType":"vector","result":[...]}. Times are seconds
// with three digits or none, numbers are strings: "0.25", "NaN", "+Inf", "1e+21".
#pragma once

#include <string>

#include "lang/promql/functions.h"

namespace canaria::lang::promql {

// The member "data" of an answer about one instant.
std::string instant_answer(const Value& value, std::int64_t time_ms);

// The same of a whole range: the values of one instant after the other.
class RangeAnswer {
 public:
  // REQUIRES: times in order; a number or an instant vector.
  void add(std::int64_t time_ms, const Value& value);
  std::string text() const;

 private:
  std::map<Labels, std::vector<Sample>> series_;
};

std::string number_text(double number);
std::string time_text(std::int64_t time_ms);
std::string labels_json(const Labels& labels);

}  // namespace canaria::lang::promql
