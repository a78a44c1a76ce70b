// What containers find in their environment, and what the status says when it cannot be made.
#include <gmock/gmock.h>

#include "plan/pod/environment.h"
#include "plan/pod/pod_lab.h"

namespace canaria::plan {
namespace {

using testing::HasSubstr;

std::string spec(const std::string& of_container, const std::string& of_spec = "") {
  return R"({"nodeName":"local","containers":[{"name":"main","image":"web:1","command":["web"])" +
         (of_container.empty() ? "" : "," + of_container) + "}]" + (of_spec.empty() ? "" : "," + of_spec) + "}";
}

// The value, or "(unset)"; or the error.
std::string value(PodLab& lab, const std::string& name) {
  const auto environment = container_environment(lab.snapshot, lab.snapshot.pod->spec.containers.at(0));
  if (!environment) return "error: " + environment.error().message;
  const std::string* found = environment->find(name);
  return found ? *found : "(unset)";
}

TEST(Environment, ExpandsReferencesToEarlierVariables) {
  PodLab lab(spec(R"x("env":[{"name":"A","value":"1"},{"name":"B","value":"$(A)2 $$(A) $(NONE) $x $"}],"args":["--b=$(B)"])x"));
  EXPECT_EQ(value(lab, "B"), "12 $(A) $(NONE) $x $");
  lab.settle();
  EXPECT_EQ(lab.last_launch.arguments.at(0), "--b=12 $(A) $(NONE) $x $");
  EXPECT_EQ(value(lab, "HOSTNAME"), "web");
}

TEST(Environment, ReadsFieldsOfThePod) {
  struct Case {
    const char* path;
    const char* value;
  };
  for (const Case& test : {Case{"metadata.name", "web"}, Case{"metadata.namespace", "shop"}, Case{"metadata.uid", "u1"},
                           Case{"metadata.labels['app']", "web"}, Case{"metadata.annotations['none']", ""},
                           Case{"spec.nodeName", "local"}, Case{"status.podIP", "127.77.0.1"}, Case{"status.hostIP", "127.0.0.1"},
                           Case{"spec.hostname", "error: unsupported fieldPath: spec.hostname"}}) {
    PodLab lab(spec(R"("env":[{"name":"X","valueFrom":{"fieldRef":{"fieldPath":")" + std::string(test.path) + R"("}}}])"));
    EXPECT_EQ(value(lab, "X"), test.value) << test.path;
  }
}

TEST(Environment, ReadsResources) {
  const std::string resources = R"("resources":{"limits":{"cpu":"1500m","memory":"64Mi"},"requests":{"cpu":"250m"}},)";
  const auto of = [&](const std::string& ref) {
    PodLab lab(spec(resources + R"("env":[{"name":"X","valueFrom":{"resourceFieldRef":)" + ref + "}}]"));
    return value(lab, "X");
  };
  EXPECT_EQ(of(R"({"resource":"limits.cpu"})"), "2");
  EXPECT_EQ(of(R"({"resource":"limits.cpu","divisor":"1m"})"), "1500");
  EXPECT_EQ(of(R"({"resource":"limits.memory","divisor":"1Mi"})"), "64");
  EXPECT_EQ(of(R"({"resource":"requests.cpu","divisor":"1m"})"), "250");
}

TEST(Environment, ReadsConfigMapsAndSecrets) {
  PodLab lab(spec(R"("envFrom":[{"configMapRef":{"name":"look"},"prefix":"L_"},{"secretRef":{"name":"keys","optional":true}}],
    "env":[{"name":"COLOR","valueFrom":{"configMapKeyRef":{"name":"look","key":"color"}}},
           {"name":"NONE","valueFrom":{"secretKeyRef":{"name":"keys","key":"k","optional":true}}}])"));
  lab.config_maps["look"] = {{"color", "blue"}};
  EXPECT_EQ(value(lab, "COLOR"), "blue");
  EXPECT_EQ(value(lab, "L_color"), "blue");
  EXPECT_EQ(value(lab, "NONE"), "(unset)");
  lab.secrets["keys"] = {{"k", "s"}};
  EXPECT_EQ(value(lab, "NONE"), "s");
  EXPECT_EQ(value(lab, "k"), "s");
}

TEST(Environment, SaysWhatIsMissing) {
  PodLab lab(spec(R"("env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"look","key":"color"}}}])"));
  lab.settle();
  EXPECT_EQ(lab.state(), "waiting CreateContainerConfigError: configmap \"look\" not found");
  lab.config_maps["look"] = {};
  lab.settle();
  EXPECT_EQ(lab.state(), "waiting CreateContainerConfigError: couldn't find key color in ConfigMap shop/look");
  PodLab secret(spec(R"("envFrom":[{"secretRef":{"name":"keys"}}])"));
  EXPECT_EQ(value(secret, "A"), "error: secret \"keys\" not found");
}

TEST(Environment, NamesTheServicesOfTheNamespace) {
  PodLab lab(spec(""));
  lab.services = {{"web-shop", "127.77.128.1", {{"http", 80, "TCP"}}}, {"headless", "None", {{"", 1, "TCP"}}}};
  EXPECT_EQ(value(lab, "WEB_SHOP_SERVICE_HOST"), "127.77.128.1");
  EXPECT_EQ(value(lab, "WEB_SHOP_SERVICE_PORT"), "80");
  EXPECT_EQ(value(lab, "WEB_SHOP_SERVICE_PORT_HTTP"), "80");
  EXPECT_EQ(value(lab, "WEB_SHOP_PORT_80_TCP"), "tcp://127.77.128.1:80");
  EXPECT_EQ(value(lab, "HEADLESS_SERVICE_HOST"), "(unset)");
  PodLab without(spec("", R"("enableServiceLinks":false)"));
  without.services = lab.services;
  EXPECT_EQ(value(without, "WEB_SHOP_SERVICE_HOST"), "(unset)");
}

}  // namespace
}  // namespace canaria::plan
