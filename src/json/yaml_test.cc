#include "json/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/write.h"

namespace canaria::json {
namespace {

struct Case {
  std::string text;
  std::string json;
};

std::string read(std::string_view text) {
  const auto value = parse_yaml(text);
  return value ? write(*value) : value.error().message;
}

TEST(YamlScalar, IsTypedAsKubectlDoes) {
  const Case cases[] = {
      {"y", "true"}, {"Yes", "true"}, {"ON", "true"}, {"true", "true"}, {"yEs", R"("yEs")"},
      {"n", "false"}, {"No", "false"}, {"off", "false"}, {"FALSE", "false"}, {"tRUE", R"("tRUE")"},
      {"", "null"}, {"~", "null"}, {"null", "null"}, {"Null", "null"}, {"nUll", R"("nUll")"},
      {"0", "0"}, {"-0", "0"}, {"+1", "1"}, {"010", "8"}, {"-010", "-8"}, {"08", "8"}, {"0o17", "15"}, {"0x1F", "31"},
      {"-0x1f", "-31"}, {"0b101", "5"}, {"1_000", "1000"}, {"_1", R"("_1")"}, {"0x", R"("0x")"}, {"0b2", R"("0b2")"},
      {"9223372036854775807", "9223372036854775807"}, {"9223372036854775808", "9223372036854775808"},
      {"-9223372036854775808", "-9223372036854775808"}, {"-9223372036854775809", "-9223372036854776000"},
      {"18446744073709551616", "18446744073709552000"}, {"0xFFFFFFFFFFFFFFFFF", R"("0xFFFFFFFFFFFFFFFFF")"},
      {"1.", "1"}, {".5", "0.5"}, {"-.5", "-0.5"}, {"1.0", "1"}, {"1e3", "1000"}, {"1E-3", "0.001"}, {"1e+21", "1e+21"},
      {"1e-400", "0"}, {"1e400", R"("1e400")"}, {"1_000.5", "1000.5"}, {"0x1p3", R"("0x1p3")"}, {"1e", R"("1e")"},
      {".", R"(".")"}, {"+", R"("+")"}, {"1.2.3", R"("1.2.3")"}, {"inf", R"("inf")"},
      {"1:30", R"("1:30")"}, {"2001-12-14", R"("2001-12-14")"}, {"2026-08-01T11:58:03Z", R"("2026-08-01T11:58:03Z")"},
      {"=", R"("=")"}, {"<<", R"("<<")"}, {"5m", R"("5m")"}, {"25%", R"("25%")"}, {"v1.8", R"("v1.8")"},
      {"'1'", R"("1")"}, {"\"yes\"", R"("yes")"}, {"''", R"("")"},
      {"!!str 12", R"("12")"}, {"!!int '12'", "12"}, {"!!float 1", "1"}, {"!!bool 'yes'", "true"}, {"! 12", R"("12")"},
      {"!foo 12", R"("12")"}, {"!!null ''", "null"},
      {"|\n  yes\n", R"("yes\n")"}, {">-\n  a\n  b\n", R"("a b")"}, {"|+\n  x\n\n", R"("x\n\n")"},
  };
  for (const Case& c : cases) EXPECT_EQ(read("a: " + c.text), "{\"a\":" + c.json + "}") << c.text;
}

TEST(YamlKey, BecomesText) {
  const Case cases[] = {{"yes", "true"}, {"1", "1"}, {"0x10", "16"}, {"1.50", "1.5"}, {"'1'", "1"}, {".inf", ".inf"},
                        {"2001-01-01", "2001-01-01"}, {"a b", "a b"}, {"\"a:\"", "a:"}};
  for (const Case& c : cases) EXPECT_EQ(read(c.text + ": v"), "{\"" + c.json + "\":\"v\"}") << c.text;
}

TEST(Yaml, ReadsDocuments) {
  const Case cases[] = {
      {"", "null"},
      {"# nothing\n", "null"},
      {"a: 1\nb:\n- x\n- k: 2\n  z: 3\n", R"({"a":1,"b":["x",{"k":2,"z":3}]})"},
      {"- - 1\n  - 2\n-\n", "[[1,2],null]"},
      {"{a: 1, b: [x, y], c}", R"({"a":1,"b":["x",true],"c":null})"},
      {"%YAML 1.1\n---\na: 1\n...\n", R"({"a":1})"},
      {"\xEF\xBB\xBF" "a: 1", R"({"a":1})"},
      {"a: 1\r\nb: 2\r\n", R"({"a":1,"b":2})"},
      {"a: \"\\u00e9\\n\\x41\"\nb: 'it''s'\nc: x # no\nd: x#y\n", "{\"a\":\"\xC3\xA9\\nA\",\"b\":\"it's\",\"c\":\"x\",\"d\":\"x#y\"}"},
      {"a: \"\\N\\_\\L\"\n", "{\"a\":\"\xC2\x85\xC2\xA0\xE2\x80\xA8\"}"},
      {"z: 1\na: 2\n", R"({"z":1,"a":2})"},
      {"? a\n? b\n", R"({"a":null,"b":null})"},
      {"text\n", R"("text")"},
      {"a: &x 'it''s'", R"({"a":"it's"})"},
      {"\xEF\xBB\xBF" "\"a\\\"\"", R"("a\"")"},
      // JSON with what YAML does not allow: tabs, escaped slashes, surrogate pairs.
      {"{\n\t\"a\": \"\\/\\ud83d\\ude00\",\n\t\"yes\": 1.5e3\n}", "{\"a\":\"/\xF0\x9F\x98\x80\",\"yes\":1500}"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.text), c.json) << c.text;
}

TEST(Yaml, ExpandsAliasesAndMergeKeys) {
  const Case cases[] = {
      {"a: &x [1]\nb: *x\n", R"({"a":[1],"b":[1]})"},
      {"a: &x key\n*x : v\n", R"({"a":"key","key":"v"})"},
      {"a: &x 1\nb: &x 2\nc: *x\n", R"({"a":1,"b":2,"c":2})"},
      {"a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", R"({"a":{"b":1},"c":{"d":2,"b":1}})"},
      {"<<: {a: 1, b: 2}\na: 3\n", R"({"a":3,"b":2})"},
      {"a: 3\n<<: {a: 1, b: 2}\n", R"({"a":3,"b":2})"},
      {"<<: [{a: 1}, {a: 2, b: 2}]\n", R"({"a":1,"b":2})"},
      {"<<: {a: 1}\n<<: {b: 2}\n", R"({"a":1,"b":2})"},
      {"'<<': {a: 1}\n", R"({"<<":{"a":1}})"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.text), c.json) << c.text;
}

TEST(Yaml, SaysWhereAFaultIs) {
  const Case cases[] = {
      {"a: 1\nb: 2\na: 3\n", R"(malformed YAML at 3:1: duplicate key "a")"},
      {"true: 1\nyes: 2\n", R"(malformed YAML at 2:1: duplicate key "true")"},
      {"x:\n  1: a\n  '1': b\n", R"(malformed YAML at 3:3: duplicate key "1")"},
      {"spec:\n  a: 1\n  replicas 3\n", R"(malformed YAML at 3:3: a map key without ":")"},
      {"a: .inf\n", "malformed YAML at 1:4: JSON has no .inf"},
      {"~: 1\n", "malformed YAML at 1:1: a map key is missing"},
      {"? [a]\n: 1\n", "malformed YAML at 1:3: a list or map cannot be a map key"},
      {"a: &x [*x]\n", "malformed YAML at 1:8: an alias inside of what it stands for"},
      {"<<: 1\n", "malformed YAML at 1:5: what << merges must be a map or a list of maps"},
      {"<<: [1]\n", "malformed YAML at 1:5: what << merges must be a map or a list of maps"},
      {"a: !!int x\n", R"(malformed YAML at 1:4: not a value of type !!int: "x")"},
      {"a: !!binary aGk=\n", "malformed YAML at 1:4: !!binary is not supported; write the text itself"},
      {"{a: 1} b\n", "malformed YAML at 1:8: text after the end of the document"},
      {"a\n--- \"x\"\"y\", -d\n", "malformed YAML at 2:8: text after the end of the document"},
      {"\xC3\xA9: 1\nb\xC3\xA9: &x !!str 'it''s\nc: 1\n", "malformed YAML at 2:6: a quote that is never closed"},
      {"a: \"x\\\"\n", "malformed YAML at 1:4: a quote that is never closed"},
      {"a: x\x01\n", "malformed YAML at 1:5: control character"},
      {"a: 1\nb: \xFF\n", "malformed YAML at 2:4: not UTF-8"},
      {"a: 1\n---\nb: 2\n", "more than one document where one is expected"},
  };
  for (const Case& c : cases) EXPECT_EQ(read(c.text), c.json) << c.text;
}

TEST(Yaml, RefusesMalformedText) {
  for (const char* text : {"a: b: c", "a: 'x' y", "a: [1, 2", "a: {", "a: }", "a: @x", "a: `x", "a: - b", "a: *nope", "a: *",
                           "\ta: 1", "a:\n\t- 1", "a\nb: c", "a:\n  - 1\n b: 2", "a: 1\n  b: 2", "a: \"\\q\"", "a: \"x", ": a",
                           "a: \"\\ud83d\\ude00\"", "{\"a\":1}}", "{\"a\":1", "[1,]]"}) {
    const auto value = parse_yaml(text);
    EXPECT_FALSE(value) << text << " -> " << write(*value);
    if (!value) {
      EXPECT_THAT(value.error().message, testing::StartsWith("malformed YAML at ")) << text;
    }
  }
}

TEST(Yaml, SplitsDocuments) {
  const auto join = [](std::string_view text) {
    const auto documents = parse_yaml_documents(text);
    if (!documents) return documents.error().message;
    return write(Array(documents->begin(), documents->end()));
  };
  EXPECT_EQ(join(""), "[]");
  EXPECT_EQ(join("---\n---\n# empty\n---\nnull\n---\na: 1\n---\n- 2\n"), R"([{"a":1},[2]])");
  EXPECT_EQ(join("a: 1\n--- {b: 2}\n"), R"([{"a":1},{"b":2}])");
  EXPECT_EQ(join("{\"a\":1}\n{\"b\":2}\n"), R"([{"a":1},{"b":2}])");
  EXPECT_EQ(join("{\"a\":1}\n---\nb: 2\n"), R"([{"a":1},{"b":2}])");
  EXPECT_EQ(join("a: &x 1\n---\nb: *x\n").rfind("malformed YAML at 3:4: ", 0), 0U) << "anchors end with their document";
}

TEST(Yaml, LimitsDepthAliasesAndSize) {
  const auto nested = [](std::size_t depth) { return "x: " + std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_yaml(nested(150)));
  EXPECT_FALSE(parse_yaml(nested(250)));
  EXPECT_FALSE(parse_yaml(nested(100'000)));
  EXPECT_FALSE(parse_yaml(std::string(100'000, '{')));

  std::string laughs = "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (char name = 'b'; name <= 'j'; ++name) {
    laughs.append(1, name).append(": &").append(1, name).append(" [");
    for (int i = 0; i < 9; ++i) laughs.append(i ? ", *" : "*").append(1, static_cast<char>(name - 1));
    laughs += "]\n";
  }
  EXPECT_THAT(read(laughs), testing::HasSubstr("aliases multiply the document too much"));

  std::string chain = "a0: &a0 " + std::string(150, '[') + std::string(150, ']') + "\n";
  chain += "a1: " + std::string(100, '[') + "*a0" + std::string(100, ']') + "\n";
  EXPECT_THAT(read(chain), testing::HasSubstr("nested more than 200 levels deep"));
  EXPECT_FALSE(parse_yaml(std::string(YamlLimits::kTextBytes + 1, ' ')));
}

TEST(ToYaml, LooksLikeKubectl) {
  const Value value = *parse(
      R"({"apiVersion":"v1","a":"yes","b":"1","c":"","d":"a: b","e":"x\ny\n","f":"x\ny","g":"x\n\n","h":" x","i":"- a","j":"#x",)"
      R"("k":"2001-01-01","l":"1:30","m":"é","n":"a\tb","o":"it's","p":[],"q":{},"r":[1,[2,3],[],{"a":1,"b":[{"c":null}]}],)"
      R"("y":"y","t":"5m","u":"25%","v":1.5,"w":1e21,"x":"\u0001","1":true,"<<":"<<","z":{"k":{"l":"m"}}})");
  EXPECT_EQ(to_yaml(value), R"(apiVersion: v1
a: "yes"
b: "1"
c: ""
d: 'a: b'
e: |
  x
  y
f: |-
  x
  y
g: |+
  x

h: ' x'
i: '- a'
j: '#x'
k: "2001-01-01"
l: "1:30"
m: é
"n": "a\tb"
o: it's
p: []
q: {}
r:
- 1
- - 2
  - 3
- []
- a: 1
  b:
  - c: null
"y": "y"
t: 5m
u: 25%
v: 1.5
w: 1e+21
x: "\u0001"
"1": true
"<<": "<<"
z:
  k:
    l: m
)");
}

TEST(ToYaml, ReadsBackAsTheSameValue) {
  const std::string texts[] = {
      "", " ", "\n", "\n\n", "a\n", "a\nb", " a\nb", "a\n b\n", "a\n\nb\n", "a\n  \nb", "a\nb\n\n\n", "\ta", "a\t\nb", "a:", ":a",
      "a: b", "a #b", "#", "-", "- a", "--", "---", "--- a", "...", "?", "? a", ":", "!", "!x", "&", "&x", "*", "*x", "|", ">", "%",
      "@", "`", "'", "\"", "\\", "{", "}", "[", "]", ",", "a,b", "a, b", "[a]", "{a: b}", "null", "~", "true", "no", "0x1", "1_0",
      "1e3", ".5", ".inf", ".nan", "=", "<<", "\r", "a\r\nb", "\xC2\x85", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\x7F", std::string(1, '\0'),
      "\xC3\xA9", "\xF0\x9F\x98\x80", "word word", std::string(300, 'k'), std::string(2000, '\n') + "x"};
  Object all;
  Array list;
  for (const std::string& text : texts) {
    all.emplace(text, text);
    list.push_back(Object{{text, Array{text, Object{{text, Array{Array{text}, Object()}}}}}});
    EXPECT_EQ(read(to_yaml(Value(text))), write(Value(text)));
  }
  EXPECT_EQ(read(to_yaml(all)), write(all)) << to_yaml(all);
  EXPECT_EQ(read(to_yaml(list)), write(list)) << to_yaml(list);
  EXPECT_EQ(to_yaml(Value(nullptr)), "null\n");
  EXPECT_EQ(to_yaml(Array()), "[]\n");
}

TEST(ToYaml, ReplacesBrokenUtf8) { EXPECT_EQ(to_yaml(Value("a\xFF")), "\"a\xEF\xBF\xBD\"\n"); }

TEST(YamlDocuments, AreLocatedByTheLineOfTheirContent) {
  const auto lines = [](const std::string& text) {
    std::string result;
    const auto documents = locate_yaml_documents(text);
    EXPECT_TRUE(documents) << (documents ? "" : documents.error().message);
    for (const YamlDocument& document : *documents) result += std::to_string(document.line) + " ";
    return result;
  };
  EXPECT_EQ(lines("# about\n\na: 1\n---\n# more\nb: 2\n---\n---\nc: [3,\n4]\n"), "3 6 9 ");
  EXPECT_EQ(lines("{\"a\":\n1}\n\n  {\"b\":2} {\"c\":3}"), "1 4 4 ");
}

}  // namespace
}  // namespace canaria::json
