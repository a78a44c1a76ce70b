// For tests only: the traffic controller with a real store and a real HAProxy, small HTTP servers as pods on loopback
// addresses, and clients that count who answered. Servers and clients are threads, so the loop goes on beside them.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <set>
#include <vector>

#include "async/loop.h"
#include "async/scope.h"
#include "async/timers.h"
#include "json/patch.h"
#include "json/write.h"
#include "json/yaml.h"
#include "machine/runtime/descriptor.h"
#include "machine/traffic/traffic_controller.h"
#include "store/object_store.h"

namespace canaria::machine {

inline sockaddr_in socket_address(const std::string& address, int port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, address.c_str(), &place.sin_addr);
  return place;
}

// Answers every request with its text (and the head it got, for "/echo"). Threads per connection; keep-alive.
class SmallServer {
 public:
  SmallServer(std::string address, int port, std::string answer) : answer_(std::move(answer)) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in place = socket_address(address, port);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0 ||
        ::listen(listener_.get(), 512) != 0)
      ADD_FAILURE() << "cannot listen on " << address << ":" << port;
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~SmallServer() { stop(); }
  // As a process that is killed: every connection is cut.
  void stop() {
    if (!accepting_.joinable()) return;
    closing_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    accepting_.join();
    listener_.reset();
    {
      const std::lock_guard lock(mutex_);
      for (const int connection : open_) ::shutdown(connection, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  int served() const { return served_; }

 private:
  void accept_all() {
    while (!closing_) {
      const int connection = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      const std::lock_guard lock(mutex_);
      open_.insert(connection);
      threads_.emplace_back([this, connection] { serve(connection); });
    }
  }
  void serve(int connection) {
    const int on = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::string head;
    char chunk[4096];
    for (ssize_t size = 0; (size = ::recv(connection, chunk, sizeof chunk, 0)) > 0;) {
      head.append(chunk, static_cast<std::size_t>(size));
      const auto end = head.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const std::string body = answer_ + (head.find("/echo") < head.find('\n') ? "\n" + head : "");
      const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
      head.erase(0, end + 4);
      ++served_;
      if (::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
    }
    const std::lock_guard lock(mutex_);
    open_.erase(connection);
    ::close(connection);
  }

  std::string answer_;
  OwnedDescriptor listener_;
  std::thread accepting_;
  std::mutex mutex_;
  std::set<int> open_;
  std::vector<std::thread> threads_;
  std::atomic<bool> closing_ = false;
  std::atomic<int> served_ = 0;
};

struct Answer {
  int status = 0;  // 0: none
  std::string head;
  std::string body;
};

// A client with one connection that it keeps. Blocking, for threads of tests.
class SmallClient {
 public:
  SmallClient(std::string address, int port) : place_(socket_address(address, port)) {}
  Answer get(const std::string& path = "/", const std::string& headers = "", const std::string& method = "GET") {
    if (!connection_ && !connect()) return {};
    const std::string request = method + " " + path + " HTTP/1.1\r\nHost: shop.test\r\n" + headers + "\r\n";
    Answer answer;
    if (::send(connection_.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0 || !read(answer)) {
      connection_.reset();
      return {};
    }
    if (answer.head.find("onnection: close") != std::string::npos) connection_.reset();
    return answer;
  }

 private:
  bool connect() {
    connection_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval limit{5, 0};
    ::setsockopt(connection_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(connection_.get(), reinterpret_cast<const sockaddr*>(&place_), sizeof place_) == 0) return true;
    connection_.reset();
    return false;
  }
  bool read(Answer& answer) {
    std::string text;
    char chunk[8192];
    std::size_t whole = std::string::npos;
    while (text.size() < whole) {
      const ssize_t size = ::recv(connection_.get(), chunk, sizeof chunk, 0);
      if (size <= 0) return false;
      text.append(chunk, static_cast<std::size_t>(size));
      const auto end = text.find("\r\n\r\n");
      if (end == std::string::npos || whole != std::string::npos) continue;
      std::string head = text.substr(0, end);
      for (char& c : head) c = static_cast<char>(std::tolower(c));
      const auto length = head.find("content-length: ");
      whole = end + 4 + (length == std::string::npos ? 0 : std::stoul(head.substr(length + 16)));
      answer.head = text.substr(0, end);
      answer.status = std::stoi(text.substr(9, 3));
    }
    answer.body = text.substr(answer.head.size() + 4);
    return true;
  }
  sockaddr_in place_;
  OwnedDescriptor connection_;
};

// Who answered how often; "failed <status>" for everything but 200.
using Counts = std::map<std::string, int>;

struct RealClock final : Clock {
  Time now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
};
struct SeenEvents final : EventRecorder {
  std::vector<std::string> texts;  // "Service shop/web PortUnavailable: ..."
  void record(EventTarget target, api::EventType, std::string reason, std::string message) override {
    texts.push_back(target.kind + " " + target.key.text() + " " + reason + ": " + message);
  }
};

class TrafficWorld : public testing::Test {
 protected:
  // A block that tests running at the same time do not share.
  const std::uint8_t block_ = static_cast<std::uint8_t>(100 + ::getpid() % 100);
  std::string pod_address(int number) const { return "127." + std::to_string(block_) + ".0." + std::to_string(number); }
  std::string service_address(int number) const { return "127." + std::to_string(block_) + ".128." + std::to_string(number); }
  std::string gateway_address(int number = 1) const { return "127." + std::to_string(block_) + ".192." + std::to_string(number); }

  void SetUp() override {
    std::string pattern = testing::TempDir() + "canaria-traffic-XXXXXX";
    directory = ::mkdtemp(pattern.data());
    store::StoreOptions options;
    options.directory = directory + "/store";
    auto opened = store::ObjectStore::open(loop, clock, options);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    start();
  }
  void TearDown() override {
    if (traffic) loop.block_on(traffic->stop());
    end_watches();
    if (store_) loop.block_on(store_->stop());
    traffic.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }
  void start() {
    watches = std::make_unique<async::Scope>(loop);
    TrafficOptions options;
    options.addresses = AddressBlock(block_);
    options.folder = directory + "/proxy";
    traffic = std::make_unique<TrafficController>(
        loop, *store_, clock, events, [this](WatchOrder order) { watches->spawn(follow(std::move(order))); }, options);
    const Status outcome = loop.block_on(traffic->open());
    ASSERT_TRUE(outcome) << outcome.error().message;
    traffic->start();
  }
  // The controller ends without ending the proxy.
  void abandon() {
    loop.block_on(traffic->abandon());
    traffic.reset();
  }
  void end_watches() {
    if (watches) loop.block_on(watches->stop());
    watches.reset();
  }

  Task<void> follow(WatchOrder order) {
    order.sink->begin_replace();
    bool is_initial = true;
    WatchQuery query;
    query.initial = InitialEvents::kYes;
    query.timeout = Seconds(3600);
    WatchSink sink = [&](WatchEvent event) {
      if (event.kind == WatchEventKind::kBookmark) {
        if (is_initial) order.sink->end_replace("");
        is_initial = false;
      } else if (event.kind == WatchEventKind::kDeleted) {
        order.sink->drop(event.object);
      } else {
        order.sink->put(event.object);
      }
    };
    static_cast<void>(co_await store_->watch(order.resource, query, std::move(sink)));
  }

  // ---- objects

  void apply(const api::Resource& resource, const std::string& yaml) {
    auto parsed = json::parse_yaml(yaml);
    ASSERT_TRUE(parsed) << parsed.error().message;
    json::Value object = std::move(*parsed);
    object.get_object()["apiVersion"] = resource.api_version();
    object.get_object()["kind"] = resource.kind;
    const api::ObjectKey key{"shop", std::string(json::text_at(object, "metadata.name"))};
    object.at("metadata").get_object()["namespace"] = "shop";
    const auto before = loop.block_on(store_->get(resource, key));
    if (before) {
      json::Value body = json::Object{};
      for (const auto& [name, value] : object.get_object())
        if (name != "metadata") body.get_object()[name] = value;
      const auto outcome = loop.block_on(store_->patch(resource, key, PatchKind::kMerge, body, {}));
      ASSERT_TRUE(outcome) << outcome.error().message;
      return;
    }
    const auto outcome = loop.block_on(store_->create(resource, key, object, {}));
    ASSERT_TRUE(outcome) << outcome.error().message;
  }
  json::Value get(const api::Resource& resource, const std::string& name) {
    auto found = loop.block_on(store_->get(resource, {"shop", name}));
    return found ? *found : json::Value();
  }
  void service(const std::string& name, int number, const std::string& port = "{name: http, port: 80}") {
    apply(api::resources::services(),
          "{metadata: {name: " + name + "}, spec: {clusterIP: " + service_address(number) + ", ports: [" + port + "]}}");
  }
  // Pods listen on 8000; pod n is "pod-n".
  void endpoints(const std::string& service, const std::vector<int>& ready, const std::string& port = "http") {
    std::string list;
    for (const int number : ready)
      list += (list.empty() ? "" : ", ") + std::string("{addresses: [") + pod_address(number) +
              "], conditions: {ready: true}, targetRef: {kind: Pod, name: pod-" + std::to_string(number) + "}}";
    apply(api::resources::endpoint_slices(),
          "{metadata: {name: " + service + "-1, labels: {kubernetes.io/service-name: " + service +
              "}}, addressType: IPv4, endpoints: [" + list + "], ports: [{name: " + port + ", port: 8000, protocol: TCP}]}");
  }
  // Stable is pod 1, canary pod 2, behind a Gateway on port 80.
  void shop(int stable, int canary) {
    service("stable", 1);
    service("canary", 2);
    endpoints("stable", {1});
    endpoints("canary", {2});
    apply(api::resources::gateways(), R"({metadata: {name: edge}, spec: {gatewayClassName: canaria,
      listeners: [{name: web, port: 80, protocol: HTTP}]}})");
    weights(stable, canary);
  }
  void weights(int stable, int canary, const std::string& more_rules = "") {
    apply(api::resources::http_routes(), "{metadata: {name: shop}, spec: {parentRefs: [{name: edge}], rules: [" + more_rules +
                                             "{backendRefs: [{name: stable, port: 80, weight: " + std::to_string(stable) +
                                             "}, {name: canary, port: 80, weight: " + std::to_string(canary) + "}]}]}}");
  }

  // ---- time and traffic

  bool comes_true(const std::function<bool()>& condition, Millis limit = Millis(10'000)) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop.block_on(async::sleep_for(Millis(5)));
    }
    return true;
  }
  // Runs something in a thread while the loop goes on.
  template <class Work>
  auto beside(Work work) {
    auto future = std::async(std::launch::async, std::move(work));
    while (future.wait_for(Millis(0)) != std::future_status::ready) loop.block_on(async::sleep_for(Millis(2)));
    return future.get();
  }
  static void count(Counts& counts, const Answer& answer) {
    ++counts[answer.status == 200 ? answer.body : "failed " + std::to_string(answer.status)];
  }
  Counts requests(int number, const std::string& headers = "", const std::string& path = "/") {
    return beside([=, this] {
      SmallClient client(gateway_address(), 80);
      Counts counts;
      for (int i = 0; i < number; ++i) count(counts, client.get(path, headers));
      return counts;
    });
  }
  Answer request(const std::string& address, int port, const std::string& path = "/", const std::string& headers = "") {
    return beside([=] { return SmallClient(address, port).get(path, headers); });
  }
  bool is_served(Millis limit = Millis(10'000)) {
    return comes_true([&] { return request(gateway_address(), 80).status == 200; }, limit);
  }
  // Until the controller has seen everything that was written and applied it.
  void settle() {
    loop.block_on(async::sleep_for(Millis(30)));  // the watches tell a moment after the write
    ASSERT_TRUE(comes_true([&] { return traffic->is_settled(); })) << "the controller does not settle";
  }

  async::Loop loop;
  RealClock clock;
  SeenEvents events;
  std::string directory;
  std::unique_ptr<store::ObjectStore> store_;
  std::unique_ptr<async::Scope> watches;
  std::unique_ptr<TrafficController> traffic;
};

}  // namespace canaria::machine
