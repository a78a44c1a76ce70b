// Traffic with the real HAProxy: weights, matches, changes under load, deaths.
#include "machine/traffic/traffic_controller.h"

#include <cmath>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>

#include "machine/runtime/process_table.h"
#include "machine/traffic/traffic_world.h"

namespace canaria::machine {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

class TrafficTest : public TrafficWorld {
 protected:
  void SetUp() override {
    TrafficWorld::SetUp();
    stable = std::make_unique<SmallServer>(pod_address(1), 8000, "stable");
    canary = std::make_unique<SmallServer>(pod_address(2), 8000, "canary");
  }
  pid_t proxy_pid() const {
    std::ifstream in(directory + "/proxy/haproxy.pid");
    pid_t pid = 0;
    in >> pid;
    return pid;
  }
  // Clients that ask without a break until `changes` has returned; what they counted.
  Counts load_during(const std::function<void()>& changes, int clients = 4) {
    std::atomic<bool> done = false;
    std::vector<std::future<Counts>> running;
    for (int i = 0; i < clients; ++i)
      running.push_back(std::async(std::launch::async, [this, &done] {
        SmallClient client(gateway_address(), 80);
        Counts counts;
        while (!done) count(counts, client.get());
        return counts;
      }));
    changes();
    done = true;
    Counts all;
    for (auto& future : running)
      for (const auto& [who, number] : future.get()) all[who] += number;
    return all;
  }
  void wait(Millis time) { loop.block_on(async::sleep_for(time)); }
  static int failures(const Counts& counts) {
    int sum = 0;
    for (const auto& [who, number] : counts) sum += who.starts_with("failed") ? number : 0;
    return sum;
  }

  std::unique_ptr<SmallServer> stable, canary;
};

TEST_F(TrafficTest, ServicesAreReachableAtTheirAddress) {
  service("stable", 1);
  endpoints("stable", {1});
  ASSERT_TRUE(comes_true([&] { return request(service_address(1), 80).body == "stable"; }));
}

TEST_F(TrafficTest, OtherProtocolsPassAsTcp) {
  service("raw", 3, "{name: raw, port: 9000}");
  endpoints("raw", {1}, "raw");
  ASSERT_TRUE(comes_true([&] { return request(service_address(3), 9000).body == "stable"; }));
  settle();
  const std::string metrics = loop.block_on(traffic->metrics_text());
  EXPECT_THAT(metrics, HasSubstr("haproxy_backend_sessions_total{namespace=\"shop\",service=\"raw\",port=\"9000\",proxy=\"shop.raw:9000\"} 1"));
  EXPECT_THAT(metrics, testing::Not(HasSubstr("requests_total{namespace=\"shop\",service=\"raw\"")));
}

TEST_F(TrafficTest, WeightsAreObservedAndSwitchWithoutReload) {
  shop(100, 0);
  ASSERT_TRUE(is_served());
  settle();
  const int loads = traffic->driver().loads();
  constexpr int kRequests = 3000;
  for (const int weight : {1, 25, 50, 99, 100, 0}) {
    weights(100 - weight, weight);
    settle();
    Counts counts = requests(kRequests);
    // Four standard deviations of a binomial distribution.
    const double share = weight / 100.0, deviation = 4 * std::sqrt(kRequests * share * (1 - share));
    EXPECT_NEAR(counts["canary"], kRequests * share, deviation + 0.01) << "weight " << weight;
    EXPECT_EQ(counts["canary"] + counts["stable"], kRequests);
  }
  EXPECT_EQ(traffic->driver().loads(), loads);
}

TEST_F(TrafficTest, ThreeBackendsShareExactly) {
  shop(100, 0);
  service("third", 3);
  endpoints("third", {3});
  SmallServer server(pod_address(3), 8000, "third");
  apply(api::resources::http_routes(), R"({metadata: {name: shop}, spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [
    {name: stable, port: 80, weight: 50}, {name: canary, port: 80, weight: 30}, {name: third, port: 80, weight: 20}]}]}})");
  ASSERT_TRUE(is_served());
  settle();
  Counts counts = requests(2000);
  EXPECT_NEAR(counts["stable"], 1000, 90);
  EXPECT_NEAR(counts["canary"], 600, 82);
  EXPECT_NEAR(counts["third"], 400, 72);
}

TEST_F(TrafficTest, HeaderRuleWinsOverWeights) {
  shop(100, 0);
  weights(100, 0, R"({matches: [{headers: [{name: X-Canary, value: "yes"}]}], backendRefs: [{name: canary, port: 80}]}, )");
  ASSERT_TRUE(is_served());
  settle();
  EXPECT_EQ(requests(50, "X-Canary: yes\r\n"), (Counts{{"canary", 50}}));
  EXPECT_EQ(requests(50, "X-Canary: no\r\n"), (Counts{{"stable", 50}}));
}

TEST_F(TrafficTest, BackendWithoutEndpointsGetsNothingAndTheStatusSaysSo) {
  shop(50, 50);
  endpoints("canary", {});
  ASSERT_TRUE(is_served());
  settle();
  EXPECT_EQ(requests(100), (Counts{{"stable", 100}}));
  const json::Value route = get(api::resources::http_routes(), "shop");
  EXPECT_THAT(json::write(route.at("status")), HasSubstr("no ready endpoints: canary"));
  endpoints("canary", {2});
  settle();
  Counts counts = requests(400);
  EXPECT_THAT(counts["canary"], AllOf(Ge(140), Le(260)));
}

TEST_F(TrafficTest, StatusesTellAddressesAndConditions) {
  shop(50, 50);
  ASSERT_TRUE(is_served());
  ASSERT_TRUE(comes_true([&] { return json::find(get(api::resources::http_routes(), "shop"), "status.parents") != nullptr; }));
  const json::Value gateway = get(api::resources::gateways(), "edge");
  EXPECT_EQ(json::text_at(gateway.at("status").at("addresses").at(0), "value"), gateway_address());
  EXPECT_EQ(gateway.at("status").at("listeners").at(0).at("attachedRoutes").as_int64(), 1);
  EXPECT_THAT(json::write(gateway.at("status").at("conditions")), HasSubstr(R"("type":"Programmed","status":"True")"));
  const json::Value route = get(api::resources::http_routes(), "shop");
  EXPECT_EQ(json::text_at(route.at("status").at("parents").at(0), "controllerName"), "canaria.io/machine");
  const auto addresses = traffic->addresses();
  EXPECT_TRUE(std::any_of(addresses.begin(), addresses.end(), [&](const RouteAddress& address) {
    return address.url == "http://" + gateway_address() + "/" && address.target == "HTTPRoute shop/shop";
  }));
  // Settled: another look writes nothing.
  const std::string version(json::text_at(route, "metadata.resourceVersion"));
  endpoints("canary", {2});
  wait(Millis(200));
  EXPECT_EQ(json::text_at(get(api::resources::http_routes(), "shop"), "metadata.resourceVersion"), version);
}

TEST_F(TrafficTest, IngressesShareAnAddress) {
  service("stable", 1);
  service("canary", 2);
  endpoints("stable", {1});
  endpoints("canary", {2});
  apply(api::resources::ingresses(), R"({metadata: {name: web}, spec: {
    defaultBackend: {service: {name: stable, port: {number: 80}}},
    rules: [{http: {paths: [{path: /new, pathType: Prefix, backend: {service: {name: canary, port: {name: http}}}}]}}]}})");
  ASSERT_TRUE(is_served());
  EXPECT_EQ(requests(1, "", "/new/x"), (Counts{{"canary", 1}}));
  EXPECT_EQ(requests(1, "", "/newer"), (Counts{{"stable", 1}}));
  ASSERT_TRUE(comes_true([&] { return json::find(get(api::resources::ingresses(), "web"), "status.loadBalancer") != nullptr; }));
}

TEST_F(TrafficTest, FiltersChangeRequests) {
  shop(100, 0);
  weights(100, 0, R"({matches: [{path: {value: /old}}], filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch,
      replacePrefixMatch: /echo}}}, {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-From, value: "50% 'a'"}],
      remove: [X-Secret]}}], backendRefs: [{name: stable, port: 80}]},
    {matches: [{path: {value: /gone}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: new.test, statusCode: 301}}]}, )");
  ASSERT_TRUE(is_served());
  settle();
  const Answer changed = request(gateway_address(), 80, "/old/x?y=1", "X-Secret: s\r\n");
  EXPECT_THAT(changed.body,
              AllOf(HasSubstr("GET /echo/x?y=1 HTTP"), HasSubstr("x-from: 50% 'a'\r\n"), testing::Not(HasSubstr("secret"))));
  const Answer moved = request(gateway_address(), 80, "/gone/x?y=1");
  EXPECT_EQ(moved.status, 301);
  EXPECT_THAT(moved.head, HasSubstr("location: http://new.test/gone/x?y=1"));
}

TEST_F(TrafficTest, UnusablePatternRefusesOnlyItsRoute) {
  shop(100, 0);
  ASSERT_TRUE(is_served());
  apply(api::resources::http_routes(), R"({metadata: {name: broken}, spec: {parentRefs: [{name: edge}], rules: [
    {matches: [{path: {type: RegularExpression, value: "/(x"}}], backendRefs: [{name: canary, port: 80}]}]}})");
  ASSERT_TRUE(comes_true([&] { return json::find(get(api::resources::http_routes(), "broken"), "status.parents") != nullptr; }));
  EXPECT_THAT(json::write(get(api::resources::http_routes(), "broken").at("status")), HasSubstr("UnsupportedValue"));
  EXPECT_EQ(requests(5), (Counts{{"stable", 5}}));
}

TEST_F(TrafficTest, PortInUseIsToldAndTheRestGoesOn) {
  auto other = std::make_unique<SmallServer>(service_address(9), 80, "somebody else");
  service("taken", 9);
  endpoints("taken", {1});
  shop(100, 0);
  ASSERT_TRUE(is_served());
  ASSERT_TRUE(comes_true([&] { return !events.texts.empty(); }));
  EXPECT_THAT(events.texts.front(), AllOf(HasSubstr("Service shop/taken PortUnavailable"), HasSubstr("in use")));
  other.reset();
  EXPECT_TRUE(comes_true([&] { return request(service_address(9), 80).body == "stable"; }));
}

TEST_F(TrafficTest, NoRequestIsLostWhileWeightsEndpointsAndProcessesChange) {
  shop(50, 50);
  ASSERT_TRUE(is_served());
  settle();
  const Counts counts = load_during([&] {
    for (int round = 0; round < 6; ++round) {
      weights(10 + 10 * round, 90 - 10 * round);
      wait(Millis(60));
      SmallServer another(pod_address(3), 8000, "stable");
      endpoints("stable", {1, 3});
      EXPECT_TRUE(comes_true([&] { return another.served() > 2; })) << round;
      // The pod leaves the slice first, its process ends a little later; then the first one does the same.
      endpoints("stable", {3});
      settle();
      stable->stop();
      wait(Millis(50));
      stable = std::make_unique<SmallServer>(pod_address(1), 8000, "stable");
      endpoints("stable", {1});
      settle();
      // A structure change: reload.
      service("side" + std::to_string(round), 20 + round);
      wait(Millis(150));
    }
  });
  EXPECT_EQ(failures(counts), 0) << testing::PrintToString(counts);
  EXPECT_GT(counts.at("stable") + counts.at("canary"), 1000);
  EXPECT_GE(traffic->driver().loads(), 7);
}

// As at an abort, when the Service of the canary goes back to the pods of the stable version.
TEST_F(TrafficTest, NoRequestIsLostWhenAllPodsOfAServiceChangeAtOnce) {
  shop(50, 50);
  ASSERT_TRUE(is_served());
  settle();
  int served_before = 0, served_after = 0;
  const Counts counts = load_during([&] {
    for (int round = 0; round < 61; ++round) {
      endpoints("canary", {round % 2 == 0 ? 1 : 2});
      wait(Millis(25));
    }
    settle();
    served_before = canary->served();
    wait(Millis(200));
    served_after = canary->served();
  });
  EXPECT_EQ(failures(counts), 0) << testing::PrintToString(counts);
  EXPECT_GT(served_before, 50);
  EXPECT_EQ(served_after, served_before) << "over connections that were kept";
}

TEST_F(TrafficTest, SlotsGrowWhenThereAreManyPods) {
  shop(100, 0);
  std::vector<int> numbers;
  std::vector<std::unique_ptr<SmallServer>> servers;
  for (int number = 11; number < 22; ++number) {
    servers.push_back(std::make_unique<SmallServer>(pod_address(number), 8000, "pod " + std::to_string(number)));
    numbers.push_back(number);
  }
  ASSERT_TRUE(is_served());
  settle();
  endpoints("stable", numbers);
  settle();
  const Counts counts = requests(220);
  EXPECT_EQ(counts.size(), 11U) << testing::PrintToString(counts);
  for (const auto& [who, number] : counts) EXPECT_NEAR(number, 20, 8) << who;
}

TEST_F(TrafficTest, KilledPodLosesNoRequestEvenBeforeAnybodyNotices) {
  SmallServer third(pod_address(3), 8000, "stable");
  shop(100, 0);
  endpoints("stable", {1, 3});
  ASSERT_TRUE(is_served());
  settle();
  const Counts counts = load_during([&] {
    wait(Millis(200));
    third.stop();
    wait(Millis(300));
  });
  EXPECT_EQ(failures(counts), 0) << testing::PrintToString(counts);
}

TEST_F(TrafficTest, KilledProxyComesBack) {
  shop(100, 0);
  ASSERT_TRUE(is_served());
  settle();
  const pid_t before = proxy_pid();
  ASSERT_GT(before, 0);
  for (int round = 0; round < 3; ++round) {
    const pid_t victim = proxy_pid();
    ASSERT_EQ(::kill(victim, SIGKILL), 0);
    ASSERT_TRUE(comes_true([&] { return proxy_pid() != victim && request(gateway_address(), 80).status == 200; }));
    wait(Millis(1100));
  }
  EXPECT_THAT(loop.block_on(traffic->metrics_text()), HasSubstr("service=\"stable\",port=\"80\",proxy=\"shop.stable:80\",code=\"2xx\"}"));
}

TEST_F(TrafficTest, NextProgramTakesTheRunningProxyOver) {
  shop(100, 0);
  ASSERT_TRUE(is_served());
  settle();
  const pid_t before = proxy_pid();
  // As after kill -9: nothing is stopped, the coroutines are just gone.
  const Counts counts = load_during([&] {
    end_watches();
    abandon();
    wait(Millis(100));
    weights(0, 100);
    start();
    settle();
    wait(Millis(200));
  });
  EXPECT_EQ(failures(counts), 0) << testing::PrintToString(counts);
  EXPECT_EQ(proxy_pid(), before);
  EXPECT_EQ(requests(20), (Counts{{"canary", 20}}));
  loop.block_on(traffic->stop());
  EXPECT_FALSE(find_process(before) && find_process(before)->state != 'Z');
}

TEST_F(TrafficTest, CountersSurviveReloads) {
  shop(100, 0);
  ASSERT_TRUE(is_served());
  settle();
  requests(100);
  service("another", 5);
  settle();
  requests(100);
  const auto answered = [&] {
    static_cast<void>(loop.block_on(traffic->metrics_text()));
    return traffic->driver().counters().of_backend("shop.stable:80").answers.at(1);
  };
  EXPECT_TRUE(comes_true([&] { return answered() >= 200; }));
  EXPECT_LE(answered(), 210U);
  EXPECT_THAT(
      loop.block_on(traffic->metrics_text()),
      HasSubstr(
          "haproxy_server_http_responses_total{namespace=\"shop\",service=\"stable\",port=\"80\",proxy=\"shop.stable:80\",pod=\"pod-1\",code=\"2xx\"}"));
}

TEST(ProxyProcess, MissingProgramNamesThePackage) {
  async::Loop loop;
  ProxyProcess process(testing::TempDir() + "canaria-no-proxy", "haproxy-that-is-not-there");
  const Status outcome = loop.block_on(process.open());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kNotFound);
  EXPECT_THAT(outcome.error().message, HasSubstr("install the Debian package haproxy"));
}

}  // namespace
}  // namespace canaria::machine
