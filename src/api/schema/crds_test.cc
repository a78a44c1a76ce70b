// The committed CRD files are the generated ones. CANARIA_UPDATE=1 writes them anew.
#include "api/schema/crds.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/schema/kinds.h"
#include "json/write.h"
#include "json/yaml.h"

namespace canaria::api {
namespace {

std::filesystem::path file_of(const json::Value& crd) {
  const std::string name(json::text_at(crd, "spec.names.singular"));
  return std::filesystem::path(CANARIA_SOURCE_DIR) / "deploy" / "crds" / (name + "-crd.yaml");
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CustomResourceDefinitions, AreTheCommittedFiles) {
  for (const json::Value& crd : custom_resource_definitions()) {
    const auto path = file_of(crd);
    const std::string text = "# Written by CANARIA_UPDATE=1 test_api from src/api/schema; do not edit.\n" + json::to_yaml(crd);
    if (std::getenv("CANARIA_UPDATE")) {
      std::filesystem::create_directories(path.parent_path());
      std::ofstream(path) << text;
    }
    EXPECT_TRUE(read(path) == text) << path << " differs: run CANARIA_UPDATE=1 test_api";
  }
}

// kubectl apply keeps a copy of the object in an annotation, and annotations are limited to 256 KiB.
TEST(CustomResourceDefinitions, FitPlainApply) {
  for (const json::Value& crd : custom_resource_definitions())
    EXPECT_LT(json::write(crd).size(), 200U * 1024U) << json::text_at(crd, "metadata.name");
}

TEST(CustomResourceDefinitions, PublishWhatTheReferencePublishes) {
  const auto crds = custom_resource_definitions();
  ASSERT_EQ(crds.size(), 5U);
  const json::Value& version = crds[0].at("spec").at("versions").at(0);
  EXPECT_EQ(json::text_at(version, "subresources.scale.statusReplicasPath"), ".status.HPAReplicas");
  EXPECT_EQ(version.at("additionalPrinterColumns").as_array().size(), 5U);
  const json::Value& root = version.at("schema").at("openAPIV3Schema");
  const json::Value* spec = json::find(root, "properties.spec.properties");
  ASSERT_NE(spec, nullptr);
  EXPECT_EQ(json::write(root.at("required")), R"(["spec"])");
  EXPECT_EQ(json::write(spec->at("selector").at("x-kubernetes-validations")),
            R"([{"rule":"self == oldSelf","message":".spec.selector is immutable"}])");
  EXPECT_EQ(json::write(*json::find(*spec, "template.properties.spec.required")), R"(["containers"])");
  EXPECT_EQ(json::write(*json::find(*spec, "template.properties.metadata.properties")),
            R"({"labels":{"type":"object","additionalProperties":{"type":"string"}},)"
            R"("annotations":{"type":"object","additionalProperties":{"type":"string"}}})");
  EXPECT_EQ(json::write(*json::find(*spec, "template.properties.spec.properties.volumes")),
            R"({"x-kubernetes-preserve-unknown-fields":true})");
}

TEST(Kinds, AcceptAWholeRollout) {
  const auto rollout = json::parse_yaml(R"(
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, anything: 1}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1", resources: {limits: {cpu: 0.5}}, ports: [{containerPort: 80}]}]
      volumes: [{name: a, emptyDir: {future: 1}}]
  strategy:
    canary:
      maxSurge: 10%
      trafficRouting: {plugins: {example/router: {any: [1]}}, istio: {virtualService: {name: web}}}
      steps: [{setWeight: 20}, {pause: {duration: 1h}}, {plugin: {name: p, config: {deep: {er: 1}}}}]
)");
  ASSERT_TRUE(rollout) << rollout.error().message;
  for (const auto& error : json::check(*rollout, schema_of("Rollout"))) ADD_FAILURE() << error.path << ": " << error.text;
}

TEST(Kinds, NameWhatIsWrongInARollout) {
  const auto rollout = json::parse(
      R"({"spec":{"replicas":"4","strategy":{"blueGreen":{"typo":1}},"template":{"metadata":{"name":"x"},"spec":{}}}})");
  std::string found;
  for (const auto& error : json::check(*rollout, schema_of("Rollout"))) found += error.path + ": " + error.text + "\n";
  EXPECT_EQ(found,
            "spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"\n"
            "spec.strategy.blueGreen.typo: unknown field \"spec.strategy.blueGreen.typo\"\n"
            "spec.strategy.blueGreen.activeService: Required value\n"
            "spec.template.metadata.name: unknown field \"spec.template.metadata.name\"\n"
            "spec.template.spec.containers: Required value\n");
}

}  // namespace
}  // namespace canaria::api
