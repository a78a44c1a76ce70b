#include "machine/metrics/query_api.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "async/timers.h"
#include "json/write.h"
#include "lang/promql/answer.h"
#include "lang/promql/evaluate.h"
#include "lang/promql/parse.h"
#include "lang/promql/token.h"
#include "net/url.h"

namespace canaria::machine {
namespace {

namespace promql = lang::promql;
using Steady = std::chrono::steady_clock;

constexpr int kBadData = 400, kExecution = 422, kNotFound = 404;
constexpr std::int64_t kPointsMax = 11'000;
constexpr double kSecondsMax = 1e12;
constexpr std::int64_t kEarliestMs = 0, kLatestMs = 1'000'000'000'000'000;
constexpr Millis kSlice{5};  // computing for longer than this would make others wait

QueryAnswer success(const std::string& data) { return {200, R"({"status":"success","data":)" + data + "}"}; }

QueryAnswer refusal(int status, const std::string& message) {
  const char* type = status == kBadData ? "bad_data" : status == kExecution ? "execution" : "not_found";
  return {status,
          std::string(R"({"status":"error","errorType":")") + type + R"(","error":)" + json::write(json::Value(message)) + "}"};
}

QueryAnswer invalid_parameter(const std::string& name, const std::string& message) {
  return refusal(kBadData, "invalid parameter \"" + name + "\": " + message);
}

// What cannot be computed, as opposed to read.
QueryAnswer failed(const Error& error) {
  return error.code == Code::kBadRequest ? invalid_parameter("query", error.message) : refusal(kExecution, error.message);
}

std::optional<double> seconds_in(const std::string& text) {
  double seconds = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc() || stop != text.data() + text.size() || !(std::abs(seconds) < kSecondsMax)) return std::nullopt;
  return seconds;
}

std::optional<std::int64_t> time_in(const std::string& text) {
  if (const auto seconds = seconds_in(text)) return std::llround(*seconds * 1000);
  if (const auto time = parse_time(text)) return time->time_since_epoch().count();
  return std::nullopt;
}

std::optional<std::int64_t> step_in(const std::string& text) {
  if (const auto seconds = seconds_in(text)) return std::llround(*seconds * 1000);
  if (const auto length = promql::parse_duration_ms(text)) return *length;
  return std::nullopt;
}

std::string list_text(const std::set<std::string>& names) {
  json::Array array;
  for (const std::string& name : names) array.emplace_back(name);
  return json::write(json::Value(std::move(array)));
}

}  // namespace

struct QueryApi::Parameters {
  explicit Parameters(const std::string& text) : all(net::parse_query(text)) {}
  bool has(const std::string& name) const {
    for (const auto& [known, value] : all)
      if (known == name && !value.empty()) return true;
    return false;
  }
  // The first of that name; empty when there is none.
  std::string text(const std::string& name) const {
    for (const auto& [known, value] : all)
      if (known == name) return value;
    return "";
  }
  // An instant in milliseconds, `otherwise` when it is not given; nothing when it is given and none.
  std::optional<std::int64_t> time(const std::string& name, std::int64_t otherwise) const {
    return has(name) ? time_in(text(name)) : otherwise;
  }
  net::QueryParameters all;
};

Task<QueryAnswer> QueryApi::answer(std::string path, std::string text) const {
  constexpr std::string_view kLabel = "/api/v1/label/", kValues = "/values";
  Parameters parameters(text);
  if (path == "/api/v1/query") co_return instant(parameters);
  if (path == "/api/v1/query_range") co_return co_await range(std::move(parameters));
  if (path == "/api/v1/series") co_return series(parameters);
  if (path == "/api/v1/labels") co_return label_names(parameters);
  if (path.starts_with(kLabel) && path.ends_with(kValues) && path.size() > kLabel.size() + kValues.size())
    co_return label_values(parameters, path.substr(kLabel.size(), path.size() - kLabel.size() - kValues.size()));
  co_return refusal(kNotFound,
                    "this machine answers /api/v1/query, query_range, series, labels and label/NAME/values, not " + path);
}

QueryAnswer QueryApi::instant(const Parameters& parameters) const {
  const auto time = parameters.time("time", now_ms());
  if (!time) return invalid_parameter("time", "cannot parse \"" + parameters.text("time") + "\" to a valid timestamp");
  const auto expression = promql::parse_expression(parameters.text("query"));
  if (!expression) return failed(expression.error());
  auto evaluation = promql::Evaluation::make(**expression, history_, *time, *time);
  if (!evaluation) return failed(evaluation.error());
  const auto value = evaluation->at(*time);
  if (!value) return failed(value.error());
  return success(promql::instant_answer(*value, *time));
}

Task<QueryAnswer> QueryApi::range(Parameters parameters) const {
  constexpr std::int64_t kMissing = std::numeric_limits<std::int64_t>::min();
  const auto start = parameters.time("start", kMissing), end = parameters.time("end", kMissing);
  for (const auto& [name, time] : {std::pair("start", start), std::pair("end", end)})
    if (!time || *time == kMissing)
      co_return invalid_parameter(name, "cannot parse \"" + parameters.text(name) + "\" to a valid timestamp");
  if (*end < *start) co_return invalid_parameter("end", "end timestamp must not be before start time");
  const auto step = step_in(parameters.text("step"));
  if (!step) co_return invalid_parameter("step", "cannot parse \"" + parameters.text("step") + "\" to a valid duration");
  if (*step <= 0)
    co_return invalid_parameter("step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
  if ((*end - *start) / *step > kPointsMax)
    co_return refusal(
        kBadData, "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
  const auto expression = promql::parse_expression(parameters.text("query"));
  if (!expression) co_return failed(expression.error());
  const promql::ValueType type = (*expression)->type;
  if (type != promql::ValueType::kScalar && type != promql::ValueType::kVector)
    co_return refusal(kBadData, std::string("invalid expression type \"") + to_string(type) +
                                    "\" for range query, must be Scalar or instant Vector");
  auto evaluation = promql::Evaluation::make(**expression, history_, *start, *end);
  if (!evaluation) co_return failed(evaluation.error());
  promql::RangeAnswer answer;
  auto slice = Steady::now();
  for (std::int64_t time = *start; time <= *end; time += *step) {
    const auto value = evaluation->at(time);
    if (!value) co_return failed(value.error());
    answer.add(time, *value);
    if (Steady::now() - slice < kSlice) continue;
    co_await async::sleep_for(Millis(0));
    slice = Steady::now();
  }
  co_return success(answer.text());
}

// The labels of all series that fit one of match[]; without any, of all.
std::vector<promql::Labels> QueryApi::all_labels(const Parameters& parameters, std::string& problem) const {
  const auto start = parameters.time("start", kEarliestMs), end = parameters.time("end", kLatestMs);
  if (!start || !end) {
    problem = std::string("invalid parameter \"") + (start ? "end" : "start") + "\": not a valid timestamp";
    return {};
  }
  std::vector<std::vector<promql::Matcher>> selectors;
  for (const auto& [name, value] : parameters.all) {
    if (name != "match[]") continue;
    auto selector = promql::parse_series_selector(value);
    if (!selector) {
      problem = "invalid parameter \"match[]\": " + selector.error().message;
      return {};
    }
    selectors.push_back(*std::move(selector));
  }
  if (selectors.empty()) return history_.labels_of({}, *start, *end);
  std::set<promql::Labels> found;
  for (const auto& selector : selectors)
    for (promql::Labels& labels : history_.labels_of(selector, *start, *end)) found.insert(std::move(labels));
  return {found.begin(), found.end()};
}

QueryAnswer QueryApi::series(const Parameters& parameters) const {
  if (!parameters.has("match[]")) return refusal(kBadData, "no match[] parameter provided");
  std::string problem;
  std::string text = "[";
  for (const promql::Labels& labels : all_labels(parameters, problem))
    text += (text.size() == 1 ? "" : ",") + promql::labels_json(labels);
  return problem.empty() ? success(text + "]") : refusal(kBadData, problem);
}

QueryAnswer QueryApi::label_names(const Parameters& parameters) const {
  std::string problem;
  std::set<std::string> names;
  for (const promql::Labels& labels : all_labels(parameters, problem))
    for (const auto& [name, value] : labels) names.insert(name);
  return problem.empty() ? success(list_text(names)) : refusal(kBadData, problem);
}

QueryAnswer QueryApi::label_values(const Parameters& parameters, const std::string& name) const {
  std::string problem;
  std::set<std::string> values;
  for (const promql::Labels& labels : all_labels(parameters, problem))
    if (const auto found = labels.find(name); found != labels.end()) values.insert(found->second);
  return problem.empty() ? success(list_text(values)) : refusal(kBadData, problem);
}

}  // namespace canaria::machine
