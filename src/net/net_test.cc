// The HTTP client against our own server, over real sockets on loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "async/scope.h"
#include "async/timers.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/line_splitter.h"
#include "net/url.h"

namespace canaria::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Net : public testing::Test {
 protected:
  Net() : server(loop, HttpServerOptions()), client(loop, HttpClientOptions()) {
    server.route("/echo", [this](ServerRequest request) { return echo(std::move(request)); });
    server.route("/lines", [this](ServerRequest) { return lines(); });
    server.route("/slow", [this](ServerRequest) { return slow(); });
    server.route("/throws", [this](ServerRequest) { return throwing(); });
    const auto port = server.open();
    base = "http://127.0.0.1:" + std::to_string(port.value_or(0));
  }
  ~Net() override { loop.block_on(server.stop()); }

  Task<ServerResponse> echo(ServerRequest request) {
    ServerResponse response(201, request.method + " " + request.path + "?" + request.query + "\n" + request.body, "text/x");
    response.headers.emplace_back("X-Agent", find_header(request.headers, "user-agent"));
    response.headers.emplace_back("X-Kind", find_header(request.headers, "x-kind"));
    co_return response;
  }
  Task<void> write_lines(ResponseStream* out) {
    for (const char* chunk : {"one\ntw", "o\n", "three\r\nfour"}) {
      const std::string text = chunk;
      const Status written = co_await out->write(text);
      if (!written) co_return;
      co_await async::sleep_for(Millis(1));
    }
    while (hang) {
      co_await async::sleep_for(Millis(5));
    }
  }
  Task<ServerResponse> lines() {
    ServerResponse response;
    response.status = stream_status;
    response.stream = [this](ResponseStream* out) { return write_lines(out); };
    co_return response;
  }
  Task<ServerResponse> slow() {
    co_await async::sleep_for(Seconds(60));
    co_return ServerResponse(200, "late");
  }
  Task<ServerResponse> throwing() {
    co_await async::sleep_for(Millis(1));
    throw std::runtime_error("broken handler");
  }

  HttpRequest request(const std::string& path) const {
    HttpRequest result;
    result.url = base + path;
    result.timeout = Millis(5000);
    return result;
  }
  LineSink note() {
    return [this](std::string_view line) { seen.emplace_back(line); };
  }

  async::Loop loop;
  HttpServer server;
  CurlHttpClient client;
  std::string base;
  std::vector<std::string> seen;
  int stream_status = 200;
  bool hang = false;
};

TEST_F(Net, SendsMethodHeadersAndBody) {
  HttpRequest post = request("/echo?a=1&b=x%20y");
  post.method = "PATCH";
  post.body = std::string(200'000, 'z');
  post.headers = {{"X-Kind", "merge"}};
  const auto response = loop.block_on(client.send(post));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "PATCH /echo?a=1&b=x%20y\n" + post.body);
  EXPECT_EQ(find_header(response->headers, "content-type"), "text/x");
  EXPECT_EQ(find_header(response->headers, "x-agent"), "canaria");
  EXPECT_EQ(find_header(response->headers, "x-kind"), "merge");
}

TEST_F(Net, AnswersUnknownPathsAndBrokenHandlers) {
  EXPECT_EQ(loop.block_on(client.send(request("/nothing")))->status, 404);
  const auto broken = loop.block_on(client.send(request("/throws")));
  EXPECT_EQ(broken->status, 500);
  EXPECT_THAT(broken->body, HasSubstr("broken handler"));
  EXPECT_EQ(loop.block_on(client.send(request("/echo")))->status, 201) << "the connection is still good";
}

Task<void> ask(HttpClient& client, HttpRequest wanted, int& good) {
  const auto response = co_await client.send(std::move(wanted));
  if (response && response->status == 201) ++good;
}

TEST_F(Net, ManyRequestsAtOnce) {
  async::Scope scope(loop);
  int good = 0;
  for (int i = 0; i < 200; ++i) scope.spawn(ask(client, request("/echo?" + std::to_string(i)), good));
  loop.block_on(scope.join());
  EXPECT_EQ(good, 200);
}

TEST_F(Net, StreamsWholeLines) {
  const auto response = loop.block_on(client.stream(request("/lines"), Millis(5000), note()));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "");
  EXPECT_THAT(seen, ElementsAre("one", "two", "three", "four"));
}

TEST_F(Net, ReturnsTheBodyOfARefusedStream) {
  stream_status = 410;
  const auto response = loop.block_on(client.stream(request("/lines"), Millis(5000), note()));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 410);
  EXPECT_EQ(response->body, "one\ntwo\nthree\r\nfour");
  EXPECT_TRUE(seen.empty());
}

TEST_F(Net, EndsAStreamThatFallsSilent) {
  hang = true;
  const auto response = loop.block_on(client.stream(request("/lines"), Millis(30), note()));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::kTimeout);
  EXPECT_THAT(response.error().message, HasSubstr("nothing arrived for 30 ms"));
  EXPECT_THAT(seen, ElementsAre("one", "two", "three"));
  hang = false;
}

Task<void> stream_for_ever(HttpClient& client, HttpRequest wanted, LineSink sink) {
  const auto ignored = co_await client.stream(std::move(wanted), Millis(60'000), std::move(sink));
}

TEST_F(Net, CancellingEndsAStream) {
  hang = true;
  async::Scope scope(loop);
  scope.spawn(stream_for_ever(client, request("/lines"), note()));
  while (seen.size() < 3) loop.block_on(async::sleep_for(Millis(1)));
  loop.block_on(scope.stop());
  EXPECT_EQ(scope.size(), 0U);
  hang = false;
}

TEST_F(Net, ASinkMayStartAnotherRequest) {
  async::Scope scope(loop);
  int good = 0;
  const LineSink sink = [&](std::string_view) { scope.spawn(ask(client, request("/echo"), good)); };
  loop.block_on(client.stream(request("/lines"), Millis(5000), sink));
  loop.block_on(scope.join());
  EXPECT_EQ(good, 4);
}

TEST_F(Net, TimesOut) {
  HttpRequest slow_one = request("/slow");
  slow_one.timeout = Millis(30);
  const auto response = loop.block_on(client.send(slow_one));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::kTimeout);
}

TEST_F(Net, RefusesAnswersThatAreTooLarge) {
  HttpRequest wanted = request("/echo?" + std::string(1000, 'a'));
  wanted.body_limit = 100;
  const auto response = loop.block_on(client.send(wanted));
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("too large"));
}

TEST_F(Net, SaysWhatIsWrongWithThePeer) {
  const auto message = [this](const std::string& url) {
    HttpRequest wanted;
    wanted.url = url;
    wanted.timeout = Millis(5000);
    const auto response = loop.block_on(client.send(wanted));
    return response ? "reached" : response.error().message;
  };
  EXPECT_THAT(message("http://127.0.0.1:1/"), HasSubstr("127.0.0.1:1: cannot connect"));
  EXPECT_THAT(message("ftp://127.0.0.1/"), HasSubstr("not a usable http or https address"));
  EXPECT_THAT(message("https://" + base.substr(7)), HasSubstr("127.0.0.1:"));
}

TEST_F(Net, SaysThatAPortIsTaken) {
  HttpServerOptions options;
  options.port = static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1)));
  options.name = "metrics";
  HttpServer second(loop, options);
  const auto port = second.open();
  ASSERT_FALSE(port);
  EXPECT_THAT(port.error().message, HasSubstr("metrics: cannot listen on 127.0.0.1 port"));
}

TEST(LineSplitter, JoinsAndLimits) {
  LineSplitter splitter(10);
  std::vector<std::string> lines;
  const auto sink = [&lines](std::string_view line) { lines.emplace_back(line); };
  EXPECT_TRUE(splitter.feed("a\n\nbc", sink));
  EXPECT_TRUE(splitter.feed("d\r", sink));
  EXPECT_TRUE(splitter.feed("\ne", sink));
  EXPECT_THAT(lines, ElementsAre("a", "", "bcd"));
  EXPECT_EQ(splitter.take_rest(), "e");
  EXPECT_FALSE(splitter.feed("0123456789x", sink));
}

TEST(Url, NormalisesServers) {
  EXPECT_EQ(*normalise_server("https://host:6443/"), "https://host:6443");
  EXPECT_EQ(*normalise_server("host:6443/prefix/"), "https://host:6443/prefix");
  EXPECT_EQ(*normalise_server("http://[::1]:80"), "http://[::1]:80");
  for (const char* bad : {"", "ftp://host", "https://", "https://host?x=1", "https://ho st"})
    EXPECT_FALSE(normalise_server(bad)) << bad;
}

TEST(Url, EscapesAndParsesQueries) {
  const QueryParameters parameters = {{"labelSelector", "a=b,!c"}, {"x", "1 +%"}};
  EXPECT_EQ(format_query(parameters), "labelSelector=a%3Db%2C%21c&x=1%20%2B%25");
  EXPECT_EQ(parse_query(format_query(parameters)), parameters);
  EXPECT_EQ(unescape("%2"), "%2");
}

}  // namespace
}  // namespace canaria::net
