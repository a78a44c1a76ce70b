// The tree of fields, its text and its algebra.
#include "json/field_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/write.h"

namespace canaria::json {
namespace {

using testing::ElementsAre;

FieldSet set_of(std::string_view text) { return parse_fields_v1(parse(text).value()).value(); }
std::string text_of(const FieldSet& set) { return write(fields_v1(set)); }

TEST(FieldSet, IsWrittenInTheOrderOfTheApiServer) {
  EXPECT_EQ(
      text_of(set_of(
          R"({"f:z":{},"f:a":{"v:\"b\"":{},"k:{\"p\":\"TCP\",\"n\":9000}":{"f:x":{},".":{}},"k:{\"n\":80}":{},"v:\"a\"":{},"v:3":{}},
                              "f:metadata":{"f:labels":{"f:b":{},".":{},"f:a":{}}}})")),
      R"({"f:a":{"k:{\"n\":80}":{},"k:{\"n\":9000,\"p\":\"TCP\"}":{".":{},"f:x":{}},"v:3":{},"v:\"a\"":{},"v:\"b\"":{}},)"
      R"("f:metadata":{"f:labels":{".":{},"f:a":{},"f:b":{}}},"f:z":{}})");
}

TEST(FieldSet, NamesItsPaths) {
  EXPECT_THAT(set_of(R"({"f:spec":{"f:c":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}},"f:l":{"i:0":{},"v:\"x\"":{}}}})").paths(),
              ElementsAre(".spec.c[name=\"a\"]", ".spec.c[name=\"a\"].image", ".spec.l[=\"x\"]", ".spec.l[0]"));
}

TEST(FieldSet, HasTheAlgebraOfSets) {
  const FieldSet left = set_of(R"({"f:a":{".":{},"f:x":{}},"f:b":{}})");
  const FieldSet right = set_of(R"({"f:a":{"f:x":{},"f:y":{}},"f:c":{}})");
  EXPECT_EQ(text_of(left.united(right)), R"({"f:a":{".":{},"f:x":{},"f:y":{}},"f:b":{},"f:c":{}})");
  EXPECT_EQ(text_of(left.intersected(right)), R"({"f:a":{"f:x":{}}})");
  EXPECT_EQ(text_of(left.without(right)), R"({"f:a":{},"f:b":{}})");
  EXPECT_TRUE(left.without(left).empty());
  EXPECT_EQ(left.united(left), left);
}

TEST(FieldSet, RefusesOtherTexts) {
  for (const char* text :
       {"[]", R"({"x:a":{}})", R"({"f":{}})", R"({"k:[1]":{}})", R"({"k:{":{}})", R"({"i:x":{}})", R"({"f:a":1})"}) {
    const auto set = parse_fields_v1(parse(text).value());
    ASSERT_FALSE(set) << text;
    EXPECT_EQ(set.error().code, Code::kInvalid);
  }
}

}  // namespace
}  // namespace canaria::json
