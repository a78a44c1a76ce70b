// What the content rules make of objects, and the words in which they refuse them.
#include "apiserver/content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apiserver/custom_resources.h"

namespace canaria::apiserver {
namespace {

using testing::HasSubstr;

const Time kNow = *parse_time("2026-08-01T12:00:00Z");

class ContentTest : public testing::Test {
 protected:
  Result<json::Value> write(const std::string& group, const std::string& plural, const std::string& object,
                            const json::Value* before = nullptr, const WriteOptions& options = {}) {
    const ServedResource* served = served_.find(group, group == "argoproj.io" ? "v1alpha1" : "v1", plural);
    const api::ObjectKey key{"shop", "web"};
    return served_.admitted({served->resource, key, options, before, kNow}, *json::parse(object));
  }

  ServedResources served_;
};

std::string deployment(const std::string& spec) {
  return R"({"metadata":{"name":"web","namespace":"shop"},"spec":{"selector":{"matchLabels":{"a":"b"}},)"
         R"("template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}})" +
         spec + "}}";
}

TEST_F(ContentTest, FillsInDefaultsAndPrunesWhatIsUnknown) {
  const auto stored = write("apps", "deployments", deployment(R"(,"foo":1,"paused":null)"));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(json::text_at(*stored, "apiVersion"), "apps/v1");
  EXPECT_EQ(json::int_at(*stored, "spec.replicas"), 1);
  EXPECT_EQ(json::find(*stored, "spec.foo"), nullptr);
  EXPECT_EQ(json::find(*stored, "spec.paused"), nullptr);
  EXPECT_EQ(json::text_at(*stored, "spec.template.spec.restartPolicy"), "Always");
  // Nobody gave a name, so nobody is tracked.
  EXPECT_EQ(json::find(*stored, "metadata.managedFields"), nullptr);
}

TEST_F(ContentTest, AdmittingTwiceChangesNothing) {
  const auto once = write("apps", "deployments", deployment(""));
  ASSERT_TRUE(once);
  const ServedResource* served = served_.find("apps", "v1", "deployments");
  const WriteOptions options;
  const api::ObjectKey key{"shop", "web"};
  const auto twice = served_.admitted({served->resource, key, options, &*once, kNow}, *once);
  ASSERT_TRUE(twice) << twice.error().message;
  EXPECT_EQ(*twice, *once);
}

TEST_F(ContentTest, AWrongTypeCannotBeDecoded) {
  const auto refused = write("apps", "deployments", R"({"metadata":{"name":"web"},"spec":{"replicas":"three"}})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kBadRequest);
  EXPECT_EQ(refused.error().message,
            "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field "
            "DeploymentSpec.spec.replicas of type int32");
  EXPECT_THAT(write("", "configmaps", R"({"metadata":{"name":"web","labels":{"a":1}}})").error().message,
              HasSubstr("cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"));
}

TEST_F(ContentTest, AllProblemsAreListedAsCauses) {
  const auto refused = write("apps", "deployments",
                             R"({"metadata":{"name":"web","labels":{"a b":"c"}},"spec":{"selector":{"matchLabels":{"a":"b"}},)"
                             R"("template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}}})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
  EXPECT_THAT(refused.error().message,
              testing::StartsWith("Deployment.apps \"web\" is invalid: [metadata.labels: Invalid value: \"a b\""));
  ASSERT_EQ(refused.error().causes.size(), 2U);
  EXPECT_EQ(refused.error().causes[1].reason, "FieldValueRequired");
  EXPECT_EQ(refused.error().causes[1].field, "spec.template.spec.containers[0].image");
}

TEST_F(ContentTest, OurKindsAreJudgedByTheirSchema) {
  const auto refused = write("argoproj.io", "rollouts", R"({"metadata":{"name":"web"},"spec":{"replicas":"x"}})");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              HasSubstr("Rollout.argoproj.io \"web\" is invalid: [spec.replicas: Invalid value: \"string\": spec.replicas in body must "
                        "be of type integer: \"string\", "));
  EXPECT_EQ(refused.error().causes.front().reason, "FieldValueTypeInvalid");
}

TEST_F(ContentTest, ASelectorOfARolloutIsImmutable) {
  const auto before =
      write("argoproj.io", "rollouts", R"({"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"b"}}}})");
  ASSERT_TRUE(before) << before.error().message;
  const auto refused =
      write("argoproj.io", "rollouts", R"({"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"c"}}}})", &*before);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("spec.selector is immutable"));
}

TEST_F(ContentTest, AStatusIsJudgedAlone) {
  WriteOptions options;
  options.subresource = "status";
  // The spec would not be taken any more, yet the status may be written.
  const auto stored =
      write("apps", "deployments", R"({"metadata":{"name":"web"},"spec":{},"status":{"replicas":1,"foo":2}})", nullptr, options);
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(json::int_at(*stored, "status.replicas"), 1);
  EXPECT_EQ(json::find(*stored, "status.foo"), nullptr);
  EXPECT_FALSE(
      write("apps", "deployments", R"({"metadata":{"name":"web"},"spec":{},"status":{"replicas":"x"}})", nullptr, options));
}

TEST_F(ContentTest, TracksTheFieldsOfANamedWriter) {
  WriteOptions options;
  options.field_manager = "kubectl";
  const auto stored = write("apps", "deployments", deployment(""), nullptr, options);
  ASSERT_TRUE(stored);
  EXPECT_EQ(json::text_at(json::find(*stored, "metadata.managedFields")->as_array().front(), "manager"), "kubectl");
}

TEST_F(ContentTest, AppliesThroughTheSchema) {
  const ServedResource* served = served_.find("apps", "v1", "deployments");
  WriteOptions options;
  const api::ObjectKey key{"shop", "web"};
  const json::Value applied =
      *json::parse(R"({"apiVersion":"apps/v1","kind":"Deployment","status":{"replicas":9},)" + deployment("").substr(1));
  EXPECT_EQ(served_.patched({served->resource, key, options, nullptr, kNow}, PatchKind::kApply, applied).error().code,
            Code::kInvalid);
  options.field_manager = "me";
  const auto wanted = served_.patched({served->resource, key, options, nullptr, kNow}, PatchKind::kApply, applied);
  ASSERT_TRUE(wanted) << wanted.error().message;
  EXPECT_EQ(json::find(*wanted, "status"), nullptr);
  const auto stored = served_.admitted({served->resource, key, options, nullptr, kNow, true}, *wanted);
  ASSERT_TRUE(stored);
  EXPECT_EQ(json::find(*stored, "metadata.managedFields")->as_array().size(), 1U);
  EXPECT_EQ(json::text_at(json::find(*stored, "metadata.managedFields")->as_array().front(), "operation"), "Apply");
}

TEST_F(ContentTest, StrategicPatchesAreForKubernetesKinds) {
  const auto stored = write("apps", "deployments", deployment(""));
  const ServedResource* deployments = served_.find("apps", "v1", "deployments");
  const ServedResource* rollouts = served_.find("argoproj.io", "v1alpha1", "rollouts");
  const WriteOptions options;
  const api::ObjectKey key{"shop", "web"};
  const json::Value patch = *json::parse(R"({"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i:2"}]}}}})");
  const auto patched = served_.patched({deployments->resource, key, options, &*stored, kNow}, PatchKind::kStrategic, patch);
  ASSERT_TRUE(patched) << patched.error().message;
  const json::Value& container = json::find(*patched, "spec.template.spec.containers")->as_array().front();
  EXPECT_EQ(json::text_at(container, "image"), "i:2");
  EXPECT_EQ(json::text_at(container, "terminationMessagePolicy"), "File");
  EXPECT_FALSE(served_.patched({rollouts->resource, key, options, &*stored, kNow}, PatchKind::kStrategic, patch));
}

TEST_F(ContentTest, NamesUnknownFieldsForStrictValidation) {
  const ServedResource& served = *served_.find("apps", "v1", "deployments");
  const auto unknown =
      unknown_fields(served, *json::parse(R"({"spec":{"replicaz":1,"template":{"spec":{"$setElementOrder/containers":[]}}}})"));
  EXPECT_THAT(unknown, testing::ElementsAre("unknown field \"spec.replicaz\""));
  EXPECT_EQ(
      strict_error(served, unknown).message,
      "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.replicaz\"");
}

TEST_F(ContentTest, DefinedResourcesAreStoredInOneVersion) {
  const json::Value definition = *json::parse(
      R"({"spec":{"group":"shop.example.com","scope":"Namespaced","names":{"kind":"Widget","plural":"widgets"},"versions":[)"
      R"({"name":"v2","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object",)"
      R"("properties":{"spec":{"type":"object",)"
      R"("properties":{"size":{"type":"integer","default":3}}}}}}},{"name":"v1","served":true,"storage":false,"schema":)"
      R"({"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",)"
      R"("properties":{"size":{"type":"integer","default":3}}}}}}}]}})");
  const auto resources = defined_resources(definition);
  ASSERT_EQ(resources.size(), 2U);
  const api::ObjectKey key{"shop", "w"};
  const WriteOptions options;
  const store::ContentWrite creation{resources[1].resource, key, options, nullptr, kNow};
  const auto stored = admitted_content(
      resources[1], creation, *json::parse(R"({"apiVersion":"shop.example.com/v1","metadata":{"name":"w"},"spec":{"foo":1}})"));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(json::text_at(*stored, "apiVersion"), "shop.example.com/v2");
  EXPECT_EQ(json::int_at(*stored, "spec.size"), 3);
  EXPECT_EQ(json::find(*stored, "spec.foo"), nullptr);
}

struct MetadataCase {
  std::string metadata;
  std::string message;  // what the answer holds
};

TEST_F(ContentTest, MetadataIsRefusedInTheWordsOfKubernetes) {
  const std::string owner = R"("apiVersion":"apps/v1","kind":"ReplicaSet","uid":"u","controller":true)";
  for (
      const MetadataCase& one : std::vector<MetadataCase>{
          {R"("name":"Web","labels":{"a b":"c"})", "is invalid: [metadata.name: Invalid value: \"Web\": a lowercase RFC 1123"},
          {R"("name":"w","generateName":"A_")", "metadata.generateName: Invalid value: \"A_\": a lowercase RFC 1123 subdomain"},
          {R"("name":"w","labels":{"a/b/c":""})", "metadata.labels: Invalid value: \"a/b/c\": a valid label key must consist"},
          {R"("name":"w","labels":{"a":")" + std::string(64, 'x') + "\"}", "must be no more than 63 bytes"},
          {R"("name":"w","finalizers":["c d/e"])", "is invalid: metadata.finalizers: Invalid value: \"c d/e\": prefix part a "},
          {R"("name":"w","finalizers":["x"])", "metadata.finalizers[0]: Invalid value: \"x\": name is neither a standard"},
          {R"("name":"w","finalizers":["orphan","foregroundDeletion"])",
           R"(metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion )"},
          {R"("name":"w","ownerReferences":[{"name":"a",)" + owner + R"(},{"name":"b",)" + owner + "}]",
           "Only one reference can have Controller set to true. Found \"true\" in references for ReplicaSet/a and ReplicaSet/b"},
          {R"("name":"w","ownerReferences":[{"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}])",
           R"(metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}: /v1, Kind=Event )"},
          {R"("name":"w","ownerReferences":[{"apiVersion":"a/b/c","kind":"K","name":"e","uid":"u"}])",
           "metadata.ownerReferences.apiVersion: Invalid value: \"a/b/c\": version must not be empty"},
          {R"("name":"w","creationTimestamp":"2020-13-01T00:00:00Z")",
           "cannot be handled as a ConfigMap: parsing time \"2020-13-01T00:00:00Z\": month out of range"},
          {R"("name":"w","creationTimestamp":"2020-01-01")",
           "parsing time \"2020-01-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\""},
          {R"("name":"w","creationTimestamp":"2020-01-01T00:00:00Zx")", "extra text: \"x\""},
          {R"("name":"w","generation":1.5)", "cannot unmarshal number 1.5 into Go struct field ObjectMeta.metadata.generation"},
      }) {
    const auto refused = write("", "configmaps", R"({"metadata":{)" + one.metadata + "}}");
    ASSERT_FALSE(refused) << one.metadata;
    EXPECT_THAT(refused.error().message, HasSubstr(one.message)) << one.metadata;
  }
  const json::Value list = *json::parse(R"({"metadata":[]})");
  EXPECT_THAT(check_metadata_types(*served_.find("", "v1", "configmaps"), list).error().message,
              HasSubstr("cannot unmarshal array into Go struct field ConfigMap.metadata of type v1.ObjectMeta"));
  EXPECT_THAT(check_metadata_types(*served_.find("argoproj.io", "v1alpha1", "rollouts"), list).error().message,
              HasSubstr("cannot unmarshal array into Go value of type v1.ObjectMeta"));
}

TEST_F(ContentTest, SaysWhichRulesOfACustomResourceWereNotChecked) {
  const auto message = [&](const std::string& spec) {
    const auto refused = write("argoproj.io", "rollouts", R"({"metadata":{"name":"web"},"spec":)" + spec + "}");
    return refused ? "" : refused.error().message;
  };
  const std::string unchecked =
      ", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing "
      "errors to complete validation]";
  EXPECT_EQ(
      message(R"({"paused":"x"})"),
      "Rollout.argoproj.io \"web\" is invalid: [spec.paused: Invalid value: \"string\": spec.paused in body must be of type "
      "boolean: \"string\"" +
          unchecked);
  EXPECT_EQ(message(R"({"replicas":"x"})"),
            "Rollout.argoproj.io \"web\" is invalid: [spec.replicas: Invalid value: \"string\": spec.replicas in body must be of "
            "type integer: \"string\", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, "
            "expected int64" +
                unchecked);
  EXPECT_EQ(message(R"({"replicas":-1})"),
            "Rollout.argoproj.io \"web\" is invalid: .spec.replicas: Invalid value: -1: should be a non-negative integer");
  EXPECT_EQ(
      message(R"({"restartAt":"x"})"),
      "Rollout.argoproj.io \"web\" is invalid: [spec.restartAt: Invalid value: \"x\": spec.restartAt in body must be of type "
      "date-time: \"x\"" +
          unchecked);
  // There are no such rules on templates.
  const auto refused = write("argoproj.io", "analysistemplates", R"({"metadata":{"name":"web"},"spec":{"metrics":"x"}})");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::Not(HasSubstr("some validation rules")));
}

}  // namespace
}  // namespace canaria::apiserver
