// Which objects a list or a watch is about: a namespace, a label selector and a field selector, parsed once and then asked
// about many objects. Only what StoredObject keeps is looked at, so no object has to be parsed to be passed over.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "store/resource_policy.h"
#include "store/stored_object.h"

namespace canaria::store {

enum class FieldMatch { kEquals, kNotEquals };

struct FieldRequirement {
  std::string field;  // dotted path
  FieldMatch match = FieldMatch::kEquals;
  std::string value;
  bool operator==(const FieldRequirement&) const = default;
};

// "a=b,c!=d" with "==" as another "="; a backslash takes the comma, equals sign or backslash after it as it is. Fails with
// kInvalid and Kubernetes' text.
Result<std::vector<FieldRequirement>> parse_field_selector(std::string_view text);

class ObjectSelection {
 public:
  // Fails with kInvalid on a malformed selector, and on a field that the resource does not offer for selection.
  static Result<ObjectSelection> make(const ResourcePolicy& policy, std::string namespace_, const std::string& label_selector,
                                      const std::string& field_selector);

  bool matches(const api::ObjectKey& key, const StoredObject& object) const;
  const std::string& namespace_name() const { return namespace_; }

 private:
  enum class Source { kName, kNamespace, kField };
  struct FieldTest {
    Source source = Source::kField;
    std::size_t index = 0;
    FieldMatch match = FieldMatch::kEquals;
    std::string value;
  };
  static Result<FieldTest> find_field(const ResourcePolicy& policy, const FieldRequirement& requirement);

  std::string namespace_;
  lang::Requirements labels_;
  std::vector<FieldTest> fields_;
};

// Labels and selectable fields of an object, copied out of it.
void index_object(const ResourcePolicy& policy, const json::Value& object, StoredObject& stored);

}  // namespace canaria::store
