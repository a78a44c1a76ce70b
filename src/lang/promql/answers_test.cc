// Our answers against those that a real Prometheus gave to the same questions about the same samples: tests/promql, recorded by
// record.py. Numbers have to agree in nine digits; of what is refused, the kind of error and its place have to agree.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "json/value.h"
#include "lang/promql/answer.h"
#include "lang/promql/evaluate.h"
#include "lang/promql/parse.h"

namespace canaria::lang::promql {
namespace {

std::ifstream file(const std::string& name) { return std::ifstream(std::string(CANARIA_SOURCE_DIR) + "/tests/promql/" + name); }

class RecordedSamples final : public SampleSource {
 public:
  RecordedSamples() {
    std::ifstream lines = file("samples.txt");
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string name, value;
      std::int64_t time = 0, step = 0;
      words >> name >> time >> step;
      auto labels = parse_series(name);
      EXPECT_TRUE(labels) << name;
      Series series{*labels, {}};
      for (; words >> value; time += step)
        if (value != "_") series.samples.push_back({time, std::strtod(value.c_str(), nullptr)});
      all_.push_back(std::move(series));
    }
  }
  std::vector<Series> select(const std::vector<Matcher>& matchers, std::int64_t from_ms, std::int64_t to_ms) const override {
    std::vector<Series> result;
    for (const Series& series : all_) {
      if (!fits_all(matchers, series.labels)) continue;
      Series part{series.labels, {}};
      for (const Sample& sample : series.samples)
        if (sample.time_ms >= from_ms && sample.time_ms <= to_ms) part.samples.push_back(sample);
      if (!part.samples.empty()) result.push_back(std::move(part));
    }
    return result;
  }
  std::size_t size() const { return all_.size(); }

 private:
  std::vector<Series> all_;
};

struct Question {
  std::int64_t first_ms = 0, last_ms = 0, step_ms = 0;  // step 0: one instant
  std::string text;
};

Result<std::string> answer(const RecordedSamples& samples, const Question& question) {
  TRY(const ExpressionPtr expression, parse_expression(question.text));
  TRY(Evaluation evaluation, Evaluation::make(*expression, samples, question.first_ms, question.last_ms));
  if (question.step_ms == 0) {
    TRY(const Value value, evaluation.at(question.first_ms));
    return instant_answer(value, question.first_ms);
  }
  RangeAnswer result;
  for (std::int64_t time = question.first_ms; time <= question.last_ms; time += question.step_ms) {
    TRY(const Value value, evaluation.at(time));
    result.add(time, value);
  }
  return result.text();
}

// Times and numbers of one series; of a single instant there is one.
using Points = std::vector<std::pair<double, double>>;

Points points_of(const json::Value& item) {
  Points points;
  const auto add = [&](const json::Value& pair) {
    points.emplace_back(pair.at(0).to_number<double>(), std::strtod(pair.at(1).get_string().c_str(), nullptr));
  };
  if (const auto* values = json::find(item, "values"))
    for (const json::Value& pair : values->get_array()) add(pair);
  else add(item.at("value"));
  return points;
}

std::string difference(const json::Value& expected, const json::Value& got) {
  if (expected.at("resultType") != got.at("resultType")) return "the types differ";
  const std::string type(json::text_at(expected, "resultType"));
  if (type == "string") return expected == got ? "" : "the texts differ";
  std::map<std::string, Points> one, other;
  const auto collect = [&](const json::Value& answer, std::map<std::string, Points>& into) {
    if (type == "scalar") {
      into[""] = {
          {answer.at("result").at(0).to_number<double>(), std::strtod(answer.at("result").at(1).get_string().c_str(), nullptr)}};
      return;
    }
    for (const json::Value& item : answer.at("result").get_array()) {
      std::map<std::string, std::string> labels;
      for (const auto& [name, value] : item.at("metric").get_object()) labels[name] = value.get_string();
      std::string key;
      for (const auto& [name, value] : labels) key += name + "=" + value + ";";
      into[key] = points_of(item);
    }
  };
  collect(expected, one);
  collect(got, other);
  if (one.size() != other.size()) return "the number of series differs";
  for (const auto& [key, points] : one) {
    const auto found = other.find(key);
    if (found == other.end()) return "no series " + key;
    if (found->second.size() != points.size()) return "the number of samples differs in " + key;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto [time, value] = points[i];
      const auto [our_time, our_value] = found->second[i];
      const bool is_same = value == our_value || (std::isnan(value) && std::isnan(our_value)) ||
                           std::abs(value - our_value) <= 1e-9 * std::max(std::abs(value), std::abs(our_value));
      if (time != our_time || !is_same) return "the numbers of " + key + " differ";
    }
  }
  return "";
}

void check(const RecordedSamples& samples, const Question& question, const std::string& line) {
  SCOPED_TRACE(question.text);
  const auto recorded = json::parse(line);
  ASSERT_TRUE(recorded) << line;
  const auto ours = answer(samples, question);
  if (json::text_at(*recorded, "status") == "success") {
    ASSERT_TRUE(ours) << ours.error().message << "\n instead of " << line;
    const auto parsed = json::parse(*ours);
    ASSERT_TRUE(parsed) << *ours;
    EXPECT_EQ(difference(recorded->at("data"), *parsed), "") << "expected " << line << "\nours     " << *ours;
    return;
  }
  ASSERT_FALSE(ours) << *ours << "\n instead of " << line;
  const std::string kind = ours.error().code == Code::kBadRequest ? "bad_data" : "execution";
  EXPECT_EQ(kind, json::text_at(*recorded, "errorType")) << ours.error().message;
  if (kind == "execution") EXPECT_EQ(ours.error().message, json::text_at(*recorded, "error"));
  else EXPECT_THAT(ours.error().message, testing::MatchesRegex("1:[0-9]+: parse error: .+"));
}

TEST(PromqlAnswers, AreThoseOfPrometheus) {
  const RecordedSamples samples;
  ASSERT_GT(samples.size(), 20u);
  std::ifstream lines = file("answers.txt");
  int count = 0;
  for (std::string kind, text, line, blank; std::getline(lines, kind) && std::getline(lines, text) && std::getline(lines, line);
       std::getline(lines, blank)) {
    std::istringstream words(kind);
    std::string word, step;
    double first = 0, last = 0;
    words >> word >> first;
    Question question;
    question.text = text;
    question.first_ms = question.last_ms = std::llround(first * 1000);
    if (word == "range") {
      words >> last >> step;
      const double seconds = std::strtod(step.c_str(), nullptr) * (step.ends_with('m') ? 60 : 1);
      question.last_ms = std::llround(last * 1000);
      question.step_ms = std::llround(seconds * 1000);
      // What the HTTP API refuses is not the evaluator's.
      if (line.find("\"errorType\":\"bad_data\"") != std::string::npos) continue;
    }
    check(samples, question, line);
    ++count;
  }
  EXPECT_GT(count, 300);
}

}  // namespace
}  // namespace canaria::lang::promql
