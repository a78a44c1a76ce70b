// What the server has given an object stays with it, whatever the client leaves out.
#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

const std::string kServices = "/api/v1/namespaces/default/services";

using AllocationsTest = ServerTest;

std::string service(const std::string& address = "", const std::string& type = "ClusterIP") {
  return R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"type":")" + type +
         R"(","ports":[{"port":80}],"selector":{"app":"web"})" + (address.empty() ? "" : R"(,"clusterIP":")" + address + "\"") + "}}";
}

TEST_F(AllocationsTest, AServiceThatIsReplacedKeepsItsAddress) {
  post(kServices, service());
  patch(kServices + "/web", "merge-patch+json", R"({"spec":{"clusterIP":"127.77.0.9","clusterIPs":["127.77.0.9"]}})");
  const Reply replaced = put(kServices + "/web", service());
  EXPECT_EQ(replaced.status, 200) << replaced.text;
  EXPECT_EQ(text_at(replaced, "spec.clusterIP"), "127.77.0.9");
  EXPECT_EQ(json::write(*json::find(replaced.body, "spec.clusterIPs")), R"(["127.77.0.9"])");
  EXPECT_EQ(put(kServices + "/web", service("127.77.0.9")).status, 200);
  const Reply changed = put(kServices + "/web", service("127.77.0.10"));
  EXPECT_EQ(changed.status, 422);
  EXPECT_EQ(text_at(changed, "message"),
            R"(Service "web" is invalid: spec.clusterIPs[0]: Invalid value: ["127.77.0.10"]: may not change once set)");
  const Reply removed = patch(kServices + "/web", "merge-patch+json", R"({"spec":{"clusterIP":null,"clusterIPs":null}})");
  EXPECT_EQ(text_at(removed, "spec.clusterIP"), "127.77.0.9") << removed.text;
}

}  // namespace
}  // namespace canaria::apiserver
