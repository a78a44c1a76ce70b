#include "json/codec.h"

#include <boost/describe/class.hpp>
#include <gtest/gtest.h>

#include "json/write.h"

namespace canaria::json {
namespace {

struct Inner {
  std::string name;
  bool operator==(const Inner&) const = default;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name))

// A type with its own notation: "<width>x<height>".
struct Size {
  int width = 0;
  int height = 0;
};
bool from_json(const Value& value, Size& size) {
  if (!value.is_string()) return false;
  const std::string text(value.get_string());
  size.width = std::stoi(text);
  size.height = std::stoi(text.substr(text.find('x') + 1));
  return true;
}
Value to_json(const Size& size) {
  if (size.width == 0) return Value(nullptr);
  return Value(std::to_string(size.width) + "x" + std::to_string(size.height));
}

struct Outer {
  std::string namespace_;
  std::int32_t count = 0;
  std::int64_t generation = 0;
  double ratio = 0;
  bool paused = false;
  std::optional<std::int32_t> maybe;
  std::optional<bool> flag;
  std::optional<Time> at;
  std::optional<Inner> optional_inner;
  Inner inner;
  std::vector<Inner> list;
  std::map<std::string, std::string> labels;
  Value raw;
  Size size;
  std::optional<Size> maybe_size;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (namespace_, count, generation, ratio, paused, maybe, flag, at, optional_inner, inner, list,
                                  labels, raw, size, maybe_size))

Outer read(std::string_view text) { return decode<Outer>(*parse(text)); }

TEST(Codec, LeavesOutWhatGoLeavesOut) { EXPECT_EQ(write(encode(Outer{})), R"({"inner":{}})"); }

TEST(Codec, RoundTripsEveryKindOfMember) {
  const char* text =
      R"({"namespace":"web","count":3,"generation":9007199254740993,"ratio":0.5,"paused":true,"maybe":0,"flag":false,)"
      R"("at":"2026-08-01T11:58:03Z","optional_inner":{},"inner":{"name":"x"},"list":[{},{"name":"y"}],)"
      R"("labels":{"a":"1","b":""},"raw":{"z":[null,1]},"size":"3x4"})";
  EXPECT_EQ(write(encode(read(text))), text);
}

TEST(Codec, TreatsMembersOfTheWrongTypeAsMissing) {
  const Outer outer = read(
      R"({"namespace":1,"count":"3","generation":[],"ratio":"x","paused":"true","maybe":"1","flag":{},"at":"yesterday",)"
      R"("optional_inner":[],"inner":7,"list":{},"labels":[],"size":5,"maybe_size":5,"unknown":1})");
  EXPECT_EQ(write(encode(outer)), R"({"inner":{}})");
}

TEST(Codec, TreatsNullAsMissing) {
  const Outer outer = read(R"({"namespace":null,"maybe":null,"at":null,"optional_inner":null,"inner":null,"list":null})");
  EXPECT_EQ(write(encode(outer)), R"({"inner":{}})");
}

TEST(Codec, TreatsNumbersThatDoNotFitAsMissing) {
  const Outer outer = read(R"({"count":3.9,"maybe":9007199254740993,"generation":1e300})");
  EXPECT_EQ(write(encode(outer)), R"({"inner":{}})");
}

TEST(Codec, KeepsElementsBesideOnesOfTheWrongType) {
  EXPECT_EQ(read(R"({"list":[1,{"name":"a"}]})").list, (std::vector<Inner>{{""}, {"a"}}));
  EXPECT_EQ(read(R"({"labels":{"a":1,"b":"x"}})").labels, (std::map<std::string, std::string>{{"a", ""}, {"b", "x"}}));
}

TEST(Codec, DecodesNonObjectsAsEmpty) {
  for (const char* text : {"null", "[]", "3", "\"x\""}) EXPECT_EQ(write(encode(read(text))), R"({"inner":{}})") << text;
}

}  // namespace
}  // namespace canaria::json
