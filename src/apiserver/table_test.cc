// Rows as kubectl users know them.
#include "apiserver/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apiserver/column_path.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

const Time kNow = *parse_time("2026-08-01T12:00:00Z");

// The cells of the columns that are shown without -o wide, joined by "|".
std::string row(const std::string& group, const std::string& plural, const std::string& object,
                const std::string& version = "v1") {
  const ServedResources served;
  const ServedResource* resource = served.find(group, version, plural);
  if (!resource) return "not served";
  const json::Value table = table_of(*resource, {*json::parse(object)}, kNow, IncludeObject::kMetadata);
  const json::Array& cells = table.at("rows").as_array().front().at("cells").as_array();
  const json::Array& columns = table.at("columnDefinitions").as_array();
  EXPECT_EQ(cells.size(), columns.size());
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (columns[i].at("priority").as_int64() > 0) continue;
    if (!text.empty()) text += "|";
    text += cells[i].is_string() ? std::string(cells[i].get_string()) : json::write(cells[i]);
  }
  return text;
}

std::string pod(const std::string& status, const std::string& metadata = "",
                const std::string& spec = R"("containers":[{"name":"a"}])") {
  return R"({"metadata":{"name":"p","creationTimestamp":"2026-08-01T11:55:00Z")" + metadata + R"(},"spec":{)" + spec +
         R"(},"status":{)" + status + "}}";
}

TEST(PodTable, TellsTheStatusInOneWord) {
  struct Case {
    std::string object;
    std::string row;
  };
  const std::string init = R"("initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}])";
  const std::vector<Case> cases = {
      {pod(R"("phase":"Pending")"), "p|0/1|Pending|0|5m"},
      {pod(R"("phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}])"), "p|1/1|Running|0|5m"},
      {pod(R"("phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}])",
           R"(,"deletionTimestamp":"2026-08-01T11:59:00Z")"),
       "p|1/1|Terminating|0|5m"},
      {pod(R"("phase":"Running","containerStatuses":[{"name":"a","restartCount":3,)"
           R"("state":{"waiting":{"reason":"CrashLoopBackOff"}},)"
           R"("lastState":{"terminated":{"finishedAt":"2026-08-01T11:59:50Z"}}}])"),
       "p|0/1|CrashLoopBackOff|3 (10s ago)|5m"},
      {pod(R"("phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}}])"),
       "p|0/1|Completed|0|5m"},
      {pod(R"("phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}])"),
       "p|0/1|ExitCode:3|0|5m"},
      {pod(R"("phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"signal":9,"exitCode":137}}}])"),
       "p|0/1|Signal:9|0|5m"},
      {pod(R"("phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}}},{"name":"j",)"
           R"("state":{"waiting":{"reason":"PodInitializing"}}}])",
           "", init),
       "p|0/1|Init:0/2|0|5m"},
      {pod(R"("phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j",)"
           R"("restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}])",
           "", init),
       "p|0/1|Init:CrashLoopBackOff|1|5m"},
      {pod(R"("phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[)"
           R"({"name":"a","state":{"terminated":{"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}])",
           "", R"("containers":[{"name":"a"},{"name":"b"}])"),
       "p|1/2|NotReady|0|5m"},
      {pod(R"("phase":"Failed","reason":"Evicted")"), "p|0/1|Evicted|0|5m"},
  };
  for (const Case& one : cases) EXPECT_EQ(row("", "pods", one.object), one.row) << one.object;
}

const std::string kMeta = R"("metadata":{"name":"x","creationTimestamp":"2026-08-01T11:00:00Z"})";

TEST(Table, ShowsTheKindsAsKubectlUsersKnowThem) {
  struct Case {
    std::string group, plural, object, row;
    std::string version = "v1";
  };
  const std::vector<Case> cases = {
      {"apps", "replicasets", R"("spec":{"replicas":3},"status":{"replicas":2,"readyReplicas":1})", "x|3|2|1|60m"},
      {"apps", "deployments",
       R"("spec":{"replicas":3},"status":{"replicas":3,"readyReplicas":2,"updatedReplicas":1,"availableReplicas":2})",
       "x|2/3|1|2|60m"},
      {"batch", "jobs",
       R"("spec":{"completions":2},"status":{"succeeded":2,"startTime":"2026-08-01T11:00:00Z",)"
       R"("completionTime":"2026-08-01T11:00:07Z","conditions":[{"type":"Complete","status":"True"}]})",
       "x|Complete|2/2|7s|60m"},
      {"", "services",
       R"("spec":{"type":"NodePort","clusterIP":"127.1.2.3","ports":[{"port":80,"nodePort":30080},{"port":53,"protocol":"UDP"}]})",
       "x|NodePort|127.1.2.3|<none>|80:30080/TCP,53/UDP|60m"},
      {"", "services", R"("spec":{"type":"LoadBalancer","clusterIP":"127.1.2.3","ports":[{"port":80}]})",
       "x|LoadBalancer|127.1.2.3|<pending>|80/TCP|60m"},
      {"", "configmaps", R"("data":{"a":"1","b":"2"})", "x|2|60m"},
      {"", "secrets", R"("type":"Opaque","data":{"a":"MQ=="})", "x|Opaque|1|60m"},
      {"", "namespaces", R"("status":{"phase":"Active"})", "x|Active|60m"},
      {"", "nodes", R"("status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1"}})",
       "x|Ready|<none>|60m|v1"},
      {"", "events",
       R"("type":"Normal","reason":"Started","message":"it runs","involvedObject":{"kind":"Pod","name":"p"},)"
       R"("firstTimestamp":"2026-08-01T11:59:00Z","lastTimestamp":"2026-08-01T11:59:30Z","count":2)",
       "30s|Normal|Started|pod/p|it runs"},
      {"coordination.k8s.io", "leases", R"("spec":{"holderIdentity":"me"})", "x|me|60m"},
      {"networking.k8s.io", "ingresses",
       R"("spec":{"ingressClassName":"c","rules":[{"host":"a.b"}]},"status":{"loadBalancer":{"ingress":[{"ip":"127.0.0.1"}]}})",
       "x|c|a.b|127.0.0.1|80|60m"},
      {"discovery.k8s.io", "endpointslices",
       R"("addressType":"IPv4","ports":[{"port":80}],"endpoints":[{"addresses":["1.1.1.1"]},{"addresses":["1.1.1.2"]},)"
       R"({"addresses":["1.1.1.3"]},{"addresses":["1.1.1.4"]}])",
       "x|IPv4|80|1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...|60m"},
      {"argoproj.io", "rollouts", R"("spec":{"replicas":4},"status":{"replicas":4,"updatedReplicas":1})", "x|4|4|1|null|60m",
       "v1alpha1"},
      {"argoproj.io", "analysisruns", R"("status":{"phase":"Running"})", "x|Running|60m", "v1alpha1"},
      {"gateway.networking.k8s.io", "httproutes", R"("spec":{"hostnames":["a.b","c.d"]})", R"(x|["a.b","c.d"]|60m)"},
      {"gateway.networking.k8s.io", "gateways",
       R"("spec":{"gatewayClassName":"c"},"status":{"addresses":[{"value":"127.0.0.1"}],)"
       R"("conditions":[{"type":"Programmed","status":"True"}]})",
       "x|c|127.0.0.1|True|60m"},
      {"apiextensions.k8s.io", "customresourcedefinitions", R"("spec":{})", "x|2026-08-01T11:00:00Z"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(row(one.group, one.plural, "{" + kMeta + "," + one.object + "}", one.version), one.row) << one.plural;
}

TEST(Table, CarriesWhatWasAskedForBesideTheCells) {
  const ServedResources served;
  const ServedResource& pods = *served.find("", "v1", "pods");
  const std::vector<json::Value> objects = {*json::parse(pod(R"("phase":"Pending")"))};
  const auto first = [&](IncludeObject include) { return table_of(pods, objects, kNow, include).at("rows").as_array().front(); };
  EXPECT_FALSE(first(IncludeObject::kNone).as_object().contains("object"));
  EXPECT_EQ(json::text_at(first(IncludeObject::kMetadata), "object.kind"), "PartialObjectMetadata");
  EXPECT_EQ(json::text_at(first(IncludeObject::kObject), "object.status.phase"), "Pending");
}

TEST(ColumnPath, FindsTheFirstValue) {
  const json::Value object =
      *json::parse(R"({"a":{"b.c":1,"list":[{"type":"X","value":"1"},{"type":"Y","value":"2"}]},"labels":{"x/y":"z"}})");
  const auto at = [&](std::string_view path) {
    const json::Value* found = value_at_path(object, path);
    return found ? json::write(*found) : "none";
  };
  EXPECT_EQ(at(R"(.a.b\.c)"), "1");
  EXPECT_EQ(at(".a['b.c']"), "1");
  EXPECT_EQ(at(".labels['x/y']"), "\"z\"");
  EXPECT_EQ(at(".a.list[1].value"), "\"2\"");
  EXPECT_EQ(at(".a.list[-1].value"), "\"2\"");
  EXPECT_EQ(at(".a.list[*].value"), "\"1\"");
  EXPECT_EQ(at(R"(.a.list[?(@.type=="Y")].value)"), "\"2\"");
  EXPECT_EQ(at(R"(.a.list[?(@.type!='X')].type)"), "\"Y\"");
  for (const char* none :
       {".a.missing", ".a.list[7]", ".a.list[", "a", ".a.list[x]", ".a.list[?(@.type==\"Z\")]", "..", ".a.list[999999999999]"})
    EXPECT_EQ(at(none), "none") << none;
}

}  // namespace
}  // namespace canaria::apiserver
