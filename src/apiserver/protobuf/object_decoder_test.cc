#include "apiserver/protobuf/object_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

#include "apiserver/protobuf/wire_writer.h"
#include "json/write.h"

namespace canaria::apiserver::protobuf {
namespace {

using testing::HasSubstr;

// The JSON without apiVersion and kind, or what is wrong.
std::string decoded(std::string_view api_version, std::string_view kind, std::string_view raw) {
  auto value = decode_object(api_version, kind, raw);
  if (!value) return value.error().message;
  json::Object& object = value->get_object();
  EXPECT_EQ(object["apiVersion"], json::Value(api_version));
  EXPECT_EQ(object["kind"], json::Value(kind));
  json::Object rest;
  for (auto& [key, member] : object)
    if (key != "apiVersion" && key != "kind") rest[key] = member;
  return json::write(json::Value(rest));
}

TEST(ObjectDecoder, LeavesOutWhatGoLeavesOut) {
  // gogo writes every field that is no pointer, also when it is empty.
  EXPECT_EQ(decoded("v1", "ConfigMap", part(1, part(1, "a") + part(2, "") + number(7, 0) + part(8, ""))),
            R"({"metadata":{"name":"a"}})");
  EXPECT_EQ(decoded("v1", "ConfigMap", ""), R"({"metadata":{}})");
  // Structs and what has no omitempty are always there, pointers if they were.
  EXPECT_EQ(decoded("apps/v1", "Deployment", part(2, number(1, 0) + number(9, 0))),
            R"({"metadata":{},"spec":{"replicas":0,"selector":null,"template":{"metadata":{},"spec":{"containers":null}},)"
            R"("strategy":{},"progressDeadlineSeconds":0},"status":{}})");
  EXPECT_EQ(decoded("v1", "Service", part(2, part(1, part(1, "") + number(3, 80)))),
            R"({"metadata":{},"spec":{"ports":[{"port":80,"targetPort":0}]},"status":{"loadBalancer":{}}})");
}

TEST(ObjectDecoder, ReadsMapsListsAndBytes) {
  const std::string maps = entry(2, "a", "1") + entry(2, "b", "") + entry(3, "bin", std::string_view("\0\xFF", 2)) + number(4, 0);
  EXPECT_EQ(decoded("v1", "ConfigMap", maps), R"({"metadata":{},"data":{"a":"1","b":""},"binaryData":{"bin":"AP8="},"immutable":false})");
  // The last of a key counts, and a key or value that is missing is empty.
  EXPECT_EQ(decoded("v1", "ConfigMap", entry(2, "a", "1") + entry(2, "a", "2") + part(2, "")),
            R"({"metadata":{},"data":{"a":"2","":""}})");
  EXPECT_EQ(decoded("v1", "ServiceAccount", part(3, part(1, "x")) + part(2, part(3, "s")) + part(3, part(1, "y"))),
            R"({"metadata":{},"secrets":[{"name":"s"}],"imagePullSecrets":[{"name":"x"},{"name":"y"}]})");
}

// A pod with nothing but this part of a container.
std::string container(const std::string& content) {
  std::string json = decoded("v1", "Pod", part(2, part(2, part(1, "c") + content)));
  constexpr std::string_view kBefore = R"({"metadata":{},"spec":{"containers":[{"name":"c",)";
  constexpr std::string_view kAfter = R"(}]},"status":{}})";
  if (!json.starts_with(kBefore)) return json;
  return json.substr(kBefore.size(), json.size() - kBefore.size() - kAfter.size());
}

TEST(ObjectDecoder, PutsEmbeddedStructsIntoTheObjectAround) {
  EXPECT_EQ(container(part(19, part(2, part(1, part(1, "config")) + number(2, 1)))),
            R"("resources":{},"envFrom":[{"configMapRef":{"name":"config","optional":true}}])");
  const std::string probe = part(1, part(2, part(1, "/live") + part(2, number(1, 1) + part(3, "http")))) + number(2, -3);
  EXPECT_EQ(container(part(10, probe)),
            R"("resources":{},"livenessProbe":{"httpGet":{"path":"/live","port":"http"},"initialDelaySeconds":-3})");
}

TEST(ObjectDecoder, ReadsPackedAndUnpackedNumbers) {
  const auto groups = [](const std::string& content) { return decoded("v1", "Pod", part(2, part(14, content))); };
  const std::string wanted = R"({"metadata":{},"spec":{"containers":null,"securityContext":{"supplementalGroups":[1,300,-1]}},"status":{}})";
  EXPECT_EQ(groups(number(4, 1) + number(4, 300) + number(4, -1)), wanted);
  EXPECT_EQ(groups(part(4, varint(1) + varint(300) + varint(~0ULL))), wanted);
  EXPECT_THAT(groups(part(4, "\x80")), HasSubstr("spec.securityContext.supplementalGroups: unexpected EOF"));
}

TEST(ObjectDecoder, ReadsScalarsThatAreMessages) {
  const std::string limits = entry(1, "cpu", part(1, "1500m")) + entry(1, "memory", part(1, "1024Mi")) + entry(1, "x", "");
  EXPECT_EQ(container(part(8, limits)), R"("resources":{"limits":{"cpu":"1500m","memory":"1Gi","x":"0"}})");
  EXPECT_THAT(container(part(8, entry(1, "cpu", part(1, "much")))), HasSubstr("spec.containers.resources.limits: "));
  const std::string lease = part(3, number(1, 1'700'000'000) + number(2, 123'456'789)) + part(4, number(1, 5)) + number(2, 15);
  EXPECT_EQ(decoded("coordination.k8s.io/v1", "Lease", part(2, lease)),
            R"({"metadata":{},"spec":{"leaseDurationSeconds":15,"acquireTime":"2023-11-14T22:13:20.123456Z",)"
            R"("renewTime":"1970-01-01T00:00:05.000000Z"}})");
  EXPECT_EQ(decoded("v1", "ConfigMap", part(1, part(8, number(1, 1'700'000'000)) + part(9, ""))),
            R"({"metadata":{"creationTimestamp":"2023-11-14T22:13:20Z","deletionTimestamp":null}})");
  const std::string budget = part(1, number(1, 1) + part(3, "50%")) + part(3, number(1, 0) + number(2, 0));
  EXPECT_EQ(decoded("policy/v1", "PodDisruptionBudget", part(2, budget)),
            R"({"metadata":{},"spec":{"minAvailable":"50%","maxUnavailable":0},"status":{"disruptionsAllowed":0,)"
            R"("currentHealthy":0,"desiredHealthy":0,"expectedPods":0}})");
  EXPECT_EQ(decoded("v1", "Event", ""),
            R"({"metadata":{},"involvedObject":{},"source":{},"firstTimestamp":null,"lastTimestamp":null,"eventTime":null,)"
            R"("reportingComponent":"","reportingInstance":""})");
}

TEST(ObjectDecoder, RefusesScalarsOutOfRange) {
  for (const std::int64_t seconds : {std::int64_t{253'402'300'800}, std::int64_t{-62'135'596'801}, std::int64_t{1} << 62})
    EXPECT_THAT(decoded("v1", "ConfigMap", part(1, part(8, number(1, seconds)))),
                HasSubstr("metadata.creationTimestamp: a time is out of range"));
  EXPECT_THAT(decoded("coordination.k8s.io/v1", "Lease", part(2, part(3, number(2, -1000)))), HasSubstr("out of range"));
  EXPECT_THAT(decoded("policy/v1", "PodDisruptionBudget", part(2, part(1, number(1, 2)))),
              HasSubstr("spec.minAvailable: impossible IntOrString.Type"));
}

TEST(ObjectDecoder, JoinsMessagesThatAreThereSeveralTimes) {
  EXPECT_EQ(decoded("v1", "ConfigMap", part(1, part(1, "a") + part(3, "x")) + part(2, "") + part(1, part(1, "b"))),
            R"({"metadata":{"name":"b","namespace":"x"},"data":{"":""}})");
}

TEST(ObjectDecoder, PassesOverWhatItDoesNotKnow) {
  EXPECT_EQ(decoded("v1", "ConfigMap", part(999, "new") + number(998, 1) + part(1, part(1, "a") + part(77, "new"))),
            R"({"metadata":{"name":"a"}})");
}

TEST(ObjectDecoder, ReplacesBrokenText) {
  EXPECT_EQ(decoded("v1", "ConfigMap", entry(2, "k\xFF", "\xC3\xA4\xC3(")),
            "{\"metadata\":{},\"data\":{\"k\xEF\xBF\xBD\":\"\xC3\xA4\xEF\xBF\xBD(\"}}");
}

TEST(ObjectDecoder, ReadsJsonInsideAndTheSchemasOfDefinitions) {
  const std::string fields = part(17, part(1, "m") + part(7, part(1, R"({"f:data":{}})")));
  EXPECT_EQ(decoded("v1", "ConfigMap", part(1, fields)),
            R"({"metadata":{"managedFields":[{"manager":"m","fieldsV1":{"f:data":{}}}]}})");
  EXPECT_THAT(decoded("v1", "ConfigMap", part(1, part(17, part(7, part(1, "{"))))),
              HasSubstr("metadata.managedFields.fieldsV1: not JSON: "));
  const auto schema = [](const std::string& content) {
    const std::string version = part(1, "v1") + number(2, 1) + number(3, 1) + part(4, part(1, content));
    const std::string json = decoded("apiextensions.k8s.io/v1", "CustomResourceDefinition", part(2, part(7, version)));
    const std::size_t start = json.find("openAPIV3Schema\":");
    return json.substr(start + 17, json.find("}}]},\"status", start) - start - 17);
  };
  EXPECT_EQ(schema(part(5, "object") + floating(9, 10) + floating(11, -0.5) + part(3, "#/x")),
            R"({"$ref":"#/x","type":"object","maximum":10,"minimum":-0.5})");
  const std::string text = part(5, "string");
  EXPECT_EQ(schema(part(24, part(1, text))), R"({"items":{"type":"string"}})");
  EXPECT_EQ(schema(part(24, part(2, text) + part(2, ""))), R"({"items":[{"type":"string"},{}]})");
  EXPECT_EQ(schema(part(30, number(1, 1))), R"({"additionalProperties":true})");
  EXPECT_EQ(schema(part(30, "")), R"({"additionalProperties":false})");
  EXPECT_EQ(schema(part(30, number(1, 1) + part(2, text))), R"({"additionalProperties":{"type":"string"}})");
  EXPECT_EQ(schema(entry(32, "a", part(2, "b"))), R"({"dependencies":{"a":["b"]}})");
  EXPECT_EQ(schema(part(8, part(1, "[1,null]")) + part(20, part(1, "\"x\""))), R"({"default":[1,null],"enum":["x"]})");
}

TEST(ObjectDecoder, SaysWhereTheBytesAreWrong) {
  EXPECT_EQ(decoded("v1", "Pod", number(1, 5)), "proto: wrong wireType = 0 for field metadata");
  EXPECT_EQ(decoded("v1", "Pod", part(2, part(2, number(1, 5)))), "spec.containers: proto: wrong wireType = 0 for field name");
  EXPECT_EQ(decoded("v1", "Pod", part(2, part(4, "x"))), "spec: proto: wrong wireType = 2 for field terminationGracePeriodSeconds");
  EXPECT_EQ(decoded("v1", "Pod", part(2, "\x0A\x7F")), "spec: unexpected EOF");
  EXPECT_EQ(decoded("v1", "ConfigMap", part(2, number(1, 1))), "data: proto: wrong wireType = 0 for field data");
  EXPECT_EQ(decoded("v1", "ConfigMap", tag(2, 3) + tag(2, 4)), "proto: wrong wireType = 3 for field data");
}

TEST(ObjectDecoder, RefusesWhatIsNestedTooDeeplyOrTooLarge) {
  std::string schema;
  for (int level = 0; level < 1000; ++level) schema = part(28, schema);  // not: not: not: ...
  EXPECT_THAT(decoded("apiextensions.k8s.io/v1", "CustomResourceDefinition", part(2, part(7, part(4, part(1, schema))))),
              HasSubstr("the object is nested too deeply"));
  std::string choices;
  for (int level = 0; level < 1000; ++level) choices = part(30, part(2, choices));
  EXPECT_THAT(decoded("apiextensions.k8s.io/v1", "CustomResourceDefinition", part(2, part(7, part(4, part(1, choices))))),
              HasSubstr("the object is nested too deeply"));
  // Also where messages and the JSON in them are within their limits.
  const std::string deepest = part(8, part(1, std::string(100, '[') + std::string(100, ']')));
  const auto both = [&](int levels) {
    std::string all = deepest;
    for (int level = 0; level < levels; ++level) all = part(25, all);  // allOf: [{allOf: [{ ...
    return decoded("apiextensions.k8s.io/v1", "CustomResourceDefinition", part(2, part(7, part(4, part(1, all)))));
  };
  EXPECT_EQ(both(60), "the object is nested too deeply");
  EXPECT_THAT(both(30), HasSubstr("allOf"));
  std::string containers;
  for (int count = 0; count < 170'000; ++count) containers += part(2, "");
  EXPECT_THAT(decoded("v1", "Pod", part(2, containers)), HasSubstr("the object has more than 500000 values"));
  EXPECT_EQ(decoded("v1", "Pod", part(2, part(14, part(4, std::string(600'000, '\1'))))),
            "spec.securityContext.supplementalGroups: the object has more than 500000 values");
}

TEST(Envelope, SaysTypeAndContent) {
  const auto opened = open_envelope(envelope("apps/v1", "Deployment", "raw"));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->api_version, "apps/v1");
  EXPECT_EQ(opened->kind, "Deployment");
  EXPECT_EQ(opened->raw, "raw");
}

TEST(Envelope, RefusesOtherBytes) {
  const std::string prefix("k8s\0", 4);
  const std::string no_prefix = "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty data"},
      {"{}", no_prefix},
      {"k8s", no_prefix},
      {"k8s\1abc", no_prefix},
      {prefix, "empty body"},
      {prefix + "\x0A", "unexpected EOF"},
      {prefix + number(1, 1), "proto: wrong wireType = 0 for field Unknown"},
      {prefix + part(1, number(2, 1)), "proto: wrong wireType = 0 for field TypeMeta"},
  };
  for (const auto& [bytes, why] : cases) {
    const auto opened = open_envelope(bytes);
    ASSERT_FALSE(opened) << testing::PrintToString(bytes);
    EXPECT_EQ(opened.error().message, why);
    EXPECT_EQ(opened.error().code, Code::kBadRequest);
  }
}

}  // namespace
}  // namespace canaria::apiserver::protobuf
