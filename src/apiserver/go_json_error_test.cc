// The messages of Go's JSON parser for texts that are none.
#include "apiserver/go_json_error.h"

#include <gtest/gtest.h>

namespace canaria::apiserver {
namespace {

TEST(GoJsonError, SaysWhichCharacterIsWrongAndWhatWasExpected) {
  EXPECT_EQ(go_json_error("apiVersion: v1"), "invalid character 'a' looking for beginning of value");
  EXPECT_EQ(go_json_error(R"({"a": 1,, })"), "invalid character ',' looking for beginning of object key string");
  EXPECT_EQ(go_json_error(R"({"a" 1})"), "invalid character '1' after object key");
  EXPECT_EQ(go_json_error(R"({"a": "b" "c"})"), "invalid character '\"' after object key:value pair");
  EXPECT_EQ(go_json_error("[1 2]"), "invalid character '2' after array element");
  EXPECT_EQ(go_json_error("{} {}"), "invalid character '{' after top-level value");
  EXPECT_EQ(go_json_error(R"({"a": [1, ]})"), "invalid character ']' looking for beginning of value");
  EXPECT_EQ(go_json_error(R"({"a": "\"}", "b": [true, null)"), "unexpected end of JSON input");
  EXPECT_EQ(go_json_error(""), "unexpected end of JSON input");
}

TEST(GoJsonError, ShowsHowABodyBegins) {
  EXPECT_EQ(body_excerpt(""), "<empty>");
  EXPECT_EQ(body_excerpt("{\"a\""), "{\"a\"");
  EXPECT_EQ(body_excerpt("abc"), "616263");
  EXPECT_EQ(body_excerpt("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\""), "{\"apiVersion\": \"v1\", \"kind\": \" ...");
}

}  // namespace
}  // namespace canaria::apiserver
