// Golden step hashes of the reference.
#include "api/rollouts/step_hash.h"

#include <gtest/gtest.h>

#include <array>

#include "api/schema/kinds.h"

namespace canaria::api {
namespace {

std::string hash_of(std::string_view steps) { return step_hash(json::parse(steps).value()); }

TEST(StepHash, MatchesTheReference) {
  EXPECT_EQ(hash_of("null"), "5ffbfbbd64");
  EXPECT_EQ(hash_of("[]"), "5ffbfbbd64");
  EXPECT_EQ(hash_of(R"([{"setWeight":20},{"pause":{}}])"), "54649b9f5c");
  EXPECT_EQ(hash_of(R"([{"setWeight":20},{"pause":{"duration":"10s"}}])"), "55f5d87bd9");
  EXPECT_EQ(hash_of(R"([{"setWeight":20},{"pause":{}},{"setWeight":50},{"pause":{"duration":"10s"}},{"setWeight":80}])"),
            "b9d464856");
}

TEST(StepHash, MatchesRecordedRollouts) {
  struct Recorded {
    std::string_view steps;
    std::string_view hash;
  };
  static constexpr std::array kRecorded{
      Recorded{R"([{"setCanaryScale":{"weight":30}},{"setHeaderRoute":{"match":[{"headerName":"X-Beta","headerValue":{"exact":"1"}}],"name":"beta"}},{"pause":{}},{"setWeight":40},{"pause":{}},{"setCanaryScale":{"matchTrafficWeight":true}},{"setWeight":60},{"pause":{}}])", "68795d87dc"},
      Recorded{R"([{"setWeight":50},{"pause":{}}])", "757f5f97b"},
      Recorded{R"([{"setWeight":40},{"pause":{}}])", "557c698759"},
      Recorded{R"([{"setWeight":25},{"pause":{}},{"setWeight":60},{"pause":{}},{"setWeight":85},{"pause":{}}])", "8f7788595"},
      Recorded{R"([{"setWeight":50},{"analysis":{"args":[{"name":"code","valueFrom":{"fieldRef":{"fieldPath":"metadata.annotations['code']"}}},{"name":"hash","valueFrom":{"podTemplateHashValue":"Latest"}}],"templates":[{"templateName":"check"}]}},{"pause":{}}])", "6d746bcbb5"},
      Recorded{R"([{"setWeight":50}])", "854b84c96b"},
  };
  for (const auto& [steps, hash] : kRecorded) EXPECT_EQ(hash_of(steps), hash) << steps;
}

TEST(CanonicalSteps, KeepTheModelOrderOfEveryStep) {
  const auto steps = json::parse(R"([
    {"plugin":{"config":{"b":1.0,"a":{"d":null,"c":"<"}},"name":"p"}},
    {"setMirrorRoute":{"percentage":0,"match":[{"headers":{"x":{"regex":"r"}},"path":{"prefix":"/"},"method":{"exact":"GET"}}],"name":"m"}},
    {"setHeaderRoute":{"match":[{"headerValue":{"exact":"v"},"headerName":"h"}],"name":"r"}},
    {"setCanaryScale":{"matchTrafficWeight":true,"replicas":0,"weight":5}},
    {"analysis":{"args":[{"valueFrom":{"podTemplateHashValue":"Latest"},"name":"n"}],"templates":[{"clusterScope":true,"templateName":"t"}]}},
    {"experiment":{"templates":[{"specRef":"canary","name":"c","weight":5}],"duration":"1m",
      "analyses":[{"templateName":"t","name":"a"}]}},
    {"setWeight":0},{"pause":{"duration":10}}])");
  EXPECT_EQ(json::canonical(*steps, *schema_of("CanarySteps").field("steps")->schema),
            R"([{"plugin":{"name":"p","config":{"a":{"c":"\u003c","d":null},"b":1}}},)"
            R"({"setMirrorRoute":{"name":"m","match":[{"method":{"exact":"GET"},"path":{"prefix":"/"},"headers":{"x":{"regex":"r"}}}],"percentage":0}},)"
            R"({"setHeaderRoute":{"name":"r","match":[{"headerName":"h","headerValue":{"exact":"v"}}]}},)"
            R"({"setCanaryScale":{"weight":5,"replicas":0,"matchTrafficWeight":true}},)"
            R"({"analysis":{"templates":[{"templateName":"t","clusterScope":true}],"args":[{"name":"n","valueFrom":{"podTemplateHashValue":"Latest"}}]}},)"
            R"({"experiment":{"templates":[{"name":"c","specRef":"canary","metadata":{},"weight":5}],"duration":"1m",)"
            R"("analyses":[{"name":"a","templateName":"t"}],"analysisRunMetadata":{}}},{"setWeight":0},{"pause":{"duration":10}}])");
}

}  // namespace
}  // namespace canaria::api
