// PromQL: no text may crash the parser, and what it accepts can be computed: at an instant, over series with odd values.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/assert.h"
#include "lang/promql/answer.h"
#include "lang/promql/evaluate.h"
#include "lang/promql/parse.h"

using namespace canaria;
using namespace canaria::lang::promql;

namespace {

class SmallSource final : public SampleSource {
 public:
  std::vector<Series> select(const std::vector<Matcher>& matchers, std::int64_t from_ms, std::int64_t to_ms) const override {
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinity = std::numeric_limits<double>::infinity();
    const std::vector<Series> all = {
        {{{"__name__", "a"}, {"le", "0.1"}, {"x", "1"}}, {{1000, 1}, {2000, 5}, {3000, 2}}},
        {{{"__name__", "a"}, {"le", "+Inf"}, {"x", "2"}}, {{1000, kNan}, {2000, -kInfinity}, {3000, end_marker()}}},
        {{{"__name__", "b"}, {"x", "1"}}, {{3000, kInfinity}}},
    };
    std::vector<Series> result;
    for (const Series& series : all) {
      if (!fits_all(matchers, series.labels)) continue;
      Series part{series.labels, {}};
      for (const Sample& sample : series.samples)
        if (sample.time_ms >= from_ms && sample.time_ms <= to_ms) part.samples.push_back(sample);
      if (!part.samples.empty()) result.push_back(std::move(part));
    }
    return result;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  static_cast<void>(parse_series(text));
  const auto expression = parse_expression(text);
  if (!expression) return 0;
  CANARIA_ASSERT((*expression)->height <= kHeightMax, "heights are bounded");
  auto evaluation = Evaluation::make(**expression, SmallSource(), 4000, 4000);
  if (!evaluation) return 0;
  const auto value = evaluation->at(4000);
  if (!value) return 0;
  CANARIA_ASSERT(value->index() == static_cast<std::size_t>((*expression)->type), "the type is the one that was found");
  CANARIA_ASSERT(!instant_answer(*value, 4000).empty(), "there is an answer");
  return 0;
}
