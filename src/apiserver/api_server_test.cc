// The API server as its clients see it: status codes, shapes and texts, over TLS.
#include <fstream>

#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kMaps = "/api/v1/namespaces/default/configmaps";
const std::string kDeployments = "/apis/apps/v1/namespaces/default/deployments";

std::string config_map(const std::string& name, const std::string& value = "1", const std::string& labels = "{}") {
  return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + R"(","labels":)" + labels +
         R"(},"data":{"a":")" + value + R"("}})";
}
std::string deployment(const std::string& name) {
  return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":")" + name +
         R"("},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
            "spec":{"containers":[{"name":"c","image":"x:1"}]}}}})";
}

using ApiServerTest = ServerTest;

TEST_F(ApiServerTest, RefusesWithoutATokenButTellsEverybodyThatItLives) {
  token_ = "wrong";
  const Reply refused = get(kMaps);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(text_at(refused, "message"), "Unauthorized");
  EXPECT_EQ(text_at(refused, "kind"), "Status");
  EXPECT_EQ(get("/healthz").text, "ok");
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(text_at(get("/version"), "major"), "1");
  EXPECT_EQ(get("/api").status, 401);
}

TEST_F(ApiServerTest, RefusesLargeBodiesToAClientThatIsStillSending) {
  const Reply refused = post(kMaps, config_map("a", std::string(12U << 20U, 'x')));
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(text_at(refused, "reason"), "RequestEntityTooLarge");
  EXPECT_EQ(text_at(refused, "message"), "Request entity too large: limit is 3145728");
  EXPECT_EQ(post(kMaps, config_map("a")).status, 201);
}

TEST_F(ApiServerTest, OthersThanMastersOnlyFindOutWhatThereIs) {
  token_ = "guest-token";
  EXPECT_EQ(get("/api/v1").status, 200);
  const Reply list = get("/apis/argoproj.io/v1alpha1/namespaces/x/rollouts");
  EXPECT_EQ(list.status, 403);
  EXPECT_EQ(
      text_at(list, "message"),
      "rollouts.argoproj.io is forbidden: User \"guest\" cannot list resource \"rollouts\" in API group \"argoproj.io\" in the "
      "namespace \"x\"");
  EXPECT_EQ(text_at(list, "details.kind"), "rollouts");
  EXPECT_EQ(
      text_at(get("/api/v1/namespaces/default/pods/p/log"), "message"),
      "pods \"p\" is forbidden: User \"guest\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"default\"");
  EXPECT_THAT(text_at(get("/api/v1/namespaces"), "message"), HasSubstr("at the cluster scope"));
}

TEST_F(ApiServerTest, CreatesReadsUpdatesAndDeletes) {
  const Reply created = post(kMaps, config_map("a"));
  EXPECT_EQ(created.status, 201) << created.text;
  EXPECT_EQ(get(kMaps + "/a").text, created.text);
  EXPECT_EQ(post(kMaps, config_map("a")).status, 409);
  json::Value wanted = created.body;
  wanted.at("data").as_object()["a"] = "2";
  const Reply updated = put(kMaps + "/a", json::write(wanted));
  EXPECT_EQ(updated.status, 200) << updated.text;
  EXPECT_EQ(text_at(updated, "data.a"), "2");
  const Reply conflict = put(kMaps + "/a", json::write(wanted));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(text_at(conflict, "reason"), "Conflict");
  EXPECT_EQ(text_at(conflict, "details.name"), "a");
  const Reply removed = remove(kMaps + "/a");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(text_at(removed, "status"), "Success");
  EXPECT_EQ(text_at(removed, "details.uid"), text_at(created, "metadata.uid"));
  const Reply gone = get(kMaps + "/a");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(text_at(gone, "message"), "configmaps \"a\" not found");
  EXPECT_EQ(text_at(gone, "details.kind"), "configmaps");
}

TEST_F(ApiServerTest, ListsWithSelectorsPagesAndVersions) {
  for (const char* name : {"a", "b", "c"}) post(kMaps, config_map(name, "1", std::string(name) == "b" ? R"({"x":"y"})" : "{}"));
  const auto names = [](const Reply& reply) {
    std::vector<std::string> result;
    for (const json::Value& item : reply.body.at("items").as_array()) result.emplace_back(json::text_at(item, "metadata.name"));
    return result;
  };
  const Reply all = get(kMaps);
  EXPECT_EQ(text_at(all, "kind"), "ConfigMapList");
  EXPECT_THAT(names(all), ElementsAre("a", "b", "c"));
  EXPECT_THAT(names(get(kMaps + "?labelSelector=x%3Dy")), ElementsAre("b"));
  EXPECT_THAT(names(get("/api/v1/configmaps?fieldSelector=metadata.name%3Dc")), ElementsAre("c"));
  const Reply first = get(kMaps + "?limit=2");
  EXPECT_THAT(names(first), ElementsAre("a", "b"));
  post(kMaps, config_map("bb"));
  EXPECT_THAT(names(get(kMaps + "?limit=2&continue=" + net::escape(text_at(first, "metadata.continue")))), ElementsAre("c"));
  const std::string before = text_at(all, "metadata.resourceVersion");
  EXPECT_THAT(names(get(kMaps + "?resourceVersionMatch=Exact&resourceVersion=" + before)), ElementsAre("a", "b", "c"));
  EXPECT_EQ(get(kMaps + "?resourceVersionMatch=Exact").status, 422);
  EXPECT_EQ(get(kMaps + "?labelSelector=%3D%3D").status, 400);
  EXPECT_EQ(get(kMaps + "?fieldSelector=spec.x%3Dy").status, 400);
  EXPECT_EQ(get(kMaps + "?resourceVersion=99999").status, 504);
  EXPECT_EQ(get(kMaps + "?limit=x").status, 400);
}

TEST_F(ApiServerTest, RefusesWhatItDoesNotServe) {
  EXPECT_EQ(get("/api/v1/namespaces/default/pods/p/exec").status, 501);
  EXPECT_THAT(text_at(get("/api/v1/namespaces/default/pods/p/portforward"), "message"), testing::HasSubstr("kubectl get pod p -o wide"));
  EXPECT_EQ(get("/api/v1/namespaces/default/unicorns").status, 404);
  EXPECT_EQ(get(kMaps + "/a/unicorn").status, 404);
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(post("/api/v1/configmaps", config_map("a")).status, 405);
  EXPECT_EQ(post(kMaps + "/a", config_map("a")).status, 405);
  EXPECT_EQ(sent(request("PATCH", kMaps + "/a", "{}", "text/plain")).status, 415);
  EXPECT_EQ(sent(request("POST", kMaps, "x", "text/plain")).status, 415);
  EXPECT_EQ(post(kMaps, "{").status, 400);
  EXPECT_EQ(post(kMaps, R"({"kind":"Secret","apiVersion":"v1"})").status, 400);
  EXPECT_EQ(post("/api/v1/namespaces/nowhere/configmaps", config_map("a")).status, 404);
  const Reply bad_name = post(kMaps, config_map("A"));
  EXPECT_EQ(bad_name.status, 422);
  EXPECT_EQ(json::text_at(bad_name.body.at("details").at("causes").at(0), "field"), "metadata.name");
  EXPECT_EQ(text_at(bad_name, "details.kind"), "ConfigMap");
  accept_ = "application/vnd.kubernetes.protobuf";
  EXPECT_EQ(get(kMaps).status, 406);
}

TEST_F(ApiServerTest, PatchesInAllFourWays) {
  ASSERT_EQ(post(kDeployments, deployment("web")).status, 201);
  const std::string path = kDeployments + "/web";
  EXPECT_EQ(json::int_at(patch(path, "merge-patch+json", R"({"spec":{"replicas":3}})").body, "spec.replicas"), 3);
  EXPECT_EQ(json::int_at(patch(path, "json-patch+json", R"([{"op":"replace","path":"/spec/replicas","value":4}])").body,
                         "metadata.generation"),
            3);
  const Reply strategic =
      patch(path, "strategic-merge-patch+json", R"({"spec":{"template":{"spec":{"containers":[{"name":"c","image":"x:2"}]}}}})");
  EXPECT_EQ(strategic.status, 200) << strategic.text;
  EXPECT_EQ(json::text_at(strategic.body.at("spec").at("template").at("spec").at("containers").at(0), "image"), "x:2");
  const Reply refused = patch(path, "merge-patch+json", R"({"spec":{"replicas":"many"}})");
  EXPECT_THAT(refused.status, testing::AnyOf(400, 422)) << refused.text;
  const Reply on_custom = patch("/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/web", "strategic-merge-patch+json", "{}");
  EXPECT_EQ(on_custom.status, 415);
}

TEST_F(ApiServerTest, AppliesOnTheServerSideAndCreatesWhatIsMissing) {
  const std::string path = kMaps + "/applied?fieldManager=me";
  const std::string yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied\ndata:\n  a: one\n";
  EXPECT_EQ(patch(kMaps + "/applied", "apply-patch+yaml", yaml).status, 422) << "needs a manager";
  EXPECT_EQ(patch(path, "apply-patch+yaml", yaml).status, 201);
  EXPECT_EQ(patch(path, "apply-patch+yaml", yaml).status, 200);
  const Reply other = patch(kMaps + "/applied?fieldManager=other", "apply-patch+yaml",
                            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: two}\n");
  EXPECT_EQ(other.status, 409) << other.text;
  EXPECT_THAT(text_at(other, "message"), HasSubstr("conflict with \"me\""));
  EXPECT_EQ(text_at(get(kMaps + "/applied"), "data.a"), "one");
}

TEST_F(ApiServerTest, ADryRunChangesNothing) {
  EXPECT_EQ(post(kMaps + "?dryRun=All", config_map("a")).status, 201);
  EXPECT_EQ(get(kMaps + "/a").status, 404);
  post(kMaps, config_map("a"));
  EXPECT_EQ(text_at(patch(kMaps + "/a?dryRun=All", "merge-patch+json", R"({"data":{"a":"9"}})"), "data.a"), "9");
  EXPECT_EQ(remove(kMaps + "/a?dryRun=All").status, 200);
  EXPECT_EQ(text_at(get(kMaps + "/a"), "data.a"), "1");
  EXPECT_EQ(post(kMaps + "?dryRun=Some", config_map("b")).status, 422);
}

TEST_F(ApiServerTest, ChecksUnknownFieldsAsTheClientWishes) {
  std::string text = deployment("web");
  text.replace(text.find("\"replicas\""), 10, "\"replica\"");
  const Reply strict = post(kDeployments + "?fieldValidation=Strict", text);
  EXPECT_EQ(strict.status, 400);
  EXPECT_EQ(
      text_at(strict, "message"),
      "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.replica\"");
  const Reply warned = post(kDeployments + "?fieldValidation=Warn", text);
  EXPECT_EQ(warned.status, 201);
  EXPECT_EQ(find_header(warned.headers, "Warning"), R"(299 - "unknown field \"spec.replica\"")");
  EXPECT_EQ(find_header(patch(kDeployments + "/web?fieldValidation=Ignore", "merge-patch+json", R"({"spec":{"z":1}})").headers,
                        "Warning"),
            "");
}

TEST_F(ApiServerTest, ShowsTablesAndMetadata) {
  post(kMaps, config_map("a"));
  accept_ = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  const Reply table = get(kMaps);
  EXPECT_EQ(text_at(table, "kind"), "Table");
  EXPECT_THAT(table.body.at("rows").as_array(), SizeIs(1));
  EXPECT_NE(text_at(table, "metadata.resourceVersion"), "");
  accept_ = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  const Reply partial = get(kMaps);
  EXPECT_EQ(text_at(partial, "kind"), "PartialObjectMetadataList");
  EXPECT_FALSE(partial.body.at("items").at(0).as_object().contains("data"));
  accept_ = "application/yaml";
  EXPECT_THAT(get(kMaps + "/a").text, HasSubstr("kind: ConfigMap"));
}

TEST_F(ApiServerTest, ScaleIsAViewOfTheObject) {
  post(kDeployments, deployment("web"));
  const std::string path = kDeployments + "/web/scale";
  const Reply scale = get(path);
  EXPECT_EQ(text_at(scale, "apiVersion"), "autoscaling/v1");
  EXPECT_EQ(json::int_at(scale.body, "spec.replicas"), 2);
  EXPECT_EQ(text_at(scale, "status.selector"), "app=web");
  EXPECT_EQ(json::int_at(patch(path, "merge-patch+json", R"({"spec":{"replicas":5}})").body, "spec.replicas"), 5);
  EXPECT_EQ(put(path, json::write(scale.body)).status, 409) << "its version is old";
  EXPECT_EQ(patch(path, "merge-patch+json", R"({"spec":{"replicas":-1}})").status, 422);
  EXPECT_EQ(json::int_at(get(kDeployments + "/web").body, "spec.replicas"), 5);
  EXPECT_EQ(get(kMaps + "/a/scale").status, 404);
}

TEST_F(ApiServerTest, AWatchSendsWhatChangesAndBookmarks) {
  post(kMaps, config_map("a"));
  const std::string version = text_at(get(kMaps), "metadata.resourceVersion");
  std::vector<std::string> lines;
  async::Scope scope(loop_);
  scope.spawn(follow(kMaps + "?watch=1&resourceVersion=" + version + "&timeoutSeconds=1&allowWatchBookmarks=true", &lines));
  settle();
  post(kMaps, config_map("b"));
  patch(kMaps + "/b", "merge-patch+json", R"({"data":{"a":"2"}})");
  post("/api/v1/namespaces/kube-system/configmaps", config_map("elsewhere"));
  remove(kMaps + "/b");
  EXPECT_TRUE(eventually([&] { return lines.size() >= 3; }));
  loop_.block_on(scope.join());
  const std::vector<std::string> kinds = {"ADDED", "MODIFIED", "DELETED"};
  ASSERT_GE(lines.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto event = json::parse(lines[i]);
    ASSERT_TRUE(event);
    EXPECT_EQ(json::text_at(*event, "type"), kinds[i]);
    EXPECT_EQ(json::text_at(*event, "object.metadata.name"), "b");
  }
}

TEST_F(ApiServerTest, AWatchBeginsWithWhatIsThere) {
  post(kMaps, config_map("a"));
  std::vector<std::string> lines;
  async::Scope scope(loop_);
  scope.spawn(
      follow(kMaps + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", &lines));
  EXPECT_TRUE(eventually([&] { return lines.size() == 2; }));
  EXPECT_THAT(lines, ElementsAre(HasSubstr("ADDED"), HasSubstr("k8s.io/initial-events-end")));
  loop_.block_on(scope.stop());
}

TEST_F(ApiServerTest, AWatchFromAPositionThatIsUnknownIsTold) {
  std::vector<std::string> lines;
  loop_.block_on(follow(kMaps + "?watch=1&resourceVersion=99999", &lines));
  ASSERT_THAT(lines, SizeIs(1));
  const auto event = json::parse(lines[0]);
  EXPECT_EQ(json::text_at(*event, "type"), "ERROR");
  EXPECT_EQ(json::int_at(*event, "object.code"), 410);
  lines.clear();
  loop_.block_on(follow(kMaps + "?watch=1&fieldSelector=spec.x%3Dy", &lines));
  EXPECT_THAT(lines, ElementsAre(HasSubstr("field label not supported: spec.x")));
}

TEST_F(ApiServerTest, ANamespaceTakesItsContentsWithIt) {
  ASSERT_EQ(post("/api/v1/namespaces", R"({"metadata":{"name":"shop"}})").status, 201);
  const Reply made = get("/api/v1/namespaces/shop");
  EXPECT_EQ(text_at(made, "status.phase"), "Active");
  EXPECT_EQ(made.body.at("metadata").at("labels").at("kubernetes.io/metadata.name").as_string(), "shop");
  const std::string maps = "/api/v1/namespaces/shop/configmaps";
  post(maps, config_map("a"));
  post(maps, R"({"metadata":{"name":"held","finalizers":["test/held"]}})");
  EXPECT_EQ(text_at(remove("/api/v1/namespaces/shop"), "status.phase"), "Terminating");
  EXPECT_TRUE(eventually([&] { return get(maps + "/a").status == 404; }));
  const Reply refused = post(maps, config_map("b"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(text_at(refused, "message"),
              HasSubstr("unable to create new content in namespace shop because it is being terminated"));
  EXPECT_EQ(get("/api/v1/namespaces/shop").status, 200) << "waits for the finalizer";
  patch(maps + "/held", "merge-patch+json", R"({"metadata":{"finalizers":null}})");
  EXPECT_TRUE(eventually([&] { return get("/api/v1/namespaces/shop").status == 404; }));
  EXPECT_EQ(remove("/api/v1/namespaces/default").status, 403);
}

TEST_F(ApiServerTest, DeletesWithOptionsAndInCollections) {
  for (const char* name : {"a", "b", "c"}) post(kMaps, config_map(name, "1", std::string(name) == "b" ? R"({"x":"y"})" : "{}"));
  EXPECT_EQ(remove(kMaps + "/a", R"({"preconditions":{"uid":"other"}})").status, 409);
  const Reply marked = remove(kMaps + "/a", R"({"propagationPolicy":"Foreground"})");
  EXPECT_NE(text_at(marked, "metadata.deletionTimestamp"), "") << "the object, because it is still there";
  EXPECT_EQ(remove(kMaps + "/a?propagationPolicy=Sideways").status, 422);
  const Reply all = remove(kMaps + "?labelSelector=x%3Dy");
  EXPECT_EQ(text_at(all, "kind"), "ConfigMapList");
  EXPECT_EQ(get(kMaps + "/b").status, 404);
  EXPECT_EQ(get(kMaps + "/c").status, 200);
}

TEST_F(ApiServerTest, ServesLogsAndWhatIsWrongWithThem) {
  const std::string pods = "/api/v1/namespaces/default/pods";
  ASSERT_EQ(post(pods, R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x"}]}})").status, 201);
  logs_.pieces = {"one\n", "two\n"};
  const Reply log = get(pods + "/p/log?tailLines=5&timestamps=true&sinceSeconds=60");
  EXPECT_EQ(log.status, 200);
  EXPECT_EQ(log.text, "one\ntwo\n");
  ASSERT_THAT(logs_.seen, SizeIs(1));
  EXPECT_EQ(logs_.seen[0].container, "c");
  EXPECT_EQ(logs_.seen[0].tail_lines, 5);
  EXPECT_EQ(logs_.seen[0].since, clock_.time - Seconds(60));
  EXPECT_TRUE(logs_.seen[0].timestamps);
  logs_.failure = Error{Code::kBadRequest, "container \"c\" in pod \"p\" is waiting to start: ContainerCreating", std::nullopt};
  const Reply waiting = get(pods + "/p/log");
  EXPECT_EQ(waiting.status, 400);
  EXPECT_THAT(text_at(waiting, "message"), HasSubstr("ContainerCreating"));
  EXPECT_THAT(text_at(get(pods + "/p/log?container=z"), "message"), HasSubstr("container z is not valid for pod p"));
  EXPECT_EQ(get(pods + "/q/log").status, 404);
  EXPECT_EQ(get(pods + "/p/log?tailLines=-1").status, 422);
}

TEST_F(ApiServerTest, AFollowedLogEndsWithItsReader) {
  const std::string pods = "/api/v1/namespaces/default/pods";
  post(pods, R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x"}]}})");
  logs_.pieces = {"one\n"};
  std::vector<std::string> lines;
  async::Scope scope(loop_);
  scope.spawn(follow(pods + "/p/log?follow=true", &lines));
  EXPECT_TRUE(eventually([&] { return !lines.empty(); }));
  EXPECT_THAT(lines, ElementsAre("one"));
  loop_.block_on(scope.stop());
}

TEST_F(ApiServerTest, PodsAreBoundAndEvicted) {
  const std::string pods = "/api/v1/namespaces/default/pods";
  post(pods, R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x"}]}})");
  EXPECT_EQ(post(pods + "/p/binding", R"({"target":{"kind":"Node","name":"n"}})").status, 201);
  EXPECT_EQ(text_at(get(pods + "/p"), "spec.nodeName"), "n");
  EXPECT_EQ(post(pods + "/p/binding", R"({"target":{"kind":"Node","name":"m"}})").status, 409);
  EXPECT_EQ(post(pods + "/p/eviction", R"({"metadata":{"name":"p"},"deleteOptions":{"gracePeriodSeconds":0}})").status, 201);
  EXPECT_EQ(get(pods + "/p").status, 404);
}

TEST_F(ApiServerTest, WritesAnAuditLog) {
  post(kMaps, config_map("a"));
  HttpRequest impersonated = request("GET", kMaps + "/a?x=1");
  impersonated.headers.emplace_back("Impersonate-User", "carol");
  EXPECT_EQ(sent(impersonated).status, 403) << "carol is no master";
  std::ifstream file(directory_ + "/audit.log");
  std::vector<json::Value> events;
  for (std::string line; std::getline(file, line);) events.push_back(*json::parse(line));
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(json::text_at(events[0], "verb"), "create");
  EXPECT_EQ(json::text_at(events[0], "user.username"), "admin");
  EXPECT_EQ(json::text_at(events[0], "objectRef.resource"), "configmaps");
  EXPECT_EQ(json::text_at(events[0], "objectRef.name"), "a");
  EXPECT_EQ(json::int_at(events[0], "responseStatus.code"), 201);
  EXPECT_EQ(json::text_at(events[1], "requestURI"), kMaps + "/a?x=1");
  EXPECT_EQ(json::text_at(events[1], "user.username"), "admin");
  EXPECT_EQ(json::text_at(events[1], "impersonatedUser.username"), "carol");
  EXPECT_EQ(json::text_at(events[1], "objectRef.name"), "a");
}

TEST_F(ApiServerTest, ADefinitionServesItsKindUntilItIsDeleted) {
  const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const Reply created =
      post(definitions, R"({"metadata":{"name":"toys.play.example"},"spec":{"group":"play.example","scope":"Namespaced",
    "names":{"plural":"toys","singular":"toy","kind":"Toy","listKind":"ToyList"},"versions":[{"name":"v1","served":true,"storage":true,
    "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"}}}}}}}]}})");
  ASSERT_EQ(created.status, 201) << created.text;
  const std::string toys = "/apis/play.example/v1/namespaces/default/toys";
  EXPECT_EQ(post(toys, R"({"apiVersion":"play.example/v1","kind":"Toy","metadata":{"name":"t"},"spec":{"size":1}})").status, 201);
  EXPECT_EQ(post(toys, R"({"apiVersion":"play.example/v1","kind":"Toy","metadata":{"name":"u"},"spec":{"size":"x"}})").status,
            422);
  EXPECT_EQ(remove(definitions + "/toys.play.example").status, 200);
  EXPECT_TRUE(eventually([&] { return get(definitions + "/toys.play.example").status == 404; }));
  EXPECT_EQ(get(toys).status, 404);
}

}  // namespace
}  // namespace canaria::apiserver
