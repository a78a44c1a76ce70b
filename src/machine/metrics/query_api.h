// The part of Prometheus' HTTP API that analysis and dashboards read, answered from a source of samples: /api/v1/query,
// query_range, series, labels, label/NAME/values. Answers, errors and their codes have Prometheus' form: 400 bad_data for what
// cannot be read, 422 execution for what cannot be computed.
//
// A question about a range is computed instant by instant, and lets others run in between.
#pragma once

#include <string>

#include "async/task.h"
#include "machine/metrics/sample_history.h"
#include "ports/clock.h"

namespace canaria::machine {

struct QueryAnswer {
  QueryAnswer() = default;
  QueryAnswer(int code, std::string text) : status(code), body(std::move(text)) {}
  int status = 200;
  std::string body;  // JSON
};

class QueryApi {
 public:
  // Both have to outlive it.
  QueryApi(const SampleHistory& history, const Clock& clock) : history_(history), clock_(clock) {}

  // `path` as in the request, "/api/v1/query"; `parameters` as in a query or a form: "query=up&time=1.5".
  Task<QueryAnswer> answer(std::string path, std::string parameters) const;

 private:
  struct Parameters;
  QueryAnswer instant(const Parameters& parameters) const;
  Task<QueryAnswer> range(Parameters parameters) const;
  QueryAnswer series(const Parameters& parameters) const;
  QueryAnswer label_names(const Parameters& parameters) const;
  QueryAnswer label_values(const Parameters& parameters, const std::string& name) const;
  std::vector<lang::promql::Labels> all_labels(const Parameters& parameters, std::string& problem) const;
  std::int64_t now_ms() const { return clock_.now().time_since_epoch().count(); }

  const SampleHistory& history_;
  const Clock& clock_;
};

}  // namespace canaria::machine
