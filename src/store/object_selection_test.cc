#include "store/object_selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace canaria::store {
namespace {

StoredObject pod(std::string_view text) {
  StoredObject stored;
  index_object(default_policy(api::resources::pods()), *json::parse(text), stored);
  return stored;
}

TEST(FieldSelector, Parses) {
  const auto parsed = parse_field_selector(R"(metadata.name=web,spec.nodeName!=n1,a==x\,y\=z\\)");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const std::vector<FieldRequirement> expected = {{"metadata.name", FieldMatch::kEquals, "web"},
                                                  {"spec.nodeName", FieldMatch::kNotEquals, "n1"},
                                                  {"a", FieldMatch::kEquals, R"(x,y=z\)"}};
  EXPECT_EQ(*parsed, expected);
  EXPECT_TRUE(parse_field_selector("")->empty());
}

TEST(FieldSelector, RefusesWhatItCannotRead) {
  for (const std::string_view text : {"name", R"(a=b\)", R"(a=b\x)", "a=b=c"}) {
    const auto parsed = parse_field_selector(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::kInvalid);
  }
}

TEST(ObjectSelection, MatchesByNamespaceLabelsAndFields) {
  const auto policy = default_policy(api::resources::pods());
  const StoredObject running = pod(R"({"metadata":{"labels":{"app":"web"}},"spec":{"nodeName":"n1"},"status":{"phase":"Running"}})");
  const api::ObjectKey key{"shop", "web-1"};
  struct Row { std::string namespace_, labels, fields; bool matches; };
  const std::vector<Row> rows = {
      {"", "", "", true},
      {"shop", "app=web", "status.phase=Running,spec.nodeName=n1", true},
      {"other", "", "", false},
      {"", "app!=web", "", false},
      {"", "", "status.phase!=Running", false},
      {"", "", "metadata.name=web-1,metadata.namespace=shop", true},
      {"", "", "metadata.name=web-2", false},
      {"", "", "status.podIP=", true},
  };
  for (const Row& row : rows) {
    const auto selection = ObjectSelection::make(policy, row.namespace_, row.labels, row.fields);
    ASSERT_TRUE(selection) << selection.error().message;
    EXPECT_EQ(selection->matches(key, running), row.matches) << row.namespace_ << "|" << row.labels << "|" << row.fields;
  }
}

TEST(ObjectSelection, RefusesFieldsThatAResourceDoesNotOffer) {
  const auto selection = ObjectSelection::make(default_policy(api::resources::config_maps()), "", "", "status.phase=Running");
  ASSERT_FALSE(selection);
  EXPECT_EQ(selection.error().message, "field label not supported: status.phase");
}

}  // namespace
}  // namespace canaria::store
