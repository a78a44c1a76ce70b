// Objects that are served in two forms: what is written in one is read in the other.
#include "apiserver/server_fixture.h"

namespace canaria::apiserver {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const std::string kOld = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
const std::string kNew = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";

using StoredFormsTest = ServerTest;

std::string autoscaler() {
  return R"({"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"web"},"spec":{"maxReplicas":5,
    "targetCPUUtilizationPercentage":60,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}})";
}

TEST_F(StoredFormsTest, AnAutoscalerOfTheOldVersionIsOneOfTheNew) {
  const Reply made = post(kOld, autoscaler());
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(text_at(made, "apiVersion"), "autoscaling/v1");
  EXPECT_EQ(json::int_at(made.body, "spec.targetCPUUtilizationPercentage"), 60);
  EXPECT_EQ(json::int_at(made.body, "spec.minReplicas"), 1);
  const json::Value other = get(kNew + "/web").body;
  EXPECT_EQ(json::text_at(other, "apiVersion"), "autoscaling/v2");
  EXPECT_EQ(json::text_at(other, "metadata.uid"), text_at(made, "metadata.uid"));
  EXPECT_THAT(json::find(other, "spec.metrics")->as_array(), SizeIs(1));
  EXPECT_EQ(json::find(other, "spec.targetCPUUtilizationPercentage"), nullptr);
  const Reply list = get(kOld);
  EXPECT_EQ(text_at(list, "apiVersion"), "autoscaling/v1");
  EXPECT_EQ(json::int_at(json::find(list.body, "items")->as_array().at(0), "spec.targetCPUUtilizationPercentage"), 60);
  EXPECT_EQ(post(kNew, autoscaler()).status, 400) << "the old version on the path of the new";
}

TEST_F(StoredFormsTest, IsPatchedInTheFormThatThePathNames) {
  post(kOld, autoscaler());
  for (const char* kind : {"merge-patch+json", "strategic-merge-patch+json"}) {
    const Reply changed = patch(kOld + "/web", kind, R"({"spec":{"targetCPUUtilizationPercentage":70,"maxReplicas":7}})");
    EXPECT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(json::int_at(changed.body, "spec.targetCPUUtilizationPercentage"), 70);
  }
  const Reply json_patch =
      patch(kOld + "/web", "json-patch+json", R"([{"op":"replace","path":"/spec/targetCPUUtilizationPercentage","value":71}])");
  EXPECT_EQ(json_patch.status, 200) << json_patch.text;
  const json::Value stored = get(kNew + "/web").body;
  EXPECT_EQ(json::int_at(json::find(stored, "spec.metrics")->as_array().at(0), "resource.target.averageUtilization"), 71);
  const Reply invalid = patch(kOld + "/web", "merge-patch+json", R"({"spec":{"minReplicas":0}})");
  EXPECT_EQ(invalid.status, 422);
  EXPECT_THAT(text_at(invalid, "message"), HasSubstr("spec.minReplicas: Invalid value: 0: must be greater than or equal to 1"));
  EXPECT_EQ(patch(kOld + "/none", "merge-patch+json", "{}").status, 404);
  const Reply applied = sent(request("PATCH", kOld + "/web?fieldManager=me&force=true", autoscaler(), "application/apply-patch+yaml"));
  EXPECT_EQ(applied.status, 200) << applied.text;
  EXPECT_EQ(json::int_at(applied.body, "spec.targetCPUUtilizationPercentage"), 60);
}

TEST_F(StoredFormsTest, IsWatchedAndDeletedInEitherForm) {
  std::vector<std::string> lines;
  async::Scope scope(loop_);
  scope.spawn(follow(kOld + "?watch=1", &lines));
  settle();
  post(kNew, R"({"metadata":{"name":"web"},"spec":{"maxReplicas":5,"scaleTargetRef":{"kind":"Deployment","name":"web"}}})");
  EXPECT_TRUE(eventually([&] { return lines.size() == 1; }));
  EXPECT_THAT(lines.at(0), HasSubstr(R"("targetCPUUtilizationPercentage":80)"));
  EXPECT_EQ(remove(kOld + "/web").status, 200);
  EXPECT_EQ(get(kNew + "/web").status, 404);
  EXPECT_TRUE(eventually([&] { return lines.size() == 2; }));
  EXPECT_THAT(lines.at(1), HasSubstr("DELETED"));
  loop_.block_on(scope.stop());
}

TEST_F(StoredFormsTest, EventsAreTheSameInBothGroups) {
  const std::string core = "/api/v1/namespaces/default/events";
  const std::string grouped = "/apis/events.k8s.io/v1/namespaces/default/events";
  const std::string body = R"({"metadata":{"name":"e"},"regarding":{"kind":"Pod","name":"p","namespace":"default"},"note":"m",
    "reason":"R","action":"A","type":"Normal","reportingController":"me.example.com/x","reportingInstance":"i",)";
  const Reply refused = post(grouped, body + R"("deprecatedCount":3})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(text_at(refused, "message"),
              testing::StartsWith("Event.events.k8s.io \"e\" is invalid: [eventTime: Required value, count: Invalid value"));
  const Reply made = post(grouped, body + R"("eventTime":"2026-08-01T12:00:00.000000Z"})");
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(text_at(made, "apiVersion"), "events.k8s.io/v1");
  EXPECT_EQ(text_at(made, "note"), "m");
  const Reply same = get(core + "/e");
  EXPECT_EQ(text_at(same, "message"), "m");
  EXPECT_EQ(text_at(same, "involvedObject.name"), "p");
  post(core, R"({"metadata":{"name":"f"},"involvedObject":{"kind":"Pod","name":"q","namespace":"default"},"message":"n"})");
  const Reply found = get(grouped + "?fieldSelector=regarding.name=q,regarding.kind%21=Node");
  ASSERT_THAT(json::find(found.body, "items")->as_array(), SizeIs(1)) << found.text;
  EXPECT_EQ(json::text_at(json::find(found.body, "items")->as_array()[0], "note"), "n");
  EXPECT_EQ(patch(grouped + "/f", "strategic-merge-patch+json", R"({"note":"o"})").status, 200);
  EXPECT_EQ(text_at(get(core + "/f"), "message"), "o");
}

TEST_F(StoredFormsTest, AllFormsHaveTheSameTable) {
  post(kOld, autoscaler());
  accept_ = "application/json;as=Table;v=v1;g=meta.k8s.io";
  for (const std::string& path : {kOld, kNew}) {
    const json::Value table = get(path).body;
    EXPECT_EQ(json::write(*json::find(json::find(table, "rows")->as_array().at(0), "cells")),
              R"(["web","Deployment/web","cpu: <unknown>/60%","1",5,0,"0s"])");
  }
}

}  // namespace
}  // namespace canaria::apiserver
