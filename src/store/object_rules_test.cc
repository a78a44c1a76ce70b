// The rules of writes as tables: stored object and request in, new object or error out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/patch.h"
#include "json/write.h"
#include "store/object_name.h"
#include "store/object_rules.h"
#include "store/random_names.h"

namespace canaria::store {
namespace {

using testing::HasSubstr;

const Time kNow = *parse_time("2026-08-01T12:00:00Z");

json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().message);
  return value ? *value : json::Value();
}

void expect_json(const json::Value& actual, std::string_view expected) {
  EXPECT_TRUE(json::same_json(actual, parsed(expected))) << json::write(actual) << "\nexpected\n" << expected;
}

ResourcePolicy rollout_policy() { return default_policy(api::resources::rollouts()); }

constexpr std::string_view kStored = R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"web",
  "namespace":"shop","uid":"u1","creationTimestamp":"2026-08-01T11:00:00Z","generation":3,"resourceVersion":"7"},
  "spec":{"replicas":2},"status":{"phase":"Healthy"}})";

Result<json::Value> create(std::string_view text, const api::ObjectKey& key = {"shop", ""}) {
  const CreateStamp stamp{kNow, "u9", "x4k2z"};
  return created_object(api::resources::rollouts(), rollout_policy(), key, parsed(text), stamp);
}

Result<Outcome> merge(std::string_view current, std::string_view patch, Part part = Part::kMain) {
  return patched_object(api::resources::rollouts(), rollout_policy(), parsed(current), PatchKind::kMerge, parsed(patch), part);
}

TEST(ObjectRules, CreateStampsTheObjectAndDropsWhatOnlyTheSystemSets) {
  const auto created = create(R"({"metadata":{"name":"web","generation":9,"uid":"mine","deletionTimestamp":"x","selfLink":"y"},
                                  "spec":{"replicas":2},"status":{"phase":"Healthy"}})");
  ASSERT_TRUE(created) << created.error().message;
  expect_json(*created,
              R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"name":"web","namespace":"shop","uid":"u9",
    "creationTimestamp":"2026-08-01T12:00:00Z","generation":1},"spec":{"replicas":2}})");
}

TEST(ObjectRules, CreateCompletesAGeneratedName) {
  const auto created = create(R"({"metadata":{"generateName":"web-"}})");
  ASSERT_TRUE(created);
  EXPECT_EQ(json::text_at(*created, "metadata.name"), "web-x4k2z");
  const std::string long_base(80, 'a');
  const auto cut = create(R"({"metadata":{"generateName":")" + long_base + R"("}})");
  EXPECT_EQ(json::text_at(*cut, "metadata.name"), std::string(58, 'a') + "x4k2z");
}

TEST(ObjectRules, CreateRefuses) {
  struct Row {
    std::string_view object;
    std::string_view message;
    Code code = Code::kBadRequest;
  };
  const std::vector<Row> rows = {
      {R"([])", "must be a JSON object"},
      {R"({})", "Rollout.argoproj.io \"\" is invalid: metadata.name: Required value: name or generateName is required",
       Code::kInvalid},
      {R"({"metadata":{"name":"a/b"}})", "metadata.name: Invalid value: \"a/b\": a lowercase RFC 1123 subdomain must", Code::kInvalid},
      {R"({"metadata":{"name":".."}})", "a lowercase RFC 1123 subdomain must", Code::kInvalid},
      {R"({"metadata":{"name":"Web"}})", "metadata.name: Invalid value: \"Web\": a lowercase RFC 1123 subdomain must consist of",
       Code::kInvalid},
      {R"({"metadata":{"name":"web","namespace":"other"}})",
       "the namespace of the provided object does not match the namespace sent on the request"},
      {R"({"metadata":{"name":"web","resourceVersion":"3"}})", "resourceVersion should not be set on objects to be created"},
  };
  for (const Row& row : rows) {
    const auto created = create(row.object);
    ASSERT_FALSE(created) << row.object;
    EXPECT_EQ(created.error().code, row.code) << row.object;
    EXPECT_EQ(created.error().causes.size(), row.code == Code::kInvalid ? 1U : 0U) << row.object;
    EXPECT_THAT(created.error().message, HasSubstr(std::string(row.message)));
  }
}

TEST(ObjectRules, UpdateEffects) {
  struct Row {
    std::string_view what;
    std::string_view patch;
    Part part;
    Effect effect;
    int generation;
  };
  const std::vector<Row> rows = {
      {"nothing", R"({})", Part::kMain, Effect::kNone, 3},
      {"same value", R"({"spec":{"replicas":2}})", Part::kMain, Effect::kNone, 3},
      {"spec", R"({"spec":{"replicas":4}})", Part::kMain, Effect::kChanged, 4},
      {"labels", R"({"metadata":{"labels":{"a":"b"}}})", Part::kMain, Effect::kChanged, 3},
      {"status through main", R"({"status":{"phase":"Degraded"}})", Part::kMain, Effect::kNone, 3},
      {"status", R"({"status":{"phase":"Degraded"}})", Part::kStatus, Effect::kChanged, 3},
      {"spec through status", R"({"spec":{"replicas":4}})", Part::kStatus, Effect::kNone, 3},
      {"system fields", R"({"metadata":{"generation":77,"creationTimestamp":null}})",
       Part::kMain, Effect::kNone, 3},
      {"another member", R"({"extra":1})", Part::kMain, Effect::kChanged, 4},
  };
  for (const Row& row : rows) {
    const auto outcome = merge(kStored, row.patch, row.part);
    ASSERT_TRUE(outcome) << row.what << ": " << outcome.error().message;
    EXPECT_EQ(outcome->effect, row.effect) << row.what;
    EXPECT_EQ(json::int_at(outcome->object, "metadata.generation"), row.generation) << row.what;
  }
}

TEST(ObjectRules, UpdateRefuses) {
  struct Row {
    std::string_view patch;
    Code code;
    std::string_view message;
  };
  const std::vector<Row> rows = {
      {R"({"metadata":{"resourceVersion":"6"}})", Code::kConflict,
       "Operation cannot be fulfilled on rollouts.argoproj.io \"web\": the object has been modified; please apply your changes "
       "to the "
       "latest version and try again"},
      {R"({"metadata":{"resourceVersion":null}})", Code::kInvalid, "must be specified for an update"},
      {R"({"metadata":{"deletionTimestamp":"2026-08-01T12:00:00Z"}})", Code::kInvalid,
       "metadata.deletionTimestamp: Invalid value: \"2026-08-01T12:00:00Z\": field is immutable"},
      {R"({"metadata":{"uid":"other"}})", Code::kConflict, "UID in precondition: other, UID in object meta: u1"},
      {R"({"metadata":{"name":"shop"}})", Code::kBadRequest,
       "the name of the object (shop) does not match the name on the URL (web)"},
  };
  for (const Row& row : rows) {
    const auto outcome = merge(kStored, row.patch);
    ASSERT_FALSE(outcome) << row.patch;
    EXPECT_EQ(outcome.error().code, row.code) << row.patch;
    EXPECT_THAT(outcome.error().message, HasSubstr(std::string(row.message)));
  }
}

TEST(ObjectRules, PatchFormatsThatAreNotThereSaySo) {
  const auto patched = [](PatchKind kind) {
    return patched_object(api::resources::rollouts(), rollout_policy(), parsed(kStored), kind, parsed("{}"), Part::kMain);
  };
  EXPECT_THAT(patched(PatchKind::kStrategic).error().message, HasSubstr("this store was opened without"));
  EXPECT_THAT(patched(PatchKind::kApply).error().message, HasSubstr("this store was opened without"));
  const auto json_patch = patched_object(api::resources::rollouts(), rollout_policy(), parsed(kStored), PatchKind::kJson,
                                         parsed(R"([{"op":"replace","path":"/spec/replicas","value":5}])"), Part::kMain);
  ASSERT_TRUE(json_patch);
  EXPECT_EQ(json::int_at(json_patch->object, "spec.replicas"), 5);
}

TEST(ObjectRules, OnlyResourcesWithAStatusSubresourceHaveOne) {
  EXPECT_EQ(part_of(api::resources::config_maps(), default_policy(api::resources::config_maps()), "status").error().code,
            Code::kNotFound);
  EXPECT_EQ(*part_of(api::resources::rollouts(), rollout_policy(), "status"), Part::kStatus);
}

TEST(ObjectRules, DeletionRemovesOrMarks) {
  const auto rollouts = api::resources::rollouts();
  DeleteOptions options;
  EXPECT_EQ(deleted_object(rollouts, rollout_policy(), parsed(kStored), options, kNow)->effect, Effect::kRemoved);
  options.propagation = Propagation::kForeground;
  const auto marked = deleted_object(rollouts, rollout_policy(), parsed(kStored), options, kNow);
  ASSERT_TRUE(marked);
  EXPECT_EQ(marked->effect, Effect::kChanged);
  EXPECT_EQ(json::text_at(marked->object, "metadata.deletionTimestamp"), "2026-08-01T12:00:00Z");
  EXPECT_EQ(json::int_at(marked->object, "metadata.generation"), 4);
  const auto again = deleted_object(rollouts, rollout_policy(), marked->object, options, kNow + Seconds(5));
  EXPECT_EQ(again->effect, Effect::kNone);
  const auto released = merge(json::write(marked->object), R"({"metadata":{"finalizers":null}})");
  EXPECT_EQ(released->effect, Effect::kRemoved);
  const auto added = merge(json::write(marked->object), R"({"metadata":{"finalizers":["foregroundDeletion","a/b"]}})");
  EXPECT_THAT(added.error().message,
              HasSubstr("no new finalizers can be added if the object is being deleted, found new finalizers "
                        "[]string{\"a/b\"}"));
}

TEST(ObjectRules, DeletionPreconditions) {
  DeleteOptions options;
  options.uid = "other";
  EXPECT_EQ(deleted_object(api::resources::rollouts(), rollout_policy(), parsed(kStored), options, kNow).error().code,
            Code::kConflict);
  options.uid = "u1";
  options.resource_version = "6";
  EXPECT_EQ(deleted_object(api::resources::rollouts(), rollout_policy(), parsed(kStored), options, kNow).error().code,
            Code::kConflict);
  options.resource_version = "7";
  EXPECT_TRUE(deleted_object(api::resources::rollouts(), rollout_policy(), parsed(kStored), options, kNow));
}

TEST(ObjectRules, APodOnANodeIsGivenItsGracePeriod) {
  const auto pods = api::resources::pods();
  const auto policy = default_policy(pods);
  const auto pod =
      parsed(R"({"metadata":{"name":"p","namespace":"shop","uid":"u"},"spec":{"nodeName":"n","terminationGracePeriodSeconds":10},
                              "status":{"phase":"Running"}})");
  DeleteOptions options;
  const auto marked = deleted_object(pods, policy, pod, options, kNow);
  EXPECT_EQ(marked->effect, Effect::kChanged);
  EXPECT_EQ(json::text_at(marked->object, "metadata.deletionTimestamp"), "2026-08-01T12:00:10Z");
  EXPECT_EQ(json::int_at(marked->object, "metadata.deletionGracePeriodSeconds"), 10);
  EXPECT_EQ(deleted_object(pods, policy, marked->object, options, kNow)->effect, Effect::kNone);
  options.grace_period = Seconds(0);
  EXPECT_EQ(deleted_object(pods, policy, marked->object, options, kNow)->effect, Effect::kRemoved);
  const auto unscheduled = parsed(R"({"metadata":{"name":"p","namespace":"shop","uid":"u"},"spec":{}})");
  EXPECT_EQ(deleted_object(pods, policy, unscheduled, DeleteOptions(), kNow)->effect, Effect::kRemoved);
}

TEST(ObjectRules, NamesOfDns) {
  struct Row {
    NameRule rule;
    std::string name;
    std::string problem;
  };
  const std::vector<Row> rows = {
      {NameRule::kSubdomain, "a-1.b", ""},
      {NameRule::kSubdomain, "a..b", "a lowercase RFC 1123 subdomain must"},
      {NameRule::kSubdomain, "-a", "a lowercase RFC 1123 subdomain must"},
      {NameRule::kSubdomain, std::string(254, 'a'), "must be no more than 253"},
      {NameRule::kLabel, "1a", ""},
      {NameRule::kLabel, "a.b", "must not contain dots"},
      {NameRule::kLabel, std::string(64, 'a'), "must be no more than 63"},
      {NameRule::kServiceLabel, "a1", ""},
      {NameRule::kServiceLabel, "1a", "a DNS-1035 label must"},
      {NameRule::kPathSegment, "system:Any", ""},
      {NameRule::kPathSegment, "a%b", "may not contain '%'"},
      {NameRule::kPathSegment, "..", "may not be '..'"},
  };
  for (const Row& row : rows) EXPECT_THAT(name_problem(row.rule, row.name), HasSubstr(row.problem)) << row.name;
  EXPECT_EQ(name_problem(NameRule::kSubdomain, "a-1.b"), "");
}

TEST(ObjectRules, ANamespaceIsTerminatingUntilItIsFinalized) {
  const auto namespaces = api::resources::namespaces();
  const auto policy = default_policy(namespaces);
  const CreateStamp stamp{kNow, "u1", ""};
  const auto created = created_object(namespaces, policy, {}, parsed(R"({"metadata":{"name":"shop"}})"), stamp);
  ASSERT_TRUE(created);
  expect_json(*created, R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","uid":"u1",
    "creationTimestamp":"2026-08-01T12:00:00Z","labels":{"kubernetes.io/metadata.name":"shop"}},
    "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}})");
  const auto deleted = deleted_object(namespaces, policy, *created, DeleteOptions(), kNow);
  EXPECT_EQ(deleted->effect, Effect::kChanged);
  EXPECT_EQ(json::text_at(deleted->object, "status.phase"), "Terminating");
  const auto unfinalized = parsed(R"({"metadata":{"name":"shop"},"spec":{"finalizers":[]}})");
  EXPECT_EQ(updated_object(namespaces, policy, deleted->object, unfinalized, Part::kMain)->effect, Effect::kChanged)
      << "labels went; the finalizers stay";
  EXPECT_EQ(updated_object(namespaces, policy, deleted->object, unfinalized, Part::kFinalize)->effect, Effect::kRemoved);
  EXPECT_EQ(updated_object(namespaces, policy, *created, unfinalized, Part::kFinalize)->effect, Effect::kChanged);
}

TEST(ObjectRules, ADefinitionIsKeptUntilItsObjectsAreGone) {
  const auto definitions = api::resources::custom_resource_definitions();
  const auto policy = default_policy(definitions);
  const auto stored = parsed(R"({"metadata":{"name":"a.b","uid":"u1","resourceVersion":"4"},"spec":{}})");
  const auto deleted = deleted_object(definitions, policy, stored, DeleteOptions(), kNow);
  EXPECT_EQ(deleted->effect, Effect::kChanged);
  EXPECT_EQ(json::write(deleted->object.at("metadata").at("finalizers")), R"(["customresourcecleanup.apiextensions.k8s.io"])");
  EXPECT_EQ(deleted_object(definitions, policy, deleted->object, DeleteOptions(), kNow)->effect, Effect::kNone);
  json::Value released = deleted->object;
  released.at("metadata").as_object().erase("finalizers");
  EXPECT_EQ(updated_object(definitions, policy, deleted->object, released, Part::kMain)->effect, Effect::kRemoved);
}

TEST(RandomNames, LookAsTheyShould) {
  RandomNames names;
  EXPECT_THAT(names.uid(), testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(names.suffix().size(), 5U);
  EXPECT_NE(names.uid(), names.uid());
}

}  // namespace
}  // namespace canaria::store
