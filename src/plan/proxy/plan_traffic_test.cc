// From objects to the model and the statuses; no proxy runs here.
#include "plan/proxy/plan_traffic.h"

#include <gmock/gmock.h>

#include "json/write.h"
#include "json/yaml.h"
#include "plan/proxy/route_rules.h"
#include "plan/proxy/traffic_status.h"

namespace canaria::plan::proxy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

template <class T>
std::shared_ptr<const T> parsed(const std::string& yaml) {
  return std::make_shared<const T>(parse_traffic_object<T>(json::parse_yaml(yaml).value()));
}

class PlanTraffic : public testing::Test {
 protected:
  PlanTraffic() {
    add_service("stable", "127.9.128.1");
    add_service("canary", "127.9.128.2");
    add_slice("stable", "[{addresses: [127.9.0.1], conditions: {ready: true}, targetRef: {kind: Pod, name: s-1}}]");
    add_slice("canary", "[{addresses: [127.9.0.2], conditions: {ready: true}, targetRef: {kind: Pod, name: c-1}}]");
    add_gateway("[{name: web, port: 80, protocol: HTTP}]");
    addresses.gateways[{"shop", "edge"}] = "127.9.192.1";
  }
  void add_service(const std::string& name, const std::string& address, const std::string& port = "{name: http, port: 80}") {
    objects.services.push_back(parsed<Service>("{metadata: {name: " + name + ", namespace: shop}, spec: {clusterIP: " + address +
                                               ", ports: [" + port + "]}}"));
  }
  void add_slice(const std::string& service, const std::string& endpoints, const std::string& port = "http") {
    objects.slices.push_back(parsed<EndpointSlice>(
        "{metadata: {name: " + service + "-1, namespace: shop, labels: {kubernetes.io/service-name: " + service +
        "}}, endpoints: " + endpoints + ", ports: [{name: " + port + ", port: 8000}]}"));
  }
  void add_gateway(const std::string& listeners) {
    objects.gateways.assign(
        1, parsed<Gateway>("{metadata: {name: edge, namespace: shop, generation: 3}, spec: {gatewayClassName: any, "
                           "listeners: " +
                           listeners + "}}"));
  }
  void add_route(const std::string& rules, const std::string& name = "shop", const std::string& more = "") {
    objects.routes.push_back(parsed<HttpRoute>("{metadata: {name: " + name + ", namespace: shop, generation: 2}, spec: {" + more +
                                               "parentRefs: [{name: edge}], rules: " + rules + "}}"));
  }
  TrafficPlan plan() { return plan_traffic(objects, addresses, refused); }
  static const Listener* listener(const TrafficPlan& plan, const std::string& name) {
    for (const Listener& candidate : plan.model.listeners)
      if (candidate.name == name) return &candidate;
    return nullptr;
  }
  std::vector<std::int32_t> weights_of(const TrafficPlan& plan) {
    std::vector<std::int32_t> weights;
    for (const Share& share : listener(plan, "gateway.shop.edge:80")->rules.at(0).shares) weights.push_back(share.weight);
    return weights;
  }

  TrafficObjects objects;
  GivenAddresses addresses;
  RefusedPatterns refused;
};

TEST(ExactShares, AddUpToTheWhole) {
  EXPECT_THAT(exact_shares({1, 1, 1}, 10000), ElementsAre(3334, 3333, 3333));
  EXPECT_THAT(exact_shares({99, 1}, 10000), ElementsAre(9900, 100));
  EXPECT_THAT(exact_shares({1000000, 1000000}, 10000), ElementsAre(5000, 5000));
  EXPECT_THAT(exact_shares({0, 7}, 10000), ElementsAre(0, 10000));
  EXPECT_THAT(exact_shares({0, 0}, 10000), ElementsAre(0, 0));
  EXPECT_THAT(exact_shares({}, 10000), IsEmpty());
}

TEST(CommonHost, IsTheNarrowerOne) {
  EXPECT_EQ(common_host("", "a.test"), "a.test");
  EXPECT_EQ(common_host("*.test", "a.test"), "a.test");
  EXPECT_EQ(common_host("a.test", "*.test"), "a.test");
  EXPECT_EQ(common_host("*.test", "test"), std::nullopt);
  EXPECT_EQ(common_host("b.test", "a.test"), std::nullopt);
  EXPECT_EQ(common_host("a.test", ""), "a.test");
}

TEST_F(PlanTraffic, EveryServiceHasAListenerAndEveryPortABackend) {
  add_service("raw", "127.9.128.3",
              "{name: raw, port: 9000}, {name: dns, port: 53, protocol: UDP}, {name: web, port: 90, appProtocol: http}");
  add_service("headless", "None");
  const TrafficPlan made = plan();
  ASSERT_NE(listener(made, "service.shop.stable:80"), nullptr);
  ASSERT_NE(listener(made, "service.shop.canary:80"), nullptr);
  EXPECT_EQ(listener(made, "service.shop.stable:80")->place, (ListenPlace{"127.9.128.1", 80}));
  EXPECT_EQ(listener(made, "service.shop.stable:80")->protocol, Protocol::kHttp);
  EXPECT_EQ(listener(made, "service.shop.raw:9000")->protocol, Protocol::kTcp);
  EXPECT_EQ(listener(made, "service.shop.raw:90")->protocol, Protocol::kHttp);
  EXPECT_EQ(listener(made, "service.shop.raw:53"), nullptr);
  EXPECT_EQ(listener(made, "service.shop.headless:80"), nullptr);
  EXPECT_TRUE(made.model.backends.contains("shop.headless:80"));
}

TEST_F(PlanTraffic, ReferredPortsAreHttpWhateverTheirName) {
  add_service("api", "127.9.128.3", "{name: api, port: 7000}");
  add_route("[{backendRefs: [{name: api, port: 7000}]}]");
  EXPECT_EQ(plan().model.backends.at("shop.api:7000").protocol, Protocol::kHttp);
}

TEST_F(PlanTraffic, OnlyWhoCanServeIsAnEndpoint) {
  objects.slices.clear();
  add_slice("stable", R"([{addresses: [127.9.0.1], conditions: {ready: true}},
    {addresses: [127.9.0.3], conditions: {ready: false}},
    {addresses: [127.9.0.4], conditions: {ready: false, serving: true, terminating: true}},
    {addresses: [127.9.0.5], conditions: {}}])");
  const Backend backend = plan().model.backends.at("shop.stable:80");
  ASSERT_EQ(backend.endpoints.size(), 3U);
  EXPECT_EQ(backend.endpoints[0], (Endpoint{"127.9.0.1", 8000, "", EndpointState::kReady}));
  EXPECT_EQ(backend.endpoints[1], (Endpoint{"127.9.0.4", 8000, "", EndpointState::kDraining}));
  EXPECT_EQ(backend.endpoints[2].address, "127.9.0.5");
}

TEST_F(PlanTraffic, WeightsBecomeShares) {
  add_route("[{backendRefs: [{name: stable, port: 80, weight: 95}, {name: canary, port: 80, weight: 5}]}]");
  EXPECT_THAT(weights_of(plan()), ElementsAre(9500, 500));
}

TEST_F(PlanTraffic, ShareOfWhoCannotServeGoesToTheOthers) {
  objects.slices.pop_back();
  add_route("[{backendRefs: [{name: stable, port: 80, weight: 95}, {name: canary, port: 80, weight: 5}]}]");
  const TrafficPlan made = plan();
  EXPECT_THAT(weights_of(made), ElementsAre(10000, 0));
  EXPECT_THAT(made.routes.at({"shop", "shop"}).without_endpoints, ElementsAre("canary"));
}

TEST_F(PlanTraffic, WeightZeroGetsNothingEvenWhenNobodyElseCanServe) {
  objects.slices.erase(objects.slices.begin());
  add_route("[{backendRefs: [{name: stable, port: 80, weight: 100}, {name: canary, port: 80, weight: 0}]}]");
  EXPECT_THAT(weights_of(plan()), ElementsAre(10000, 0));
}

TEST_F(PlanTraffic, NoWeightAtAllIsAnError) {
  add_route("[{backendRefs: [{name: stable, port: 80, weight: 0}]}, {backendRefs: [{name: nobody, port: 80}]}]");
  const TrafficPlan made = plan();
  EXPECT_EQ(listener(made, "gateway.shop.edge:80")->rules.at(0).outcome, RuleOutcome::kNoBackend);
  EXPECT_EQ(listener(made, "gateway.shop.edge:80")->rules.at(1).outcome, RuleOutcome::kNoBackend);
  EXPECT_EQ(made.routes.at({"shop", "shop"}).resolved.reason, "BackendNotFound");
  EXPECT_THAT(made.routes.at({"shop", "shop"}).resolved.message, HasSubstr("Service shop/nobody does not exist"));
}

TEST_F(PlanTraffic, MoreSpecificMatchesComeFirst) {
  add_route(R"([
    {matches: [{path: {value: /}}], backendRefs: [{name: stable, port: 80}]},
    {matches: [{path: {value: /long/path}}], backendRefs: [{name: stable, port: 80}]},
    {matches: [{path: {value: /long}, headers: [{name: a, value: b}]}, {path: {value: /long}, method: GET}], backendRefs: [{name: stable, port: 80}]},
    {matches: [{path: {type: Exact, value: /x}}], backendRefs: [{name: stable, port: 80}]},
    {matches: [{headers: [{name: a, value: b}]}], backendRefs: [{name: canary, port: 80}]}])");
  add_route("[{backendRefs: [{name: stable, port: 80}]}]", "hosted", "hostnames: [shop.test, '*.test'], ");
  std::vector<std::string> order;
  const TrafficPlan made = plan();
  for (const RequestMatch& match : listener(made, "gateway.shop.edge:80")->matches)
    order.push_back(match.host + match.path.value + (match.method.empty() ? "" : " " + match.method) +
                    (match.headers.empty() ? "" : " a"));
  EXPECT_THAT(order, ElementsAre("shop.test/", "*.test/", "/x", "/long/path", "/long GET", "/long a", "/ a", "/"));
}

TEST_F(PlanTraffic, UnsupportedRoutesAreRefusedAsAWhole) {
  add_route("[{filters: [{type: RequestMirror}], backendRefs: [{name: stable, port: 80}]}]");
  add_route("[{matches: [{path: {type: RegularExpression, value: '/(x'}}], backendRefs: [{name: stable, port: 80}]}]", "pattern");
  add_route(
      "[{filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: \"x\\ny\"}]}}], "
      "backendRefs: [{name: stable, port: 80}]}]",
      "line");
  refused["/(x"] = "missing )";
  const TrafficPlan made = plan();
  EXPECT_THAT(listener(made, "gateway.shop.edge:80")->rules, IsEmpty());
  EXPECT_EQ(made.routes.at({"shop", "shop"}).parents.at(0).accepted,
            (Verdict{false, "UnsupportedValue", "rules[0]: filter RequestMirror is not supported"}));
  EXPECT_THAT(made.routes.at({"shop", "pattern"}).parents.at(0).accepted.message, HasSubstr("missing )"));
  EXPECT_FALSE(made.routes.at({"shop", "line"}).parents.at(0).accepted.is_true);
}

TEST_F(PlanTraffic, ListenersTakeWhatTheyAllow) {
  add_gateway(
      R"([{name: web, port: 80, protocol: HTTP, hostname: shop.test}, {name: api, port: 80, protocol: HTTP, hostname: api.test},
                  {name: tls, port: 443, protocol: HTTPS}])");
  add_route("[{backendRefs: [{name: stable, port: 80}]}]");
  add_route("[{backendRefs: [{name: stable, port: 80}]}]", "other", "hostnames: [other.test], ");
  const TrafficPlan made = plan();
  const auto& reports = made.gateways.at({"shop", "edge"}).listeners;
  EXPECT_EQ(reports.at(0).attached_routes, 1);
  EXPECT_EQ(reports.at(1).attached_routes, 1);
  EXPECT_EQ(reports.at(2).accepted.reason, "UnsupportedProtocol");
  EXPECT_EQ(made.routes.at({"shop", "other"}).parents.at(0).accepted.reason, "NoMatchingListenerHostname");
  EXPECT_EQ(listener(made, "gateway.shop.edge:80")->matches.size(), 2U);
}

TEST_F(PlanTraffic, RoutesMayHangOnAService) {
  objects.routes.push_back(parsed<HttpRoute>(R"({metadata: {name: mesh, namespace: shop}, spec: {
    parentRefs: [{group: "", kind: Service, name: stable}],
    rules: [{backendRefs: [{name: stable, port: 80, weight: 1}, {name: canary, port: 80, weight: 1}]}]}})"));
  const TrafficPlan made = plan();
  const Listener* service = listener(made, "service.shop.stable:80");
  ASSERT_EQ(service->rules.size(), 1U);
  EXPECT_EQ(service->rules[0].shares[1], (Share{"shop.canary:80", 5000}));
  EXPECT_TRUE(made.routes.at({"shop", "mesh"}).parents.at(0).accepted.is_true);
}

TEST_F(PlanTraffic, StatusesSettle) {
  add_route("[{backendRefs: [{name: stable, port: 80, weight: 95}, {name: gone, port: 80, weight: 5}]}]");
  const Time now = *parse_time("2026-08-01T12:00:00Z");
  auto writes = status_writes(objects, addresses, plan(), {}, now);
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(
      json::write(writes[1].status),
      R"({"parents":[{"parentRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"edge"},)"
      R"("controllerName":"canaria.io/machine","conditions":[{"type":"Accepted","status":"True","reason":"Accepted","message":"",)"
      R"("observedGeneration":2,"lastTransitionTime":"2026-08-01T12:00:00Z"},{"type":"ResolvedRefs","status":"False",)"
      R"("reason":"BackendNotFound","message":"Service shop/gone does not exist","observedGeneration":2,)"
      R"("lastTransitionTime":"2026-08-01T12:00:00Z"}]}]})");
  // Written and read back, nothing is left to write, however late it is; and what changes changes only its own time.
  auto route = std::make_shared<HttpRoute>(*objects.routes[0]);
  route->status = writes[1].status;
  objects.routes[0] = route;
  auto gateway = std::make_shared<Gateway>(*objects.gateways[0]);
  gateway->status = writes[0].status;
  objects.gateways[0] = gateway;
  EXPECT_THAT(status_writes(objects, addresses, plan(), {}, now + Seconds(60)), IsEmpty());
  writes = status_writes(objects, addresses, plan(), {{"gateway.shop.edge:80", "address in use"}}, now + Seconds(60));
  ASSERT_EQ(writes.size(), 2U);
  const std::string text = json::write(writes[0].status);
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("type":"Programmed","status":"False","reason":"PortUnavailable","message":"address in use","observedGeneration":3,"lastTransitionTime":"2026-08-01T12:01:00Z")"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"("type":"Accepted","status":"True","reason":"Accepted","message":"","observedGeneration":3,"lastTransitionTime":"2026-08-01T12:00:00Z")"));
}

}  // namespace
}  // namespace canaria::plan::proxy
