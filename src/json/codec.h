// Structs to JSON and back, driven by Boost.Describe, with the conventions of the Kubernetes API (Go's encoding/json):
// a zero number, false, "" and an empty list or map are left out, so is an empty optional; a nested plain struct is
// always written (as {} when empty), an optional struct only when it is set. A member name that ends in "_" stands for the
// JSON key without it.
//
// Decoding is tolerant, as the reference's informers are: a member of the wrong type is treated as missing. Whether an
// object is well formed is the schema's business (schema.h), not the codec's.
//
// Members may be: bool, int32/int64, double, std::string, Time, Value (kept as it is), std::optional, std::vector,
// std::map<std::string, T>, described structs, and any T with `bool from_json(const Value&, T&)` (false: does not
// fit, target untouched) / `Value to_json(const T&)`.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/time.h"
#include "json/value.h"

namespace canaria::json {

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && std::is_class_v<T>;
template <class T>
concept CustomCodec = requires(const Value& value, T& target, const T& source) {
  { from_json(value, target) } -> std::same_as<bool>;
  { to_json(source) } -> std::same_as<Value>;
};

template <class T>
void decode_into(const Value& value, T& target);
template <class T>
Value encode(const T& source);

namespace codec {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

// "namespace_" -> "namespace".
constexpr std::string_view key_of(const char* member) {
  std::string_view key(member);
  if (key.ends_with('_')) key.remove_suffix(1);
  return key;
}

// Whether a value is of an arithmetic type and in its range.
template <class T>
bool fits(const Value& value) {
  if constexpr (std::is_same_v<T, bool>) return value.is_bool();
  else if constexpr (std::is_floating_point_v<T>) return value.is_number();
  else return value.is_int64() && std::in_range<T>(value.get_int64());
}

template <class T>
bool is_left_out(const T& value) {
  if constexpr (is_optional<T>) return !value.has_value();
  else if constexpr (CustomCodec<T>) return to_json(value).is_null();
  else if constexpr (std::is_same_v<T, Value>) return value.is_null();
  else if constexpr (std::is_same_v<T, Time>) return false;
  else if constexpr (std::is_arithmetic_v<T>) return value == T{};
  else if constexpr (std::is_same_v<T, std::string> || is_vector<T> || is_map<T>) return value.empty();
  else return false;
}

}  // namespace codec

template <class T>
void decode_into(const Value& value, T& target) {
  if constexpr (codec::is_optional<T>) {
    if (value.is_null()) return;
    typename T::value_type inner{};
    if constexpr (std::is_same_v<typename T::value_type, Time>) {
      const auto parsed = value.is_string() ? parse_time(value.get_string()) : std::nullopt;
      if (!parsed) return;
      inner = *parsed;
    } else if constexpr (std::is_arithmetic_v<typename T::value_type>) {
      if (!codec::fits<typename T::value_type>(value)) return;
      decode_into(value, inner);
    } else if constexpr (Described<typename T::value_type>) {
      if (!value.is_object()) return;
      decode_into(value, inner);
    } else if constexpr (CustomCodec<typename T::value_type>) {
      if (!from_json(value, inner)) return;
    } else {
      decode_into(value, inner);
    }
    target = std::move(inner);
  } else if constexpr (CustomCodec<T>) {
    static_cast<void>(from_json(value, target));
  } else if constexpr (std::is_same_v<T, Value>) {
    target = value;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (const auto* flag = value.if_bool()) target = *flag;
  } else if constexpr (std::is_integral_v<T>) {
    if (codec::fits<T>(value)) target = static_cast<T>(value.get_int64());
  } else if constexpr (std::is_floating_point_v<T>) {
    if (value.is_number()) target = value.to_number<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (const auto* text = value.if_string()) target.assign(text->data(), text->size());
  } else if constexpr (std::is_same_v<T, Time>) {
    if (value.is_string())
      if (const auto parsed = parse_time(value.get_string())) target = *parsed;
  } else if constexpr (codec::is_vector<T>) {
    const Array* array = value.if_array();
    if (!array) return;
    target.reserve(array->size());
    for (const Value& item : *array) decode_into(item, target.emplace_back());
  } else if constexpr (codec::is_map<T>) {
    const Object* object = value.if_object();
    if (!object) return;
    for (const auto& [key, item] : *object) decode_into(item, target[std::string(key)]);
  } else {
    static_assert(Described<T>, "a struct needs BOOST_DESCRIBE_STRUCT");
    const Object* object = value.if_object();
    if (!object) return;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
      if (const Value* found = object->if_contains(codec::key_of(member.name))) decode_into(*found, target.*member.pointer);
    });
  }
}

// The struct that a JSON value describes; whatever does not fit is left at its default.
template <class T>
T decode(const Value& value) {
  T target{};
  decode_into(value, target);
  return target;
}

template <class T>
Value encode(const T& source) {
  if constexpr (codec::is_optional<T>) {
    return source ? encode(*source) : Value(nullptr);
  } else if constexpr (CustomCodec<T>) {
    return to_json(source);
  } else if constexpr (std::is_same_v<T, Value>) {
    return source;
  } else if constexpr (std::is_same_v<T, Time>) {
    return Value(format_time(source));
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return Value(source);
  } else if constexpr (codec::is_vector<T>) {
    Array array;
    array.reserve(source.size());
    for (const auto& item : source) array.push_back(encode(item));
    return array;
  } else if constexpr (codec::is_map<T>) {
    Object object;
    for (const auto& [key, item] : source) object.emplace(key, encode(item));
    return object;
  } else {
    static_assert(Described<T>, "a struct needs BOOST_DESCRIBE_STRUCT");
    Object object;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
      const auto& field = source.*member.pointer;
      if (!codec::is_left_out(field)) object.emplace(codec::key_of(member.name), encode(field));
    });
    return object;
  }
}

}  // namespace canaria::json
