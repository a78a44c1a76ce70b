#include "lang/selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/codec.h"
#include "json/value.h"

namespace canaria::lang {
namespace {

LabelSelector selector(std::string_view text) { return json::decode<LabelSelector>(*json::parse(text)); }

TEST(LabelSelector, MatchesWhenAllHolds) {
  const struct {
    const char* selector;
    Labels labels;
    bool matches;
  } cases[] = {
      {"{}", {}, true},
      {"{}", {{"a", "b"}}, true},
      {R"({"matchLabels":{"a":"b"}})", {{"a", "b"}, {"c", "d"}}, true},
      {R"({"matchLabels":{"a":"b"}})", {{"a", "x"}}, false},
      {R"({"matchLabels":{"a":"b"}})", {}, false},
      {R"({"matchLabels":{"a":""}})", {}, false},
      {R"({"matchLabels":{"a":""}})", {{"a", ""}}, true},
      {R"({"matchLabels":{"a":"b","c":"d"}})", {{"a", "b"}}, false},
      {R"({"matchExpressions":[{"key":"a","operator":"In","values":["x","b"]}]})", {{"a", "b"}}, true},
      {R"({"matchExpressions":[{"key":"a","operator":"In","values":["x"]}]})", {}, false},
      {R"({"matchExpressions":[{"key":"a","operator":"NotIn","values":["x"]}]})", {{"a", "x"}}, false},
      {R"({"matchExpressions":[{"key":"a","operator":"NotIn","values":["x"]}]})", {{"a", "y"}}, true},
      {R"({"matchExpressions":[{"key":"a","operator":"NotIn","values":["x"]}]})", {}, true},
      {R"({"matchExpressions":[{"key":"a","operator":"Exists"}]})", {{"a", ""}}, true},
      {R"({"matchExpressions":[{"key":"a","operator":"Exists"}]})", {}, false},
      {R"({"matchExpressions":[{"key":"a","operator":"DoesNotExist"}]})", {{"a", ""}}, false},
      {R"({"matchExpressions":[{"key":"a","operator":"DoesNotExist"}]})", {}, true},
      {R"({"matchLabels":{"a":"b"},"matchExpressions":[{"key":"c","operator":"Exists"}]})", {{"a", "b"}}, false},
      {R"({"matchExpressions":[{"key":"a","operator":"Like"}]})", {{"a", "b"}}, false},
  };
  for (const auto& c : cases) EXPECT_EQ(matches(selector(c.selector), c.labels), c.matches) << c.selector;
}

TEST(LabelSelector, HasASortedText) {
  EXPECT_EQ(selector_text(selector("{}")), "");
  EXPECT_EQ(selector_text(selector(R"({"matchLabels":{"b":"c","a":"d"},"matchExpressions":[
      {"key":"aa","operator":"In","values":["y","x"]},{"key":"a","operator":"Exists"},{"key":"z","operator":"DoesNotExist"},
      {"key":"n","operator":"NotIn","values":["q"]}]})")),
            "a=d,a,aa in (x,y),b=c,n notin (q),!z");
}

constexpr const char* kName =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

TEST(LabelSelector, ListsItsProblemsAsTheApiServerDoes) {
  const struct {
    const char* selector;
    std::vector<std::string> problems;
  } cases[] = {
      {R"({"matchLabels":{"app":"web","example.com/tier":""}})", {}},
      {R"({"matchLabels":{"-a":"b"}})", {std::string("s.matchLabels: Invalid value: \"-a\": ") + kName}},
      {R"({"matchExpressions":[{"key":"a","operator":"In"}]})",
       {"s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"}},
      {R"({"matchExpressions":[{"key":"a","operator":"Exists"},{"key":"a","operator":"Exists","values":["x"]}]})",
       {"s.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"}},
      {R"({"matchExpressions":[{"key":"a b","operator":"Foo"}]})",
       {"s.matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator",
        std::string("s.matchExpressions[0].key: Invalid value: \"a b\": ") + kName}},
      {R"({"matchExpressions":[{"key":"","operator":"Exists"}]})",
       {"s.matchExpressions[0].key: Invalid value: \"\": name part must be non-empty",
        std::string("s.matchExpressions[0].key: Invalid value: \"\": ") + kName}},
  };
  for (const auto& c : cases) {
    std::vector<std::string> problems;
    for (const auto& [path, text] : selector_problems(selector(c.selector), "s")) problems.push_back(path + ": " + text);
    EXPECT_EQ(problems, c.problems) << c.selector;
    EXPECT_EQ(to_requirements(selector(c.selector)).has_value(), c.problems.empty()) << c.selector;
  }
}

TEST(Label, KeysAndValuesHaveAGrammar) {
  for (const std::string& key : {std::string("a"), std::string("A_b.c-d"), std::string("x.y/z"), std::string(63, 'x'),
                                 std::string(253, 'x') + "/" + std::string(63, 'x')})
    EXPECT_THAT(label_key_problems(key), testing::IsEmpty()) << key;
  for (const std::string& key : {std::string(""), std::string("-a"), std::string("a."), std::string("/a"), std::string("a/"),
                                 std::string("a/b/c"), std::string("A/b"), std::string("a./b"), std::string("a..b/c"),
                                 std::string(64, 'x'), std::string(254, 'x') + "/a", std::string("\xC3\xA9"), std::string("a b")})
    EXPECT_THAT(label_key_problems(key), testing::Not(testing::IsEmpty())) << key;
  for (const std::string& value : {std::string(""), std::string("a"), std::string("1.2_3-X"), std::string(63, 'x')})
    EXPECT_THAT(label_value_problems(value), testing::IsEmpty()) << value;
  for (const std::string& value : {std::string("-"), std::string("a."), std::string("a/b"), std::string("a b"), std::string(64, 'x')})
    EXPECT_THAT(label_value_problems(value), testing::SizeIs(1)) << value;
}

TEST(ParseSelector, ReadsTheNotationOfKubectl) {
  const struct {
    const char *text, *canonical;
  } cases[] = {
      {"", ""},
      {"a", "a"},
      {"!a", "!a"},
      {"! a", "!a"},
      {"a=b", "a=b"},
      {"a==b", "a=b"},
      {"  a\t=  b ", "a=b"},
      {"a!=b", "a!=b"},
      {"a=", "a="},
      {"a=,b", "a=,b"},
      {"a in (c,b,b)", "a in (b,c)"},
      {"a notin(b)", "a notin (b)"},
      {"a in ()", "a in ()"},
      {"a in (b,)", "a in (,b)"},
      {"a > 1 , b", "a>1,b"},
      {"a<5", "a<5"},
      {"in in (in)", "in in (in)"},
      {"notin", "notin"},
      {"a=in", "a=in"},
      {"b=1,a=2", "a=2,b=1"},
      {"x.y/z,!b,c in (d),e!=f", "!b,c in (d),e!=f,x.y/z"},
  };
  for (const auto& [text, canonical] : cases) {
    const auto requirements = parse_selector(text);
    ASSERT_TRUE(requirements) << text << ": " << requirements.error().message;
    EXPECT_EQ(selector_text(*requirements), canonical) << text;
    EXPECT_EQ(*parse_selector(canonical), *requirements) << text;
  }
}

TEST(ParseSelector, RefusesWithTheTextsOfKubernetes) {
  const struct {
    const char *text, *message;
  } cases[] = {
      {",", "found ',', expected: !, identifier, or 'end of string'"},
      {"a,,b", "found ',', expected: identifier after ','"},
      {"a,", "found '', expected: identifier after ','"},
      {"a=b c", "found 'c', expected: ',' or 'end of string'"},
      {"!a=b", "found '=', expected: ',' or 'end of string'"},
      {"!", "unable to parse requirement: found '', expected: identifier"},
      {"a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"},
      {"a in", "unable to parse requirement: found '' expected: '('"},
      {"a in (b", "unable to parse requirement: found '', expected: ',' or ')'"},
      {"a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"},
      {"a=(b)", "unable to parse requirement: found '(', expected: identifier"},
      {"a>=1", "unable to parse requirement: found '=', expected: identifier"},
      {"a>x",
       "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"},
      {"/y=z", "unable to parse requirement: <nil>: Invalid value: \"/y\": prefix part must be non-empty"},
  };
  for (const auto& [text, message] : cases) {
    const auto requirements = parse_selector(text);
    ASSERT_FALSE(requirements) << text;
    EXPECT_EQ(requirements.error().message, message) << text;
  }
}

TEST(ParseSelector, MatchesLabels) {
  const Labels labels = {{"app", "web"}, {"weight", "20"}, {"tier", ""}};
  for (const char* text : {"", "app", "app=web", "app in (api,web)", "weight>19", "weight<21", "!gone", "gone!=x", "gone notin (x)",
                           "tier=", "app=web,tier,weight!=5"})
    EXPECT_TRUE(matches(*parse_selector(text), labels)) << text;
  for (const char* text : {"gone", "app=api", "app notin (web)", "weight>20", "weight<20", "app>1", "gone>1", "!app", "app!=web",
                           "app=web,gone"})
    EXPECT_FALSE(matches(*parse_selector(text), labels)) << text;
}

}  // namespace
}  // namespace canaria::lang
