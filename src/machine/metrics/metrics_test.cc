// The history of metrics, and the HTTP API on it. What expressions mean is tested in lang/promql.
#include <gmock/gmock.h>

#include "async/loop.h"
#include "json/value.h"
#include "lang/promql/parse.h"
#include "machine/metrics/metrics_service.h"
#include "net/http_client.h"
#include "net/url.h"

namespace canaria::machine {
namespace {

namespace promql = lang::promql;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kStart = 1'700'000'000'000;

struct FakeClock final : Clock {
  Time now() const override { return Time(Millis(ms)); }
  std::int64_t ms = kStart;
};

std::vector<promql::Matcher> selector(const std::string& text) {
  auto parsed = promql::parse_series_selector(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : std::vector<promql::Matcher>();
}

// "0:1 2000:2": times after the start and values; "end" is a marker.
std::string samples(const SampleHistory& history, const std::string& of, std::int64_t from = 0, std::int64_t to = 1'000'000'000) {
  std::string text;
  for (const promql::Series& series : history.select(selector(of), kStart + from, kStart + to))
    for (const promql::Sample& sample : series.samples)
      text += (text.empty() ? "" : " ") + std::to_string(sample.time_ms - kStart) + ":" +
              (promql::is_end_marker(sample.value) ? "end" : std::to_string(static_cast<int>(sample.value)));
  return text;
}

TEST(SampleHistory, KeepsWhatItIsShown) {
  SampleHistory history;
  history.record(kStart, "# HELP up x\n# TYPE up gauge\nup 1\nhits_total{code=\"2xx\",path=\"/a b\"} 5\n");
  history.record(kStart + 2000, "up 1\nhits_total{code=\"2xx\",path=\"/a b\"} 7\n");
  history.record(kStart + 4000, "up 1\nhits_total{code=\"2xx\",path=\"/a b\"} 7\nlate +Inf\nodd NaN\n");
  EXPECT_EQ(samples(history, "up"), "0:1 2000:1 4000:1");
  EXPECT_EQ(samples(history, "hits_total{path=\"/a b\"}"), "0:5 2000:7 4000:7");
  EXPECT_EQ(samples(history, "hits_total", 1, 2000), "2000:7") << "both ends are included";
  EXPECT_EQ(samples(history, "hits_total{code=\"5xx\"}"), "");
  EXPECT_EQ(history.series(), 4U);
  EXPECT_THAT(history.labels_of(selector("{__name__=~\"up|late\"}"), kStart, kStart + 3000), SizeIs(1));
}

TEST(SampleHistory, ASeriesThatIsMissingHasEnded) {
  SampleHistory history;
  for (int i = 0; i < 3; ++i) history.record(kStart + i * 1000, "a 1\nb 2\n");
  for (int i = 3; i < 5; ++i) history.record(kStart + i * 1000, "a 1\n");
  history.record(kStart + 5000, "a 1\nb 3\n");
  EXPECT_EQ(samples(history, "a"), "0:1 1000:1 2000:1 3000:1 4000:1 5000:1");
  EXPECT_EQ(samples(history, "b"), "0:2 1000:2 2000:2 3000:end 5000:3");
}

TEST(SampleHistory, LongRunsOfChangesAndRests) {
  SampleHistory history;
  std::string expected;
  int value = 0;
  for (int i = 0; i < 1000; ++i) {
    if (i % 300 < 200) ++value;  // then it rests for a hundred looks
    history.record(kStart + i * 1000, "n " + std::to_string(value) + "\n");
    expected += (i == 0 ? "" : " ") + std::to_string(i * 1000) + ":" + std::to_string(value);
  }
  EXPECT_EQ(samples(history, "n"), expected);
}

TEST(SampleHistory, OldSamplesAndEndedSeriesLeave) {
  HistoryLimits limits;
  limits.age_ms = 10'000;
  SampleHistory history(limits);
  history.record(kStart, "gone 1\nstays 0\n");
  for (int i = 1; i <= 30; ++i) history.record(kStart + i * 1000, "stays " + std::to_string(i / 25) + "\n");
  EXPECT_EQ(history.series(), 1U);
  EXPECT_EQ(history.looks(), 11U);
  EXPECT_THAT(samples(history, "stays"), testing::StartsWith("20000:0 21000:0"));
  EXPECT_LT(history.bytes(), 2'500U);
}

TEST(SampleHistory, IsBounded) {
  HistoryLimits limits;
  limits.series = 10;
  limits.bytes = 40'000;
  SampleHistory history(limits);
  for (int look = 0; look < 2000; ++look) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += "n{i=\"" + std::to_string(i) + "\"} " + std::to_string(look * i) + "\n";
    history.record(kStart + look * 1000, text);
    ASSERT_LE(history.bytes(), limits.bytes + 10'000U);
  }
  EXPECT_EQ(history.series(), 10U);
  EXPECT_EQ(history.refused(), 20'000U);
  EXPECT_GT(history.looks(), 120U);
}

TEST(SampleHistory, AClockThatIsSetBackStartsAnew) {
  SampleHistory history;
  history.record(kStart + 100'000, "a 1\n");
  history.record(kStart, "a 2\n");
  EXPECT_EQ(samples(history, "a"), "0:2");
}

// Forty series that change with every look, for two hours: what the issue allows is far more.
TEST(SampleHistory, TwoHoursOfFortyBusySeriesAreSmall) {
  SampleHistory history;
  for (int look = 0; look < 3600; ++look) {
    std::string text;
    for (int i = 0; i < 40; ++i)
      text += "haproxy_backend_http_responses_total{namespace=\"shop\",service=\"s" + std::to_string(i) + "\",code=\"2xx\"} " +
              std::to_string(look * (i + 1)) + "\n";
    history.record(kStart + look * 2000, text);
  }
  EXPECT_EQ(history.looks(), 3600U);
  EXPECT_LT(history.bytes(), 1'400'000U);
}

class QueryTest : public testing::Test {
 protected:
  QueryTest() {
    for (int i = 0; i <= 30; ++i)
      history.record(kStart + i * 2000, "hits_total{service=\"web\",code=\"2xx\"} " + std::to_string(i * 10) +
                                            "\nhits_total{service=\"web\",code=\"5xx\"} " + std::to_string(i) + "\nup 1\n");
    clock.ms = kStart + 60'000;
  }
  QueryAnswer ask(const std::string& path, const net::QueryParameters& parameters) {
    return loop.block_on(api.answer("/api/v1/" + path, net::format_query(parameters)));
  }
  std::string body(const std::string& path, const net::QueryParameters& parameters) {
    const QueryAnswer answer = ask(path, parameters);
    EXPECT_TRUE(json::parse(answer.body)) << answer.body;
    return std::to_string(answer.status) + " " + answer.body;
  }

  async::Loop loop;
  FakeClock clock;
  SampleHistory history;
  QueryApi api{history, clock};
};

TEST_F(QueryTest, AnInstant) {
  EXPECT_EQ(
      body("query", {{"query", "sum(rate(hits_total{code=\"5xx\"}[30s])) / sum(rate(hits_total[30s]))"}}),
      R"(200 {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000060,"0.09090909090909091"]}]}})");
  EXPECT_EQ(
      body("query", {{"query", "up"}, {"time", "1700000000.5"}}),
      R"(200 {"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[1700000000.500,"1"]}]}})");
  EXPECT_THAT(body("query", {{"query", "time()"}, {"time", "2023-11-14T22:13:20Z"}}),
              HasSubstr(R"("result":[1700000000,"1700000000"])"));
  EXPECT_THAT(body("query", {{"query", "up[4s]"}}),
              HasSubstr(R"("values":[[1700000056,"1"],[1700000058,"1"],[1700000060,"1"]])"));
}

TEST_F(QueryTest, ARange) {
  EXPECT_EQ(
      body("query_range", {{"query", "up*2"}, {"start", "1700000000"}, {"end", "1700000010"}, {"step", "5s"}}),
      R"(200 {"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1700000000,"2"],[1700000005,"2"],[1700000010,"2"]]}]}})");
}

TEST_F(QueryTest, RefusalsHaveThePrometheusForm) {
  EXPECT_EQ(
      body("query", {{"query", "sum("}}),
      R"(400 {"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unexpected end of input"})");
  EXPECT_THAT(body("query", {}),
              HasSubstr(R"(400 {"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": )"));
  EXPECT_THAT(body("query", {{"query", "up[5m:1m]"}}), HasSubstr("1:3: parse error: subqueries are not supported"));
  EXPECT_THAT(body("query", {{"query", "up"}, {"time", "soon"}}),
              HasSubstr(R"(invalid parameter \"time\": cannot parse \"soon\" to a valid timestamp)"));
  EXPECT_THAT(body("query", {{"query", "hits_total / on(service) hits_total"}}),
              HasSubstr(R"(422 {"status":"error","errorType":"execution")"));
  const auto range = [&](const char* start, const char* end, const char* step, const char* query = "up") {
    return body("query_range", {{"query", query}, {"start", start}, {"end", end}, {"step", step}});
  };
  EXPECT_THAT(range("5", "1", "1"), HasSubstr("end timestamp must not be before start time"));
  EXPECT_THAT(range("1", "5", "0"), HasSubstr("zero or negative query resolution step widths are not accepted"));
  EXPECT_THAT(range("1", "500000", "1"), HasSubstr("exceeded maximum resolution of 11,000 points"));
  EXPECT_THAT(range("1", "5", "x"), HasSubstr(R"(cannot parse \"x\" to a valid duration)"));
  EXPECT_THAT(range("", "5", "1"), HasSubstr(R"(invalid parameter \"start\")"));
  EXPECT_THAT(range("1", "5", "1", "up[1m]"), HasSubstr(R"(invalid expression type \"range vector\" for range query)"));
  EXPECT_THAT(body("status/config", {}), HasSubstr(R"(404 {"status":"error","errorType":"not_found")"));
  EXPECT_THAT(body("series", {}), HasSubstr("no match[] parameter provided"));
}

TEST_F(QueryTest, NamesAndValues) {
  EXPECT_EQ(body("labels", {}), R"(200 {"status":"success","data":["__name__","code","service"]})");
  EXPECT_EQ(body("labels", {{"match[]", "up"}}), R"(200 {"status":"success","data":["__name__"]})");
  EXPECT_EQ(body("label/__name__/values", {}), R"(200 {"status":"success","data":["hits_total","up"]})");
  EXPECT_EQ(body("label/code/values", {{"match[]", "hits_total{code!=\"2xx\"}"}}), R"(200 {"status":"success","data":["5xx"]})");
  EXPECT_EQ(body("series", {{"match[]", "up"}, {"match[]", "hits_total{code=\"5xx\"}"}}),
            R"(200 {"status":"success","data":[{"__name__":"hits_total","code":"5xx","service":"web"},{"__name__":"up"}]})");
  EXPECT_EQ(body("series", {{"match[]", "up"}, {"end", "1600000000"}}), R"(200 {"status":"success","data":[]})");
}

Task<std::string> two_metrics() { co_return "up 1\nhits_total 3\n"; }

TEST(MetricsService, AnswersOverHttp) {
  async::Loop loop;
  FakeClock clock;
  MetricsOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  MetricsService service(loop, clock, two_metrics, options);
  const auto url = service.start();
  ASSERT_TRUE(url) << url.error().message;
  net::CurlHttpClient client(loop, net::HttpClientOptions());
  const auto ask = [&](const std::string& method, const std::string& path, const std::string& text) {
    HttpRequest request;
    request.method = method;
    request.url = *url + path;
    request.body = text;
    auto response = loop.block_on(client.send(std::move(request)));
    EXPECT_TRUE(response);
    return response ? std::to_string(response->status) + " " + response->body : "";
  };
  EXPECT_THAT(ask("GET", "/metrics", ""),
              testing::AllOf(HasSubstr("200 up 1\nhits_total 3\n"), HasSubstr("canaria_metrics_series 5")));
  EXPECT_THAT(ask("GET", "/api/v1/query?query=hits_total", ""), HasSubstr(R"([1700000000,"3"])"));
  EXPECT_THAT(ask("POST", "/api/v1/query", "query=hits_total%2B1"), HasSubstr(R"(,"4"])"));
  EXPECT_THAT(ask("GET", "/-/ready", ""), testing::StartsWith("200 "));
  EXPECT_THAT(ask("GET", "/nothing", ""), testing::StartsWith("404 "));
  EXPECT_THAT(ask("DELETE", "/api/v1/query", ""), testing::StartsWith("405 "));
  loop.block_on(service.stop());
}

TEST(MetricsService, APortInUseIsReplaced) {
  async::Loop loop;
  FakeClock clock;
  MetricsOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  MetricsService first(loop, clock, two_metrics, options);
  const auto url = first.start();
  ASSERT_TRUE(url);
  options.port = static_cast<std::uint16_t>(std::stoi(url->substr(url->rfind(':') + 1)));
  MetricsService second(loop, clock, two_metrics, options);
  const auto other = second.start();
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_NE(*other, *url);
  loop.block_on(first.stop());
  loop.block_on(second.stop());
}

}  // namespace
}  // namespace canaria::machine
