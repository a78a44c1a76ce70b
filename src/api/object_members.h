// The few moves that defaults and validation of objects consist of: look at a member, set it when it is unset. Private to api.
// A member of the wrong type counts as missing: whoever calls has checked the types of the schema before.
//
// "Unset" is what Go's typed model makes of it: missing, null, or the empty string; callers never use these functions on
// members for which an empty string means something.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "json/value.h"

namespace canaria::api {

// The object that is this member; null when it is missing or something else.
inline json::Object* object_at(json::Object& parent, std::string_view key) {
  json::Value* member = parent.if_contains(key);
  return member ? member->if_object() : nullptr;
}

inline const json::Object* object_at(const json::Object& parent, std::string_view key) {
  const json::Value* member = parent.if_contains(key);
  return member ? member->if_object() : nullptr;
}

// As above, with an empty object or list in place of none.
inline const json::Object& object_in(const json::Object& parent, std::string_view key) {
  static const json::Object kNone;
  const json::Object* object = object_at(parent, key);
  return object ? *object : kNone;
}
inline const json::Array& list_in(const json::Object& parent, std::string_view key) {
  static const json::Array kNone;
  const json::Value* member = parent.if_contains(key);
  return member && member->is_array() ? member->get_array() : kNone;
}

inline const json::Object& as_object(const json::Value& value) {
  static const json::Object kNone;
  return value.is_object() ? value.get_object() : kNone;
}

inline std::optional<std::int64_t> integer_in(const json::Object& object, std::string_view key) {
  const json::Value* member = object.if_contains(key);
  if (!member || !member->is_int64()) return std::nullopt;
  return member->get_int64();
}

inline bool flag_in(const json::Object& object, std::string_view key) {
  const json::Value* member = object.if_contains(key);
  return member && member->is_bool() && member->get_bool();
}

inline json::Array* array_at(json::Object& parent, std::string_view key) {
  json::Value* member = parent.if_contains(key);
  return member ? member->if_array() : nullptr;
}

template <class Visit>
void for_each_object(json::Object& parent, std::string_view key, Visit visit) {
  json::Array* list = array_at(parent, key);
  if (!list) return;
  for (json::Value& item : *list)
    if (json::Object* object = item.if_object()) visit(*object);
}

inline std::string_view text_of(const json::Object& object, std::string_view key) {
  const json::Value* member = object.if_contains(key);
  return member && member->is_string() ? std::string_view(member->get_string()) : std::string_view();
}

inline bool is_unset(const json::Object& object, std::string_view key) {
  const json::Value* member = object.if_contains(key);
  return !member || member->is_null() || (member->is_string() && member->get_string().empty());
}

inline void set_unset(json::Object& object, std::string_view key, json::Value value) {
  if (is_unset(object, key)) object[key] = std::move(value);
}

// The member as an object, made when it is missing or null; null when it is something else.
inline json::Object* made_object(json::Object& parent, std::string_view key) {
  set_unset(parent, key, json::Object());
  return object_at(parent, key);
}

}  // namespace canaria::api
