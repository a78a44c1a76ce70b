#include "lang/promql/answer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "json/write.h"

namespace canaria::lang::promql {
namespace {

std::string pair_text(std::int64_t time_ms, double value) {
  return "[" + time_text(time_ms) + ",\"" + number_text(value) + "\"]";
}

template <class Samples>
std::string pairs_text(const Samples& samples) {
  std::string text = "[";
  for (const Sample& sample : samples) text += (text.size() == 1 ? "" : ",") + pair_text(sample.time_ms, sample.value);
  return text + "]";
}

struct Written {
  std::int64_t time_ms;
  std::string operator()(double number) const { return R"({"resultType":"scalar","result":)" + pair_text(time_ms, number) + "}"; }
  std::string operator()(const std::string& text) const {
    return R"({"resultType":"string","result":[)" + time_text(time_ms) + "," + json::write(json::Value(text)) + "]}";
  }
  std::string operator()(const InstantVector& vector) const {
    std::string text = R"({"resultType":"vector","result":[)";
    for (const VectorElement& element : vector)
      text += std::string(text.ends_with('[') ? "" : ",") + "{\"metric\":" + labels_json(element.labels) +
              ",\"value\":" + pair_text(time_ms, element.value) + "}";
    return text + "]}";
  }
  std::string operator()(const RangeVector& range) const {
    std::string text = R"({"resultType":"matrix","result":[)";
    for (const SeriesWindow& window : range.windows)
      text += std::string(text.ends_with('[') ? "" : ",") + "{\"metric\":" + labels_json(*window.labels) +
              ",\"values\":" + pairs_text(window.samples) + "}";
    return text + "]}";
  }
};

}  // namespace

std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "+Inf" : "-Inf";
  const double size = std::abs(number);
  const bool is_plain = size == 0 || (size >= 1e-6 && size < 1e21);
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 is_plain ? std::chars_format::fixed : std::chars_format::scientific);
  return {text.data(), end.ptr};
}

std::string time_text(std::int64_t time_ms) {
  const std::int64_t whole = time_ms / 1000, rest = std::abs(time_ms % 1000);
  std::string text = time_ms < 0 && whole == 0 ? "-0" : std::to_string(whole);
  if (rest == 0) return text;
  const std::string digits = std::to_string(rest);
  return text + "." + std::string(3 - digits.size(), '0') + digits;
}

std::string labels_json(const Labels& labels) {
  std::string text = "{";
  for (const auto& [name, value] : labels)
    text += (text.size() == 1 ? "" : ",") + json::write(json::Value(name)) + ":" + json::write(json::Value(value));
  return text + "}";
}

std::string instant_answer(const Value& value, std::int64_t time_ms) { return std::visit(Written{time_ms}, value); }

void RangeAnswer::add(std::int64_t time_ms, const Value& value) {
  if (const double* number = std::get_if<double>(&value)) series_[Labels()].push_back({time_ms, *number});
  if (const auto* vector = std::get_if<InstantVector>(&value))
    for (const VectorElement& element : *vector) series_[element.labels].push_back({time_ms, element.value});
}

std::string RangeAnswer::text() const {
  std::string text = R"({"resultType":"matrix","result":[)";
  for (const auto& [labels, samples] : series_)
    text += std::string(text.ends_with('[') ? "" : ",") + "{\"metric\":" + labels_json(labels) +
            ",\"values\":" + pairs_text(samples) + "}";
  return text + "]}";
}

}  // namespace canaria::lang::promql
