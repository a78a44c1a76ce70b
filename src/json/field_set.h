// Sets of fields of an object, and their text FieldsV1 in metadata.managedFields: who owns `.spec.replicas`? A set is a tree of
// path steps; a node says whether the path that ends there belongs to the set.
//
//   {"f:spec":{"f:replicas":{},"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:image":{}}}}}
//
// "f:" is a member by name, "k:" a list element by its keys, "v:" one by its value, "i:" one by its index; "." marks a node that
// belongs to the set and has further members. What a schema makes of an object is the business of typed_fields.h.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace canaria::json {

struct PathStep {
  enum class Kind { kField, kKey, kValue, kIndex };
  Kind kind = Kind::kField;
  std::string name;  // of a field
  Value value;       // keys (an object sorted by name), value or index of an element

  static PathStep field(std::string_view name);
  static PathStep key(Object keys);  // sorts them
  static PathStep element(Value value);

  // The order in which the API server writes them.
  std::weak_ordering operator<=>(const PathStep& other) const;
  bool operator==(const PathStep& other) const;
};

class FieldSet {
 public:
  using Children = std::map<PathStep, FieldSet>;

  bool empty() const { return !member_ && children_.empty(); }
  // Whether the path that ends at this node belongs to the set.
  bool is_member() const { return member_; }
  const Children& children() const { return children_; }
  // The part of the set below a step, or null.
  const FieldSet* below(const PathStep& step) const;

  void insert() { member_ = true; }
  // The part below a step, made when it is missing. Whoever leaves it empty calls erase_empty().
  FieldSet& operator[](const PathStep& step) { return children_[step]; }
  void erase_empty(const PathStep& step);

  FieldSet united(const FieldSet& other) const;
  FieldSet intersected(const FieldSet& other) const;
  // Without the paths of the other set; what lies below them stays.
  FieldSet without(const FieldSet& other) const;

  // Every path of the set in order, written as in conflicts: .spec.containers[name="a"].image
  std::vector<std::string> paths() const;

  bool operator==(const FieldSet& other) const;

 private:
  void append_paths(const std::string& prefix, std::vector<std::string>& paths) const;

  bool member_ = false;
  Children children_;
};

// The JSON value of FieldsV1, sorted as the API server sorts it.
Value fields_v1(const FieldSet& set);

// Fails with kInvalid on what is no FieldsV1.
Result<FieldSet> parse_fields_v1(const Value& value);

}  // namespace canaria::json
