// Ownership and apply. The expected managedFields and messages were recorded from a real API server.
#include "json/server_side_apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/patch.h"
#include "json/typed_fields.h"
#include "json/write.h"

namespace canaria::json {
namespace {

using testing::HasSubstr;

const Schema& deployment() {
  static const SchemaSet set({R"(
Deployment { apiVersion: string
  kind: string
  metadata: Meta
  spec: Spec
  status: any-object
}
Meta { name: string
  namespace: string
  uid: string
  resourceVersion: string
  generation: int64
  labels: {string}
  annotations: {string}
  finalizers: [string] set
  managedFields: [any] atomic
}
Spec { replicas: int32?
  selector: Selector? always
  strategy: Strategy always
  containers: [Container] always keys(name)
  volumes: [Volume] keys(name)
}
Selector atomic { matchLabels: {string}
}
Strategy { type: string
  rollingUpdate: Rolling
}
Rolling { maxSurge: int-or-string
}
Container { name: string required
  image: string
  resources: any-object always
  ports: [Port] keys(containerPort,protocol)
}
Port { containerPort: int32 required
  protocol: string default("TCP")
  name: string
}
Volume { name: string
  emptyDir: any-object
}
)"},
                             nullptr);
  return set["Deployment"];
}

Value json_of(std::string_view text) { return parse(text).value(); }

Value object(std::string_view spec) {
  return json_of(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":)" + std::string(spec) + "}");
}

FieldManager writer(std::string_view name, std::string_view time = "T1") {
  FieldManager made;
  made.name = name;
  made.api_version = "apps/v1";
  made.time = time;
  return made;
}

Value created(std::string_view spec, std::string_view by) {
  return with_ownership(nullptr, object(spec), writer(by), &deployment());
}

Value updated(const Value& before, std::string_view merge, std::string_view by, std::string_view time = "T2") {
  return with_ownership(&before, merge_patch(before, json_of(merge)), writer(by, time), &deployment());
}

Result<Value> applied(const Value* live, std::string_view spec, std::string_view by, Force force = Force::kNo,
                      std::string_view time = "T3") {
  FieldManager applier = writer(by, time);
  applier.operation = FieldManager::Operation::kApply;
  return server_side_apply(live, object(spec), applier, force, &deployment());
}

// "name operation time fields" of each entry.
std::string owners(const Value& object) {
  std::string text;
  if (const Value* entries = find(object, "metadata.managedFields"))
    for (const Value& entry : entries->as_array()) {
      for (const char* member : {"manager", "operation", "subresource", "time"})
        if (const auto part = text_at(entry, member); !part.empty()) text += std::string(part) + " ";
      text += write(*find(entry, "fieldsV1")) + "\n";
    }
  return text;
}

TEST(WithOwnership, RecordsACreationAsKubernetesDoes) {
  const Value made =
      created(R"({"replicas":2,"selector":{"matchLabels":{"a":"b"}},"strategy":{"type":"R","rollingUpdate":{"maxSurge":1}},
    "containers":[{"name":"a","resources":{},"ports":[{"containerPort":9000},{"containerPort":80}]}],"volumes":[{"name":"v","emptyDir":{}}]})",
              "me");
  EXPECT_EQ(owners(made),
            R"(me Update T1 {"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:name":{},"f:ports":{".":{},)"
            R"("k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}},)"
            R"("k:{\"containerPort\":9000,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},"f:resources":{}}},)"
            R"("f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},)"
            R"("f:volumes":{".":{},"k:{\"name\":\"v\"}":{".":{},"f:emptyDir":{},"f:name":{}}}}})"
            "\n");
  EXPECT_EQ(write(made.at("metadata").at("managedFields").at(0).at("apiVersion")), "\"apps/v1\"");
}

TEST(WithOwnership, CustomResourcesHaveNoUnwrittenMembers) {
  const Value made = with_ownership(nullptr, object(R"({"replicas":2})"), writer("me"), &deployment(), Origin::kCustom);
  EXPECT_EQ(owners(made), "me Update T1 {\"f:spec\":{\".\":{},\"f:replicas\":{}}}\n");
}

TEST(WithOwnership, TakesWhatItChangesAndKeepsTimesOtherwise) {
  const Value made = created(R"({"replicas":2,"containers":[{"name":"a"}]})", "me");
  EXPECT_EQ(updated(made, R"({"spec":{"replicas":2}})", "you"), made);
  EXPECT_EQ(updated(made, R"({"metadata":{"generation":2,"uid":"x"}})", "you").at("metadata").at("managedFields"),
            made.at("metadata").at("managedFields"));
  const Value changed = updated(made, R"({"spec":{"replicas":3}})", "you");
  EXPECT_EQ(owners(changed),
            "me Update T1 {\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},\"f:name\":{}}}}}\n"
            "you Update T2 {\"f:spec\":{\"f:replicas\":{}}}\n");
  EXPECT_EQ(owners(updated(changed, R"({"spec":{"replicas":null,"containers":null}})", "it")), "") << "what is gone nobody owns";
}

TEST(WithOwnership, KeepsSubresourcesApart) {
  const Value made = created(R"({"replicas":2})", "me");
  Value after = made;
  after.as_object()["status"] = json_of(R"({"ready":1})");
  FieldManager status = writer("me", "T2");
  status.subresource = "status";
  EXPECT_EQ(owners(with_ownership(&made, after, status, &deployment())),
            "me Update T1 {\"f:spec\":{\"f:replicas\":{}}}\nme Update status T2 {\"f:status\":{\".\":{},\"f:ready\":{}}}\n");
}

TEST(WithOwnership, TakesManagedFieldsFromTheClient) {
  const Value made = created(R"({"replicas":2})", "me");
  EXPECT_EQ(owners(updated(made, R"({"metadata":{"managedFields":[{}]}})", "you")), "");
  EXPECT_EQ(owners(updated(made, R"({"metadata":{"managedFields":null}})", "you")), owners(made));
  EXPECT_EQ(owners(updated(made, R"({"metadata":{"managedFields":[{"operation":"Bad"}]}})", "you")), owners(made));
  EXPECT_EQ(owners(updated(made, R"({"metadata":{"managedFields":[{"manager":"new","operation":"Apply","apiVersion":"apps/v1",
                                      "fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}]}})",
                           "you")),
            "new Apply {\"f:spec\":{\"f:replicas\":{}}}\n");
}

TEST(WithOwnership, LimitsTheNumberOfUpdaters) {
  Value now = created(R"({"replicas":0})", "me");
  for (int i = 1; i <= 30; ++i) {
    const std::string number = std::to_string(100 + i);
    now = updated(now, R"({"metadata":{"labels":{"l)" + number + R"(":"x"}}})", "w" + number, "T" + number);
  }
  EXPECT_EQ(now.at("metadata").at("managedFields").as_array().size(), 10U);
  EXPECT_THAT(owners(now), HasSubstr("ancient-changes Update T121 {\"f:metadata\":{\"f:labels\":{\".\":{},\"f:l101\":{}"));
}

TEST(ServerSideApply, CreatesMergesAndRemovesWhatItNoLongerStates) {
  const Value first = applied(nullptr, R"({"replicas":2,"containers":[{"name":"a","image":"x"},{"name":"b"}]})", "me").value();
  EXPECT_EQ(owners(first), R"(me Apply T3 {"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{},"f:name":{}},)"
                           R"("k:{\"name\":\"b\"}":{".":{},"f:name":{}}},"f:replicas":{}}})"
                           "\n");
  const Value touched = updated(first, R"({"metadata":{"labels":{"k":"v"}}})", "you");
  const Value second = applied(&touched, R"({"containers":[{"name":"b"}]})", "me", Force::kNo, "T4").value();
  EXPECT_EQ(write(second.at("spec")), R"({"containers":[{"name":"b"}]})");
  EXPECT_EQ(text_at(second, "metadata.labels.k"), "v");
  EXPECT_EQ(applied(&second, R"({"containers":[{"name":"b"}]})", "me", Force::kNo, "T5").value(), second)
      << "a no-op keeps the time";
}

TEST(ServerSideApply, KeepsWhatOthersOwn) {
  const Value first = applied(nullptr, R"({"replicas":2,"volumes":[{"name":"v","emptyDir":{}}]})", "me").value();
  const Value shared = applied(&first, R"({"replicas":2})", "you").value();
  const Value rest = applied(&shared, "{}", "me").value();
  EXPECT_EQ(write(rest.at("spec")), R"({"replicas":2})");
  EXPECT_EQ(owners(rest), "you Apply {\"f:spec\":{\"f:replicas\":{}}}\nme Apply T3 {\"f:spec\":{}}\n")
      << "an apply that changed nothing has no time";
}

TEST(ServerSideApply, ReportsConflictsInTheWordsOfTheApiServer) {
  const Value made = created(R"({"replicas":2,"containers":[{"name":"a","image":"x"}]})", "creator");
  const auto one = applied(&made, R"({"replicas":3})", "me");
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, Code::kConflict);
  EXPECT_EQ(one.error().message, "Apply failed with 1 conflict: conflict with \"creator\" using apps/v1: .spec.replicas");
  ASSERT_EQ(one.error().causes.size(), 1U);
  EXPECT_EQ(one.error().causes[0].reason, "FieldManagerConflict");
  EXPECT_EQ(one.error().causes[0].message, "conflict with \"creator\" using apps/v1");
  EXPECT_EQ(one.error().causes[0].field, ".spec.replicas");
  const Value both = applied(&made, R"({"strategy":{"type":"R"}})", "applier").value();
  const auto many = applied(&both, R"({"replicas":3,"strategy":{"type":"S"},"containers":[{"name":"a","image":"y"}]})", "me");
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().message,
            "Apply failed with 3 conflicts: conflicts with \"applier\":\n- .spec.strategy.type\n"
            "conflicts with \"creator\" using apps/v1:\n- .spec.containers[name=\"a\"].image\n- .spec.replicas");
}

TEST(ServerSideApply, ForceTakesOwnership) {
  const Value made = created(R"({"replicas":2,"selector":{"matchLabels":{"a":"b"}}})", "creator");
  const Value forced = applied(&made, R"({"replicas":3})", "me", Force::kYes).value();
  EXPECT_EQ(owners(forced), "me Apply T3 {\"f:spec\":{\"f:replicas\":{}}}\ncreator Update T1 {\"f:spec\":{\"f:selector\":{}}}\n");
}

TEST(ServerSideApply, TakesOverFromClientSideApply) {
  Value made = object(R"({"replicas":2,"strategy":{"type":"R"}})");
  made.at("metadata").as_object()["annotations"] =
      Object{{"kubectl.kubernetes.io/last-applied-configuration",
              R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":2}})"}};
  made = with_ownership(nullptr, made, writer("kubectl-client-side-apply"), &deployment());
  const Value after = applied(&made, R"({"replicas":4})", "kubectl").value();
  EXPECT_EQ(int_at(after, "spec.replicas"), 4);
  EXPECT_THAT(write(after.at("metadata").at("annotations")), HasSubstr(R"(\"replicas\":4)"));
  EXPECT_FALSE(applied(&made, R"({"strategy":{"type":"S"}})", "kubectl")) << "not what it applied";
  EXPECT_FALSE(applied(&made, R"({"replicas":4})", "other"));
}

TEST(ServerSideApply, GivesAnUnrecordedPastToAWriterOfItsOwn) {
  const Value unrecorded = object(R"({"replicas":2})");
  const auto refused = applied(&unrecorded, R"({"replicas":3})", "me");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("conflict with \"before-first-apply\" using apps/v1: .spec.replicas"));
}

TEST(ServerSideApply, RefusesBadObjects) {
  const auto message = [](const Value& config) {
    FieldManager applier = writer("me");
    applier.operation = FieldManager::Operation::kApply;
    return server_side_apply(nullptr, config, applier, Force::kNo, &deployment()).error().message;
  };
  EXPECT_EQ(message(object(R"({"foo":1})")),
            "failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema");
  EXPECT_EQ(message(object(R"({"containers":[{"name":"a"},{"name":"a"}]})")),
            "failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.containers: duplicate entries for key "
            "[name=\"a\"]");
  EXPECT_EQ(message(json_of(R"({"apiVersion":"apps/v2","kind":"Deployment"})")), "invalid object type: apps/v2, Kind=Deployment");
  EXPECT_EQ(message(json_of(R"({"apiVersion":"apps/v1","metadata":{"managedFields":[]}})")),
            "metadata.managedFields must be nil");
}

TEST(MergeFields, OrdersListsAsTheApiServer) {
  const auto names = [](std::string_view live, std::string_view config) {
    const auto list = [](std::string_view letters) {
      Array volumes;
      for (const char letter : letters) volumes.push_back(Object{{"name", std::string(1, letter)}});
      return Value(Object{{"spec", Object{{"volumes", volumes}}}});
    };
    std::string text;
    const Value merged = merge_fields(list(live), list(config), &deployment());
    for (const Value& volume : merged.at("spec").at("volumes").as_array()) text += volume.at("name").as_string();
    return text;
  };
  EXPECT_EQ(names("ba", "za"), "bza");
  EXPECT_EQ(names("v", "n"), "vn");
  EXPECT_EQ(names("abcd", "cxa"), "bcdxa");
  EXPECT_EQ(names("abc", "abc"), "abc");
  EXPECT_EQ(names("", "xy"), "xy");
}

}  // namespace
}  // namespace canaria::json
