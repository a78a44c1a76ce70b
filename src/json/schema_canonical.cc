// Canonical text: the bytes of a decode into the Go model and an encode back. Hashes of pod templates and steps are taken
// over these bytes, so every rule here is exact.
//
// 1. An object writes its fields in model order; unknown members are dropped.
// 2. A field is written when it is not empty, or when it is `always`. Pointers ("?", and objects that are not `always`)
//    are not empty once they are present, whatever they hold.
// 3. A missing or wrongly typed `always` field writes its zero: {}, null for lists and maps, "", 0, false.
// 4. Elements of a wrong type (also null) in lists and maps write the zero of the element type.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/time.h"
#include "json/schema.h"
#include "json/write.h"

namespace canaria::json {

namespace {

// The value with the members of every object in bytewise order of their names, as Go writes maps.
Value sorted(const Value& value) {
  if (const Array* array = value.if_array()) {
    Array items;
    for (const Value& item : *array) items.push_back(sorted(item));
    return items;
  }
  const Object* object = value.if_object();
  if (!object) return value;
  std::vector<std::string_view> keys;
  for (const auto& member : *object) keys.push_back(member.key());
  std::ranges::sort(keys);
  Object members;
  for (const std::string_view key : keys) members.emplace(key, sorted(object->at(key)));
  return members;
}

// The integer a JSON number holds; absent for fractions and what exceeds the type's range.
std::optional<std::int64_t> integer_of(const Value& value, Type type) {
  std::int64_t number = 0;
  if (const auto* plain = value.if_int64()) {
    number = *plain;
  } else if (const auto* real = value.if_double(); real && std::floor(*real) == *real && std::fabs(*real) < 9.2e18) {
    number = static_cast<std::int64_t>(*real);
  } else {
    return std::nullopt;
  }
  using Int32 = std::numeric_limits<std::int32_t>;
  if (type != Type::kInt64 && (number < Int32::min() || number > Int32::max())) return std::nullopt;
  return number;
}

std::optional<std::string> quantity_of(const Value& value, const Schema& schema) {
  std::string text;
  if (const auto* string = value.if_string()) text.assign(string->data(), string->size());
  else if (value.is_number()) text = write(value);
  else return std::nullopt;
  return schema.canonical_text ? schema.canonical_text(text) : text;
}

std::optional<std::string> time_of(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  const auto parsed = parse_time(value.get_string());
  if (!parsed) return std::nullopt;
  return format_time(*parsed);
}

bool fits(const Value& value, const Schema& schema) {
  switch (schema.type) {
    case Type::kObject:
    case Type::kMap:
    case Type::kAnyObject: return value.is_object();
    case Type::kArray: return value.is_array();
    case Type::kString: return value.is_string();
    case Type::kInt32:
    case Type::kInt64: return integer_of(value, schema.type).has_value();
    case Type::kBool: return value.is_bool();
    case Type::kNumber: return value.is_number();
    case Type::kQuantity: return quantity_of(value, schema).has_value();
    case Type::kIntOrString: return value.is_string() || integer_of(value, Type::kInt32).has_value();
    case Type::kTime: return time_of(value).has_value();
    case Type::kAny: return !value.is_null();
  }
  return false;
}

// Rule 2 for a value of the right type.
bool is_empty(const Value& value, const Schema& schema) {
  switch (schema.type) {
    case Type::kMap: return value.get_object().empty();
    case Type::kArray: return value.get_array().empty();
    case Type::kString: return value.get_string().empty();
    case Type::kInt32:
    case Type::kInt64: return integer_of(value, schema.type) == 0;
    case Type::kBool: return !value.get_bool();
    case Type::kNumber: return value.to_number<double>() == 0;
    default: return false;
  }
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  // `value` null means the zero of the type.
  void write(const Value* value, const Schema& schema) {
    if (value && !fits(*value, schema)) value = nullptr;
    switch (schema.type) {
      case Type::kObject: return write_object(value, schema);
      case Type::kArray: return write_array(value, schema);
      case Type::kMap: return write_map(value, schema);
      case Type::kString: return append_string(value ? std::string_view(value->get_string()) : std::string_view());
      case Type::kBool: return append(value && value->get_bool() ? "true" : "false");
      case Type::kInt32:
      case Type::kInt64: return append(std::to_string(value ? integer_of(*value, schema.type).value_or(0) : 0));
      case Type::kNumber: return append(value ? canaria::json::write(*value) : "0");
      case Type::kQuantity: return append_string(value ? quantity_of(*value, schema).value_or("0") : "0");
      case Type::kIntOrString:
        if (value && value->is_string()) return append_string(value->get_string());
        return append(std::to_string(value ? integer_of(*value, Type::kInt32).value_or(0) : 0));
      case Type::kTime: return value ? append_string(*time_of(*value)) : append("null");
      case Type::kAny:
      case Type::kAnyObject: return append(value ? write_go(sorted(*value)) : "null");
    }
  }

 private:
  void append(std::string_view text) { out_ += text; }
  void append_string(std::string_view text) { out_ += write_go(Value(text)); }

  static bool is_written(const Value* member, const Field& field) {
    if (field.always) return true;
    if (!member || !fits(*member, *field.schema)) return false;
    return field.pointer || !is_empty(*member, *field.schema);
  }

  void write_object(const Value* value, const Schema& schema) {
    const Object* object = value ? value->if_object() : nullptr;
    bool first = true;
    out_ += '{';
    for (const Field& field : schema.fields) {
      const Value* member = object ? object->if_contains(field.name) : nullptr;
      if (!is_written(member, field)) continue;
      if (!first) out_ += ',';
      first = false;
      append_string(field.name);
      out_ += ':';
      // A pointer that must be written but is missing, such as a required StringMatch.
      const bool is_null = field.pointer && (!member || !fits(*member, *field.schema));
      if (is_null) append("null");
      else write(member, *field.schema);
    }
    out_ += '}';
  }

  void write_array(const Value* value, const Schema& schema) {
    if (!value) return append("null");
    bool first = true;
    out_ += '[';
    for (const Value& item : value->get_array()) {
      if (!first) out_ += ',';
      first = false;
      write(&item, *schema.element);
    }
    out_ += ']';
  }

  void write_map(const Value* value, const Schema& schema) {
    if (!value) return append("null");
    std::map<std::string_view, const Value*> members;
    for (const auto& member : value->get_object()) members.emplace(member.key(), &member.value());
    bool first = true;
    out_ += '{';
    for (const auto& [key, item] : members) {
      if (!first) out_ += ',';
      first = false;
      append_string(key);
      out_ += ':';
      write(item, *schema.element);
    }
    out_ += '}';
  }

  std::string out_;
};

std::string_view type_name(Type type) {
  switch (type) {
    case Type::kObject:
    case Type::kMap:
    case Type::kAnyObject: return "an object";
    case Type::kArray: return "a list";
    case Type::kString: return "a string";
    case Type::kInt32:
    case Type::kInt64: return "an integer";
    case Type::kBool: return "true or false";
    case Type::kNumber: return "a number";
    case Type::kQuantity: return "a quantity such as 500m or 1Gi";
    case Type::kIntOrString: return "an integer or a string";
    case Type::kTime: return "a time such as 2026-08-01T12:00:00Z";
    case Type::kAny: return "a value";
  }
  return "";
}

std::optional<FieldError> misfit_at(const Value& value, const Schema& schema, const std::string& path) {
  if (value.is_null()) return std::nullopt;
  if (!fits(value, schema))
    return FieldError{Problem::kInvalidType, path,
                      "Invalid value: " + canaria::json::write(value) + ": must be " + std::string(type_name(schema.type))};
  if (schema.type == Type::kObject) {
    for (const Field& field : schema.fields)
      if (const Value* member = value.get_object().if_contains(field.name))
        if (auto found = misfit_at(*member, *field.schema, path.empty() ? field.name : path + "." + field.name)) return found;
  } else if (schema.type == Type::kMap) {
    for (const auto& member : value.get_object())
      if (auto found = misfit_at(member.value(), *schema.element, path + "[" + std::string(member.key()) + "]")) return found;
  } else if (schema.type == Type::kArray) {
    for (std::size_t i = 0; i < value.get_array().size(); ++i)
      if (auto found = misfit_at(value.get_array()[i], *schema.element, path + "[" + std::to_string(i) + "]")) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string canonical(const Value& value, const Schema& schema) {
  Writer writer;
  writer.write(&value, schema);
  return writer.take();
}

std::optional<FieldError> first_misfit(const Value& value, const Schema& schema) { return misfit_at(value, schema, ""); }

}  // namespace canaria::json
