// Every expectation here was compared with a real API server, on a Deployment with the same fields.
#include "json/strategic_patch.h"

#include <gtest/gtest.h>

#include "json/patch.h"
#include "json/write.h"

namespace canaria::json {
namespace {

const Schema& deployment() {
  static const SchemaSet set({R"(
Deployment { metadata: Meta
  spec: Spec
}
Meta { labels: {string}
  finalizers: [string] set
}
Spec { replicas: int32?
  strategy: Strategy retain-keys
  containers: [Container] keys(name)
  volumes: [Volume] keys(name)
  tolerations: [Toleration] atomic
}
Strategy { type: string
  rollingUpdate: any-object
}
Container { name: string required
  image: string
  args: [string] atomic
  ports: [Port] keys(containerPort,protocol)
}
Port { containerPort: int32 required
  protocol: string default("TCP")
  name: string
}
Volume { name: string
  emptyDir: any-object
  hostPath: any-object
}
Toleration { key: string
}
)"},
                             nullptr);
  return set["Deployment"];
}

Value json_of(std::string_view text) { return parse(text).value(); }

const Value& live() {
  static const Value value = json_of(R"({"metadata":{"labels":{"app":"d1"},"finalizers":["x/y","z/z"]},
    "spec":{"replicas":2,"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
      "containers":[{"name":"a","image":"x:1","args":["1"],"ports":[{"containerPort":9000},{"containerPort":80,"name":"http"}]}],
      "volumes":[{"name":"v1","emptyDir":{}}],"tolerations":[{"key":"old"}]}})");
  return value;
}

// The part of the result under a path, as text; the message of a failure.
std::string patched(std::string_view patch, std::string_view path) {
  const auto result = strategic_merge_patch(live(), json_of(patch), &deployment());
  if (!result) {
    EXPECT_EQ(result.error().code, Code::kBadRequest);
    return result.error().message;
  }
  const Value* part = find(*result, path);
  return part ? write(*part) : "nothing";
}

TEST(StrategicMergePatch, MergesObjectsAndDeletesByNull) {
  EXPECT_EQ(patched(R"({"metadata":{"labels":{"b":"2","app":null}}})", "metadata.labels"), R"({"b":"2"})");
  EXPECT_EQ(patched(R"({"spec":{"replicas":null}})", "spec.replicas"), "nothing");
  EXPECT_EQ(patched(R"({"spec":{"strategy":{"rollingUpdate":{"new":{"kept":1,"gone":null}}}}})", "spec.strategy.rollingUpdate"),
            R"({"maxSurge":1,"new":{"kept":1}})");
}

TEST(StrategicMergePatch, MergesListsByTheFirstKey) {
  EXPECT_EQ(patched(R"({"spec":{"containers":[{"name":"a","image":"x:2","ports":[{"containerPort":80,"name":"web"}]}]}})",
                    "spec.containers"),
            R"([{"name":"a","image":"x:2","args":["1"],"ports":[{"containerPort":9000},{"containerPort":80,"name":"web"}]}])");
  EXPECT_EQ(patched(R"({"spec":{"volumes":[{"name":"n","emptyDir":{"a":null}}]}})", "spec.volumes"),
            R"([{"name":"n","emptyDir":{}},{"name":"v1","emptyDir":{}}])")
      << "what is new comes first";
}

TEST(StrategicMergePatch, ReplacesAtomicListsAndAddsToSets) {
  EXPECT_EQ(patched(R"({"spec":{"tolerations":[{"key":"new"}]}})", "spec.tolerations"), R"([{"key":"new"}])");
  EXPECT_EQ(patched(R"({"metadata":{"finalizers":["z/z","n/n"]}})", "metadata.finalizers"), R"(["x/y","z/z","n/n"])");
  EXPECT_EQ(patched(R"({"metadata":{"$deleteFromPrimitiveList/finalizers":["x/y"]}})", "metadata.finalizers"), R"(["z/z"])");
}

TEST(StrategicMergePatch, ObeysDirectivesInObjects) {
  EXPECT_EQ(patched(R"({"metadata":{"labels":{"$patch":"replace","a":"b"}}})", "metadata.labels"), R"({"a":"b"})");
  EXPECT_EQ(patched(R"({"metadata":{"labels":{"$patch":"delete","a":"b"}}})", "metadata.labels"), "{}");
  EXPECT_EQ(patched(R"({"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate","rollingUpdate":null}}})", "spec.strategy"),
            R"({"type":"Recreate"})");
  EXPECT_EQ(patched(R"({"spec":{"volumes":[{"name":"v1","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}})",
                    "spec.volumes"),
            R"([{"name":"v1","hostPath":{"path":"/x"}}])");
}

TEST(StrategicMergePatch, ObeysDirectivesInLists) {
  EXPECT_EQ(patched(R"({"spec":{"containers":[{"$patch":"delete","name":"a"},{"name":"b"}]}})", "spec.containers"),
            R"([{"name":"b"}])");
  EXPECT_EQ(patched(R"({"spec":{"containers":[{"$patch":"replace"},{"name":"b"}]}})", "spec.containers"), R"([{"name":"b"}])");
  EXPECT_EQ(
      patched(R"({"spec":{"$setElementOrder/volumes":[{"name":"v1"},{"name":"n"}],"volumes":[{"name":"n"}]}})", "spec.volumes"),
      R"([{"name":"v1","emptyDir":{}},{"name":"n"}])");
  EXPECT_EQ(patched(R"({"metadata":{"$setElementOrder/finalizers":["z/z","x/y"]}})", "metadata.finalizers"), R"(["z/z","x/y"])");
}

TEST(StrategicMergePatch, FailsInTheWordsOfTheApiServer) {
  EXPECT_EQ(patched(R"({"metadata":{"labels":{"$patch":"merge","a":"b"}}})", ""),
            "unknown patch type: merge in map: map[$patch:merge a:b]");
  EXPECT_EQ(patched(R"({"spec":{"containers":[{"image":"y"}]}})", ""),
            "map: map[image:y] does not contain declared merge key: name");
  EXPECT_EQ(patched(R"({"spec":{"containers":[{"name":"a","$patch":"merge"}]}})", ""),
            "merging lists cannot yet be specified in the patch");
  EXPECT_EQ(patched(R"({"spec":{"strategy":{"$retainKeys":["type"],"rollingUpdate":{}}}})", ""),
            "invalid patch format of retainKeys");
  EXPECT_EQ(patched(R"({"spec":{"$setElementOrder/containers":"x"}})", ""), "expected a []interface {}, but received a string");
  EXPECT_EQ(patched(R"({"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"b","image":"y"}]}})", ""),
            "The order in patch list:\n[map[image:y name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n");
  EXPECT_TRUE(patched(R"({"spec":{"containers":["x"]}})", "").starts_with("list element types are not identical: "));
  EXPECT_EQ(patched("[]", ""), "json: cannot unmarshal array into Go value of type map[string]interface {}");
}

TEST(StrategicMergePatch, IsAMergePatchWithoutASchema) {
  const Value patch = json_of(R"({"spec":{"containers":[{"name":"b"}],"replicas":null,"x":{"y":null}}})");
  EXPECT_EQ(strategic_merge_patch(live(), patch, nullptr).value(), merge_patch(live(), patch));
}

}  // namespace
}  // namespace canaria::json
