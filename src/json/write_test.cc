#include "json/write.h"

#include <gtest/gtest.h>

namespace canaria::json {
namespace {

TEST(WriteNumber, PrintsAsGoDoes) {
  const struct {
    double number;
    const char* text;
  } cases[] = {
      {0.95, "0.95"},       {0, "0"},           {-0.0, "-0"},         {100, "100"},
      {1e20, "100000000000000000000"},          {1e21, "1e+21"},      {1e-6, "0.000001"},
      {1e-7, "1e-7"},       {-1.5e-9, "-1.5e-9"},                     {123456789012345680000.0, "123456789012345680000"},
      {1.2345678901234568e22, "1.2345678901234568e+22"},              {1234.5678, "1234.5678"},
      {5e-324, "5e-324"},   {1.7976931348623157e308, "1.7976931348623157e+308"},
      {0.1, "0.1"},         {3e10, "30000000000"},                    {1e100, "1e+100"},
  };
  for (const auto& [number, text] : cases) EXPECT_EQ(write_number(number), text);
}

TEST(Write, PrintsCompactJsonInMemberOrder) {
  const char* text = R"({"b":[1,-2,18446744073709551615,0.5,null,true,false,[],{}],"a":{"x":"y"}})";
  EXPECT_EQ(write(*parse(text)), text);
}

TEST(Write, EscapesWhatMustBe) {
  const std::string text("\"\\/\b\f\n\r\t\x00\x1F\x7F<>&\xE2\x80\xA8\xC3\xA9\xF0\x9F\x98\x80", 23);
  EXPECT_EQ(write(Value(text)), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7F<>&\xE2\x80\xA8\xC3\xA9\xF0\x9F\x98\x80\"");
  EXPECT_EQ(write_go(Value("<>&\xE2\x80\xA8\xE2\x80\xA9")), R"("\u003c\u003e\u0026\u2028\u2029")");
}

TEST(Write, ReplacesBrokenUtf8) {
  for (const char* text : {"\xFF", "\x80", "\xC0", "\xED", "\xF5"}) EXPECT_EQ(write(Value(text)), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(write(Value("\xC3(")), "\"\xEF\xBF\xBD(\"");
  EXPECT_EQ(write(Value("\xED\xA0\x80")), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"") << "a surrogate";
}

TEST(Pretty, LooksLikeKubectl) {
  EXPECT_EQ(pretty(*parse(R"({"a":[],"b":{},"c":[1,{"d":"<"}]})")),
            "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n        1,\n        {\n            \"d\": \"\\u003c\"\n        }\n"
            "    ]\n}");
  EXPECT_EQ(pretty(*parse("[1]"), 2), "[\n  1\n]");
}

}  // namespace
}  // namespace canaria::json
