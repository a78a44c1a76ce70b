#include "json/patch.h"

#include <gtest/gtest.h>

#include "json/write.h"

namespace canaria::json {
namespace {

// The cases of RFC 7386, appendix A.
TEST(MergePatch, FollowsTheRfc) {
  const struct {
    const char *target, *patch, *result;
  } cases[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
      {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
      {R"({"a":"foo"})", R"(null)", R"(null)"},
      {R"({"a":"foo"})", R"("bar")", R"("bar")"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
      {R"({"a":1,"b":2,"c":3})", R"({"a":null})", R"({"b":2,"c":3})"},
  };
  for (const auto& [target, patch, result] : cases)
    EXPECT_EQ(write(merge_patch(*parse(target), *parse(patch))), result) << target << " + " << patch;
}

TEST(MergeDiff, IsTheSmallestPatch) {
  const struct {
    const char *before, *after, *patch;
  } cases[] = {
      {R"({"a":1})", R"({"a":1})", R"({})"},
      {R"({"a":1,"b":{"c":2}})", R"({"b":{"c":2},"a":1.0})", R"({})"},
      {R"({"a":1,"b":{"c":2,"d":3}})", R"({"b":{"c":4,"d":3}})", R"({"a":null,"b":{"c":4}})"},
      {R"({"l":[1,2]})", R"({"l":[1,3]})", R"({"l":[1,3]})"},
      {R"({"a":1})", R"({"a":{}})", R"({"a":{}})"},
      {R"({"a":{"x":1}})", R"({"a":{}})", R"({"a":{"x":null}})"},
      {R"({})", R"({"a":{"b":{"c":[]}}})", R"({"a":{"b":{"c":[]}}})"},
      {R"({"a":{"b":1}})", R"({"a":[]})", R"({"a":[]})"},
      {R"({"a":null})", R"({})", R"({"a":null})"},
      {R"({"a":1})", R"({"a":null})", R"({"a":null})"},
      {R"({"a":{}})", R"({"a":{"b":null}})", R"({})"},
      {R"({"a":null})", R"({"a":null})", R"({})"},
      {R"([1])", R"([1])", R"({})"},
      {R"([1])", R"([2])", R"([2])"},
      {R"(null)", R"({"a":{"b":1}})", R"({"a":{"b":1}})"},
  };
  for (const auto& [before, after, patch] : cases)
    EXPECT_EQ(write(merge_diff(*parse(before), *parse(after))), patch) << before << " -> " << after;
}

TEST(MergeDiff, TurnsEachDocumentIntoEachOther) {
  const char* documents[] = {R"({})",
                             R"({"a":1})",
                             R"({"a":{"b":1,"c":[1,{"x":null}]},"d":"e"})",
                             R"({"a":{"c":[],"b":{"deep":{"deeper":true}}}})",
                             R"({"a":[],"d":{"d":{}}})",
                             R"({"d":"e","z":0.5,"a":{"b":"1"}})"};
  for (const char* before : documents)
    for (const char* after : documents) {
      const Value patch = merge_diff(*parse(before), *parse(after));
      EXPECT_TRUE(same_json(merge_patch(*parse(before), patch), *parse(after))) << before << " -> " << after;
    }
}

TEST(SameJson, ComparesMeaning) {
  EXPECT_TRUE(same_json(*parse(R"({"a":1,"b":[2.0]})"), *parse(R"({"b":[2],"a":1.0})")));
  EXPECT_TRUE(same_json(Value(std::uint64_t{5}), Value(std::int64_t{5})));
  for (const char* other : {"1", "\"1\"", "[1]", "{}", "null", "false", R"({"a":2})", R"({"a":1,"b":1})", R"({"b":1})"})
    EXPECT_FALSE(same_json(*parse(R"({"a":1})"), *parse(other))) << other;
}

struct PatchCase {
  const char *target, *operations, *result;
};

// The first ones are those of RFC 6902, appendix A.
TEST(JsonPatch, AppliesOperations) {
  const PatchCase cases[] = {
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux"}])", R"({"foo":"bar","baz":"qux"})"},
      {R"({"foo":["bar","baz"]})", R"([{"op":"add","path":"/foo/1","value":"qux"}])", R"({"foo":["bar","qux","baz"]})"},
      {R"({"baz":"qux","foo":"bar"})", R"([{"op":"remove","path":"/baz"}])", R"({"foo":"bar"})"},
      {R"({"foo":["bar","qux","baz"]})", R"([{"op":"remove","path":"/foo/1"}])", R"({"foo":["bar","baz"]})"},
      {R"({"baz":"qux","foo":"bar"})", R"([{"op":"replace","path":"/baz","value":"boo"}])", R"({"baz":"boo","foo":"bar"})"},
      {R"({"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}})",
       R"([{"op":"move","from":"/foo/waldo","path":"/qux/thud"}])",
       R"({"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}})"},
      {R"({"foo":["all","grass","cows","eat"]})", R"([{"op":"move","from":"/foo/1","path":"/foo/3"}])",
       R"({"foo":["all","cows","eat","grass"]})"},
      {R"({"baz":"qux","foo":["a",2,"c"]})",
       R"([{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}])",
       R"({"baz":"qux","foo":["a",2,"c"]})"},
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/child","value":{"grandchild":{}}}])",
       R"({"foo":"bar","child":{"grandchild":{}}})"},
      {R"({"foo":"bar"})", R"([{"op":"add","path":"/baz","value":"qux","xyz":123}])", R"({"foo":"bar","baz":"qux"})"},
      {R"({"/":9,"~1":10})", R"([{"op":"test","path":"/~01","value":10}])", R"({"/":9,"~1":10})"},
      {R"({"foo":["bar"]})", R"([{"op":"add","path":"/foo/-","value":["abc","def"]}])", R"({"foo":["bar",["abc","def"]]})"},
      {R"({"a":1})", R"([])", R"({"a":1})"},
      {R"({"a":1})", R"([{"op":"add","path":"","value":[1]}])", R"([1])"},
      {R"({"a":1})", R"([{"op":"replace","path":"","value":{"b":2}}])", R"({"b":2})"},
      {R"({"a":1})", R"([{"op":"remove","path":""}])", R"(null)"},
      {R"({"a":1})", R"([{"op":"add","path":"/a","value":null}])", R"({"a":null})"},
      {R"({"a":[1,2]})", R"([{"op":"copy","from":"/a","path":"/b"},{"op":"remove","path":"/a/0"}])", R"({"a":[2],"b":[1,2]})"},
      {R"({"a":{"b":1}})", R"([{"op":"copy","from":"","path":"/a/self"}])", R"({"a":{"b":1,"self":{"a":{"b":1}}}})"},
      {R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/a"}])", R"({"a":1})"},
      {R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])", R"({"a":1})"},
      {R"({"a":1})", R"([{"op":"test","path":"/a","value":1.0}])", R"({"a":1})"},
      {R"([])", R"([{"op":"add","path":"/0","value":1},{"op":"add","path":"/-","value":2}])", R"([1,2])"},
      {R"({"":1})", R"([{"op":"replace","path":"/","value":2}])", R"({"":2})"},
  };
  for (const PatchCase& c : cases) {
    const auto patched = apply_json_patch(*parse(c.target), *parse(c.operations));
    ASSERT_TRUE(patched) << c.operations << ": " << patched.error().message;
    EXPECT_EQ(write(*patched), c.result) << c.operations;
  }
}

TEST(JsonPatch, NamesTheOperationThatFails) {
  const PatchCase cases[] = {
      {"{}", R"({"op":"add"})", "a JSON patch must be a list of operations"},
      {"{}", R"([1])", "JSON patch operation 0: must be an object"},
      {"{}", R"([{"path":"/a"}])", R"(JSON patch operation 0: member "op" is missing or not a string)"},
      {"{}", R"([{"op":"add","value":1}])", R"(JSON patch operation 0: member "path" is missing or not a string)"},
      {"{}", R"([{"op":"add","path":"/a"}])", R"(JSON patch operation 0: member "value" is missing)"},
      {"{}", R"([{"op":"copy","path":"/a"}])", R"(JSON patch operation 0: member "from" is missing or not a string)"},
      {"{}", R"([{"op":"spam","path":"/a","value":1}])", R"(JSON patch operation 0: unknown op "spam")"},
      {"{}", R"([{"op":"add","path":"a","value":1}])",
       R"(JSON patch operation 0: malformed JSON pointer "a": must start with "/")"},
      {"{}", R"([{"op":"add","path":"/x","value":1},{"op":"remove","path":"/a"}])",
       R"(JSON patch operation 1: path "/a" does not exist)"},
      {"{}", R"([{"op":"add","path":"/a/b","value":1}])", R"(JSON patch operation 0: path "/a" does not exist)"},
      {R"({"a":1})", R"([{"op":"add","path":"/a/b","value":1}])",
       R"(JSON patch operation 0: path "/a" is neither an object nor a list)"},
      {"[1]", R"([{"op":"add","path":"/2","value":1}])", R"(JSON patch operation 0: path "/2" does not exist)"},
      {"[1]", R"([{"op":"add","path":"/01","value":1}])", R"(JSON patch operation 0: path "/01" does not exist)"},
      {"[1]", R"([{"op":"add","path":"/-1","value":1}])", R"(JSON patch operation 0: path "/-1" does not exist)"},
      {"[1]", R"([{"op":"remove","path":"/-"}])", R"(JSON patch operation 0: path "/-" does not exist)"},
      {"[1]", R"([{"op":"replace","path":"/1","value":1}])", R"(JSON patch operation 0: path "/1" does not exist)"},
      {R"({"a":{}})", R"([{"op":"move","from":"/a","path":"/a/b"}])",
       R"(JSON patch operation 0: cannot move "/a" into itself)"},
      {R"({"a":1})", R"([{"op":"test","path":"/a","value":"1"}])",
       R"(JSON patch operation 0: test failed: "/a" has another value)"},
      {R"({"a":1})", R"([{"op":"test","path":"/b","value":null}])", R"(JSON patch operation 0: path "/b" does not exist)"},
  };
  for (const PatchCase& c : cases) {
    const auto patched = apply_json_patch(*parse(c.target), *parse(c.operations));
    ASSERT_FALSE(patched) << c.operations;
    EXPECT_EQ(patched.error().code, Code::kInvalid);
    EXPECT_EQ(patched.error().message, c.result) << c.operations;
  }
}

TEST(JsonPatch, LimitsWhatCopyMultiplies) {
  Array wide;
  Array deep;
  for (int i = 0; i < 64; ++i) wide.push_back(*parse(R"({"op":"copy","from":"","path":"/-"})"));
  for (int i = 0; i < 300; ++i)
    deep.push_back(*parse(R"({"op":"add","path":")" + [i] { std::string p; for (int j = 0; j <= i; ++j) p += "/a"; return p; }() +
                          R"(","value":{}})"));
  EXPECT_FALSE(apply_json_patch(Array(), wide));
  EXPECT_FALSE(apply_json_patch(Object(), deep));
  EXPECT_FALSE(apply_json_patch(Object(), Array(10'001, *parse(R"({"op":"test","path":"","value":{}})"))));
}

}  // namespace
}  // namespace canaria::json
