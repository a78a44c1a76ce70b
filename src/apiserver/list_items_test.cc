// What an object looks like within a list that says what its items are.
#include "apiserver/list_items.h"

#include <gtest/gtest.h>

namespace canaria::apiserver {
namespace {

std::string untyped(std::string_view object) {
  std::string list;
  add_untyped(list, object);
  return list;
}

TEST(ListItems, LoseTheirTypeWhereverItStands) {
  EXPECT_EQ(untyped(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{}})"), R"({"metadata":{"name":"a"},"spec":{}})");
  EXPECT_EQ(untyped(R"({"apiVersion":"v1","data":{"a":"b"},"kind":"ConfigMap","metadata":{}})"), R"({"data":{"a":"b"},"metadata":{}})");
  EXPECT_EQ(untyped(R"({"data":[1,{"kind":"x"}],"kind":"ConfigMap","apiVersion":"v1"})"), R"({"data":[1,{"kind":"x"}]})");
  EXPECT_EQ(untyped(R"({"kind":"A","apiVersion":"v1"})"), "{}");
  EXPECT_EQ(untyped("{}"), "{}");
}

TEST(ListItems, KeepWhatOnlyLooksLikeAType) {
  EXPECT_EQ(untyped(R"({"apiVersion":"v1","data":{"kind":"x","t":"\",\"kind\":\"y\\"},"kind":"C","z":1})"),
            R"({"data":{"kind":"x","t":"\",\"kind\":\"y\\"},"z":1})");
}

}  // namespace
}  // namespace canaria::apiserver
