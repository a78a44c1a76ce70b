#include "json/pointer.h"

#include <gtest/gtest.h>

namespace canaria::json {
namespace {

// The document and the pointers of RFC 6901, section 5.
TEST(Pointer, FindsWhatTheRfcSays) {
  const Value value =
      *parse(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})");
  const struct {
    const char* pointer;
    const char* found;
  } cases[] = {{"/foo", R"(["bar","baz"])"}, {"/foo/0", R"("bar")"}, {"/", "0"},    {"/a~1b", "1"}, {"/c%d", "2"},
               {"/e^f", "3"},                {"/g|h", "4"},          {"/i\\j", "5"}, {"/k\"l", "6"}, {"/ ", "7"},
               {"/m~0n", "8"}};
  for (const auto& [pointer, found] : cases) {
    const Value* at = find_at(value, *parse_pointer(pointer));
    ASSERT_NE(at, nullptr) << pointer;
    EXPECT_EQ(*at, *parse(found)) << pointer;
  }
  EXPECT_EQ(find_at(value, *parse_pointer("")), &value);
}

TEST(Pointer, FindsNothingWhereNothingIs) {
  const Value value = *parse(R"({"foo":["bar"],"x":1})");
  for (const char* pointer : {"/none", "/foo/1", "/foo/-", "/foo/00", "/foo/+0", "/foo/0x", "/foo/99999999999999999999999",
                              "/x/y", "/foo/0/0", "//foo"})
    EXPECT_EQ(find_at(value, *parse_pointer(pointer)), nullptr) << pointer;
}

TEST(Pointer, RefusesMalformedText) {
  for (const char* pointer : {"foo", " /foo", "/~", "/~2", "/a~", "/~/x"}) EXPECT_FALSE(parse_pointer(pointer)) << pointer;
  EXPECT_EQ(parse_pointer("/~2").error().message, R"(malformed JSON pointer "/~2": "~" must be followed by 0 or 1)");
}

TEST(Pointer, EscapesTokensSoThatTheyReadBack) {
  for (const char* key : {"", "a", "a/b", "m~n", "~1", "//~~"})
    EXPECT_EQ(parse_pointer("/" + escape_pointer_token(key))->front(), key);
  EXPECT_EQ(*parse_pointer("/~01"), std::vector<std::string>{"~1"});
  EXPECT_EQ(parse_pointer("/a//b/")->size(), 4U);
}

}  // namespace
}  // namespace canaria::json
