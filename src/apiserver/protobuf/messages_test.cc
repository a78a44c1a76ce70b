// The tables against the schemas of the kinds, which say the same of names and types: a field that is in one and not in the
// other would be lost in one notation.
#include "apiserver/protobuf/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "api/schema/kinds.h"
#include "apiserver/built_in_resources.h"
#include "json/schema.h"

namespace canaria::apiserver::protobuf {
namespace {

const Field* member(const Message& message, std::string_view name) {
  for (const Field& field : message.fields) {
    if (field.name == name) return &field;
    if (!field.name.empty()) continue;
    if (const Field* found = member(*field.message, name)) return found;
  }
  return nullptr;
}

bool is_same_scalar(FieldType type, json::Type wanted) {
  switch (wanted) {
    case json::Type::kString: return type == FieldType::kString || type == FieldType::kBytes;
    case json::Type::kInt32: return type == FieldType::kInt32;
    case json::Type::kInt64: return type == FieldType::kInt64;
    case json::Type::kBool: return type == FieldType::kBool;
    case json::Type::kNumber: return type == FieldType::kDouble;
    case json::Type::kQuantity: return type == FieldType::kQuantity;
    case json::Type::kIntOrString: return type == FieldType::kIntOrString;
    case json::Type::kTime: return type == FieldType::kTime || type == FieldType::kMicroTime;
    case json::Type::kAny:
    case json::Type::kAnyObject: return type == FieldType::kJson || type == FieldType::kMessage;
    default: return false;
  }
}

class Comparison {
 public:
  std::vector<std::string> problems;
  std::size_t fields = 0;

  void compare(const Message& message, const json::Schema& schema, const std::string& path) {
    if (!seen_.insert({&message, &schema}).second) return;
    for (const json::Field& wanted : schema.fields) {
      const bool is_type = wanted.name == "apiVersion" || wanted.name == "kind";
      const std::string at = path + "." + wanted.name;
      const Field* field = member(message, wanted.name);
      if (field) compare_field(*field, *wanted.schema, at);
      else if (!is_type) problems.push_back(at + " has no number");
    }
  }

 private:
  void compare_field(const Field& field, const json::Schema& wanted, const std::string& at) {
    ++fields;
    const bool is_list = wanted.type == json::Type::kArray;
    const bool is_map = wanted.type == json::Type::kMap;
    const FieldShape shape = is_list ? FieldShape::kList : is_map ? FieldShape::kMap : FieldShape::kOne;
    if (field.shape != shape) return problems.push_back(at + " is a list, map or single value only here");
    const json::Schema& element = is_list || is_map ? *wanted.element : wanted;
    if (element.type != json::Type::kObject) {
      if (!is_same_scalar(field.type, element.type)) problems.push_back(at + " has another type");
    } else if (field.type != FieldType::kMessage) {
      problems.push_back(at + " is no message");
    } else {
      compare(*field.message, element, at);
    }
  }
  std::set<std::pair<const Message*, const json::Schema*>> seen_;
};

TEST(Messages, EveryFieldOfEveryKindHasANumber) {
  Comparison comparison;
  const auto compare = [&comparison](const std::string& api_version, const std::string& kind) {
    const Message* message = find_message(api_version, kind);
    const json::Schema* schema = api::find_schema(api_version, kind);
    ASSERT_TRUE(message) << api_version << " " << kind << " is served, but has no table in protobuf/";
    if (schema) comparison.compare(*message, *schema, kind);
  };
  for (const ServedResource& served : built_in_resources()) {
    if (served.definer != Definer::kKubernetes) continue;
    compare(served.resource.api_version(), served.resource.kind);
    for (const Subresource& part : served.subresources)
      compare(part.group.empty() ? part.version : part.group + "/" + part.version, part.kind);
  }
  EXPECT_THAT(comparison.problems, testing::IsEmpty());
  EXPECT_GT(comparison.fields, 900U);
}

TEST(Messages, AreFoundByVersionAndKind) {
  const Message* one = find_message("autoscaling/v1", "HorizontalPodAutoscaler");
  const Message* two = find_message("autoscaling/v2", "HorizontalPodAutoscaler");
  ASSERT_TRUE(one && two);
  EXPECT_NE(member(*one, "spec")->message, member(*two, "spec")->message);
  EXPECT_TRUE(member(*member(*one, "spec")->message, "targetCPUUtilizationPercentage"));
  EXPECT_TRUE(member(*member(*two, "spec")->message, "metrics"));
  EXPECT_TRUE(find_message("v1", "DeleteOptions"));
  EXPECT_FALSE(find_message("apps/v1", "Pod"));
  EXPECT_FALSE(find_message("v1", "PodSpec"));
  EXPECT_FALSE(find_message("argoproj.io/v1alpha1", "Rollout"));
}

TEST(Messages, FieldsAreFoundByNumberAlsoBehindGaps) {
  const Message& metadata = *member(*find_message("v1", "Pod"), "metadata")->message;
  EXPECT_EQ(metadata.fields[metadata.position(17)].name, "managedFields");
  EXPECT_EQ(metadata.fields[metadata.position(1)].name, "name");
  EXPECT_EQ(metadata.position(15), metadata.fields.size());
  EXPECT_EQ(metadata.position(0), metadata.fields.size());
  EXPECT_EQ(metadata.position(1'000'000), metadata.fields.size());
}

}  // namespace
}  // namespace canaria::apiserver::protobuf
