// One pass over the document; each node of it becomes a Schema node. Nodes and constraints have addresses that stay.
#include "json/open_api_schema.h"

#include <algorithm>
#include <utility>

namespace canaria::json {

namespace {

constexpr int kDepth = 100;  // a deeper schema is any value from there on

bool is_set(const Object& node, std::string_view name) {
  const Value* flag = node.if_contains(name);
  return flag && flag->is_bool() && flag->get_bool();
}

std::string_view text(const Object& node, std::string_view name) {
  const Value* found = node.if_contains(name);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

const Object* object(const Object& node, std::string_view name) {
  const Value* found = node.if_contains(name);
  return found ? found->if_object() : nullptr;
}

std::optional<std::int64_t> count(const Object& node, std::string_view name) {
  const Value* found = node.if_contains(name);
  return found && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

std::optional<Value> number(const Object& node, std::string_view name) {
  const Value* found = node.if_contains(name);
  return found && found->is_number() ? std::optional(*found) : std::nullopt;
}

std::vector<std::string> names(const Object& node, std::string_view name) {
  std::vector<std::string> result;
  const Value* found = node.if_contains(name);
  if (!found || !found->is_array()) return result;
  for (const Value& item : found->get_array())
    if (item.is_string()) result.emplace_back(item.get_string());
  return result;
}

Type scalar_type(const Object& node) {
  const std::string_view type = text(node, "type");
  const std::string_view format = text(node, "format");
  if (is_set(node, "x-kubernetes-int-or-string")) return Type::kIntOrString;
  if (type == "string") return format == "date-time" ? Type::kTime : Type::kString;
  if (type == "integer") return format == "int32" ? Type::kInt32 : Type::kInt64;
  if (type == "boolean") return Type::kBool;
  if (type == "number") return Type::kNumber;
  return Type::kAny;
}

}  // namespace

class OpenApiReader {
 public:
  OpenApiReader(OpenApiSchema& owner, const Schema* object_meta, PatternMatch matches)
      : owner_(owner), object_meta_(object_meta), matches_(matches) {
    any_ = &made(Type::kAny);
    string_ = &made(Type::kString);
    any_object_ = &made(Type::kAnyObject);
  }

  const Schema& read_root() {
    if (!owner_.document_.is_object()) return *any_object_;
    return read(owner_.document_, IsObject::kYes, 0);
  }

 private:
  // Whether a node stands for a Kubernetes object, which has apiVersion, kind and metadata without saying so.
  enum class IsObject { kNo, kYes };

  Schema& made(Type type) {
    Schema& node = owner_.nodes_.emplace_back();
    node.type = type;
    return node;
  }

  const Schema& read(const Value& document, IsObject is_object, int depth) {
    const Object* node = document.if_object();
    if (!node || depth > kDepth) return *any_;
    Schema& schema = made(scalar_type(*node));
    schema.published = &document;
    schema.constraints = constraints_of(*node);
    schema.atomic = text(*node, "x-kubernetes-map-type") == "atomic";
    if (schema.type != Type::kAny) return schema;
    if (is_set(*node, "x-kubernetes-embedded-resource")) is_object = IsObject::kYes;
    if (text(*node, "type") == "array") read_list(schema, *node, depth);
    else if (text(*node, "type") == "object" || is_object == IsObject::kYes || node->contains("properties"))
      read_object(schema, *node, is_object, depth);
    return schema;
  }

  void read_list(Schema& schema, const Object& node, int depth) {
    schema.type = Type::kArray;
    const Value* items = node.if_contains("items");
    schema.element = items ? &read(*items, IsObject::kNo, depth + 1) : any_;
  }

  void read_object(Schema& schema, const Object& node, IsObject is_object, int depth) {
    const Object* properties = object(node, "properties");
    schema.open = is_set(node, "x-kubernetes-preserve-unknown-fields");
    const Value* additional = node.if_contains("additionalProperties");
    if (!properties && is_object == IsObject::kNo && additional && !(additional->is_bool() && !additional->get_bool())) {
      schema.type = Type::kMap;
      schema.element = &read(*additional, IsObject::kNo, depth + 1);
      return;
    }
    if (!properties && is_object == IsObject::kNo && schema.open) {
      schema.type = Type::kAnyObject;
      return;
    }
    schema.type = Type::kObject;
    std::vector<Field> fields;
    if (is_object == IsObject::kYes) append_identity(fields, depth == 0);
    const std::vector<std::string> required = names(node, "required");
    if (properties)
      for (const auto& member : *properties) {
        const auto known = std::ranges::find(fields, std::string_view(member.key()), &Field::name);
        if (known != fields.end()) continue;
        fields.push_back(read_field(member.key(), member.value(), depth));
        fields.back().required = std::ranges::count(required, std::string_view(member.key())) > 0;
      }
    schema.fields = std::move(fields);
  }

  // The server itself checks these members of a root; an embedded resource must have them.
  void append_identity(std::vector<Field>& fields, bool is_root) {
    for (const std::string_view name : {"apiVersion", "kind"}) {
      Field& field = fields.emplace_back();
      field.name = name;
      field.schema = string_;
      field.required = !is_root;
    }
    Field& metadata = fields.emplace_back();
    metadata.name = "metadata";
    metadata.schema = object_meta_ ? object_meta_ : any_object_;
    metadata.bare = is_root;
  }

  Field read_field(std::string_view name, const Value& document, int depth) {
    Field field;
    field.name = name;
    field.schema = &read(document, IsObject::kNo, depth + 1);
    const Object* node = document.if_object();
    if (!node) return field;
    field.description = text(*node, "description");
    field.atomic = field.schema->atomic;
    if (const Value* value = node->if_contains("default")) field.default_value = *value;
    const std::string_view list = text(*node, "x-kubernetes-list-type");
    if (list == "atomic") field.list = ListType::kAtomic;
    else if (list == "set") field.list = ListType::kSet;
    else if (list == "map") field.keys = names(*node, "x-kubernetes-list-map-keys");
    if (!field.keys.empty()) field.list = ListType::kMap;
    return field;
  }

  const Constraints* constraints_of(const Object& node) {
    Constraints wanted;
    wanted.nullable = is_set(node, "nullable");
    wanted.format = text(node, "format");
    if (const Value* values = node.if_contains("enum"); values && values->is_array()) wanted.allowed = values->get_array();
    wanted.minimum = number(node, "minimum");
    wanted.maximum = number(node, "maximum");
    wanted.exclusive_minimum = is_set(node, "exclusiveMinimum");
    wanted.exclusive_maximum = is_set(node, "exclusiveMaximum");
    if (const auto factor = number(node, "multipleOf")) wanted.multiple_of = factor->to_number<double>();
    wanted.min_length = count(node, "minLength");
    wanted.max_length = count(node, "maxLength");
    wanted.min_items = count(node, "minItems");
    wanted.max_items = count(node, "maxItems");
    wanted.min_properties = count(node, "minProperties");
    wanted.max_properties = count(node, "maxProperties");
    wanted.pattern = text(node, "pattern");
    wanted.matches = matches_;
    return &owner_.constraints_.emplace_back(std::move(wanted));
  }

  OpenApiSchema& owner_;
  const Schema* object_meta_;
  PatternMatch matches_;
  const Schema* any_ = nullptr;
  const Schema* string_ = nullptr;
  const Schema* any_object_ = nullptr;
};

OpenApiSchema::OpenApiSchema(Value document, const Schema* object_meta, PatternMatch matches) : document_(std::move(document)) {
  root_ = &OpenApiReader(*this, object_meta, matches).read_root();
}

}  // namespace canaria::json
