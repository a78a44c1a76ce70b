// Our server with TLS against our own client, with certificates made on the spot; and what ends a stream.
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/scope.h"
#include "async/timers.h"
#include "net/certificate.h"
#include "net/http_client.h"
#include "net/http_server.h"

namespace canaria::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ServerCertificate certificate() {
  CertificateOptions options;
  options.now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  const auto made = make_server_certificate(options);
  EXPECT_TRUE(made) << made.error().message;
  return made.value_or(ServerCertificate());
}

class TlsServer : public testing::TestWithParam<bool> {
 protected:
  TlsServer() : client(loop, HttpClientOptions()) {
    HttpServerOptions options;
    if (GetParam()) {
      options.certificate_pem = made.certificate_pem;
      options.key_pem = made.key_pem;
    }
    server = std::make_unique<HttpServer>(loop, options);
    server->route("/echo", [this](ServerRequest request) { return echo(std::move(request)); });
    server->route("/stream", [this](ServerRequest) { return streaming(); });
    server->route("/late", [this](ServerRequest request) { return late(std::move(request)); });
    const auto port = server->open();
    EXPECT_TRUE(port) << port.error().message;
    address = "127.0.0.1:" + std::to_string(port.value_or(0));
    trust(made.authority_pem);
  }
  ~TlsServer() override { loop.block_on(server->stop()); }

  void trust(const std::string& authority) {
    auto trusted = std::make_shared<HttpPeer>();
    trusted->ca_pem = authority;
    peer = trusted;
  }
  HttpRequest request(const std::string& path) const {
    HttpRequest result;
    result.url = (GetParam() ? "https://" : "http://") + address + path;
    result.peer = peer;
    result.timeout = Millis(5000);
    return result;
  }
  Task<ServerResponse> echo(ServerRequest request) {
    ++requests;
    co_return ServerResponse(200, request.method + " " + request.body);
  }
  Task<void> write_until_gone(ResponseStream* out) {
    struct Count {
      explicit Count(int& counter) : number(counter) { ++number; }
      ~Count() { --number; }
      int& number;
    } const count(running);
    const Status written = co_await out->write("begun\n");
    while (written) co_await async::sleep_for(Seconds(60));
  }
  Task<ServerResponse> streaming() {
    ServerResponse response;
    response.stream = [this](ResponseStream* out) { return write_until_gone(out); };
    co_return response;
  }
  Task<void> answer_late(bool is_good, ResponseStream* out) {
    co_await async::sleep_for(Millis(1));
    if (!is_good) {
      ServerResponse other(404, "not there");
      out->replace(std::move(other));
      co_return;
    }
    const Status written = co_await out->write("text");
    EXPECT_TRUE(written);
    ServerResponse too_late(500, "too late");
    out->replace(std::move(too_late));
  }
  Task<ServerResponse> late(ServerRequest request) {
    const bool is_good = request.query.empty();
    ServerResponse response;
    response.header_time = HeaderTime::kWithFirstWrite;
    response.stream = [this, is_good](ResponseStream* out) { return answer_late(is_good, out); };
    co_return response;
  }
  Task<void> listen() {
    LineSink sink = [this](std::string_view line) { lines.emplace_back(line); };
    const auto ended = co_await client.stream(request("/stream"), Millis(60'000), std::move(sink));
  }

  async::Loop loop;
  ServerCertificate made = certificate();
  std::unique_ptr<HttpServer> server;
  CurlHttpClient client;
  std::shared_ptr<const HttpPeer> peer;
  std::string address;
  std::vector<std::string> lines;
  int requests = 0;
  int running = 0;
};

TEST_P(TlsServer, AnswersOnOneConnection) {
  for (int i = 0; i < 3; ++i) {
    HttpRequest post = request("/echo");
    post.method = "POST";
    post.body = std::string(300'000, 'x');
    const auto response = loop.block_on(client.send(post));
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "POST " + post.body);
  }
  EXPECT_EQ(requests, 3);
}

TEST_P(TlsServer, AClientThatHangsUpEndsItsStream) {
  async::Scope scope(loop);
  scope.spawn(listen());
  while (lines.empty()) loop.block_on(async::sleep_for(Millis(1)));
  EXPECT_THAT(lines, ElementsAre("begun"));
  EXPECT_EQ(running, 1);
  loop.block_on(scope.stop());
  for (int turn = 0; turn < 1000 && running > 0; ++turn) loop.block_on(async::sleep_for(Millis(1)));
  EXPECT_EQ(running, 0);
}

TEST_P(TlsServer, AStreamThatHasNotBegunMayTurnIntoAnotherAnswer) {
  const auto good = loop.block_on(client.send(request("/late")));
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->status, 200);
  EXPECT_EQ(good->body, "text");
  const auto bad = loop.block_on(client.send(request("/late?bad")));
  ASSERT_TRUE(bad) << bad.error().message;
  EXPECT_EQ(bad->status, 404);
  EXPECT_EQ(bad->body, "not there");
}

TEST_P(TlsServer, IsTrustedByItsOwnAuthorityAlone) {
  if (!GetParam()) GTEST_SKIP() << "nobody is trusted without TLS";
  trust(certificate().authority_pem);
  const auto response = loop.block_on(client.send(request("/echo")));
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("certificate"));
}

INSTANTIATE_TEST_SUITE_P(PlainAndTls, TlsServer, testing::Bool());

TEST(Certificates, SayWhatIsImpossible) {
  CertificateOptions options;
  options.addresses = {"no address"};
  const auto made = make_server_certificate(options);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("cannot make a certificate"));
  async::Loop loop;
  HttpServerOptions unusable;
  unusable.certificate_pem = "nonsense";
  HttpServer server(loop, unusable);
  EXPECT_EQ(server.open().error().code, Code::kInvalid);
}

}  // namespace
}  // namespace canaria::net
