// What the published schema means for a value: pruning, defaults, checks. It sees less than the model does: `opaque` fields
// have no type, `bare` ones are plain objects, `only` narrows an object.
#include <cmath>
#include <limits>
#include <set>

#include "base/time.h"
#include "json/schema.h"
#include "json/schema_constraints.h"
#include "json/write.h"

namespace canaria::json {

namespace {

bool is_published(const Field& parent, std::string_view name) {
  if (parent.only.empty()) return true;
  for (const std::string& allowed : parent.only)
    if (allowed == name) return true;
  return false;
}

void prune_in_place(Value& value, const Schema& schema, const Field* owner) {
  if (Array* array = value.if_array(); array && schema.type == Type::kArray) {
    for (Value& item : *array) prune_in_place(item, *schema.element, nullptr);
    return;
  }
  Object* object = value.if_object();
  if (!object) return;
  if (schema.type == Type::kMap) {
    for (auto& member : *object) prune_in_place(member.value(), *schema.element, nullptr);
    return;
  }
  if (schema.type != Type::kObject) return;
  Object kept;
  for (auto& member : *object) {
    const Field* field = schema.field(member.key());
    if (!field || (owner && !is_published(*owner, member.key()))) {
      if (!field && schema.open) kept.emplace(member.key(), std::move(member.value()));
      continue;
    }
    if (!field->opaque && !field->bare) prune_in_place(member.value(), *field->schema, field);
    kept.emplace(member.key(), std::move(member.value()));
  }
  *object = std::move(kept);
}

void drop_nulls(Object& object) {
  for (auto member = object.begin(); member != object.end();)
    member = member->value().is_null() ? object.stable_erase(member) : std::next(member);
}

// Null where it is not allowed means absent.
void default_in_place(Value& value, const Schema& schema) {
  if (Array* array = value.if_array(); array && schema.type == Type::kArray) {
    for (Value& item : *array) default_in_place(item, *schema.element);
    return;
  }
  Object* object = value.if_object();
  if (!object) return;
  if (schema.type == Type::kMap) {
    if (!allows_null(*schema.element)) drop_nulls(*object);
    for (auto& member : *object) default_in_place(member.value(), *schema.element);
    return;
  }
  if (schema.type != Type::kObject) return;
  for (const Field& field : schema.fields) {
    Value* member = object->if_contains(field.name);
    if (member && member->is_null() && !allows_null(*field.schema)) {
      object->stable_erase(object->find(field.name));
      member = nullptr;
    }
    if (field.default_value && !member) member = &((*object)[field.name] = *field.default_value);
    if (member && !field.opaque && !field.bare) default_in_place(*member, *field.schema);
  }
}

std::string_view json_type(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return "boolean";
  if (value.is_string()) return "string";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (const auto* real = value.if_double(); real && std::floor(*real) != *real) return "number";
  return "integer";
}

// The OpenAPI type a value must have; empty when any will do.
std::string_view wanted_type(Type type) {
  switch (type) {
    case Type::kObject:
    case Type::kMap:
    case Type::kAnyObject: return "object";
    case Type::kArray: return "array";
    case Type::kString:
    case Type::kTime: return "string";
    case Type::kInt32:
    case Type::kInt64: return "integer";
    case Type::kBool: return "boolean";
    case Type::kNumber: return "number";
    case Type::kQuantity:
    case Type::kIntOrString: return "integer,string";
    case Type::kAny: return "";
  }
  return "";
}

bool has_type(std::string_view actual, std::string_view wanted) {
  if (wanted.empty() || actual == wanted) return true;
  if (wanted == "number") return actual == "integer";
  return wanted == "integer,string" && (actual == "integer" || actual == "string");
}

// What Go has in place of a number.
std::string_view go_type(const Value& value, std::string_view json_name) {
  if (value.is_int64() || value.is_uint64()) return "int64";
  return value.is_double() ? "float64" : json_name;
}

class Checker {
 public:
  std::vector<FieldError> errors;

  void visit(const Value& value, const Schema& schema, const Field* owner, const std::string& path) {
    const std::string_view wanted = wanted_type(schema.type);
    const std::string_view actual = json_type(value);
    if (value.is_null() && allows_null(schema)) return;
    if (schema.type == Type::kTime && !(value.is_string() && parse_time(value.get_string()))) {
      const std::string shown = value.is_string() ? write(value) : "\"" + std::string(go_type(value, actual)) + "\"";
      errors.push_back({Problem::kInvalidType, path,
                        "Invalid value: " + shown + ": " + path + " in body must be of type date-time: " + shown});
      return;
    }
    if (!has_type(actual, wanted)) {
      const std::string quoted = "\"" + std::string(actual) + "\"";
      errors.push_back(
          {Problem::kInvalidType, path,
           "Invalid value: " + quoted + ": " + path + " in body must be of type " + std::string(wanted) + ": " + quoted});
      return;
    }
    if (schema.constraints) check_constraints(value, *schema.constraints, path, errors);
    if (schema.type == Type::kObject) visit_object(value.get_object(), schema, owner, path);
    else if (schema.type == Type::kMap) visit_map(value.get_object(), schema, path);
    else if (schema.type == Type::kArray) visit_array(value.get_array(), schema, owner, path);
    else if (schema.type == Type::kInt32) visit_int32(value, path);
  }

 private:
  static std::string child(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
  }

  void visit_int32(const Value& value, const std::string& path) {
    const auto* number = value.if_int64();
    using Int32 = std::numeric_limits<std::int32_t>;
    if (number && *number >= Int32::min() && *number <= Int32::max()) return;
    if (!number && !value.is_uint64()) return;
    const std::string text = write(value);
    errors.push_back(
        {Problem::kInvalidType, path, "Invalid value: " + text + ": " + path + " in body must be of type int32: " + text});
  }

  void visit_object(const Object& object, const Schema& schema, const Field* owner, const std::string& path) {
    for (const auto& member : object) {
      const std::string at = child(path, member.key());
      const Field* field = schema.field(member.key());
      if (!field && schema.open) continue;
      if (!field || (owner && !is_published(*owner, member.key())))
        errors.push_back({Problem::kUnknownField, at, "unknown field \"" + at + "\""});
      else if (field->bare && !member.value().is_object()) visit(member.value(), *field->schema, field, at);
      else if (!field->opaque && !field->bare && !(member.value().is_null() && field->default_value))
        visit(member.value(), *field->schema, field, at);
    }
    for (const Field& field : schema.fields)
      if (field.required && !field.default_value && !object.contains(field.name))
        errors.push_back({Problem::kRequired, child(path, field.name), "Required value"});
  }

  void visit_map(const Object& object, const Schema& schema, const std::string& path) {
    for (const auto& member : object) visit(member.value(), *schema.element, nullptr, child(path, member.key()));
  }

  void visit_array(const Array& array, const Schema& schema, const Field* owner, const std::string& path) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < array.size(); ++i) {
      const std::string at = path + "[" + std::to_string(i) + "]";
      visit(array[i], *schema.element, nullptr, at);
      if (!owner || owner->list == ListType::kPlain || owner->list == ListType::kAtomic) continue;
      const std::string identity = identity_of(array[i], *schema.element, *owner);
      if (!seen.insert(identity).second) errors.push_back({Problem::kDuplicate, at, "Duplicate value: " + identity});
    }
  }

  // What makes an element of a set or keyed list unique, as text.
  static std::string identity_of(const Value& item, const Schema& element, const Field& list) {
    const Object* object = item.if_object();
    if (list.list == ListType::kSet || !object) return write(item);
    Object keys;
    for (const std::string& key : list.keys) {
      const Field* field = element.field(key);
      if (const Value* member = object->if_contains(key)) keys[key] = *member;
      else if (field && field->default_value) keys[key] = *field->default_value;
    }
    return write(Value(keys));
  }
};

}  // namespace

Value prune(Value value, const Schema& schema) {
  prune_in_place(value, schema, nullptr);
  return value;
}

Value apply_defaults(Value value, const Schema& schema) {
  default_in_place(value, schema);
  return value;
}

std::vector<FieldError> check(const Value& value, const Schema& schema) {
  Checker checker;
  checker.visit(value, schema, nullptr, "");
  return std::move(checker.errors);
}

}  // namespace canaria::json
