// Schemas of custom resources. The texts of the faults were compared with a real API server.
#include "json/open_api_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/write.h"

namespace canaria::json {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kToy = R"({"type":"object","required":["spec"],"properties":{"metadata":{"type":"object"},"spec":{
  "type":"object","required":["size"],"maxProperties":30,"properties":{
    "size":{"type":"integer","minimum":1,"maximum":5,"description":"How big."},
    "exMin":{"type":"integer","minimum":1,"exclusiveMinimum":true},
    "exMax":{"type":"number","maximum":5.5,"exclusiveMaximum":true},
    "mult":{"type":"integer","multipleOf":3},
    "color":{"type":"string","enum":["red","green"]},
    "num":{"type":"integer","enum":[1,2]},
    "short":{"type":"string","minLength":2,"maxLength":3},
    "pat":{"type":"string","pattern":"^a"},
    "list":{"type":"array","minItems":2,"maxItems":3,"items":{"type":"string"}},
    "uniq":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
    "byName":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
              "items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"v":{"type":"integer","default":7}}}},
    "map":{"type":"object","minProperties":1,"additionalProperties":{"type":"integer","maximum":9}},
    "when":{"type":"string","format":"date-time"},
    "ios":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]},
    "nul":{"type":"string","nullable":true},
    "nulDef":{"type":"string","default":"x"},
    "open":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"a":{"type":"string"}}},
    "free":{"x-kubernetes-preserve-unknown-fields":true},
    "closed":{"type":"object"},
    "emb":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true},
    "deep":{"type":"object","default":{},"properties":{"x":{"type":"integer","default":3}}}}}}})";

bool starts_with_a(std::string_view pattern, std::string_view text) { return pattern == "^a" && text.starts_with("a"); }

const Schema& object_meta() {
  static const SchemaSet set({"Meta { name: string\n}"}, nullptr);
  return set["Meta"];
}

const OpenApiSchema& toy() {
  static const OpenApiSchema schema(parse(kToy).value(), &object_meta(), starts_with_a);
  return schema;
}

Value of_spec(std::string_view spec) {
  return parse(R"({"apiVersion":"e/v1","kind":"Toy","metadata":{"name":"t"},"spec":)" + std::string(spec) + "}").value();
}

std::vector<std::string> faults(std::string_view spec) {
  std::vector<std::string> texts;
  for (const FieldError& error : check(of_spec(spec), toy().root())) texts.push_back(error.path + ": " + error.text);
  return texts;
}

std::string stored(std::string_view spec) {
  return write(apply_defaults(prune(of_spec(spec), toy().root()), toy().root()).at("spec"));
}

TEST(OpenApiSchema, ChecksBoundsEnumsAndLengths) {
  EXPECT_THAT(faults(R"({"size":0,"exMin":1,"exMax":5.5,"mult":4,"color":"blue","num":3,"short":"abcd","pat":"b"})"),
              ElementsAre("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
                          "spec.exMin: Invalid value: 1: spec.exMin in body should be greater than 1",
                          "spec.exMax: Invalid value: 5.5: spec.exMax in body should be less than 5.5",
                          "spec.mult: Invalid value: 4: spec.mult in body should be a multiple of 3",
                          "spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"",
                          "spec.num: Unsupported value: 3: supported values: \"1\", \"2\"",
                          "spec.short: Too long: may not be more than 3 bytes",
                          "spec.pat: Invalid value: \"b\": spec.pat in body should match '^a'"));
  EXPECT_THAT(
      faults(R"({"size":7,"short":"a","when":"2020-01-01"})"),
      ElementsAre("spec.size: Invalid value: 7: spec.size in body should be less than or equal to 5",
                  "spec.short: Invalid value: \"a\": spec.short in body should be at least 2 chars long",
                  "spec.when: Invalid value: \"2020-01-01\": spec.when in body must be of type date-time: \"2020-01-01\""));
  EXPECT_THAT(faults(R"({"size":5,"exMin":2,"exMax":5,"mult":9,"color":"red","num":1,"short":"ééé","pat":"ab",
                         "when":"2020-01-01T00:00:00Z","ios":"a"})"),
              IsEmpty());
}

TEST(OpenApiSchema, ChecksListsMapsAndTypes) {
  EXPECT_THAT(faults(R"({"size":2,"list":["a"],"uniq":["a","a"],"byName":[{"name":"a"},{"name":"a"},{}],"map":{},"ios":true})"),
              ElementsAre("spec.list: Invalid value: 1: spec.list in body should have at least 2 items",
                          "spec.uniq[1]: Duplicate value: \"a\"", "spec.byName[1]: Duplicate value: {\"name\":\"a\"}",
                          "spec.byName[2].name: Required value",
                          "spec.map: Invalid value: 0: spec.map in body should have at least 1 properties",
                          "spec.ios: Invalid value: \"boolean\": spec.ios in body must be of type integer,string: \"boolean\""));
  EXPECT_THAT(faults(R"({"list":["a","b","c",null],"map":{"c":30},"open":{"a":1,"z":1},"emb":{"z":1},"closed":{"q":1}})"),
              ElementsAre("spec.list: Too many: 4: must have at most 3 items",
                          "spec.list[3]: Invalid value: \"null\": spec.list[3] in body must be of type string: \"null\"",
                          "spec.map.c: Invalid value: 30: spec.map.c in body should be less than or equal to 9",
                          "spec.open.a: Invalid value: \"integer\": spec.open.a in body must be of type string: \"integer\"",
                          "spec.emb.apiVersion: Required value", "spec.emb.kind: Required value",
                          "spec.closed.q: unknown field \"spec.closed.q\"", "spec.size: Required value"));
}

TEST(OpenApiSchema, PrunesDefaultsAndDropsNulls) {
  EXPECT_EQ(
      stored(R"({"size":2,"nul":null,"nulDef":null,"short":null,"map":{"a":null,"b":1},"open":{"z":1},"free":[{"y":1}],
                       "closed":{"q":1},"emb":{"apiVersion":"v1","metadata":{"name":"a","foo":1},"z":1},"byName":[{"name":"a"}],"what":1})"),
      R"({"size":2,"nul":null,"map":{"b":1},"open":{"z":1},"free":[{"y":1}],"closed":{},)"
      R"("emb":{"apiVersion":"v1","metadata":{"name":"a"},"z":1},"byName":[{"name":"a","v":7}],"nulDef":"x","deep":{"x":3}})");
}

TEST(OpenApiSchema, IsPublishedAsItWasGiven) {
  EXPECT_EQ(open_api(toy().root()), toy().document());
  EXPECT_EQ(toy().root().field("spec")->schema->field("size")->description, "How big.");
}

TEST(OpenApiSchema, TakesAnyDocument) {
  for (const char* text : {"null", "[]", "{}", R"({"type":"object"})", R"({"properties":[1],"required":{},"type":7})",
                           R"({"type":"array"})", R"({"properties":{"a":null,"b":{"type":"array","items":[1]}}})"}) {
    const OpenApiSchema schema(parse(text).value(), nullptr, nullptr);
    const Value object = parse(R"({"apiVersion":"v1","kind":"K","metadata":{"name":"x"},"a":[1],"b":[{"c":null}]})").value();
    const Value kept = apply_defaults(prune(object, schema.root()), schema.root());
    EXPECT_EQ(text_at(kept, "kind"), "K") << text;
    static_cast<void>(check(object, schema.root()));
  }
}

}  // namespace
}  // namespace canaria::json
