// HorizontalPodAutoscalers: what is filled in, what is refused, and both forms.
#include <gtest/gtest.h>

#include "api/autoscaling/autoscaler_forms.h"
#include "api/built_in_defaults.h"
#include "api/built_in_validation.h"
#include "api/schema/kinds.h"
#include "json/patch.h"
#include "json/write.h"

namespace canaria::api {
namespace {

constexpr const char* kVersion = "autoscaling/v2";
constexpr const char* kKind = "HorizontalPodAutoscaler";

json::Value autoscaler(std::string_view spec) {
  return json::parse(R"({"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"web"},"spec":)" +
                     std::string(spec) + "}").value();
}
json::Value defaulted(std::string_view spec) { return with_defaults(kVersion, kKind, autoscaler(spec)); }

TEST(AutoscalerDefaults, FillInCpuAndThePace) {
  const json::Value plain = defaulted(R"({"maxReplicas":3,"scaleTargetRef":{"kind":"Rollout","name":"web"}})");
  EXPECT_EQ(json::int_at(plain, "spec.minReplicas"), 1);
  EXPECT_EQ(json::write(*json::find(plain, "spec.metrics")),
            R"([{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}])");
  EXPECT_EQ(json::find(plain, "spec.behavior"), nullptr);
  const json::Value paced = defaulted(R"({"maxReplicas":3,"behavior":{"scaleDown":{"stabilizationWindowSeconds":7}}})");
  EXPECT_EQ(json::int_at(paced, "spec.behavior.scaleDown.stabilizationWindowSeconds"), 7);
  EXPECT_EQ(json::find(paced, "spec.behavior.scaleDown.policies")->as_array().size(), 1U);
  EXPECT_EQ(json::find(paced, "spec.behavior.scaleUp.policies")->as_array().size(), 2U);
  EXPECT_EQ(json::int_at(paced, "spec.behavior.scaleUp.stabilizationWindowSeconds", -1), 0);
}

TEST(AutoscalerValidation, SpeaksAsTheApiServer) {
  const auto found = [](std::string_view spec) {
    std::string text;
    for (const auto& error : validate(kVersion, kKind, defaulted(spec), nullptr)) text += error.path + ": " + error.text + "\n";
    return text;
  };
  EXPECT_EQ(found(R"({"maxReplicas":3,"scaleTargetRef":{"kind":"Rollout","name":"web"}})"), "");
  EXPECT_EQ(found(R"({"minReplicas":0,"maxReplicas":-1,"scaleTargetRef":{"kind":"a/b"}})"),
            "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1\n"
            "spec.maxReplicas: Invalid value: -1: must be greater than 0\n"
            "spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`\n"
            "spec.scaleTargetRef.kind: Invalid value: \"a/b\": may not contain '/'\n"
            "spec.scaleTargetRef.name: Required value\n");
  const std::string head = R"({"maxReplicas":3,"scaleTargetRef":{"kind":"Rollout","name":"web"},)";
  EXPECT_EQ(found(head + R"("metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}},
                                        "pods":{"metric":{"name":"x"}}},{"type":"Odd"}]})"),
            "spec.metrics[0].pods: Forbidden: must populate the given metric source only\n"
            "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target "
            "utilization\n"
            "spec.metrics[1].type: Unsupported value: \"Odd\": supported values: \"ContainerResource\", \"External\", "
            "\"Object\", \"Pods\", \"Resource\"\n");
  EXPECT_EQ(found(head + R"("behavior":{"scaleUp":{"stabilizationWindowSeconds":4000,"policies":[]}}})"),
            "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600\n"
            "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy\n");
}

TEST(AutoscalerForms, NothingIsLostByTheOldOne) {
  json::Value stored = defaulted(R"({"maxReplicas":9,"scaleTargetRef":{"kind":"Rollout","name":"web"},"behavior":{},"metrics":[
    {"type":"External","external":{"metric":{"name":"queue","selector":{"matchLabels":{"a":"b"}}},"target":{"type":"Value","value":"5"}}},
    {"type":"Object","object":{"metric":{"name":"hits"},"describedObject":{"kind":"Ingress","name":"i"},"target":{"type":"AverageValue","averageValue":"1"}}},
    {"type":"Pods","pods":{"metric":{"name":"rps"},"target":{"type":"AverageValue","averageValue":"1k"}}},
    {"type":"ContainerResource","containerResource":{"name":"memory","container":"c","target":{"type":"AverageValue","averageValue":"1Gi"}}},
    {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]})");
  stored.as_object()["status"] = json::parse(R"({"currentReplicas":3,"desiredReplicas":4,
    "conditions":[{"type":"AbleToScale","status":"True"}],
    "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":12}}}]})").value();
  const json::Value old = autoscaler_as_v1(stored);
  EXPECT_EQ(json::text_at(old, "apiVersion"), "autoscaling/v1");
  EXPECT_EQ(json::int_at(old, "spec.targetCPUUtilizationPercentage"), 70);
  EXPECT_EQ(json::int_at(old, "status.currentCPUUtilizationPercentage"), 12);
  EXPECT_TRUE(json::check(old, *find_schema("autoscaling/v1", kKind)).empty());
  EXPECT_TRUE(json::same_json(autoscaler_as_v2(old), stored)) << json::write(autoscaler_as_v2(old));
}

TEST(AutoscalerForms, TheOldOneIsWrittenPlainly) {
  const json::Value old = json::parse(R"({"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"w"},
    "spec":{"maxReplicas":3,"targetCPUUtilizationPercentage":50,"scaleTargetRef":{"kind":"Rollout","name":"web"}}})").value();
  const json::Value stored = autoscaler_as_v2(old);
  EXPECT_EQ(json::write(*json::find(stored, "spec.metrics")),
            R"([{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}])");
  EXPECT_TRUE(json::same_json(autoscaler_as_v1(stored), old)) << json::write(autoscaler_as_v1(stored));
}

}  // namespace
}  // namespace canaria::api
