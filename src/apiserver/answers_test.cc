// Answers in the words and shapes of a real API server, as the kubectl transcripts (tests/kubectl) found them: what details a
// refusal has, who owns the fields of new objects, what lists hold, what may be kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apiserver/server_fixture.h"
#include "apiserver/unowned_fields.h"

namespace canaria::apiserver {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kMaps = "/api/v1/namespaces/default/configmaps";

using AnswersTest = ServerTest;

TEST_F(AnswersTest, NameWhatIsWrongWithTheOptionsOfARequest) {
  const Reply reply = post(kMaps + "?fieldValidation=Some", "not even read");
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(text_at(reply, "details.kind"), "CreateOptions");
  EXPECT_EQ(text_at(reply, "details.group"), "meta.k8s.io");
  EXPECT_THAT(text_at(post(kMaps + "?dryRun=Some", "{}"), "message"), HasSubstr(R"(dryRun: Unsupported value: ["Some"])"));
  const Reply watch = get(kMaps + "?watch=1&sendInitialEvents=true");
  EXPECT_EQ(watch.status, 422);
  EXPECT_THAT(text_at(watch, "message"), HasSubstr("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  EXPECT_EQ(text_at(get(kMaps + "?resourceVersion=x"), "message"),
            R"(invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax)");
}

TEST_F(AnswersTest, SayWhyABodyCannotBeRead) {
  EXPECT_THAT(text_at(post(kMaps, "kind: ConfigMap"), "message"),
              HasSubstr("(must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'k' looking for "
                        "beginning of value (6b696e64"));
  const Reply secret = post("/api/v1/namespaces/default/secrets", R"({"metadata":{"name":"s"},"data":{"a":"not base64"}})");
  EXPECT_EQ(secret.status, 400);
  EXPECT_EQ(text_at(secret, "message"),
            R"(Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3)");
}

TEST_F(AnswersTest, TellWhatIsWrongWithAPatch) {
  post(kMaps, R"({"metadata":{"name":"a"}})");
  const auto message = [&](const std::string& kind, const std::string& body) {
    return text_at(patch(kMaps + "/a", kind, body), "message");
  };
  EXPECT_EQ(message("merge-patch+json", "[]"),
            "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");
  EXPECT_EQ(message("json-patch+json", "{}"), "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
  EXPECT_EQ(message("merge-patch+json", R"({"data)"), "error decoding patch: unexpected end of JSON input");
  const Reply mistyped = patch(kMaps + "/a", "merge-patch+json", R"({"data":{"a":5}})");
  EXPECT_EQ(mistyped.status, 422);
  EXPECT_FALSE(json::find(mistyped.body, "details.kind"));
  EXPECT_EQ(patch(kMaps + "/a", "merge-patch+json", R"({"kind":"Secret"})").status, 422);
}

TEST_F(AnswersTest, AnApplyOfUndeclaredFieldsIsAnErrorWithoutReason) {
  const std::string body = R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"values":{}})";
  const Reply reply = patch(kMaps + "/a?fieldManager=me", "apply-patch+yaml", body);
  EXPECT_EQ(reply.status, 500);
  EXPECT_FALSE(json::find(reply.body, "reason"));
  EXPECT_EQ(text_at(reply, "message"),
            "failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .values: field not declared in schema");
}

TEST_F(AnswersTest, UnknownGroupsAreUnknownPaths) {
  EXPECT_EQ(get("/apis/none/v1/namespaces/default/things").text, "404 page not found\n");
  EXPECT_EQ(get("/apis/none").text, "404 page not found\n");
  const Reply version = get("/apis/apps/v9");
  EXPECT_EQ(text_at(version, "reason"), "NotFound");
  EXPECT_TRUE(json::find(version.body, "details"));
}

TEST_F(AnswersTest, TheScaleOfAnObjectHasAnOwnerOfItsOwn) {
  const std::string deployments = "/apis/apps/v1/namespaces/default/deployments";
  post(deployments, R"({"metadata":{"name":"w"},"spec":{"selector":{"matchLabels":{"a":"b"}},
    "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"m","image":"i"}]}}}})");
  EXPECT_EQ(patch(deployments + "/w/scale?fieldManager=scaler", "merge-patch+json", R"({"spec":{"replicas":3}})").status, 200);
  const Reply object = get(deployments + "/w");
  const json::Value* managers = json::find(object.body, "metadata.managedFields");
  ASSERT_TRUE(managers);
  bool is_there = false;
  for (const json::Value& manager : managers->as_array())
    is_there |= json::text_at(manager, "manager") == "scaler" && json::text_at(manager, "subresource") == "scale";
  EXPECT_TRUE(is_there) << object.text;
}

TEST_F(AnswersTest, ListsOfBuiltInKindsDoNotRepeatTheKind) {
  post(kMaps, R"({"metadata":{"name":"a","annotations":{},"labels":{}}})");
  const Reply list = get(kMaps);
  EXPECT_THAT(list.text, Not(HasSubstr(R"("kind":"ConfigMap")")));
  EXPECT_THAT(list.text, Not(HasSubstr("annotations")));
  EXPECT_THAT(get("/apis/argoproj.io/v1alpha1/namespaces/default/rollouts").text, HasSubstr(R"("continue":"")"));
}

TEST_F(AnswersTest, DocumentsAreKeptByTheirTag) {
  const Reply first = get("/openapi/v3");
  HttpRequest again = request("GET", "/openapi/v3");
  again.headers.emplace_back("If-None-Match", std::string(find_header(first.headers, "ETag")));
  const Reply second = sent(again);
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.text, "");
}

TEST(OwnedPart, IsWithoutWhatTheServerHasDecided) {
  const json::Value wanted = *json::parse(R"({"spec":{"clusterIP":"None"}})");
  const json::Value made = *json::parse(R"({"spec":{"clusterIP":"None","ipFamilies":["IPv4"],"type":"ClusterIP"},"status":{}})");
  EXPECT_EQ(json::write(owned_part(made, places_of_server("Service", wanted))), R"({"spec":{"clusterIP":"None","type":"ClusterIP"}})");
  const json::Value job = *json::parse(R"({"metadata":{"labels":{"mine":"x","job-name":"j"}},"spec":{"selector":{}}})");
  const auto places = places_of_server("Job", *json::parse(R"({"metadata":{"labels":{"mine":"x"}}})"));
  EXPECT_EQ(json::write(owned_part(job, places)), R"({"metadata":{"labels":{"mine":"x"}},"spec":{}})");
}

}  // namespace
}  // namespace canaria::apiserver
