#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "telemetry/log.h"
#include "telemetry/metrics.h"
#include "telemetry/process_metrics.h"

namespace canaria::telemetry {
namespace {

using testing::HasSubstr;

TEST(Metrics, WritesTheTextFormat) {
  Registry registry;
  CounterFamily& counter = registry.counter("rollout_events_total", "Events.", {"namespace", "name"});
  GaugeFamily& gauge = registry.gauge("up", "Whether.\nYes");
  HistogramFamily& histogram = registry.histogram("rollout_reconcile", "Seconds.", {"name"}, {0.01, 0.15, 1});
  counter.add({"shop", "a\"b\\c\nd"});
  counter.add({"shop", "web"}, 2.5);
  gauge.set({}, 1);
  histogram.observe({"web"}, 0.15);
  histogram.observe({"web"}, 7);
  EXPECT_EQ(registry.text(),
            "# HELP rollout_events_total Events.\n"
            "# TYPE rollout_events_total counter\n"
            "rollout_events_total{namespace=\"shop\",name=\"a\\\"b\\\\c\\nd\"} 1\n"
            "rollout_events_total{namespace=\"shop\",name=\"web\"} 2.5\n"
            "# HELP rollout_reconcile Seconds.\n"
            "# TYPE rollout_reconcile histogram\n"
            "rollout_reconcile_bucket{name=\"web\",le=\"0.01\"} 0\n"
            "rollout_reconcile_bucket{name=\"web\",le=\"0.15\"} 1\n"
            "rollout_reconcile_bucket{name=\"web\",le=\"1\"} 1\n"
            "rollout_reconcile_bucket{name=\"web\",le=\"+Inf\"} 2\n"
            "rollout_reconcile_sum{name=\"web\"} 7.15\n"
            "rollout_reconcile_count{name=\"web\"} 2\n"
            "# HELP up Whether.\\nYes\n"
            "# TYPE up gauge\n"
            "up 1\n");
}

TEST(Metrics, ForgetsTheSeriesOfAnObject) {
  Registry registry;
  CounterFamily& counter = registry.counter("c", "", {"namespace", "name", "verb"});
  counter.add({"shop", "web", "Get"});
  counter.add({"shop", "web", "List"});
  counter.add({"shop", "web-2", "Get"});
  counter.forget({"shop", "web"});
  EXPECT_EQ(counter.size(), 1U);
  counter.forget({"shop"});
  EXPECT_EQ(registry.text(), "") << "no series, no family";
}

TEST(Metrics, CollectorsRunBeforeTheText) {
  Registry registry;
  GaugeFamily& gauge = registry.gauge("depth", "", {"name"});
  int depth = 0;
  registry.on_collect([&gauge, &depth] {
    gauge.clear();
    gauge.set({"Rollouts"}, ++depth);
  });
  EXPECT_THAT(registry.text(), HasSubstr("depth{name=\"Rollouts\"} 1\n"));
  EXPECT_THAT(registry.text(), HasSubstr("depth{name=\"Rollouts\"} 2\n"));
}

TEST(Metrics, WritesNumbersExactly) {
  Registry registry;
  GaugeFamily& gauge = registry.gauge("g", "", {"l"});
  gauge.set({"a"}, 1e-8);
  gauge.set({"b"}, 1'700'000'000.25);
  gauge.set({"c"}, std::numeric_limits<double>::infinity());
  gauge.set({"d"}, 123456789012);
  EXPECT_THAT(registry.text(), HasSubstr("{l=\"a\"} 1e-08\n"));
  EXPECT_THAT(registry.text(), HasSubstr("{l=\"b\"} 1700000000.25\n"));
  EXPECT_THAT(registry.text(), HasSubstr("{l=\"c\"} +Inf\n"));
  EXPECT_THAT(registry.text(), HasSubstr("{l=\"d\"} 123456789012\n"));
  EXPECT_THAT(exponential_bounds(1, 10, 3), testing::ElementsAre(1, 10, 100));
}

TEST(Metrics, KnowsTheProcess) {
  Registry registry;
  add_process_metrics(registry);
  const std::string text = registry.text();
  for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds",
                           "process_virtual_memory_bytes", "process_start_time_seconds"})
    EXPECT_THAT(text, testing::ContainsRegex("\n" + std::string(name) + " [0-9.]*[1-9]")) << text;
  EXPECT_THAT(text, HasSubstr("\ngo_memstats_heap_alloc_bytes "));
}

const Time kNow = *parse_time("2026-08-01T12:00:00Z");

std::string line(LogFormat format, Level level, std::string_view message, Fields fields) {
  return format_line(format, kNow, level, message, fields.begin(), fields.end());
}

TEST(Log, WritesText) {
  EXPECT_EQ(line(LogFormat::kText, Level::kInfo, "reconciled", {{"rollout", "web"}, {"time_ms", 1.5}, {"why", "a b"}, {"empty", ""}}),
            "time=\"2026-08-01T12:00:00Z\" level=info msg=\"reconciled\" rollout=web time_ms=1.5 why=\"a b\" empty=\"\"");
  EXPECT_EQ(line(LogFormat::kText, Level::kWarning, "line\nbreak \"quoted\"", {{"k", "x=y"}}),
            "time=\"2026-08-01T12:00:00Z\" level=warning msg=\"line\\nbreak \\\"quoted\\\"\" k=\"x=y\"");
}

TEST(Log, WritesJson) {
  EXPECT_EQ(line(LogFormat::kJson, Level::kError, "a \"b\"\n", {{"n", 3}, {"yes", true}, {"text", std::string("x\ty")}}),
            "{\"level\":\"error\",\"msg\":\"a \\\"b\\\"\\n\",\"time\":\"2026-08-01T12:00:00Z\",\"n\":3,\"yes\":true,\"text\":\"x\\ty\"}");
}

TEST(Log, FiltersByLevel) {
  std::string written;
  redirect_log([&written](std::string_view text) { written += text; });
  ASSERT_TRUE(configure_log("warn", ""));
  log_info("no", {});
  log_warning("yes", {});
  EXPECT_THAT(written, HasSubstr("msg=\"yes\"\n"));
  EXPECT_THAT(written, testing::Not(HasSubstr("no\"")));
  ASSERT_TRUE(configure_log("Info", "json"));
  written.clear();
  log_info("now", {{"a", "b"}});
  EXPECT_THAT(written, testing::StartsWith("{\"level\":\"info\",\"msg\":\"now\""));
  EXPECT_EQ(configure_log("loud", "").error().message,
            "log level \"loud\": must be panic, fatal, error, warn, info, debug or trace");
  redirect_log(nullptr);
  ASSERT_TRUE(configure_log("info", "text"));
}

}  // namespace
}  // namespace canaria::telemetry
