#include "json/value.h"

#include <gtest/gtest.h>

namespace canaria::json {
namespace {

TEST(JsonParse, ReadsOneDocument) {
  const auto value = parse(R"( {"b": 1, "a": [true, null, -2.5, "x\n"]} )");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->at("b").as_int64(), 1);
  EXPECT_EQ(value->as_object().begin()->key(), "b") << "members keep their order";
  EXPECT_TRUE(parse("3"));
  EXPECT_TRUE(parse("null\n"));
}

TEST(JsonParse, RefusesMalformedText) {
  for (const char* text : {"", " ", "{", "{\"a\"}", "{\"a\":1,}", "[1 2]", "nul", "'a'", "\"\x01\"", "{} x", "1 2", "\"\xFF\""}) {
    const auto value = parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, Code::kInvalid) << text;
    EXPECT_EQ(value.error().message.rfind("malformed JSON at byte ", 0), 0U) << value.error().message;
  }
}

TEST(JsonParse, LimitsTheDepth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse(nested(199)));
  EXPECT_FALSE(parse(nested(5000)));
}

TEST(JsonFind, FollowsDottedPaths) {
  const Value value = *parse(R"({"spec":{"replicas":3,"name":"web","big":18446744073709551615,"list":[1]}})");
  ASSERT_NE(find(value, "spec.replicas"), nullptr);
  EXPECT_EQ(find(value, "spec.replicas")->as_int64(), 3);
  EXPECT_EQ(find(value, ""), &value);
  for (const char* path : {"status", "spec.none", "spec.replicas.deeper", "spec.list.0", "spec..name", ".spec"})
    EXPECT_EQ(find(value, path), nullptr) << path;
  EXPECT_EQ(text_at(value, "spec.name"), "web");
  EXPECT_EQ(text_at(value, "spec.replicas"), "");
  EXPECT_EQ(int_at(value, "spec.replicas"), 3);
  EXPECT_EQ(int_at(value, "spec.name", 7), 7);
  EXPECT_EQ(int_at(value, "spec.none", -1), -1);
}

}  // namespace
}  // namespace canaria::json
