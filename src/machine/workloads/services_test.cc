// Services on a real store: their addresses, and the EndpointSlices that follow their pods.
#include <gmock/gmock.h>
#include <set>

#include "machine/workloads/workload_world.h"

namespace canaria::machine {
namespace {

using testing::UnorderedElementsAre;

const api::Resource& kSlices() { return api::resources::endpoint_slices(); }

class ServicesTest : public WorkloadWorld {
 protected:
  json::Value service(const std::string& name) {
    json::Value object = parsed(R"({"metadata":{"name":"web"},"spec":{"type":"ClusterIP","selector":{"app":"web"},
      "ports":[{"name":"http","port":80,"targetPort":"http"}]}})");
    object.at("metadata").get_object()["name"] = name;
    return object;
  }
  // Addresses of the endpoints of a Service with that condition.
  std::multiset<std::string> addresses(const std::string& condition, const std::string& name = "web") {
    std::multiset<std::string> found;
    for (const json::Value& slice : all(kSlices(), "kubernetes.io/service-name=" + name))
      for (const json::Value& endpoint : slice.at("endpoints").as_array())
        if (endpoint.at("conditions").at(condition).as_bool()) found.emplace(endpoint.at("addresses").at(0).as_string());
    return found;
  }
};

TEST_F(ServicesTest, GetUniqueAddressesForLife) {
  start_controllers();
  std::set<std::string> seen;
  for (const char* name : {"a", "b", "c"}) create(api::resources::services(), service(name));
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(comes_true([&] { return !json::text_at(get(api::resources::services(), name), "spec.clusterIP").empty(); }));
    seen.emplace(json::text_at(get(api::resources::services(), name), "spec.clusterIP"));
  }
  EXPECT_THAT(seen, UnorderedElementsAre("127.77.128.1", "127.77.128.2", "127.77.128.3"));
  const json::Value before = get(api::resources::services(), "b");
  EXPECT_EQ(before.at("spec").at("clusterIPs").at(0), before.at("spec").at("clusterIP"));
  stop_controllers();
  start_controllers();
  erase(api::resources::services(), "a");
  create(api::resources::services(), service("d"));
  ASSERT_TRUE(comes_true([&] { return !json::text_at(get(api::resources::services(), "d"), "spec.clusterIP").empty(); }));
  EXPECT_EQ(get(api::resources::services(), "b"), before);
}

TEST_F(ServicesTest, HeadlessAndExternalOnesGetNone) {
  start_controllers();
  json::Value headless = service("headless");
  headless.at("spec").get_object()["clusterIP"] = "None";
  json::Value external = service("external");
  external.at("spec").get_object()["type"] = "ExternalName";
  external.at("spec").get_object()["externalName"] = "example.org";
  create(api::resources::services(), headless);
  create(api::resources::services(), external);
  let_settle();
  EXPECT_EQ(json::text_at(get(api::resources::services(), "headless"), "spec.clusterIP"), "None");
  EXPECT_EQ(json::text_at(get(api::resources::services(), "external"), "spec.clusterIP"), "");
  EXPECT_TRUE(all(kSlices(), "kubernetes.io/service-name=external").empty());
}

TEST_F(ServicesTest, SlicesFollowThePods) {
  start_controllers();
  create(api::resources::services(), service("web"));
  create(api::resources::replica_sets(), replica_set("web", 3));
  ASSERT_TRUE(comes_true([this] { return addresses("ready").size() == 3; }));
  const auto slices = all(kSlices());
  ASSERT_EQ(slices.size(), 1U);
  EXPECT_EQ(json::text_at(slices[0], "addressType"), "IPv4");
  EXPECT_EQ(slices[0].at("metadata").at("labels").at("endpointslice.kubernetes.io/managed-by"), "endpointslice-controller.k8s.io");
  EXPECT_EQ(json::int_at(slices[0].at("ports").at(0), "port"), 8080);
  EXPECT_EQ(json::text_at(slices[0].at("endpoints").at(0), "nodeName"), "local");
  EXPECT_EQ(json::text_at(slices[0].at("endpoints").at(0), "targetRef.kind"), "Pod");

  // Deleted but not yet gone: no new traffic at once, still serving what it has.
  node_works = false;
  erase(api::resources::pods(), std::string(json::text_at(pods()[0], "metadata.name")));
  ASSERT_TRUE(comes_true([this] { return addresses("terminating").size() == 1; }));
  EXPECT_EQ(addresses("ready").size(), 2U);
  EXPECT_EQ(addresses("serving").size(), 3U);
}

TEST_F(ServicesTest, SelectorChangesMoveTraffic) {
  start_controllers();
  create(api::resources::services(), service("web"));
  create(api::resources::replica_sets(), replica_set("web", 2));
  ASSERT_TRUE(comes_true([this] { return addresses("ready").size() == 2; }));
  const std::string name(json::text_at(pods()[0], "metadata.name"));
  patch(api::resources::pods(), name, R"({"metadata":{"labels":{"canary":"yes"}}})");
  patch(api::resources::services(), "web", R"({"spec":{"selector":{"canary":"yes"}}})");
  EXPECT_TRUE(comes_true([this] { return addresses("ready").size() == 1; }));
  patch(api::resources::services(), "web", R"({"spec":{"selector":{"canary":"no"}}})");
  EXPECT_TRUE(comes_true([this] { return addresses("ready").empty(); }));
  EXPECT_EQ(all(kSlices()).size(), 1U);
  erase(api::resources::services(), "web");
  EXPECT_TRUE(comes_true([this] { return all(kSlices()).empty(); }));
}

TEST_F(ServicesTest, LargeServicesHaveSlicesOfAHundredAndChangeOneAtATime) {
  start_controllers();
  create(api::resources::services(), service("web"));
  create(api::resources::replica_sets(), replica_set("web", 205));
  ASSERT_TRUE(comes_true([this] { return addresses("ready").size() == 205; }));
  let_settle();
  EXPECT_EQ(all(kSlices()).size(), 3U);
  std::map<std::string, std::string> versions;
  for (const json::Value& slice : all(kSlices()))
    versions[std::string(json::text_at(slice, "metadata.name"))] = json::text_at(slice, "metadata.resourceVersion");
  set_pod_status(std::string(json::text_at(pods()[7], "metadata.name")), pod_status("Running", "False"));
  ASSERT_TRUE(comes_true([this] { return addresses("ready").size() == 204; }));
  int changed_slices = 0;
  for (const json::Value& slice : all(kSlices()))
    changed_slices += versions[std::string(json::text_at(slice, "metadata.name"))] != json::text_at(slice, "metadata.resourceVersion") ? 1 : 0;
  EXPECT_EQ(changed_slices, 1);
}

}  // namespace
}  // namespace canaria::machine
