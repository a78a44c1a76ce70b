// What HAProxy has counted, added up over its processes and written for Prometheus.
#include "plan/proxy/traffic_counters.h"

#include <gmock/gmock.h>

#include <sstream>

namespace canaria::plan::proxy {
namespace {

using testing::HasSubstr;
using testing::Not;

ProxyModel one_backend(Protocol protocol = Protocol::kHttp) {
  ProxyModel model;
  model.backends["shop.stable:80"] = {
      "shop.stable:80", {"shop", "stable"}, 80, protocol, {{"127.9.0.1", 8000, "pod-1", EndpointState::kReady}}};
  return model;
}

std::string statistics(int all, int bad, int of_pod) {
  return "# pxname,svname,scur,stot,wretr,wredis,hrsp_2xx,hrsp_5xx,rtime,\nother,FRONTEND,0,9,,,9,9,,\nshop.stable:80,s1,0," +
         std::to_string(of_pod) + ",0,0," + std::to_string(of_pod) +
         ",0,7,\nshop.stable:80,s2,0,0,0,0,0,0,0,\nshop.stable:80,BACKEND,2," + std::to_string(all + bad) + ",1,0," +
         std::to_string(all) + "," + std::to_string(bad) + ",12,\n\n";
}

// Of step 20 (above 8,000 us, up to 10,000 us) and of the last one.
std::string latencies(int all, int sampled, int slowest) {
  return "# table: canaria.latency, type: string, size:102400, used:2\n0x7f98: key=shop.stable:80:20 use=0 exp=0 gpc0=" +
         std::to_string(all) + " gpc1=" + std::to_string(sampled) +
         "\n0x7f99: key=shop.stable:80:55 use=0 exp=0 gpc0=" + std::to_string(slowest) + " gpc1=0\n\n";
}

constexpr const char* kLabels = R"(namespace="shop",service="stable",port="80",proxy="shop.stable:80")";

TEST(TrafficCounters, AddUpOverProcessesAndPods) {
  const ProxyModel made = one_backend();
  const SlotTable slots = seat_all({}, made);
  TrafficCounters counters;
  counters.note_backends(made);
  counters.take(1, statistics(10, 1, 9), slots);
  counters.take(1, statistics(15, 1, 14), slots);
  counters.take(2, statistics(3, 2, 3), slots);
  counters.take(1, statistics(16, 1, 15), slots);
  counters.forget(1);
  EXPECT_EQ(counters.of_backend("shop.stable:80").answers.at(1), 19U);
  EXPECT_EQ(counters.of_backend("shop.stable:80").answers.at(4), 3U);
  const std::string text = counters.text(), labels = kLabels;
  EXPECT_THAT(text, HasSubstr("haproxy_backend_http_requests_total{" + labels + "} 22\n"));
  EXPECT_THAT(text, HasSubstr("haproxy_backend_http_responses_total{" + labels + ",code=\"2xx\"} 19\n"));
  EXPECT_THAT(text, HasSubstr("haproxy_server_http_responses_total{" + labels + ",pod=\"pod-1\",code=\"2xx\"} 18\n"));
  EXPECT_THAT(text, HasSubstr("haproxy_backend_response_time_average_seconds{" + labels + "} 0.012\n"));
  EXPECT_THAT(text, HasSubstr("haproxy_backend_current_sessions{" + labels + "} 2\n"));
  EXPECT_THAT(text, HasSubstr("haproxy_backend_sessions_total{" + labels + "} 22\n"));
  counters.note_backends({});
  EXPECT_THAT(counters.text(), Not(HasSubstr("stable")));
}

TEST(TrafficCounters, LatenciesAreAHistogramOverAllProcesses) {
  const ProxyModel made = one_backend();
  const SlotTable slots = seat_all({}, made);
  TrafficCounters counters;
  counters.note_backends(made);
  counters.take(1, statistics(10, 0, 10) + latencies(8, 0, 1), slots);
  counters.take(1, statistics(20, 0, 20) + latencies(10, 2, 1), slots);
  counters.take(2, statistics(1, 0, 1) + latencies(1, 0, 0), slots);
  const std::string text = counters.text(), start = std::string("haproxy_backend_response_time_seconds_");
  // Ten in step 20, two that stand for eight each, one of the second process; the slowest is above all bounds.
  EXPECT_THAT(text, HasSubstr(start + "bucket{" + kLabels + ",le=\"0.005\"} 0\n"));
  EXPECT_THAT(text, HasSubstr(start + "bucket{" + kLabels + ",le=\"0.01\"} 27\n"));
  EXPECT_THAT(text, HasSubstr(start + "bucket{" + kLabels + ",le=\"25\"} 27\n"));
  EXPECT_THAT(text, HasSubstr(start + "bucket{" + kLabels + ",le=\"+Inf\"} 28\n"));
  EXPECT_THAT(text, HasSubstr(start + "count{" + kLabels + "} 28\n"));
  const Latencies none;
  EXPECT_EQ(none.of_backend("shop.stable:80").count, 0U);
}

TEST(TrafficCounters, TcpHasNoAnswers) {
  TrafficCounters counters;
  const ProxyModel made = one_backend(Protocol::kTcp);
  counters.note_backends(made);
  counters.take(1, statistics(10, 1, 9), seat_all({}, made));
  EXPECT_THAT(counters.text(), Not(HasSubstr("haproxy_backend_http_requests_total{")));
  EXPECT_THAT(counters.text(), Not(HasSubstr("_bucket{")));
  EXPECT_THAT(counters.text(), HasSubstr("haproxy_backend_sessions_total{"));
}

TEST(Latencies, EveryPublishedBoundIsABoundOfSteps) {
  const std::string map = latency_map_text();
  for (const double bound : kLatencyBounds)
    EXPECT_THAT(map, HasSubstr(":" + std::to_string(static_cast<long>(bound * 1e6 + 0.5)) + " ")) << bound;
  EXPECT_THAT(map, testing::StartsWith("0:100 0\n101:125 1\n126:160 2\n"));
}

TEST(Latencies, TheSumIsGoodToAFewPerCent) {
  // A request in each step, at three quarters of it.
  Latencies latencies;
  std::istringstream map(latency_map_text());
  std::string table = "# table: x\n";
  double low = 0, high = 0, sum = 0;
  int step = 0, count = 0;
  for (char colon; map >> low >> colon >> high >> step; ++count) {
    table += "0x1: key=b:" + std::to_string(step) + " use=0 exp=0 gpc0=1 gpc1=0\n";
    sum += (low + (high - low) * 0.75) / 1e6;
  }
  latencies.take(1, table);
  const auto histogram = latencies.of_backend("b");
  EXPECT_EQ(histogram.count, static_cast<std::uint64_t>(count));
  EXPECT_GT(count, 50);
  EXPECT_NEAR(histogram.sum_seconds, sum, sum * 0.1);
}

}  // namespace
}  // namespace canaria::plan::proxy
