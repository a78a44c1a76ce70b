// The API client and the watcher against a small API behind a real socket.
#include "kube/http_object_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "async/scope.h"
#include "kube/api_status.h"
#include "kube/fake_api_server.h"
#include "kube/watcher.h"
#include "net/http_client.h"

namespace canaria::kube {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct HeldClock final : Clock {
  Time now() const override { return time; }
  Time time = Time(Seconds(1'800'000'000));
};

struct Thing {
  api::ObjectMeta metadata;
};
Thing parse_thing(const json::Value& value) {
  if (json::find(value, "spec.broken")) throw std::runtime_error("broken spec");
  Thing thing;
  thing.metadata.namespace_ = json::text_at(value, "metadata.namespace");
  thing.metadata.name = json::text_at(value, "metadata.name");
  thing.metadata.resourceVersion = json::text_at(value, "metadata.resourceVersion");
  return thing;
}

class Api : public testing::Test {
 protected:
  Api() : http(loop, net::HttpClientOptions()), server(loop) {
    access.server = server.open();
    access.token = "secret";
    access.origin = "test";
    connect();
  }
  ~Api() override {
    loop.block_on(scope.stop());
    loop.block_on(server.stop());
  }
  void connect() {
    credentials = std::make_unique<Credentials>(access, clock);
    ObjectClientOptions options;
    options.timeout = Millis(5000);
    options.on_request = [this](const RequestRecord& record) {
      requests.push_back(record.verb + " " + record.kind + " " + record.namespace_ + "/" + record.name + " " +
                         std::to_string(record.status));
    };
    client = std::make_unique<HttpObjectClient>(http, *credentials, options);
  }
  static std::string pod(const std::string& name) { return "/api/v1/namespaces/shop/pods/" + name; }

  // Watcher side.
  void watch(WatcherOptions options = {}) {
    options.resource = api::resources::pods();
    options.first_delay = Millis(2);
    options.longest_delay = Millis(20);
    options.on_failure = [this](const Error& error, Millis) { failures.push_back(error.message); };
    watcher = std::make_unique<Watcher>(*client, cache, options);
    scope.spawn(watcher->run());
    loop.block_on(watcher->synced().wait_for(Seconds(5)));
  }
  bool wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) loop.block_on(async::sleep_for(Millis(2)));
    return condition();
  }
  bool has(const std::string& name) { return cache.find({"shop", name}) != nullptr; }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& [key, object] : cache.all()) result.push_back(key.name);
    return result;
  }

  async::Loop loop;
  net::CurlHttpClient http;
  FakeApiServer server;
  HeldClock clock;
  ClusterAccess access;
  std::unique_ptr<Credentials> credentials;
  std::unique_ptr<HttpObjectClient> client;
  std::vector<std::string> requests;
  ObjectCache<Thing> cache{parse_thing};
  std::unique_ptr<Watcher> watcher;
  std::vector<std::string> failures;
  async::Scope scope{loop};
};

json::Value named(const std::string& name) { return json::Object{{"metadata", json::Object{{"name", name}}}}; }

TEST_F(Api, CreatesReadsPatchesUpdatesAndRemoves) {
  const api::ObjectKey key{"shop", "web-1"};
  ASSERT_TRUE(loop.block_on(client->create(api::resources::pods(), key, named("web-1"), WriteOptions())));
  const auto twice = loop.block_on(client->create(api::resources::pods(), key, named("web-1"), WriteOptions()));
  EXPECT_EQ(twice.error().code, Code::kAlreadyExists);
  EXPECT_EQ(twice.error().message, "create pods shop/web-1: object already exists");

  WriteOptions options;
  options.field_manager = "tests";
  const json::Value patch = json::Object{{"spec", json::Object{{"x", 1}}}};
  const auto patched = loop.block_on(client->patch(api::resources::pods(), key, PatchKind::kMerge, patch, options));
  ASSERT_TRUE(patched) << patched.error().message;
  EXPECT_EQ(json::int_at(*patched, "spec.x"), 1);
  EXPECT_THAT(server.log.back(), HasSubstr("pods/web-1?fieldManager=tests"));

  json::Value stale = *patched;
  stale.as_object()["metadata"].as_object()["resourceVersion"] = "1";
  EXPECT_EQ(loop.block_on(client->update(api::resources::pods(), key, stale, WriteOptions())).error().code, Code::kConflict);
  EXPECT_TRUE(loop.block_on(client->update(api::resources::pods(), key, *patched, WriteOptions())));
  EXPECT_TRUE(loop.block_on(client->get(api::resources::pods(), key)));
  EXPECT_TRUE(loop.block_on(client->remove(api::resources::pods(), key, Propagation::kForeground)));
  EXPECT_THAT(server.log.back(), HasSubstr("propagationPolicy=Foreground"));
  EXPECT_EQ(loop.block_on(client->get(api::resources::pods(), key)).error().code, Code::kNotFound);
  EXPECT_EQ(loop.block_on(client->remove_now(api::resources::pods(), key, "u1")).error().code, Code::kNotFound);
  EXPECT_THAT(server.log.back(), HasSubstr("DELETE"));
  EXPECT_THAT(requests, testing::Contains("Patch pods shop/web-1 200"));
  EXPECT_THAT(server.tokens, testing::Each("Bearer secret"));
}

TEST_F(Api, DryRunAndSubresourcesAndApply) {
  server.put(pod("web-1"));
  const api::ObjectKey key{"shop", "web-1"};
  WriteOptions options;
  options.dry_run = DryRun::kYes;
  options.subresource = "status";
  (void)loop.block_on(client->patch(api::resources::pods(), key, PatchKind::kApply, named("web-1"), options));
  EXPECT_EQ(server.log.back(), "PATCH /api/v1/namespaces/shop/pods/web-1/status?force=true&dryRun=All&fieldManager=canaria");
}

TEST_F(Api, ListsInPages) {
  for (int i = 0; i < 5; ++i) server.put(pod("web-" + std::to_string(i)));
  ListQuery query;
  query.namespace_ = "shop";
  query.limit = 2;
  query.label_selector = "a=b,!c";
  auto page = loop.block_on(client->list(api::resources::pods(), query));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->items.size(), 2U);
  EXPECT_FALSE(page->continue_.empty());
  EXPECT_EQ(server.log.back(), "GET /api/v1/namespaces/shop/pods?labelSelector=a%3Db%2C%21c&limit=2");
  EXPECT_THAT(requests, ElementsAre("List pods shop/N/A 200"));
}

TEST_F(Api, WaitsWhenTheServerAsksAndTriesAgain) {
  server.put(pod("web-1"));
  server.answer_next(429, FakeApiServer::status_text(429, "TooManyRequests", "slow down"), {{"Retry-After", "1"}});
  const auto begin = std::chrono::steady_clock::now();
  const auto object = loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"}));
  EXPECT_TRUE(object);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Millis(900));
  EXPECT_THAT(requests, ElementsAre("Get pods shop/web-1 429", "Get pods shop/web-1 200"));
}

TEST_F(Api, GivesUpOnAnUnreasonableWait) {
  server.answer_next(429, "", {{"Retry-After", "3000"}});
  const auto object = loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"}));
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().code, Code::kTooManyRequests);
  EXPECT_EQ(object.error().retry_after, Seconds(3000));
}

TEST_F(Api, ExplainsAnswersThatAreNotKubernetes) {
  server.answer_next(502, "<html>bad gateway</html>\nmore");
  EXPECT_EQ(loop.block_on(client->get(api::resources::pods(), {"shop", "a"})).error().message,
            "get pods shop/a: the server answered HTTP 502: <html>bad gateway</html>");
  server.answer_next(200, "<html>hello</html>");
  EXPECT_THAT(loop.block_on(client->get(api::resources::pods(), {"shop", "a"})).error().message,
              HasSubstr("is a Kubernetes API server"));
}

TEST_F(Api, SaysWhoseCredentialsWereRefused) {
  server.answer_next(401, FakeApiServer::status_text(401, "Unauthorized", "Unauthorized"));
  const auto object = loop.block_on(client->get(api::resources::pods(), {"shop", "a"}));
  EXPECT_EQ(object.error().code, Code::kUnauthorized);
  EXPECT_THAT(object.error().message, HasSubstr("Unauthorized: the server does not accept the credentials of test; log in"));
}

TEST_F(Api, ReadsATokenFileAgainAfterA401) {
  const std::string path = testing::TempDir() + "/canaria-token-" + std::to_string(::getpid());
  FILE* file = std::fopen(path.c_str(), "w");
  std::fputs("first\n", file);
  std::fclose(file);
  access.token.clear();
  access.token_file = path;
  connect();
  server.put(pod("web-1"));
  EXPECT_TRUE(loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"})));
  file = std::fopen(path.c_str(), "w");
  std::fputs("second\n", file);
  std::fclose(file);
  server.answer_next(401, FakeApiServer::status_text(401, "Unauthorized", "Unauthorized"));
  EXPECT_TRUE(loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"})));
  EXPECT_THAT(server.tokens, ElementsAre("Bearer first", "Bearer first", "Bearer second"));
  std::remove(path.c_str());
}

TEST_F(Api, RunsAnExecPluginOncePerCredential) {
  ExecPlugin plugin;
  plugin.api_version = "client.authentication.k8s.io/v1";
  plugin.command = "sh";
  plugin.arguments = {"-c",
                      "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{"
                      "\"token\":\"'$$'\",\"expirationTimestamp\":\"2027-01-15T08:01:00Z\"}}'"};
  access.token.clear();
  access.exec = plugin;
  connect();
  server.put(pod("web-1"));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"})));
  EXPECT_EQ(server.tokens[0], server.tokens[2]);
  clock.time += Seconds(51);  // within the margin before the expiry
  EXPECT_TRUE(loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"})));
  EXPECT_NE(server.tokens[2], server.tokens[3]);
  server.answer_next(401, "");
  EXPECT_TRUE(loop.block_on(client->get(api::resources::pods(), {"shop", "web-1"})));
  EXPECT_NE(server.tokens[4], server.tokens[5]);
}

TEST_F(Api, SaysWhatIsWrongWithAPlugin) {
  ExecPlugin plugin;
  plugin.api_version = "client.authentication.k8s.io/v1";
  plugin.command = "/no/such/login";
  plugin.install_hint = "install the login tool";
  access.token.clear();
  access.exec = plugin;
  connect();
  const auto missing = loop.block_on(client->get(api::resources::pods(), {"shop", "a"}));
  EXPECT_EQ(missing.error().code, Code::kUnauthorized);
  EXPECT_THAT(missing.error().message, HasSubstr("credential plugin /no/such/login: start /no/such/login: No such file or "
                                                 "directory; install the login tool"));
  access.exec->command = "false";
  connect();
  EXPECT_THAT(loop.block_on(client->get(api::resources::pods(), {"shop", "a"})).error().message, HasSubstr("exit code 1"));
}

TEST_F(Api, WatchEndsWithExpiredPosition) {
  server.put(pod("web-1"));
  server.compact();
  WatchQuery query;
  query.resource_version = "5";
  const auto ended = loop.block_on(client->watch(api::resources::pods(), query, [](const WatchEvent&) {}));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, Code::kExpired);
}

TEST_F(Api, WatcherFollowsChanges) {
  server.put(pod("a"));
  watch();
  EXPECT_THAT(names(), ElementsAre("a"));
  server.put(pod("b"));
  server.put("/apis/apps/v1/namespaces/shop/replicasets/other");
  server.erase(pod("a"));
  EXPECT_TRUE(wait_until([this] { return has("b") && !has("a"); }));
  EXPECT_EQ(server.log.size(), 1U) << "list and watch are one request";
  EXPECT_THAT(failures, ElementsAre());
}

TEST_F(Api, WatcherFallsBackToPages) {
  server.initial_events = false;
  for (int i = 0; i < 5; ++i) server.put(pod("web-" + std::to_string(i)));
  WatcherOptions options;
  options.page_limit = 2;
  watch(options);
  EXPECT_EQ(cache.all().size(), 5U);
  server.put(pod("b"));
  EXPECT_TRUE(wait_until([this] { return has("b"); }));
}

TEST_F(Api, WatcherResumesWithoutListingAgain) {
  server.put(pod("a"));
  watch();
  server.put(pod("b"));
  EXPECT_TRUE(wait_until([this] { return has("b"); }));
  server.drop_watches();
  server.put(pod("c"));
  server.erase(pod("a"));
  EXPECT_TRUE(wait_until([this] { return has("c") && !has("a"); }));
  EXPECT_THAT(server.log, ElementsAre(HasSubstr("sendInitialEvents"), HasSubstr("resourceVersion=")));
}

TEST_F(Api, WatcherListsAgainWhenItsPositionIsTooOldAndLosesNoDeletion) {
  server.put(pod("a"));
  server.put(pod("b"));
  watch();
  server.answer_next(500, "");  // for the resumed watch
  server.answer_next(500, "");
  server.drop_watches();
  server.erase(pod("a"));
  server.put(pod("c"));
  server.compact();
  EXPECT_TRUE(wait_until([this] { return has("c") && !has("a"); }));
  EXPECT_THAT(names(), ElementsAre("b", "c"));
  EXPECT_THAT(failures, ElementsAre(HasSubstr("HTTP 500"), HasSubstr("HTTP 500")));
}

TEST_F(Api, WatcherPassesOverABrokenObject) {
  server.put(pod("a"));
  server.put(pod("bad"), json::Object{{"spec", json::Object{{"broken", true}}}});
  server.put(pod("c"));
  watch();
  EXPECT_THAT(names(), ElementsAre("a", "c"));
  EXPECT_THAT(failures, ElementsAre("pods bad: passed over: broken spec"));
  server.put(pod("d"));
  EXPECT_TRUE(wait_until([this] { return has("d"); }));
}

TEST_F(Api, WatcherSurvivesARestartOfTheServer) {
  server.put(pod("a"));
  watch();
  const std::uint16_t port = server.port();
  loop.block_on(server.stop());
  EXPECT_TRUE(wait_until([this] { return failures.size() >= 3; }));
  EXPECT_THAT(failures.back(), HasSubstr("cannot connect"));
  net::HttpServerOptions options;
  options.port = port;
  FakeApiServer second(loop, options);
  second.put(pod("z"));
  second.compact();
  second.put(pod("y"));
  second.open();
  EXPECT_TRUE(wait_until([this] { return has("y"); }));
  loop.block_on(scope.stop());
  loop.block_on(second.stop());
}

TEST(ApiStatus, MapsReasonsAndNumbers) {
  const auto code = [](int number, const char* reason) {
    const json::Value status = json::Object{{"kind", "Status"}, {"code", number}, {"reason", reason}, {"message", "m"}};
    return error_from_status(status).code;
  };
  EXPECT_EQ(code(409, "AlreadyExists"), Code::kAlreadyExists);
  EXPECT_EQ(code(409, "Conflict"), Code::kConflict);
  EXPECT_EQ(code(410, "Gone"), Code::kExpired);
  EXPECT_EQ(code(500, "ServerTimeout"), Code::kTimeout);
  EXPECT_EQ(code(422, "Invalid"), Code::kInvalid);
  EXPECT_EQ(code(500, "InternalError"), Code::kInternal);
  EXPECT_EQ(code(503, ""), Code::kUnavailable);
  EXPECT_EQ(code(418, ""), Code::kInvalid);
}

}  // namespace
}  // namespace canaria::kube
