// Every rule of validate() as a table: what is changed in a valid Rollout, and the exact texts that come out.

#include "api/rollouts/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/core/pod_template.h"
#include "json/patch.h"

namespace canaria::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kValid = R"({
  "metadata": {"name": "web", "namespace": "shop"},
  "spec": {
    "replicas": 4,
    "selector": {"matchLabels": {"app": "web"}},
    "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}},
    "strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}
  }})";

json::Value parsed(const std::string& text) {
  const auto value = json::parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value ? *value : json::Value(nullptr);
}

// The valid Rollout with a merge patch of its spec.
Rollout with_spec(const std::string& patch) {
  return parse_rollout(json::merge_patch(parsed(kValid), parsed(R"({"spec":)" + patch + "}")));
}

Rollout with_blue_green(const std::string& patch) { return with_spec(R"({"strategy":{"canary":null,"blueGreen":)" + patch + "}}"); }

std::vector<std::string> texts(const std::vector<FieldError>& errors) {
  std::vector<std::string> list;
  for (const FieldError& error : errors) list.push_back(error.text());
  return list;
}
std::vector<std::string> texts(const Rollout& rollout) {
  return texts(validate(rollout, rollout.pod_template, rollout.spec.selector));
}

struct Row {
  const char* patch;
  std::vector<std::string> want;
};

TEST(Validation, AcceptsAValidRollout) {
  EXPECT_THAT(texts(with_spec("{}")), IsEmpty());
  EXPECT_THAT(texts(with_spec(R"({"replicas": 0, "minReadySeconds": 5, "revisionHistoryLimit": 0})")), IsEmpty());
  EXPECT_THAT(texts(with_blue_green(R"({"activeService": "web"})")), IsEmpty());
}

TEST(Validation, ChecksNumbersSelectorAndStrategy) {
  const Row rows[] = {
      {R"({"replicas": -1})", {"spec.replicas: Invalid value: -1: must be greater than or equal to 0"}},
      {R"({"selector": null})", {"spec.selector: Required value: Rollout has missing field '.spec.selector'"}},
      {R"({"selector": {"matchLabels": null}})", {"spec.selector: Invalid value: {}: empty selector is invalid for deployment"}},
      {R"({"selector": {"matchLabels": {"app": "other"}}})",
       {"spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`"}},
      {R"({"template": {"metadata": {"labels": null}}})",
       {"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"}},
      {R"({"minReadySeconds": -1})", {"spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"}},
      {R"({"revisionHistoryLimit": -2})", {"spec.revisionHistoryLimit: Invalid value: -2: must be greater than or equal to 0"}},
      {R"({"progressDeadlineSeconds": -1})",
       {"spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0",
        "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than minReadySeconds"}},
      {R"({"progressDeadlineSeconds": 0})", {"spec.progressDeadlineSeconds: Invalid value: 0: must be greater than minReadySeconds"}},
      {R"({"minReadySeconds": 600})", {"spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"}},
      {R"({"strategy": {"canary": null}})",
       {"spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'"}},
      {R"({"strategy": {"blueGreen": {"activeService": "web"}}})",
       {"spec.strategy.strategy: Invalid value: \"blueGreen: true canary: true\": Multiple Strategies can not be listed"}},
  };
  for (const Row& row : rows) EXPECT_EQ(texts(with_spec(row.patch)), row.want) << row.patch;
}

TEST(Validation, PassesOnTheFaultsOfASelector) {
  const auto rollout = with_spec(R"({"selector": {"matchExpressions": [{"key": "app", "operator": "Near", "values": ["web"]}]}})");
  const auto errors = validate(rollout, rollout.pod_template, rollout.spec.selector);
  ASSERT_FALSE(errors.empty());
  EXPECT_EQ(errors.front().path, "spec.selector.matchExpressions[0].operator");
  EXPECT_THAT(errors.front().detail, ::testing::HasSubstr("not a valid selector operator"));
}

TEST(Validation, ReportsEverythingInRuleOrder) {
  const auto rollout = with_spec(R"({"replicas": -1, "minReadySeconds": -1, "template": {"spec": {"restartPolicy": "Never"}},
      "strategy": {"canary": {"steps": [{"setWeight": 101}, {"pause": {"duration": -5}}]}}})");
  EXPECT_THAT(texts(rollout),
              ElementsAre("spec.replicas: Invalid value: -1: must be greater than or equal to 0",
                          "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
                          "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
                          "spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100",
                          "spec.strategy.steps[1].pause.duration: Invalid value: -5: Duration needs to be greater than 0"));
}

TEST(TemplateValidation, ChecksWhatPeopleGetWrong) {
  const Row rows[] = {
      {R"({"containers": null})", {"spec.template.spec.containers: Required value"}},
      {R"({"containers": []})", {"spec.template.spec.containers: Required value"}},
      {R"({"containers": [{"image": "web:1"}]})", {"spec.template.spec.containers[0].name: Required value"}},
      {R"({"containers": [{"name": "web"}]})", {"spec.template.spec.containers[0].image: Required value"}},
      {R"({"containers": [{"name": "web", "image": " web:1"}]})",
       {"spec.template.spec.containers[0].image: Invalid value: \" web:1\": must not have leading or trailing whitespace"}},
      {R"({"containers": [{"name": "Web", "image": "web:1"}]})",
       {"spec.template.spec.containers[0].name: Invalid value: \"Web\": a lowercase RFC 1123 label must consist of lower case "
        "alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
        "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"}},
      {R"({"containers": [{"name": "web", "image": "a"}, {"name": "web", "image": "b"}]})",
       {"spec.template.spec.containers[1].name: Duplicate value: \"web\""}},
      {R"({"initContainers": [{"name": "web", "image": "a"}, {"name": "init"}]})",
       {"spec.template.spec.initContainers[0].name: Duplicate value: \"web\"",
        "spec.template.spec.initContainers[1].image: Required value"}},
      {R"({"containers": [{"name": "web", "image": "a", "ports": [{"containerPort": 80}, {"containerPort": 70000}]}]})",
       {"spec.template.spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"}},
      {R"({"containers": [{"name": "web", "image": "a", "env": [{"value": "1"}]}]})",
       {"spec.template.spec.containers[0].env[0].name: Required value"}},
      {R"({"containers": [{"name": "web", "image": "a", "volumeMounts": [{"name": "data", "mountPath": "/d"}]}]})",
       {"spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"data\""}},
      {R"({"volumes": [{"name": "data", "emptyDir": {}}],
           "containers": [{"name": "web", "image": "a", "volumeMounts": [{"name": "data"}]}]})",
       {"spec.template.spec.containers[0].volumeMounts[0].mountPath: Required value"}},
      {R"({"containers": [{"name": "web", "image": "a", "imagePullPolicy": "Often"}]})",
       {"spec.template.spec.containers[0].imagePullPolicy: Unsupported value: \"Often\": supported values: \"Always\", "
        "\"IfNotPresent\", \"Never\""}},
      {R"({"ephemeralContainers": [{"name": "debug", "image": "sh"}]})",
       {"spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template"}},
      {R"({"restartPolicy": "Always"})", {}},
      {R"({"restartPolicy": "OnFailure"})",
       {"spec.template.spec.restartPolicy: Unsupported value: \"OnFailure\": supported values: \"Always\""}},
      {R"({"restartPolicy": "Often"})",
       {"spec.template.spec.restartPolicy: Unsupported value: \"Often\": supported values: \"Always\", \"OnFailure\", \"Never\"",
        "spec.template.spec.restartPolicy: Unsupported value: \"Often\": supported values: \"Always\""}},
      {R"({"activeDeadlineSeconds": 30})",
       {"spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"}},
  };
  for (const Row& row : rows) EXPECT_EQ(texts(with_spec(std::string(R"({"template":{"spec":)") + row.patch + "}}")), row.want) << row.patch;
}

TEST(TemplateValidation, ChecksLabelsAndAnnotations) {
  const auto rollout = with_spec(R"({"template": {"metadata": {"labels": {"bad value": "1"}, "annotations": {"Example.com/Fine": "x", "a/b/c": "y"}}}})");
  const auto errors = validate(rollout, rollout.pod_template, rollout.spec.selector);
  ASSERT_EQ(errors.size(), 2U) << texts(rollout)[0];
  EXPECT_EQ(errors[0].path, "spec.template.labels");
  EXPECT_THAT(errors[0].detail, ::testing::StartsWith("Invalid value: \"bad value\": "));
  EXPECT_EQ(errors[1].path, "spec.template.annotations");
  EXPECT_THAT(errors[1].detail, ::testing::StartsWith("Invalid value: \"a/b/c\": "));
}

TEST(WorkloadReference, IsJudgedByTheWorkloadsTemplate) {
  auto rollout = with_spec(R"({"selector": null, "template": null, "workloadRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}})");
  const auto own = with_spec("{}");
  EXPECT_THAT(texts(validate(rollout, own.pod_template, own.spec.selector)), IsEmpty());
  // Nobody looked the workload up.
  EXPECT_THAT(texts(validate(rollout, "", std::nullopt)), IsEmpty());
  // Neither side has a selector.
  EXPECT_THAT(texts(validate(rollout, own.pod_template, std::nullopt)),
              ElementsAre("spec.selector: Required value: Rollout has missing field '.spec.selector'"));
  rollout.pod_template = own.pod_template;
  EXPECT_THAT(texts(validate(rollout, "", std::nullopt)),
              ElementsAre("spec.template: Internal error: template must be empty for workload reference rollout"));
}

}  // namespace
}  // namespace canaria::api
