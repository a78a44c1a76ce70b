// Bodies in protobuf over the wire: what is stored, and how what cannot be read is refused.
#include "apiserver/protobuf/wire_writer.h"
#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

using protobuf::entry;
using protobuf::envelope;
using protobuf::number;
using protobuf::part;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kMaps = "/api/v1/namespaces/default/configmaps";
const std::string kDeployments = "/apis/apps/v1/namespaces/default/deployments";
const std::string kRollouts = "/apis/argoproj.io/v1alpha1/namespaces/default/rollouts";
const std::string kType = "application/vnd.kubernetes.protobuf";

std::string metadata(const std::string& name) { return part(1, part(1, name)); }
std::string deployment(const std::string& name) {
  const std::string labels = entry(1, "app", "web");
  const std::string pod = part(1, entry(11, "app", "web")) + part(2, part(2, part(1, "c") + part(2, "x:1")));
  return metadata(name) + part(2, number(1, 2) + part(2, labels) + part(3, pod));
}

class ProtobufBody : public ServerTest {
 protected:
  Reply send(const std::string& method, const std::string& path, const std::string& body) {
    return sent(request(method, path, body, kType));
  }
  std::string problem(const std::string& path, const std::string& body) {
    const Reply refused = send("POST", path, body);
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(text_at(refused, "reason"), "BadRequest");
    return text_at(refused, "message");
  }
};

// Without what no two objects share.
json::Value common_part(json::Value object) {
  json::Object& all = object.at("metadata").as_object();
  for (const char* key : {"name", "uid", "resourceVersion", "creationTimestamp"}) all.stable_erase(all.find(key));
  return object;
}

TEST_F(ProtobufBody, StoresWhatTheSameObjectInJsonStores) {
  const Reply by_protobuf = send("POST", kDeployments + "?fieldManager=m&fieldValidation=Strict", envelope("apps/v1", "Deployment", deployment("a")));
  EXPECT_EQ(by_protobuf.status, 201) << by_protobuf.text;
  const Reply by_json = post(kDeployments + "?fieldManager=m",
                             R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"b"},"spec":{"replicas":2,
      "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
      "spec":{"containers":[{"name":"c","image":"x:1","resources":{}}]}},"strategy":{}},"status":{}})");
  EXPECT_EQ(by_json.status, 201) << by_json.text;
  EXPECT_EQ(common_part(by_protobuf.body), common_part(by_json.body));
}

TEST_F(ProtobufBody, UpdatesScalesEvictsAndDeletes) {
  ASSERT_EQ(send("POST", kMaps, envelope("", "", metadata("a") + entry(2, "k", "1"))).status, 201);
  const Reply updated = send("PUT", kMaps + "/a", envelope("v1", "ConfigMap", metadata("a") + entry(2, "k", "2")));
  EXPECT_EQ(updated.status, 200);
  EXPECT_EQ(text_at(updated, "data.k"), "2");
  const std::string other_uid = part(2, part(1, "no such uid"));
  EXPECT_EQ(send("DELETE", kMaps + "/a", envelope("v1", "DeleteOptions", other_uid)).status, 409);
  EXPECT_EQ(send("DELETE", kMaps + "/a", envelope("apps/v1", "DeleteOptions", part(5, "All"))).status, 200);
  EXPECT_EQ(get(kMaps + "/a").status, 200);
  EXPECT_EQ(send("DELETE", kMaps + "/a", envelope("v1", "DeleteOptions", "")).status, 200);
  EXPECT_EQ(get(kMaps + "/a").status, 404);

  ASSERT_EQ(send("POST", kDeployments, envelope("apps/v1", "Deployment", deployment("web"))).status, 201);
  const Reply scaled = send("PUT", kDeployments + "/web/scale",
                            envelope("autoscaling/v1", "Scale", part(1, part(1, "web") + part(3, "default")) + part(2, number(1, 5))));
  EXPECT_EQ(scaled.status, 200) << scaled.text;
  EXPECT_EQ(json::int_at(get(kDeployments + "/web").body, "spec.replicas"), 5);

  const std::string pods = "/api/v1/namespaces/default/pods";
  ASSERT_EQ(send("POST", pods, envelope("v1", "Pod", metadata("p") + part(2, part(2, part(1, "c") + part(2, "x:1"))))).status, 201);
  EXPECT_EQ(send("POST", pods + "/p/binding", envelope("v1", "Binding", metadata("p") + part(2, part(3, "node")))).status, 201);
  EXPECT_EQ(text_at(get(pods + "/p"), "spec.nodeName"), "node");
  EXPECT_EQ(send("POST", pods + "/p/eviction", envelope("policy/v1", "Eviction", metadata("p"))).status, 201);
  EXPECT_THAT(problem(pods + "/p/eviction", envelope("v1", "Pod", metadata("p"))),
              HasSubstr("Pod in version \"v1\" cannot be handled as a Eviction: converting (v1.Pod) to (policy.Eviction)"));
}

TEST_F(ProtobufBody, IsCheckedAsEveryBody) {
  const Reply refused = send("POST", kMaps, envelope("v1", "ConfigMap", metadata("A")));
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(send("POST", kMaps, envelope("v1", "ConfigMap", metadata("a"))).status, 201);
  EXPECT_EQ(send("POST", kMaps, envelope("v1", "ConfigMap", metadata("a"))).status, 409);
}

TEST_F(ProtobufBody, RefusesWhatItCannotRead) {
  const std::string unreadable = "the object provided is unrecognized (must be of type ConfigMap): ";
  const std::string no_prefix = "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
  EXPECT_EQ(problem(kMaps, "foo"), unreadable + no_prefix + " (666f6f)");
  EXPECT_EQ(problem(kMaps, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"}"),
            unreadable + no_prefix + " ({\"kind\":\"ConfigMap\",\"apiVersio ...)");
  EXPECT_EQ(problem(kMaps, std::string("k8s\0", 4)), unreadable + "empty body (6b387300)");
  EXPECT_EQ(problem(kMaps, std::string("k8s\0\xFF\xFF", 6)), unreadable + "unexpected EOF (6b387300ffff)");
  const std::string wrong = " in version \"v1\" cannot be handled as a ConfigMap: ";
  EXPECT_EQ(problem(kMaps, envelope("v1", "ConfigMap", "\x0A\xFF")), "ConfigMap" + wrong + "unexpected EOF");
  EXPECT_EQ(problem(kMaps, envelope("v1", "Secret", metadata("a"))),
            "Secret" + wrong + "converting (v1.Secret) to (core.ConfigMap): unknown conversion");
  EXPECT_EQ(problem(kMaps, envelope("apps/v1", "Deployment", metadata("a"))),
            "Deployment" + wrong + "converting (v1.Deployment) to (core.ConfigMap): unknown conversion");
  EXPECT_EQ(problem(kMaps, envelope("v1", "Unicorn", "")),
            "Unicorn" + wrong + "no kind \"Unicorn\" is registered for version \"v1\"");
  const Reply no_options = send("DELETE", kMaps + "/a", envelope("v1", "ConfigMap", ""));
  EXPECT_EQ(no_options.status, 400);
  EXPECT_EQ(text_at(no_options, "message"), "no kind \"ConfigMap\" is registered for version \"v1\"");
}

TEST_F(ProtobufBody, IsNothingForCustomResourcesAndPatches) {
  const std::string unknown = "the body of the request was in an unknown format - accepted media types include: ";
  const Reply refused = send("POST", kRollouts, envelope("argoproj.io/v1alpha1", "Rollout", metadata("a")));
  EXPECT_EQ(refused.status, 415);
  EXPECT_EQ(text_at(refused, "reason"), "UnsupportedMediaType");
  EXPECT_EQ(text_at(refused, "message"), unknown + "application/json, application/yaml");
  // Options and Scales are Kubernetes' own.
  EXPECT_EQ(send("DELETE", kRollouts + "/a", envelope("v1", "DeleteOptions", "")).status, 404);
  EXPECT_EQ(send("PUT", kRollouts + "/a/scale", envelope("autoscaling/v1", "Scale", metadata("a"))).status, 404);
  EXPECT_EQ(send("PATCH", kMaps + "/a", envelope("v1", "ConfigMap", "")).status, 415);
  EXPECT_EQ(text_at(sent(request("POST", kMaps, "x", "text/plain")), "message"),
            unknown + "application/json, application/yaml, application/vnd.kubernetes.protobuf");
}

TEST_F(ProtobufBody, AnswersInJsonOrNotAtAll) {
  const std::string body = envelope("v1", "ConfigMap", metadata("a"));
  accept_ = "application/vnd.kubernetes.protobuf";
  const Reply refused = send("POST", kMaps, body);
  EXPECT_EQ(refused.status, 406);
  EXPECT_EQ(text_at(refused, "message"), "only the following media types are accepted: application/json, application/yaml");
  for (const char* accept : {"application/vnd.kubernetes.protobuf,application/json", "application/vnd.kubernetes.protobuf, */*"}) {
    accept_ = accept;
    EXPECT_EQ(text_at(get("/api/v1/namespaces/default"), "kind"), "Namespace");
  }
  EXPECT_EQ(send("POST", kMaps, body).status, 201);
}

}  // namespace
}  // namespace canaria::apiserver
