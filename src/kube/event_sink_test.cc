#include "kube/event_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kube/fake_api_server.h"
#include "kube/http_object_client.h"
#include "net/http_client.h"

namespace canaria::kube {
namespace {

using testing::HasSubstr;

const Time kNow = *parse_time("2026-08-01T12:00:00Z");

EventTarget web() { return {"argoproj.io/v1alpha1", "Rollout", {"shop", "web"}, "uid-1", "7"}; }

TEST(EventCorrelator, RaisesTheCountOfAnEqualEvent) {
  EventCorrelator correlator;
  const auto first = correlator.take(web(), api::EventType::kNormal, "Scaled", "to 1", kNow);
  const auto second = correlator.take(web(), api::EventType::kNormal, "Scaled", "to 1", kNow + Seconds(5));
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(first->is_known);
  EXPECT_TRUE(second->is_known);
  EXPECT_EQ(second->key, first->key);
  EXPECT_EQ(second->count, 2);
  EXPECT_EQ(second->first, kNow);
  EXPECT_THAT(first->key.name, testing::MatchesRegex("web\\.[0-9a-f]{16}"));
}

TEST(EventCorrelator, NamesAreUniqueAtTheSameInstant) {
  EventCorrelator correlator;
  const auto first = correlator.take(web(), api::EventType::kNormal, "A", "m", kNow);
  const auto second = correlator.take(web(), api::EventType::kNormal, "B", "m", kNow);
  EXPECT_NE(first->key, second->key);
}

TEST(EventCorrelator, CombinesManySimilarOnes) {
  EventCorrelator correlator;
  for (int i = 1; i <= 9; ++i)
    EXPECT_EQ(correlator.take(web(), api::EventType::kNormal, "Scaled", "to " + std::to_string(i), kNow)->message,
              "to " + std::to_string(i));
  const auto tenth = correlator.take(web(), api::EventType::kNormal, "Scaled", "to 10", kNow);
  EXPECT_EQ(tenth->message, "(combined from similar events): to 10");
  EXPECT_FALSE(tenth->is_known);
  const auto next = correlator.take(web(), api::EventType::kNormal, "Scaled", "to 11", kNow);
  EXPECT_EQ(next->key, tenth->key);
  EXPECT_EQ(next->message, "(combined from similar events): to 11");
  EXPECT_EQ(next->count, 2);
  const auto later = correlator.take(web(), api::EventType::kNormal, "Scaled", "to 12", kNow + Seconds(700));
  EXPECT_EQ(later->message, "to 12");
}

TEST(EventCorrelator, LimitsEachObject) {
  EventCorrelator correlator;
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += correlator.take(web(), api::EventType::kNormal, "R" + std::to_string(i), "m", kNow) ? 1 : 0;
  EXPECT_EQ(passed, 25);
  EventTarget other = web();
  other.uid = "uid-2";
  EXPECT_TRUE(correlator.take(other, api::EventType::kNormal, "R", "m", kNow));
  const auto refilled = correlator.take(web(), api::EventType::kNormal, "R99", "m", kNow + Seconds(301));
  ASSERT_TRUE(refilled);
  EXPECT_FALSE(refilled->is_known) << "the one before was never sent";
  EXPECT_FALSE(correlator.take(web(), api::EventType::kNormal, "R98", "m", kNow + Seconds(301)));
}

struct HeldClock final : Clock {
  Time now() const override { return kNow; }
};

class Sink : public testing::Test {
 protected:
  Sink() : http(loop, net::HttpClientOptions()), server(loop) {
    ClusterAccess access;
    access.server = server.open();
    credentials = std::make_unique<Credentials>(access, clock);
    client = std::make_unique<HttpObjectClient>(http, *credentials, ObjectClientOptions());
    options.fold_time = Millis(30);
    options.retry_delay = Millis(2);
    options.on_drop = [this](const Error& error) { drops.push_back(error.message); };
  }
  ~Sink() override { loop.block_on(server.stop()); }
  void run(const std::function<void(EventSink&)>& body) {
    EventSink sink(loop, *client, clock, options);
    body(sink);
    sink.start();
    loop.block_on(sink.stop(Millis(5000)));
  }
  std::vector<const json::Object*> events() const {
    std::vector<const json::Object*> result;
    for (const auto& [path, object] : server.objects())
      if (path.find("/events/") != std::string::npos) result.push_back(&object);
    return result;
  }

  async::Loop loop;
  net::CurlHttpClient http;
  FakeApiServer server;
  HeldClock clock;
  std::unique_ptr<Credentials> credentials;
  std::unique_ptr<HttpObjectClient> client;
  EventSinkOptions options;
  std::vector<std::string> drops;
};

TEST_F(Sink, SendsTheObjectThatKubectlShows) {
  run([](EventSink& sink) { sink.record(web(), api::EventType::kWarning, "RolloutAborted", "no \"luck\""); });
  ASSERT_EQ(events().size(), 1U);
  json::Object event = *events()[0];
  const std::string name(json::text_at(event, "metadata.name"));
  EXPECT_THAT(name, testing::StartsWith("web."));
  event.stable_erase("metadata");
  EXPECT_EQ(json::write(event),
            R"({"kind":"Event","apiVersion":"v1","involvedObject":{"kind":"Rollout","apiVersion":"argoproj.io/v1alpha1",)"
            R"("name":"web","namespace":"shop","uid":"uid-1","resourceVersion":"7"},"reason":"RolloutAborted",)"
            R"("message":"no \"luck\"","source":{"component":"rollouts-controller"},"firstTimestamp":"2026-08-01T12:00:00Z",)"
            R"("lastTimestamp":"2026-08-01T12:00:00Z","count":1,"type":"Warning","eventTime":null,)"
            R"("reportingComponent":"rollouts-controller","reportingInstance":""})");
}

TEST_F(Sink, FoldsRepetitionsIntoOneRequest) {
  run([](EventSink& sink) {
    for (int i = 0; i < 5; ++i) sink.record(web(), api::EventType::kNormal, "R", "same");
  });
  EXPECT_EQ(server.log.size(), 1U);
  EXPECT_EQ(json::int_at(*events()[0], "count"), 5);
}

TEST_F(Sink, PatchesTheCountAfterwards) {
  EventSink sink(loop, *client, clock, options);
  sink.start();
  sink.record(web(), api::EventType::kNormal, "R", "same");
  while (events().empty()) loop.block_on(async::sleep_for(Millis(1)));
  for (int i = 0; i < 3; ++i) sink.record(web(), api::EventType::kNormal, "R", "same");
  loop.block_on(async::sleep_for(Millis(60)));
  EXPECT_EQ(server.log.size(), 2U);
  EXPECT_EQ(json::int_at(*events()[0], "count"), 4);
  loop.block_on(sink.stop(Millis(5000)));
}

TEST_F(Sink, RetriesFaultsAndDropsRefusals) {
  server.answer_next(503, "");
  server.answer_next(500, "");
  run([](EventSink& sink) { sink.record(web(), api::EventType::kNormal, "R", "m"); });
  EXPECT_EQ(events().size(), 1U);
  EXPECT_TRUE(drops.empty());
  server.answer_next(403, FakeApiServer::status_text(403, "Forbidden", "may not create events"));
  run([](EventSink& sink) { sink.record(web(), api::EventType::kNormal, "R", "m"); });
  EXPECT_THAT(drops, testing::ElementsAre(HasSubstr("may not create events")));
}

TEST_F(Sink, DropsTheOldestWhenTheQueueIsFull) {
  options.queue_limit = 2;
  run([](EventSink& sink) {
    for (int i = 0; i < 4; ++i) sink.record(web(), api::EventType::kNormal, "R" + std::to_string(i), "m");
    EXPECT_EQ(sink.dropped(), 2U);
  });
  ASSERT_EQ(events().size(), 2U);
  EXPECT_EQ(json::text_at(*events()[0], "reason"), "R2");
}

TEST_F(Sink, StopDoesNotWaitForEver) {
  loop.block_on(server.stop());
  options.retry_delay = Millis(60'000);
  EventSink sink(loop, *client, clock, options);
  sink.record(web(), api::EventType::kNormal, "R", "m");
  sink.start();
  loop.block_on(sink.stop(Millis(20)));
}

}  // namespace
}  // namespace canaria::kube
