// The Gateway API router as tables: configurations, and what a split makes of a route.
#include "plan/traffic/gateway_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/write.h"
#include "json/yaml.h"

namespace canaria::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::Value yaml(const std::string& text) { return json::parse_yaml(text).value(); }

std::vector<std::string> routes(const std::string& config) {
  const auto router = parse_gateway_api(yaml(config), "shop");
  std::vector<std::string> names;
  if (!router) return {router.error().message};
  for (const RouteReference& each : router->routes)
    names.push_back(each.resource.kind + "/" + each.resource.version + " " + each.key.text());
  return names;
}

TEST(GatewayApi, NamesItsRoutes) {
  EXPECT_THAT(routes("{httpRoute: web}"), ElementsAre("HTTPRoute/v1 shop/web"));
  EXPECT_THAT(routes("{HTTPROUTE: web, namespace: edge, somethingNew: 1}"), ElementsAre("HTTPRoute/v1 edge/web"));
  EXPECT_THAT(routes("{tlsRoutes: [{name: t}], grpcRoute: g, tcpRoute: c, httpRoutes: [{name: a, useHeaderRoutes: true}, "
                     "{name: b}], httpRoute: a}"),
              ElementsAre("HTTPRoute/v1 shop/a", "HTTPRoute/v1 shop/b", "GRPCRoute/v1 shop/g", "TCPRoute/v1alpha2 shop/c",
                          "TLSRoute/v1alpha2 shop/t"));
  EXPECT_THAT(routes("{}"), ElementsAre(HasSubstr("No routes configured. At least one of 'httpRoutes'")));
  EXPECT_THAT(routes("null"), ElementsAre(HasSubstr("No routes configured")));
  EXPECT_THAT(routes("{httpRouteSelector: {matchLabels: {a: b}}}"), ElementsAre(HasSubstr("route selectors are not available")));
}

// The route after a split of 30 %, as one line of JSON, or the error.
std::string split(const std::string& kind, const std::string& route, std::int32_t canary = 30, const std::string& extra = "") {
  const auto router = parse_gateway_api(yaml("{" + kind + ": web" + extra + "}"), "shop").value();
  const auto done = with_split(router, router.routes.front(), yaml(route), {"stable", "canary", 100 - canary, canary});
  return done ? json::write(*done) : done.error().message;
}

TEST(GatewayApi, WeighsTheRulesThatNameBothServices) {
  EXPECT_EQ(split("httpRoute", "{metadata: {name: web}, spec: {rules: [{matches: [{path: {value: /}}], backendRefs: [{name: stable, "
                               "port: 80}, {name: canary, port: 80, weight: 0}]}, {backendRefs: [{name: docs}, {name: stable}]}, "
                               "{backendRefs: [{name: canary}]}]}}"),
            R"({"metadata":{"name":"web","labels":{"rollouts.argoproj.io/gatewayapi-canary":"in-progress"}},"spec":{"rules":[)"
            R"({"matches":[{"path":{"value":"/"}}],"backendRefs":[{"name":"stable","port":80,"weight":70},{"name":"canary","port":80,"weight":30}]},)"
            R"({"backendRefs":[{"name":"docs"},{"name":"stable"}]},{"backendRefs":[{"name":"canary"}]}]}})");
}

TEST(GatewayApi, TakesTheLabelAwayWithTheLastTraffic) {
  const std::string route = "{metadata: {labels: {rollouts.argoproj.io/gatewayapi-canary: in-progress, team: a}}, spec: {rules: "
                            "[{backendRefs: [{name: stable}, {name: canary}]}]}}";
  EXPECT_EQ(split("httpRoute", route, 0), R"({"metadata":{"labels":{"team":"a"}},"spec":{"rules":[{"backendRefs":[)"
                                          R"({"name":"stable","weight":100},{"name":"canary","weight":0}]}]}})");
  EXPECT_THAT(split("httpRoute", route, 5, ", inProgressLabelKey: k, inProgressLabelValue: v"), HasSubstr(R"("k":"v")"));
  EXPECT_THAT(split("httpRoute", "{spec: {rules: [{backendRefs: [{name: stable}, {name: canary}]}]}}", 5,
                    ", disableInProgressLabel: true"),
              testing::Not(HasSubstr("labels")));
}

TEST(GatewayApi, WeighsEveryReferenceOfRoutesWithoutRequests) {
  EXPECT_EQ(split("tcpRoute", "{metadata: {}, spec: {rules: [{backendRefs: [{name: stable}]}, {backendRefs: [{name: canary}]}]}}", 0),
            R"({"metadata":{},"spec":{"rules":[{"backendRefs":[{"name":"stable","weight":100}]},{"backendRefs":[{"name":"canary","weight":0}]}]}})");
}

TEST(GatewayApi, SaysWhenTheServicesAreNotNamed) {
  const char* other = "{spec: {rules: [{backendRefs: [{name: stable}, {name: other}]}, 7, {backendRefs: no}]}}";
  EXPECT_EQ(split("httpRoute", other), "backendRef was not found in httpRoute");
  EXPECT_EQ(split("grpcRoute", other), "backendRef was not found in grpcRoute");
  EXPECT_EQ(split("tlsRoute", "{spec: {rules: []}}"), "backendRef list was not found in tlsRoute");
  EXPECT_EQ(split("httpRoute", "{}"), "backendRef was not found in httpRoute");
  EXPECT_EQ(split("httpRoute", "7"), "backendRef was not found in httpRoute");
}

}  // namespace
}  // namespace canaria::plan
