// The Services a Rollout names, and what this version cannot carry out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/rollouts/validation.h"

namespace canaria::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Rollout with_strategy(const std::string& strategy) {
  const auto object = json::parse(R"({"metadata": {"name": "web"}, "spec": {
    "selector": {"matchLabels": {"app": "web"}},
    "template": {"metadata": {"labels": {"app": "web", "tier": "front"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}},
    "strategy": )" + strategy + "}}");
  EXPECT_TRUE(object.has_value()) << strategy;
  return parse_rollout(object ? *object : json::Value(nullptr));
}

Service service(const std::string& name, StringMap selector, StringMap annotations = {}) {
  Service made;
  made.metadata.name = name;
  made.metadata.annotations = std::move(annotations);
  made.spec.selector = std::move(selector);
  return made;
}

std::vector<std::string> texts(const std::vector<FieldError>& errors) {
  std::vector<std::string> list;
  for (const FieldError& error : errors) list.push_back(error.text());
  return list;
}

const char* const kCanary = R"({"canary": {"canaryService": "web-canary", "stableService": "web-stable"}})";

TEST(ServiceValidation, AcceptsServicesThatSelectThePods) {
  const auto rollout = with_strategy(kCanary);
  const std::vector<Service> services = {
      service("web-canary", {{"app", "web"}, {kHashLabel, "6c7d"}}, {{kManagedByAnnotation, "web"}}),
      service("web-stable", {{"app", "web"}, {"tier", "front"}}),
      service("unrelated", {{"app", "other"}}),
  };
  EXPECT_THAT(validate_services(rollout, rollout.pod_template, services), IsEmpty());
  EXPECT_THAT(validate_services(with_strategy(R"({"canary": {}})"), rollout.pod_template, {}), IsEmpty());
}

TEST(ServiceValidation, MissesServicesBeforeItLooksAtAny) {
  const auto rollout = with_strategy(kCanary);
  EXPECT_THAT(texts(validate_services(rollout, rollout.pod_template, {service("web-stable", {{"app", "other"}})})),
              ElementsAre("spec.strategy.canary.canaryService: Invalid value: \"web-canary\": service \"web-canary\" not found",
                          "spec.strategy.canary.stableService: Invalid value: \"web-stable\": Service \"web-stable\" has unmatch "
                          "label \"app\" in rollout"));
}

TEST(ServiceValidation, RefusesServicesOfAnotherRollout) {
  const auto rollout = with_strategy(kCanary);
  const std::vector<Service> services = {
      service("web-canary", {{"app", "web"}}, {{kManagedByAnnotation, "shop"}}),
      service("web-stable", {{"app", "web"}, {"zone", "a"}}, {{kManagedByAnnotation, "web"}}),
  };
  EXPECT_THAT(texts(validate_services(rollout, rollout.pod_template, services)),
              ElementsAre("spec.strategy.canary.stableService: Invalid value: \"web-stable\": Service \"web-stable\" has unmatch "
                          "label \"zone\" in rollout",
                          "spec.strategy.canary.canaryService: Invalid value: \"web-canary\": Service \"web-canary\" is managed by "
                          "another Rollout"));
}

TEST(ServiceValidation, KnowsTheServicesOfEveryStrategy) {
  EXPECT_THAT(referenced_services(with_strategy(R"({"blueGreen": {"activeService": "a", "previewService": "p"}})")), ElementsAre("a", "p"));
  EXPECT_THAT(referenced_services(with_strategy(R"({"blueGreen": {"activeService": "a"}})")), ElementsAre("a"));
  EXPECT_THAT(referenced_services(with_strategy(
                  R"({"canary": {"canaryService": "c", "stableService": "s", "pingPong": {"pingService": "x", "pongService": "s"}}})")),
              ElementsAre("s", "c", "x"));
  const auto rollout = with_strategy(R"({"canary": {"pingPong": {"pingService": "x", "pongService": "y"}}})");
  EXPECT_THAT(texts(validate_services(rollout, rollout.pod_template, {})),
              ElementsAre("spec.strategy.canary.pingPong.pingService: Invalid value: \"x\": service \"x\" not found",
                          "spec.strategy.canary.pingPong.pongService: Invalid value: \"y\": service \"y\" not found"));
  EXPECT_THAT(texts(validate_services(with_strategy(R"({"blueGreen": {"activeService": "a"}})"), rollout.pod_template, {})),
              ElementsAre("spec.strategy.blueGreen.activeService: Invalid value: \"a\": service \"a\" not found"));
}

TEST(UnavailableFeatures, AreNamedWithTheirField) {
  const auto unavailable = [](const std::string& strategy) { return texts(unavailable_features(with_strategy(strategy))); };
  const std::string version = " not available in this version of Canaria";
  EXPECT_THAT(unavailable(R"({"blueGreen": {"activeService": "a"}})"),
              ElementsAre("spec.strategy.blueGreen: Forbidden: the blue-green strategy is" + version));
  EXPECT_THAT(unavailable(R"({"canary": {"analysis": {"templates": [{"templateName": "t"}]}, "steps": [{"setWeight": 5}, {"pause": {}},
                  {"analysis": {"templates": [{"templateName": "t"}]}}, {"experiment": {"templates": []}}, {"setHeaderRoute": {"name": "r"}},
                  {"setMirrorRoute": {"name": "r"}}, {"plugin": {"name": "p"}}]}})"),
              ElementsAre("spec.strategy.canary.steps[2].analysis: Forbidden: analysis is" + version,
                          "spec.strategy.canary.steps[3].experiment: Forbidden: experiments are" + version,
                          "spec.strategy.canary.steps[4].setHeaderRoute: Forbidden: header routing is" + version,
                          "spec.strategy.canary.steps[5].setMirrorRoute: Forbidden: traffic mirroring is" + version,
                          "spec.strategy.canary.steps[6].plugin: Forbidden: step plugins are" + version,
                          "spec.strategy.canary.analysis: Forbidden: analysis is" + version));
  EXPECT_THAT(unavailable(R"({"canary": {"trafficRouting": {"istio": {}, "appMesh": {}, "plugins": {"example/router": {}, "argoproj-labs/gatewayAPI": {}}}}})"),
              ElementsAre("spec.strategy.canary.trafficRouting.istio: Forbidden: this traffic router is" + version,
                          "spec.strategy.canary.trafficRouting.appMesh: Forbidden: this traffic router is" + version,
                          "spec.strategy.canary.trafficRouting.plugins.example/router: Forbidden: this traffic router is" + version));
}

TEST(UnavailableFeatures, LeaveTheRestAlone) {
  EXPECT_THAT(unavailable_features(with_strategy(R"({"canary": {"canaryService": "c", "stableService": "s", "maxSurge": 1,
                  "trafficRouting": {}, "dynamicStableScale": true, "analysis": {"templates": []},
                  "steps": [{"setWeight": 20}, {"pause": {"duration": "1m"}}, {"setCanaryScale": {"replicas": 2}}]}})")),
              IsEmpty());
  EXPECT_THAT(unavailable_features(with_strategy(R"({"canary": {"trafficRouting": {"plugins": {}, "managedRoutes": []}}})")), IsEmpty());
}

}  // namespace
}  // namespace canaria::api
