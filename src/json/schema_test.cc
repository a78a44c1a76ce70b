// The table language and what is derived from it.
#include "json/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace canaria::json {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::optional<std::string> lower_unit(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  return std::string(text) + "!";
}

const SchemaSet& set() {
  static const SchemaSet tables({R"(
Shop {
  name: string required always   # the shop's name
  open: bool
  chain: bool? default(false)
  stock: {int32}
  shelves: [Shelf] keys(row,side)
  owner: Person always only(first) "Who runs it."
  note: any opaque
  extra: any-object
  since: time?
  size: quantity always
  floor: int-or-string?
  labels: {string} atomic
  meta: Person bare
}
)", R"(
Shelf { row: int32 required always
  side: string default("left")
  items: [string] always atomic
}
Person atomic {
  first: string immutable
  last: string
}
)"}, lower_unit);
  return tables;
}

Value json_of(std::string_view text) { return parse(text).value(); }
std::string canonical_of(std::string_view text) { return canonical(json_of(text), set()["Shop"]); }

TEST(Canonical, WritesZerosOnlyWhereTheModelDoes) {
  EXPECT_EQ(canonical_of("{}"), R"({"name":"","owner":{},"size":"0"})");
  EXPECT_EQ(canonical_of("[]"), R"({"name":"","owner":{},"size":"0"})");
  EXPECT_EQ(canonical_of(R"({"open":false,"chain":false,"stock":{},"shelves":[],"floor":0,"labels":{"b":"","a":"1"}})"),
            R"({"name":"","chain":false,"owner":{},"size":"0","floor":0,"labels":{"a":"1","b":""}})");
}

TEST(Canonical, OrdersEscapesAndDrops) {
  EXPECT_EQ(canonical_of(R"({"zzz":1,"size":5,"stock":{"b":2,"a":1.0},"name":"<&>\"\n","shelves":[{"row":1.5},null]})"),
            R"({"name":"\u003c\u0026\u003e\"\n","stock":{"a":1,"b":2},"shelves":[{"row":0,"items":null},{"row":0,"items":null}],)"
            R"("owner":{},"size":"5!"})");
  EXPECT_EQ(canonical_of(R"({"name":7,"open":"yes","owner":3,"stock":{"a":3000000000},"since":"x","extra":{"b":[],"a":1e21}})"),
            R"({"name":"","stock":{"a":0},"owner":{},"extra":{"a":1e+21,"b":[]},"size":"0"})");
}

TEST(Prune, KeepsWhatIsPublished) {
  EXPECT_EQ(prune(json_of(R"({"x":1,"owner":{"first":"a","last":"b"},"note":{"any":1},"extra":{"y":2},"meta":{"q":1},
                              "shelves":[{"row":1,"z":0}]})"), set()["Shop"]),
            json_of(R"({"owner":{"first":"a"},"note":{"any":1},"extra":{"y":2},"meta":{"q":1},"shelves":[{"row":1}]})"));
}

TEST(ApplyDefaults, FillsExistingParents) {
  EXPECT_EQ(apply_defaults(json_of(R"({"shelves":[{"row":1},{"row":1,"side":"right"}]})"), set()["Shop"]),
            json_of(R"({"shelves":[{"row":1,"side":"left"},{"row":1,"side":"right"}],"chain":false})"));
}

TEST(Check, NamesEveryFault) {
  const auto errors = check(json_of(R"({"open":"yes","owner":{"last":"b"},"stock":{"a":true},
                                        "shelves":[{"row":1},{"row":1,"side":"left"},{}],"floor":1.5})"), set()["Shop"]);
  EXPECT_THAT(errors, ElementsAre(
      FieldError{Problem::kInvalidType, "open", "Invalid value: \"string\": open in body must be of type boolean: \"string\""},
      FieldError{Problem::kUnknownField, "owner.last", "unknown field \"owner.last\""},
      FieldError{Problem::kInvalidType, "stock.a", "Invalid value: \"boolean\": stock.a in body must be of type integer: \"boolean\""},
      FieldError{Problem::kDuplicate, "shelves[1]", "Duplicate value: {\"row\":1,\"side\":\"left\"}"},
      FieldError{Problem::kRequired, "shelves[2].row", "Required value"},
      FieldError{Problem::kInvalidType, "floor", "Invalid value: \"number\": floor in body must be of type integer,string: \"number\""},
      FieldError{Problem::kRequired, "name", "Required value"}));
}

TEST(Check, LeavesOpaqueAndBareMembersAlone) {
  EXPECT_THAT(check(json_of(R"({"name":"a","note":[1],"meta":{"x":1},"extra":{"y":[]},"chain":null})"), set()["Shop"]), ElementsAre());
}

TEST(OpenApi, IsStructural) {
  const Value published = open_api(set()["Shop"]);
  EXPECT_EQ(published.at("required"), json_of(R"(["name"])"));
  const Object& properties = published.at("properties").as_object();
  EXPECT_EQ(properties.at("shelves"),
            json_of(R"({"type":"array","items":{"type":"object","properties":{"row":{"type":"integer","format":"int32"},
              "side":{"type":"string","default":"left"},"items":{"type":"array","items":{"type":"string"},
              "x-kubernetes-list-type":"atomic"}},"required":["row"]},"x-kubernetes-list-type":"map",
              "x-kubernetes-list-map-keys":["row","side"]})"));
  EXPECT_EQ(properties.at("owner"),
            json_of(R"({"description":"Who runs it.","type":"object","x-kubernetes-map-type":"atomic","properties":{"first":
              {"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf","message":".owner.first is immutable"}]}}})"));
  EXPECT_EQ(properties.at("note"), json_of(R"({"x-kubernetes-preserve-unknown-fields":true})"));
  EXPECT_EQ(properties.at("extra"), json_of(R"({"type":"object","x-kubernetes-preserve-unknown-fields":true})"));
  EXPECT_EQ(properties.at("meta"), json_of(R"({"type":"object","x-kubernetes-map-type":"atomic"})"));
  EXPECT_EQ(properties.at("labels"),
            json_of(R"({"type":"object","additionalProperties":{"type":"string"},"x-kubernetes-map-type":"atomic"})"));
}

constexpr std::string_view kTwoForms = R"(
Yard atomic-built-in "What is outside." {
  gate: any-object opaque "How to get in; either (one) way."
  owner: Owner only(first)
}
Owner "Who has it." {
  first: string
  last: string
}
)";

TEST(SchemaSet, ReadsOneTableInTwoForms) {
  const SchemaSet published({kTwoForms}, nullptr);
  EXPECT_FALSE(published["Yard"].atomic);
  EXPECT_TRUE(published["Yard"].field("gate")->opaque);
  EXPECT_THAT(published["Yard"].field("owner")->only, ElementsAre("first"));
  const SchemaSet built_in({kTwoForms}, nullptr, TableReading{.built_in = true, .undescribed = {}});
  EXPECT_TRUE(built_in["Yard"].atomic);
  EXPECT_FALSE(built_in["Yard"].field("gate")->opaque);
  EXPECT_THAT(built_in["Yard"].field("owner")->only, IsEmpty());
}

TEST(SchemaSet, DescribesWithoutACopyOfTheTable) {
  const SchemaSet described({kTwoForms}, nullptr);
  EXPECT_EQ(described["Yard"].description, "What is outside.");
  const std::string_view gate = described["Yard"].field("gate")->description;
  EXPECT_EQ(gate.data(), kTwoForms.data() + kTwoForms.find("How to get in"));
  // A field without a text of its own is published with that of its type.
  EXPECT_EQ(text_at(open_api(described["Yard"]), "properties.owner.description"), "Who has it.");
  const SchemaSet silent({}, nullptr, TableReading{.built_in = false, .undescribed = {kTwoForms}});
  EXPECT_EQ(silent["Yard"].description, "");
  EXPECT_EQ(silent["Yard"].field("gate")->description, "");
}

}  // namespace
}  // namespace canaria::json
