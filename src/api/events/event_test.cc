// Events: both forms and their rules.
#include <gtest/gtest.h>

#include "api/built_in_validation.h"
#include "api/events/event_forms.h"
#include "api/schema/kinds.h"
#include "json/patch.h"
#include "json/write.h"

namespace canaria::api {
namespace {

json::Value parsed(std::string_view text) { return json::parse(text).value(); }

std::string problems(std::string_view version, std::string_view event) {
  std::string text;
  for (const auto& error : validate(version, "Event", parsed(event), nullptr)) text += error.path + ": " + error.text + "\n";
  return text;
}

TEST(EventForms, AreTheSameUnderOtherNames) {
  const json::Value core = parsed(R"({"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p",
    "fieldPath":"spec.containers{c}"},"message":"m","reason":"R","type":"Normal","count":2,"firstTimestamp":"2026-08-01T12:00:00Z",
    "lastTimestamp":"2026-08-01T12:00:01Z","source":{"component":"kubelet"},"reportingComponent":"kubelet","reportingInstance":"n"})");
  const json::Value grouped = event_as_grouped(core);
  EXPECT_EQ(json::text_at(grouped, "apiVersion"), "events.k8s.io/v1");
  EXPECT_EQ(json::text_at(grouped, "regarding.fieldPath"), "spec.containers{c}");
  EXPECT_EQ(json::text_at(grouped, "note"), "m");
  EXPECT_EQ(json::int_at(grouped, "deprecatedCount"), 2);
  EXPECT_EQ(json::find(grouped, "involvedObject"), nullptr);
  EXPECT_TRUE(json::check(grouped, *find_schema("events.k8s.io/v1", "Event")).empty());
  EXPECT_TRUE(json::same_json(event_as_core(grouped), core));
}

TEST(EventValidation, AsksOldOnesForLittleAndNewOnesForAll) {
  EXPECT_EQ(problems("v1", R"({"metadata":{"namespace":"shop"},"involvedObject":{"namespace":"shop"}})"), "");
  EXPECT_EQ(problems("v1", R"({"metadata":{"namespace":"shop"},"involvedObject":{}})"),
            "involvedObject.namespace: Invalid value: \"\": does not match event.namespace\n");
  EXPECT_EQ(problems("v1", R"({"metadata":{"namespace":"kube-system"},"eventTime":"2026-08-01T12:00:00Z","reason":"R"})"),
            "reportingComponent: Required value\nreportingInstance: Required value\naction: Required value\n");
  EXPECT_EQ(problems("events.k8s.io/v1", R"({"type":"Odd","deprecatedCount":1,"deprecatedSource":{"host":"h"}})"),
            "eventTime: Required value\ntype: Invalid value: \"\": has invalid value: Odd\n"
            "count: Invalid value: \"\": needs to be unset\nsource: Invalid value: \"\": needs to be unset\n");
  EXPECT_EQ(problems("events.k8s.io/v1", R"({"type":"Normal","eventTime":"2026-08-01T12:00:00Z"})"), "");
}

}  // namespace
}  // namespace canaria::api
