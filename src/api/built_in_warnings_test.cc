#include "api/built_in_warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/built_in_defaults.h"

namespace canaria::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> warned(const std::string& text) {
  const json::Value object = *json::parse(text);
  const auto version = json::text_at(object, "apiVersion");
  const auto kind = json::text_at(object, "kind");
  return warnings(version, kind, with_defaults(version, kind, object));
}

std::string pod(const std::string& container, const std::string& rest = "") {
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x")" + container +
         "}]" + rest + "}}";
}

TEST(Warnings, AreAboutWhatIsAcceptedAndHardlyMeant) {
  EXPECT_THAT(warned(pod("")), IsEmpty());
  EXPECT_THAT(
      warned(pod(R"(,"env":[{"name":"A","value":"1"},{"name":"A","value":"2"}])")),
      ElementsAre("spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply"));
  EXPECT_THAT(warned(pod(R"(,"ports":[{"containerPort":80},{"containerPort":80}])")),
              ElementsAre("spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]"));
  EXPECT_THAT(warned(pod(R"(,"ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}])")), IsEmpty());
  EXPECT_THAT(warned(pod(R"(,"ports":[{"containerPort":80,"hostIP":"1.2.3.4"}])")),
              ElementsAre("spec.containers[0].ports[0]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:80 "
                          "Protocol:TCP HostIP:1.2.3.4}"));
  EXPECT_THAT(warned(pod(R"(,"resources":{"requests":{"memory":"1.5","cpu":"100m"}})")),
              ElementsAre("spec.containers[0].resources.requests[memory]: fractional byte value \"1500m\" is invalid, must be an "
                          "integer"));
  EXPECT_THAT(warned(pod("", R"(,"imagePullSecrets":[{}])")),
              ElementsAre("spec.imagePullSecrets[0].name: invalid empty name \"\""));
  EXPECT_THAT(warned(pod("", R"(,"volumes":[{"name":"v","projected":{"sources":[{}]}},{"name":"w","projected":{}}])")),
              ElementsAre("volume \"v\" (Projected) has no sources provided"));
}

TEST(Warnings, AreAboutNamesThatMakeBadHostNames) {
  const std::string deployment = R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a.b"},"spec":{}})";
  EXPECT_THAT(
      warned(deployment),
      ElementsAre("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS "
                  "label is recommended: [must not contain dots]"));
  EXPECT_THAT(warned(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a.b"}})"), IsEmpty());
}

TEST(Warnings, AreAboutOwnersThatAreThereTwiceAndFinalizersWithoutADomain) {
  EXPECT_THAT(
      warned(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","ownerReferences":[{"uid":"u"},{"uid":"u"}]}})"),
      ElementsAre(".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and "
                  "may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u"));
  EXPECT_THAT(
      warned(R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Rollout","metadata":{"finalizers":["x","a.b/c","orphan"]}})"),
      ElementsAre("metadata.finalizers: \"x\": prefer a domain-qualified finalizer name to avoid accidental conflicts with "
                  "other finalizer writers"));
}

TEST(Warnings, AreAboutExternalNamesThatNobodyUses) {
  EXPECT_THAT(warned(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"externalName":"x"}})"),
              ElementsAre("spec.externalName is ignored when spec.type is not \"ExternalName\""));
}

}  // namespace
}  // namespace canaria::api
