// The order of events in one object: $patch decides alone; then $retainKeys clears members, the members are merged one by one,
// $deleteFromPrimitiveList removes, $setElementOrder arranges.
//
// What is new is merged into nothing, so that directives and nulls inside it do not survive. Messages show the patch as Go
// prints it, because users find these texts on the web.
#include "json/strategic_patch.h"

#include <algorithm>
#include <map>
#include <utility>

#include "json/write.h"

namespace canaria::json {

namespace {

constexpr int kDepth = 200;
constexpr std::string_view kPatch = "$patch";
constexpr std::string_view kRetainKeys = "$retainKeys";
constexpr std::string_view kElementOrder = "$setElementOrder/";
constexpr std::string_view kDeleteFromList = "$deleteFromPrimitiveList/";

struct Place {
  const Schema* schema = nullptr;
  const Field* owner = nullptr;
};

Place member_place(const Place& place, std::string_view name) {
  if (!place.schema) return {};
  if (place.schema->type == Type::kMap) return {place.schema->element, nullptr};
  const Field* field = place.schema->field(name);
  return field ? Place{field->schema, field} : Place{};
}

ListType list_type(const Place& place) {
  return place.owner && place.schema && place.schema->type == Type::kArray ? place.owner->list : ListType::kPlain;
}

// As Go prints a decoded document with %v: map[a:1 b:[x y]].
std::string go_text(const Value& value) {
  std::string text;
  const auto append = [&](const std::string& item) { text += (text.empty() ? "" : " ") + item; };
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return std::string(value.get_string());
  if (const Array* array = value.if_array()) {
    for (const Value& item : *array) append(go_text(item));
    return "[" + text + "]";
  }
  const Object* object = value.if_object();
  if (!object) return write(value);
  std::map<std::string_view, const Value*> members;
  for (const auto& member : *object) members.emplace(member.key(), &member.value());
  for (const auto& [key, item] : members) append(std::string(key) + ":" + go_text(*item));
  return "map[" + text + "]";
}

std::string_view go_type(const Value& value) {
  if (value.is_object()) return "map[string]interface {}";
  if (value.is_array()) return "[]interface {}";
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  if (value.is_null()) return "<nil>";
  return value.is_double() ? "float64" : "int64";
}

tl::unexpected<Error> unknown_directive(const Value& directive, const Object& patch) {
  return fail(Code::kBadRequest, "unknown patch type: " + go_text(directive) + " in map: " + go_text(Value(patch)));
}

tl::unexpected<Error> no_merge_key(const Value& item, std::string_view key) {
  return fail(Code::kBadRequest, "map: " + go_text(item) + " does not contain declared merge key: " + std::string(key));
}

// What tells the elements of a list apart: the value of the merge key, or a scalar itself.
class Identity {
 public:
  explicit Identity(const Place& list) {
    if (list_type(list) == ListType::kMap) key_ = list.owner->keys.front();
  }
  bool has_key() const { return !key_.empty(); }
  const std::string& key() const { return key_; }

  Result<std::string> of(const Value& item) const {
    if (!has_key()) return write(item);
    const Object* object = item.if_object();
    const Value* value = object ? object->if_contains(key_) : nullptr;
    if (!value) return no_merge_key(item, key_);
    return write(*value);
  }

 private:
  std::string key_;
};

using Positions = std::map<std::string, std::size_t>;

// Elements without the key (the stored object may have such) are nowhere.
Positions positions_of(const Array& list, const Identity& identity) {
  Positions positions;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (auto id = identity.of(list[i])) positions.emplace(*std::move(id), i);
  return positions;
}

// The merged elements: those that the client names in the order it wants, among them the others, each before the first
// named one that it preceded on the server. Server [a b c], wanted [c x a]: [b c x a].
Array arranged(const Array& merged, const Array& wanted, const Array& server, const Identity& identity) {
  struct Item {
    const Value* value;
    std::string id;
    std::size_t position;
  };
  const Positions wanted_at = positions_of(wanted, identity);
  const Positions server_at = positions_of(server, identity);
  std::vector<Item> named;
  std::vector<Item> others;
  for (const Value& value : merged) {
    const std::string id = identity.of(value).value_or("");
    const auto place = wanted_at.find(id);
    if (place != wanted_at.end()) named.push_back({&value, id, place->second});
    else others.push_back({&value, id, 0});
  }
  std::ranges::stable_sort(named, {}, &Item::position);
  const auto precedes = [&](const Item& left, const Item& right) {
    const auto a = server_at.find(left.id);
    const auto b = server_at.find(right.id);
    return a != server_at.end() && b != server_at.end() && a->second < b->second;
  };
  Array result;
  auto other = others.begin();
  for (const Item& item : named) {
    for (; other != others.end() && precedes(*other, item); ++other) result.push_back(*other->value);
    result.push_back(*item.value);
  }
  for (; other != others.end(); ++other) result.push_back(*other->value);
  return result;
}

Result<Value> merged_value(const Value* target, const Value& patch, const Place& place, int depth);

// A list of scalars: what the patch names is added.
Array merged_set(const Array& target, const Array& patch) {
  Array merged;
  std::map<std::string, bool> seen;
  for (const Array* part : {&target, &patch})
    for (const Value& item : *part)
      if (seen.emplace(write(item), true).second) merged.push_back(item);
  return merged;
}

struct ElementPatches {
  Array ordinary;
  std::map<std::string, bool> deleted;
  bool replaces = false;
};

// Directives in a list are elements: {$patch: replace}, {$patch: delete, <merge key>: x}.
Result<ElementPatches> sort_out(const Array& target, const Array& patch, const Identity& identity) {
  ElementPatches patches;
  for (const Value& item : patch) {
    const Object* object = item.if_object();
    if (!object)
      return fail(Code::kBadRequest,
                  "list element types are not identical: [" + go_text(Value(target)) + " " + go_text(Value(patch)) + "]");
    const Value* directive = object->if_contains(kPatch);
    if (!directive) {
      patches.ordinary.push_back(item);
    } else if (*directive == "delete") {
      TRY(std::string id, identity.of(item));
      patches.deleted.emplace(std::move(id), true);
    } else if (*directive == "replace") {
      patches.replaces = true;
    } else if (*directive == "merge") {
      return fail(Code::kBadRequest, "merging lists cannot yet be specified in the patch");
    } else {
      return unknown_directive(*directive, *object);
    }
  }
  return patches;
}

Result<Array> merged_by_key(const Array& target, const Array& patch, const Place& place, const Identity& identity, int depth) {
  TRY(const ElementPatches patches, sort_out(target, patch, identity));
  const Place element{place.schema->element, nullptr};
  Array merged;
  if (!patches.replaces)
    for (const Value& item : target)
      if (!patches.deleted.contains(identity.of(item).value_or(""))) merged.push_back(item);
  Positions known = positions_of(merged, identity);
  for (const Value& item : patches.ordinary) {
    TRY(std::string id, identity.of(item));
    const auto twin = known.find(id);
    if (twin != known.end()) {
      TRY(merged[twin->second], merged_value(&merged[twin->second], item, element, depth + 1));
      continue;
    }
    TRY(Value fresh, merged_value(nullptr, item, element, depth + 1));
    known.emplace(std::move(id), merged.size());
    merged.push_back(std::move(fresh));
  }
  return arranged(merged, patches.ordinary, patches.replaces ? Array() : target, identity);
}

Result<Value> merged_list(const Array& target, const Array& patch, const Place& place, int depth) {
  const ListType type = list_type(place);
  const Identity identity(place);
  if (type == ListType::kSet) return Value(arranged(merged_set(target, patch), patch, target, identity));
  if (type != ListType::kMap) return Value(patch);
  TRY(Array merged, merged_by_key(target, patch, place, identity, depth));
  return Value(std::move(merged));
}

class ObjectMerge {
 public:
  ObjectMerge(Object target, const Object& patch, const Place& place, int depth)
      : target_(std::move(target)), patch_(patch), place_(place), depth_(depth) {}

  Result<Value> run() {
    if (const Value* directive = patch_.if_contains(kPatch)) return replaced(*directive);
    if (const Value* retained = patch_.if_contains(kRetainKeys)) {
      CHECK_OK(retain(*retained));
    }
    const Object before = ordered_lists();
    for (const auto& member : patch_) {
      CHECK_OK(merge_member(member.key(), member.value()));
    }
    for (const auto& member : patch_) {
      CHECK_OK(obey(member.key(), member.value(), before));
    }
    return Value(std::move(target_));
  }

 private:
  Result<Value> replaced(const Value& directive) const {
    if (directive == "delete") return Value(Object());
    if (directive != "replace") return unknown_directive(directive, patch_);
    Object result = patch_;
    result.stable_erase(result.find(kPatch));
    return Value(std::move(result));
  }

  Status retain(const Value& names) {
    const auto bad = [] { return fail(Code::kBadRequest, "invalid patch format of retainKeys"); };
    if (!names.is_array()) return bad();
    std::map<std::string, bool, std::less<>> kept;
    for (const Value& name : names.get_array())
      if (name.is_string()) kept.emplace(name.get_string(), true);
    for (const auto& member : patch_)
      if (!member.value().is_null() && !member.key().starts_with('$') && !kept.contains(std::string_view(member.key())))
        return bad();
    Object rest;
    for (auto& member : target_)
      if (kept.contains(std::string_view(member.key()))) rest.emplace(member.key(), std::move(member.value()));
    target_ = std::move(rest);
    return {};
  }

  // The lists as they are on the server, of which an order will be asked.
  Object ordered_lists() const {
    Object lists;
    for (const auto& member : patch_) {
      if (!member.key().starts_with(kElementOrder)) continue;
      const std::string_view name = std::string_view(member.key()).substr(kElementOrder.size());
      if (const Value* list = target_.if_contains(name)) lists[name] = *list;
    }
    return lists;
  }

  static bool is_directive(std::string_view key) {
    return key == kRetainKeys || key.starts_with(kElementOrder) || key.starts_with(kDeleteFromList);
  }

  Status merge_member(std::string_view key, const Value& value) {
    if (is_directive(key)) return {};
    const auto found = target_.find(key);
    if (value.is_null()) {
      if (found != target_.end()) target_.stable_erase(found);
      return {};
    }
    const Value* before = found == target_.end() ? nullptr : &found->value();
    TRY(Value merged, merged_value(before, value, member_place(place_, key), depth_ + 1));
    target_.insert_or_assign(key, std::move(merged));
    return {};
  }

  // Directives about the list of a member, which is merged by now.
  Status obey(std::string_view key, const Value& value, const Object& before) {
    if (key.starts_with(kDeleteFromList)) return delete_from(key.substr(kDeleteFromList.size()), value);
    if (key.starts_with(kElementOrder)) return arrange(key.substr(kElementOrder.size()), value, before);
    return {};
  }

  Status delete_from(std::string_view name, const Value& values) {
    Value* list = target_.if_contains(name);
    if (!list || !list->is_array() || !values.is_array()) return {};
    std::map<std::string, bool> deleted;
    for (const Value& value : values.get_array()) deleted.emplace(write(value), true);
    Array kept;
    for (const Value& item : list->get_array())
      if (!deleted.contains(write(item))) kept.push_back(item);
    *list = std::move(kept);
    return {};
  }

  Status arrange(std::string_view name, const Value& order, const Object& before) {
    const auto bad = [](const Value& value) {
      return fail(Code::kBadRequest, "expected a []interface {}, but received a " + std::string(go_type(value)));
    };
    if (!order.is_array()) return bad(order);
    const Identity identity(member_place(place_, name));
    for (const Value& item : order.get_array()) {
      CHECK_OK(identity.of(item));
    }
    const Value* patched = patch_.if_contains(name);
    if (patched && !patched->is_null()) {
      if (!patched->is_array()) return bad(*patched);
      if (!agrees(patched->get_array(), order.get_array(), identity))
        return fail(Code::kBadRequest, "The order in patch list:\n" + go_text(*patched) +
                                           "\n doesn't match $setElementOrder list:\n" + go_text(order) + "\n");
    }
    Value* list = target_.if_contains(name);
    if (!list) return {};
    if (!list->is_array()) return bad(*list);
    const Value* server = before.if_contains(name);
    *list =
        arranged(list->get_array(), order.get_array(), server && server->is_array() ? server->get_array() : Array(), identity);
    return {};
  }

  // Whether the elements of a patch come in the order that it asks for; deleted ones have no place in it.
  static bool agrees(const Array& patch, const Array& order, const Identity& identity) {
    const Positions positions = positions_of(order, identity);
    std::size_t least = 0;
    for (const Value& item : patch) {
      if (item.is_object() && item.get_object().contains(kPatch)) continue;
      const auto found = positions.find(identity.of(item).value_or(""));
      if (found == positions.end() || found->second < least) return false;
      least = found->second;
    }
    return true;
  }

  Object target_;
  const Object& patch_;
  Place place_;
  int depth_;
};

Result<Value> merged_value(const Value* target, const Value& patch, const Place& place, int depth) {
  if (depth > kDepth) return fail(Code::kBadRequest, "the patch is nested more than " + std::to_string(kDepth) + " levels deep");
  if (const Object* object = patch.if_object())
    return ObjectMerge(target && target->is_object() ? target->get_object() : Object(), *object, place, depth).run();
  if (const Array* array = patch.if_array())
    return merged_list(target && target->is_array() ? target->get_array() : Array(), *array, place, depth);
  return patch;
}

}  // namespace

Result<Value> strategic_merge_patch(const Value& target, const Value& patch, const Schema* schema) {
  if (!patch.is_object()) {
    const std::string_view kind = patch.is_array() ? "array" : patch.is_string() ? "string" : patch.is_bool() ? "bool" : "number";
    return fail(Code::kBadRequest,
                "json: cannot unmarshal " + std::string(kind) + " into Go value of type map[string]interface {}");
  }
  return merged_value(&target, patch, {schema, nullptr}, 0);
}

}  // namespace canaria::json
