// For tests: a whole API server on a real store in a directory of its own, asked over TLS by our own client. Time stands still
// unless it is moved.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "apiserver/api_server.h"
#include "async/scope.h"
#include "async/timers.h"
#include "json/write.h"
#include "net/certificate.h"
#include "net/http_client.h"
#include "store/collector.h"

namespace canaria::apiserver {

struct ManualClock : Clock {
  Time time = *parse_time("2026-08-01T12:00:00Z");
  Time now() const override { return time; }
};

// Logs as a test wants them.
struct FakeLogs : PodLogs {
  Task<Status> read(LogQuery query, LogSink sink) override {
    seen.push_back(query);
    if (!failure.message.empty()) co_return fail(failure);
    for (const std::string& piece : pieces) {
      std::string text = piece;
      CO_CHECK(co_await sink(std::move(text)));
    }
    while (query.follow) co_await async::sleep_for(Millis(5));
    co_return Status();
  }
  std::vector<LogQuery> seen;
  std::vector<std::string> pieces;
  Error failure;
};

class ServerTest : public testing::Test {
 protected:
  struct Reply {
    int status = 0;
    std::string text;
    json::Value body;
    HttpHeaders headers;
  };

  void SetUp() override {
    std::string pattern = testing::TempDir() + "canaria-api-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    store::StoreOptions options;
    options.directory = directory_ + "/store";
    options.policies = served_.policies();
    options.rules.content = &served_;
    options.rules.namespaces = store::NamespaceRule::kMustExist;
    auto opened = store::ObjectStore::open(loop_, clock_, std::move(options));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    served_.follow(loop_, *store_, clock_);
    start_server();
  }
  void TearDown() override {
    loop_.block_on(server_->stop());
    loop_.block_on(served_.stop());
    loop_.block_on(store_->stop());
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void start_server() {
    net::CertificateOptions wanted;
    // TLS looks at the time of the machine.
    wanted.now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
    const auto certificate = net::make_server_certificate(wanted);
    ASSERT_TRUE(certificate) << certificate.error().message;
    auto peer = std::make_shared<HttpPeer>();
    peer->ca_pem = certificate->authority_pem;
    peer_ = peer;
    ApiServerOptions options;
    options.certificate_pem = certificate->certificate_pem;
    options.key_pem = certificate->key_pem;
    options.users = {{"secret", "admin", {"system:masters"}}, {"guest-token", "guest", {}}};
    options.pod_logs = &logs_;
    options.audit_log_path = directory_ + "/audit.log";
    server_ = std::make_unique<ApiServer>(loop_, *store_, served_, clock_, options);
    const auto port = loop_.block_on(server_->open());
    ASSERT_TRUE(port) << port.error().message;
    base_ = "https://127.0.0.1:" + std::to_string(*port);
  }

  HttpRequest request(const std::string& method, const std::string& path, const std::string& body = "",
                      const std::string& type = "application/json") const {
    HttpRequest result;
    result.method = method;
    result.url = base_ + path;
    result.peer = peer_;
    result.timeout = Millis(10'000);
    result.body = body;
    result.headers = {{"Authorization", "Bearer " + token_}, {"User-Agent", "tester/1"}, {"Accept", accept_}};
    if (!body.empty()) result.headers.emplace_back("Content-Type", type);
    return result;
  }
  Reply sent(const HttpRequest& wanted) {
    const auto response = loop_.block_on(client_.send(wanted));
    EXPECT_TRUE(response) << response.error().message;
    if (!response) return {};
    Reply reply{response->status, response->body, json::Value(), response->headers};
    if (auto parsed = json::parse(reply.text)) reply.body = *std::move(parsed);
    return reply;
  }
  Reply get(const std::string& path) { return sent(request("GET", path)); }
  Reply post(const std::string& path, const std::string& body) { return sent(request("POST", path, body)); }
  Reply put(const std::string& path, const std::string& body) { return sent(request("PUT", path, body)); }
  Reply patch(const std::string& path, const std::string& kind, const std::string& body) {
    return sent(request("PATCH", path, body, "application/" + kind));
  }
  Reply remove(const std::string& path, const std::string& body = "") { return sent(request("DELETE", path, body)); }

  static std::string text_at(const Reply& reply, std::string_view path) { return std::string(json::text_at(reply.body, path)); }

  void settle(Millis time = Millis(20)) { loop_.block_on(async::sleep_for(time)); }
  // Lets the loop run until it holds, at most two seconds.
  template <class Condition>
  bool eventually(const Condition& holds) {
    for (int turn = 0; turn < 400 && !holds(); ++turn) settle(Millis(5));
    return holds();
  }

  // The lines of a watch, gathered until cancelled.
  Task<void> follow(std::string path, std::vector<std::string>* lines) {
    LineSink sink = [lines](std::string_view line) { lines->emplace_back(line); };
    const auto ended = co_await client_.stream(request("GET", path), Millis(60'000), std::move(sink));
    if (ended && ended->status >= 300) lines->push_back(ended->body);
  }

  async::Loop loop_;
  ManualClock clock_;
  ServedResources served_;
  FakeLogs logs_;
  std::string directory_;
  std::unique_ptr<store::ObjectStore> store_;
  std::unique_ptr<ApiServer> server_;
  net::CurlHttpClient client_{loop_, net::HttpClientOptions()};
  std::shared_ptr<const HttpPeer> peer_;
  std::string base_;
  std::string token_ = "secret";
  std::string accept_ = "application/json";
};

}  // namespace canaria::apiserver
