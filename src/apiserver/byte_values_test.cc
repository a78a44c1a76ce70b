// Base64 as Go reads it: what is refused, and where it says the problem is.
#include "apiserver/byte_values.h"

#include <gtest/gtest.h>

namespace canaria::apiserver {
namespace {

TEST(ByteValues, TakesWhatIsPaddedAndBrokenIntoLines) {
  for (const char* text : {"", "YQ==", "YWI=", "YWJj", "YW\nJj\n", "YQ=\r\n=\n", "+/+/"}) EXPECT_FALSE(base64_problem(text)) << text;
}

TEST(ByteValues, SaysWhereTheProblemIs) {
  EXPECT_EQ(base64_problem("not base64"), 3U);
  EXPECT_EQ(base64_problem("YWJj!"), 4U);
  EXPECT_EQ(base64_problem("abc"), 0U);
  EXPECT_EQ(base64_problem("YWJjZA"), 4U);
  EXPECT_EQ(base64_problem("Y==="), 1U);
  EXPECT_EQ(base64_problem("YQ="), 3U);
  EXPECT_EQ(base64_problem("YQ=a"), 3U);
  EXPECT_EQ(base64_problem("YQ==YQ=="), 4U);
}

TEST(ByteValues, LooksAtTheFieldsOfTheKind) {
  const json::Value wrong = *json::parse(R"({"data": {"a": "?"}})");
  EXPECT_TRUE(bytes_problem("Secret", wrong));
  EXPECT_FALSE(bytes_problem("ConfigMap", wrong));
  EXPECT_TRUE(bytes_problem("ConfigMap", *json::parse(R"({"binaryData": {"a": "?"}})")));
  EXPECT_FALSE(bytes_problem("Rollout", wrong));
}

}  // namespace
}  // namespace canaria::apiserver
