// What the recorded answers of Prometheus do not show: what is refused on purpose, bounds, ends of series, notation.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "lang/promql/answer.h"
#include "lang/promql/evaluate.h"
#include "lang/promql/parse.h"
#include "lang/promql/token.h"

namespace canaria::lang::promql {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& text) {
  const auto parsed = parse_expression(text);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().code, Code::kBadRequest);
  return parsed.error().message;
}

TEST(PromqlParser, SaysWhatIsNotThere) {
  EXPECT_EQ(refusal("rate(up[5m:1m])"), "1:8: parse error: subqueries are not supported by this endpoint");
  EXPECT_EQ(refusal("up[5m:]"), "1:3: parse error: subqueries are not supported by this endpoint");
  EXPECT_EQ(refusal("up @ 5"), "1:4: parse error: the @ modifier is not supported by this endpoint");
  EXPECT_EQ(refusal("up +\n  predict_linear(up[1h], 60)"), "2:3: parse error: unknown function with name \"predict_linear\"");
  EXPECT_EQ(refusal("count_values(\"x\", up)"), "1:1: parse error: unknown function with name \"count_values\"");
}

TEST(PromqlParser, RefusesWhatIsTooLargeInsteadOfFailing) {
  const auto repeated = [](const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
  };
  EXPECT_EQ(refusal(repeated("(", 100) + "1" + repeated(")", 100)), "accepted");
  for (const std::string& text : {repeated("(", 5000), repeated("-", 5000) + "1", repeated("1+", 5000) + "1",
                                  repeated("2^", 5000) + "1", repeated("abs(", 3000), repeated("sum(up)or ", 900) + "up"})
    EXPECT_THAT(refusal(text), HasSubstr("nested too deeply")) << text.substr(0, 20);
  EXPECT_THAT(refusal(repeated(" ", 20000)), HasSubstr("too long"));
}

TEST(PromqlParser, Durations) {
  EXPECT_EQ(parse_duration_ms("1h30m"), 5'400'000);
  EXPECT_EQ(parse_duration_ms("1y2w3d4h5m6s7ms"), 31'536'000'000 + 2 * 604'800'000 + 3 * 86'400'000 + 4 * 3'600'000 + 306'007);
  for (const char* text : {"", "5", "5x", "1m1h", "1m2m", "-1m", "1.5m", "m", "99999999999y"})
    EXPECT_FALSE(parse_duration_ms(text)) << text;
}

TEST(PromqlParser, SeriesOfAnExposition) {
  const auto parsed = parse_series("a_total{path=\"C:\\\\x\\\"\\n\",empty=\"\",le=\"+Inf\"}");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, (Labels{{"__name__", "a_total"}, {"path", "C:\\x\"\n"}, {"le", "+Inf"}}));
  EXPECT_EQ(labels_text(*parsed), "{__name__=\"a_total\", le=\"+Inf\", path=\"C:\\\\x\\\"\\n\"}");
  for (const char* text : {"", "1", "a b", "a{b=~\"c\"}", "sum(a)", "a[5m]", "{}"}) EXPECT_FALSE(parse_series(text)) << text;
}

TEST(PromqlAnswer, Numbers) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(number_text(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(number_text(100), "100");
  EXPECT_EQ(number_text(-0.000001), "-0.000001");
  EXPECT_EQ(number_text(0.0000001), "1e-07");
  EXPECT_EQ(number_text(1e20), "100000000000000000000");
  EXPECT_EQ(number_text(1e21), "1e+21");
  EXPECT_EQ(number_text(infinity) + number_text(-infinity) + number_text(std::nan("")), "+Inf-InfNaN");
  EXPECT_EQ(time_text(1'700'000'000'000) + " " + time_text(1'500) + " " + time_text(7) + " " + time_text(-1'050),
            "1700000000 1.500 0.007 -1.050");
}

// One series with a sample each second, which ends at second 5 and comes back at 8.
class OneSeries final : public SampleSource {
 public:
  std::vector<Series> select(const std::vector<Matcher>&, std::int64_t from_ms, std::int64_t to_ms) const override {
    Series series{{{"__name__", "n"}}, {}};
    for (std::int64_t second = 0; second <= 10; ++second) {
      if ((second > 5 && second < 8) || second * 1000 < from_ms || second * 1000 > to_ms) continue;
      series.samples.push_back({second * 1000, second == 5 ? end_marker() : static_cast<double>(second)});
    }
    if (series.samples.empty()) return {};
    return {series};
  }
};

std::string answer(const std::string& text, std::int64_t time_ms, EvaluationLimits limits = {}) {
  const auto expression = parse_expression(text);
  if (!expression) return expression.error().message;
  auto evaluation = Evaluation::make(**expression, OneSeries(), time_ms, time_ms, limits);
  if (!evaluation) return evaluation.error().message;
  const auto value = evaluation->at(time_ms);
  if (!value) return value.error().message;
  std::string numbers;
  if (const auto* vector = std::get_if<InstantVector>(&*value))
    for (const VectorElement& element : *vector) numbers += number_text(element.value);
  return numbers;
}

TEST(PromqlEvaluation, ASeriesThatHasEndedIsNotThere) {
  EXPECT_EQ(answer("n", 4'900), "4");
  EXPECT_EQ(answer("n", 5'000), "");
  EXPECT_EQ(answer("n", 7'999), "");
  EXPECT_EQ(answer("absent(n)", 7'000), "1");
  EXPECT_EQ(answer("n", 8'000), "8");
  EXPECT_EQ(answer("count_over_time(n[10s])", 9'000), "7") << "the marker is no sample";
  EXPECT_EQ(answer("n", 310'000), "10") << "without a marker it counts for five minutes";
  EXPECT_EQ(answer("n", 310'001), "");
}

TEST(PromqlEvaluation, IsBounded) {
  EvaluationLimits few;
  few.samples_taken = 5;
  EXPECT_THAT(answer("sum_over_time(n[10s])", 10'000, few), HasSubstr("too many samples"));
  EXPECT_EQ(answer("sum_over_time(n[1s])", 10'000, few), "19");
  EvaluationLimits little;
  little.samples_seen = 5;
  EXPECT_THAT(answer("n + n + n + sum_over_time(n[2s])", 10'000, little), HasSubstr("too many samples"));
}

}  // namespace
}  // namespace canaria::lang::promql
