// The rules on strategies and steps as tables: members of the strategy, and the exact texts that come out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/rollouts/validation.h"

namespace canaria::api {
namespace {

Rollout with_strategy(const std::string& strategy) {
  const auto object = json::parse(R"({"metadata": {"name": "web"}, "spec": {
    "selector": {"matchLabels": {"app": "web"}},
    "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}},
    "strategy": )" + strategy + "}}");
  EXPECT_TRUE(object.has_value()) << strategy;
  return parse_rollout(object ? *object : json::Value(nullptr));
}

std::vector<std::string> texts(const std::string& strategy) {
  const Rollout rollout = with_strategy(strategy);
  std::vector<std::string> list;
  for (const FieldError& error : validate(rollout, rollout.pod_template, rollout.spec.selector)) list.push_back(error.text());
  return list;
}
std::vector<std::string> canary_texts(const std::string& canary) { return texts(R"({"canary": )" + canary + "}"); }

struct Row {
  const char* strategy;
  std::vector<std::string> want;
};

TEST(BlueGreenValidation, ChecksServicesLimitsAndAntiAffinity) {
  const char* same =
      "This rollout uses the same service for the active and preview services, but two different services are required.";
  const Row rows[] = {
      {R"({"activeService": "a", "previewService": "b"})", {}},
      {R"({"activeService": "a", "previewService": "a"})",
       {std::string("spec.strategy.activeService: Invalid value: \"a\": ") + same}},
      {R"({})", {std::string("spec.strategy.activeService: Invalid value: \"\": ") + same}},
      {R"({"activeService": "a", "scaleDownDelayRevisionLimit": 10})", {}},
      {R"({"activeService": "a", "scaleDownDelayRevisionLimit": 11})",
       {"spec.strategy.scaleDownDelayRevisionLimit: Invalid value: 11: This rollout's revision history limit can not be smaller "
        "than the rollout's scale down limit"}},
      {R"({"activeService": "a", "antiAffinity": {}})",
       {"spec.strategy.antiAffinity: Invalid value: \"antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: false "
        "antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: false\": AntiAffinity must have exactly one strategy listed"}},
  };
  for (const Row& row : rows) EXPECT_EQ(texts(std::string(R"({"blueGreen": )") + row.strategy + "}"), row.want) << row.strategy;
}

TEST(CanaryValidation, ChecksTheStrategyAsAWhole) {
  const char* both_services = "Canary service and Stable service must to be set to use Traffic Routing";
  const char* ping_and_pong = "Ping service and Pong service must to be set to use Ping-Pong feature";
  const Row rows[] = {
      {R"({})", {}},
      // c1
      {R"({"maxSurge": 0, "maxUnavailable": 0})",
       {"spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero"}},
      {R"({"maxSurge": "0%", "maxUnavailable": "0"})",
       {"spec.strategy.maxSurge: Invalid value: \"0%\": MaxSurge and MaxUnavailable both can not be zero"}},
      {R"({"maxSurge": 0})", {}},
      // c2
      {R"({"canaryService": "a", "stableService": "a"})",
       {"spec.strategy.stableService: Invalid value: \"a\": This rollout uses the same service for the stable and canary services, "
        "but two different services are required."}},
      // c3
      {R"({"pingPong": {"pingService": "a", "pongService": "b"}, "trafficRouting": {}})",
       {"spec.strategy.trafficRouting.alb: Invalid value: null: Ping-pong feature works with the ALB, Istio, and plugin-based "
        "traffic routers only"}},
      {R"({"pingPong": {"pingService": "a", "pongService": "b"}, "trafficRouting": {"istio": {}}})", {}},
      // c4
      {R"({"pingPong": {"pongService": "b"}})",
       {std::string("spec.strategy.pingPong.pingService: Invalid value: \"\": ") + ping_and_pong}},
      {R"({"pingPong": {"pingService": "a"}})",
       {std::string("spec.strategy.pingPong.pongService: Invalid value: \"\": ") + ping_and_pong}},
      // c5
      {R"({"pingPong": {"pingService": "a", "pongService": "a"}})",
       {"spec.strategy.pingPong.pingService: Invalid value: \"a\": This rollout uses the same service for the ping and pong "
        "services, but two different services are required."}},
      // c6
      {R"({"pingPong": {"pingService": "a", "pongService": "b"}, "trafficRouting": {"alb": {"ingress": "i", "servicePort": 80}}})",
       {"spec.strategy.trafficRouting.alb.rootService: Invalid value: \"\": Root service field is required for the configuration "
        "with ALB and ping-pong feature enabled"}},
      // c7
      {R"({"trafficRouting": {"nginx": {"stableIngress": "i"}}})",
       {std::string("spec.strategy.stableService: Invalid value: \"\": ") + both_services,
        std::string("spec.strategy.canaryService: Invalid value: \"\": ") + both_services}},
      {R"({"stableService": "s", "trafficRouting": {"alb": {"ingress": "i", "servicePort": 80}}})",
       {std::string("spec.strategy.canaryService: Invalid value: \"\": ") + both_services}},
      {R"({"canaryService": "c", "trafficRouting": {"istio": {"virtualService": {"name": "v"}}}})",
       {std::string("spec.strategy.stableService: Invalid value: \"\": ") + both_services}},
      {R"({"trafficRouting": {"istio": {"virtualService": {"name": "v"}, "destinationRule": {"name": "d"}}}})", {}},
      {R"({"trafficRouting": {"plugins": {"example/router": {}}}})", {}},
      {R"({"trafficRouting": {}})", {}},
      // c8, c9
      {R"({"scaleDownDelaySeconds": 30})",
       {"spec.strategy.scaleDownDelaySeconds: Invalid value: 30: Canary scaleDownDelaySeconds can only be used with traffic routing"}},
      {R"({"dynamicStableScale": true})",
       {"spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale can only be used with traffic routing"}},
      // c10
      {R"({"trafficRouting": {}, "dynamicStableScale": true, "scaleDownDelaySeconds": 30})",
       {"spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale cannot be used with scaleDownDelaySeconds"}},
      // c11
      {R"({"trafficRouting": {"maxTrafficWeight": 1000}})",
       {"spec.strategy.trafficRouting.maxTrafficWeight: Invalid value: 1000: Canary maxTrafficWeight in traffic routing only "
        "supported in Nginx and Plugins"}},
      {R"({"trafficRouting": {"maxTrafficWeight": 1000, "plugins": {"example/router": {}}}, "steps": [{"setWeight": 900}]})", {}},
      // c13
      {R"({"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 101}}})",
       {"spec.strategy.antiAffinity.weight: Invalid value: 101: AntiAffinity weight must be between 1-100"}},
      {R"({"antiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": {"weight": 1},
                            "requiredDuringSchedulingIgnoredDuringExecution": {}}})",
       {"spec.strategy.antiAffinity: Invalid value: \"antiAffinity.PreferredDuringSchedulingIgnoredDuringExecution: true "
        "antiAffinity.RequiredDuringSchedulingIgnoredDuringExecution: true\": AntiAffinity must have exactly one strategy listed"}},
      {R"({"antiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {}}})", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(canary_texts(row.strategy), row.want) << row.strategy;
}

TEST(StepValidation, ChecksWeightPauseAndScale) {
  const char* one_action = "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause";
  const Row rows[] = {
      // s1, s2
      {R"([{"setWeight": 10, "pause": {}}])",
       {std::string("spec.strategy.steps[0]: Invalid value: \"step.Experiment: false step.Pause: true step.SetWeight: true "
                    "step.Analysis: false\": ") + one_action}},
      {R"([{"pause": {}}, {}])",
       {std::string("spec.strategy.steps[1]: Invalid value: \"step.Experiment: true step.Pause: true step.SetWeight: true "
                    "step.Analysis: true step.SetCanaryScale: true step.SetHeaderRoute: true step.SetMirrorRoute: true "
                    "step.Plugin: true\": ") + one_action}},
      {R"([{"plugin": {"name": "example/step"}}, {"analysis": {}}, {"experiment": {"templates": []}}])", {}},
      // s3
      {R"([{"setWeight": -1}])", {"spec.strategy.steps[0].setWeight: Invalid value: -1: SetWeight needs to be between 0 and 100"}},
      {R"([{"setWeight": 120}])", {"spec.strategy.steps[0].setWeight: Invalid value: 120: SetWeight needs to be between 0 and 100"}},
      {R"([{"setWeight": 0}, {"setWeight": 100}])", {}},
      // s4
      {R"([{"pause": {"duration": -5}}])",
       {"spec.strategy.steps[0].pause.duration: Invalid value: -5: Duration needs to be greater than 0"}},
      {R"([{"pause": {"duration": "1 day"}}])",
       {"spec.strategy.steps[0].pause.duration: Invalid value: -1: Duration needs to be greater than 0"}},
      {R"([{"pause": {"duration": 0}}, {"pause": {"duration": "30"}}, {"pause": {"duration": "1h30m"}}, {"pause": {}}])", {}},
      // s5
      {R"([{"setCanaryScale": {"replicas": 3}}])",
       {"spec.strategy.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set"}},
      // s6, s11
      {R"([{"setHeaderRoute": {"match": [{"headerName": "x", "headerValue": {"exact": "1"}}], "name": "h"}}])",
       {"spec.strategy.steps[0].setHeaderRoute: Invalid value: {\"name\":\"h\",\"match\":[{\"headerName\":\"x\",\"headerValue\":"
        "{\"exact\":\"1\"}}]}: SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix"}},
      {R"([{"setMirrorRoute": {"name": "m"}}])",
       {"spec.strategy.steps[0].setMirrorRoute: Invalid value: {\"name\":\"m\"}: SetMirrorRoute requires TrafficRouting, supports "
        "Istio and Plugins"}},
      // s15
      {R"([{"experiment": {"templates": [{"name": "a", "specRef": "canary"}, {"name": "b", "specRef": "canary", "weight": 5}]}}])",
       {"spec.strategy.steps[0].experiment.templates[1].weight: Invalid value: 5: Experiment template weight cannot be set unless "
        "TrafficRouting is enabled"}},
      // s17
      {R"([{"analysis": {"args": [{"name": "a", "valueFrom": {"fieldRef": {"fieldPath": "metadata.finalizers"}}}]}}])",
       {"spec.strategy.steps[0].analyses: Invalid value: [{\"name\":\"a\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":"
        "\"metadata.finalizers\"}}}]: Analyses arguments must refer to valid object metadata supported by downwardAPI"}},
      {R"([{"experiment": {"templates": [], "analyses": [{"name": "x", "templateName": "t",
           "args": [{"name": "a", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
                    {"name": "b", "valueFrom": {"fieldRef": {"fieldPath": "spec.replicas"}}},
                    {"name": "c", "value": "1"}]}]}}])", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(canary_texts(std::string(R"({"steps": )") + row.strategy + "}"), row.want) << row.strategy;
}

// Every step needs a router here; `router` stands for the members of trafficRouting.
struct RouteRow {
  const char* router;
  const char* step;
  std::vector<std::string> want;
};

TEST(StepValidation, ChecksRoutesAgainstTheRouter) {
  const std::string missing = "StringMatch value missed, match value must have one of the following: exact, regex, prefix";
  const std::string several = "StringMatch match value must have exactly one of the following: exact, regex, prefix";
  const std::string header = "spec.strategy.steps[0].setHeaderRoute";
  const std::string mirror = "spec.strategy.steps[0].setMirrorRoute";
  const char* alb = R"("alb": {"ingress": "i", "servicePort": 80}, "managedRoutes": [{"name": "r"}])";
  const char* istio = R"("istio": {"virtualService": {"name": "v"}}, "managedRoutes": [{"name": "r"}])";
  const RouteRow rows[] = {
      // s7, s8
      {alb, R"({"setHeaderRoute": {"name": "r", "match": [{"headerName": "x", "headerValue": {"exact": "1"}}, {"headerName": "y"}]}})",
       {header + ".match[1]: Invalid value: null: " + missing}},
      {alb, R"({"setHeaderRoute": {"name": "r", "match": [{"headerName": "x", "headerValue": {"prefix": "1"}}]}})",
       {header + ".match[0]: Invalid value: {\"prefix\":\"1\"}: SetHeaderRoute match value invalid. ALB supports 'exact' value only"}},
      // s9, s10
      {istio, R"({"setHeaderRoute": {"name": "r", "match": [{"headerName": "x", "headerValue": {}}]}})",
       {header + ".match[0]: Invalid value: {}: " + missing}},
      {istio, R"({"setHeaderRoute": {"name": "r", "match": [{"headerName": "x", "headerValue": {"regex": "1", "exact": "1"}}]}})",
       {header + ".match[0]: Invalid value: {\"exact\":\"1\",\"regex\":\"1\"}: " + several}},
      {istio, R"({"setHeaderRoute": {"name": "r", "match": [{"headerName": "x", "headerValue": {"prefix": "1"}}]}})", {}},
      {istio, R"({"setHeaderRoute": {"name": "r"}})", {}},
      // s11, s12
      {alb, R"({"setMirrorRoute": {"name": "r", "percentage": 50}})",
       {mirror + ": Invalid value: {\"name\":\"r\",\"percentage\":50}: SetMirrorRoute requires TrafficRouting, supports Istio and Plugins"}},
      {istio, R"({"setMirrorRoute": {"name": "r", "match": [{"method": {"exact": "GET"}, "path": {}}]}})",
       {mirror + ".match[0]: Invalid value: {}: " + missing}},
      {istio, R"({"setMirrorRoute": {"name": "r", "match": [{"method": {"exact": "GET", "prefix": "G"}}]}})",
       {mirror + ".match[0]: Invalid value: {\"exact\":\"GET\",\"prefix\":\"G\"}: " + several}},
      {istio, R"({"setMirrorRoute": {"name": "r", "match": [{"headers": {"x": {}}}]}})", {}},
      // s13, s14
      {R"("istio": {})", R"({"setHeaderRoute": {"name": "r"}})",
       {"spec.strategy.trafficRouting.managedRoutes: Required value: Rollout has missing field "
        "'spec.strategy.canary.trafficRouting.managedRoutes'"}},
      {istio, R"({"setHeaderRoute": {"name": "other"}})",
       {header + ": Invalid value: \"other\": Steps define a route that does not exist in "
                 "spec.strategy.canary.trafficRouting.managedRoutes"}},
      {istio, R"({"setMirrorRoute": {"name": "other"}})",
       {mirror + ": Invalid value: \"other\": Steps define a route that does not exist in "
                 "spec.strategy.canary.trafficRouting.managedRoutes"}},
      // s16
      {R"("nginx": {"stableIngress": "i"})", R"({"experiment": {"templates": [{"name": "a", "specRef": "canary", "weight": 5}]}})",
       {"spec.strategy.steps[0].experiment.templates[0].weight: Invalid value: 5: Experiment template weight is only available for "
        "TrafficRouting with SMI, ALB, Istio and Plugins at this time"}},
      {istio, R"({"experiment": {"templates": [{"name": "a", "specRef": "canary", "weight": 5}]}})", {}},
      // s3 with another maximum, s5 with a router
      {R"("maxTrafficWeight": 1000, "nginx": {"stableIngress": "i"})", R"({"setWeight": 1001})",
       {"spec.strategy.steps[0].setWeight: Invalid value: 1001: SetWeight needs to be between 0 and 1000"}},
      {"", R"({"setCanaryScale": {"replicas": 3}})", {}},
  };
  for (const RouteRow& row : rows) {
    const auto canary = std::string(R"({"stableService": "s", "canaryService": "c", "trafficRouting": {)") + row.router +
                        R"(}, "steps": [)" + row.step + "]}";
    EXPECT_EQ(canary_texts(canary), row.want) << canary;
  }
}

}  // namespace
}  // namespace canaria::api
