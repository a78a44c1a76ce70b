// One notion of place (schema and the field that owns it) and of shape (leaf, object, list by keys, set) carries all functions.
// Lists may hold an element twice (the API server stores such objects); then the elements of that key count as one leaf.
#include "json/typed_fields.h"

#include <algorithm>
#include <map>
#include <utility>

#include "json/patch.h"
#include "json/write.h"

namespace canaria::json {

namespace {

// Below this depth a value is one field: managedFields nest as deep as their object and must stay readable.
constexpr int kDepth = 60;

struct Place {
  const Schema* schema = nullptr;  // null: whatever the value is
  const Field* owner = nullptr;
  int depth = 0;
};

enum class Shape { kLeaf, kObject, kKeyed, kSet };

bool is_untyped(const Place& place) {
  return !place.schema || place.schema->type == Type::kAny || place.schema->type == Type::kAnyObject ||
         (place.owner && place.owner->opaque);
}

// What the place makes of a value that is not null.
Shape shape_of(const Value& value, const Place& place) {
  if (place.depth > kDepth) return Shape::kLeaf;
  if (is_untyped(place)) return value.is_object() && !(place.owner && place.owner->atomic) ? Shape::kObject : Shape::kLeaf;
  if (place.schema->atomic || (place.owner && place.owner->atomic)) return Shape::kLeaf;
  if (value.is_object() && (place.schema->type == Type::kObject || place.schema->type == Type::kMap)) return Shape::kObject;
  if (!value.is_array() || place.schema->type != Type::kArray || !place.owner) return Shape::kLeaf;
  if (place.owner->list == ListType::kMap) return Shape::kKeyed;
  return place.owner->list == ListType::kSet ? Shape::kSet : Shape::kLeaf;
}

bool is_empty(const Value* value) {
  if (!value || value->is_null()) return true;
  if (const Object* object = value->if_object()) return object->empty();
  const Array* array = value->if_array();
  return array && array->empty();
}

Place member_place(const Place& place, std::string_view name) {
  Place inner;
  inner.depth = place.depth + 1;
  if (is_untyped(place)) return inner;
  if (place.schema->type == Type::kMap) {
    inner.schema = place.schema->element;
  } else if (const Field* field = place.schema->field(name)) {
    inner.schema = field->schema;
    inner.owner = field;
  }
  return inner;
}

Place element_place(const Place& place) {
  Place inner;
  inner.depth = place.depth + 1;
  inner.schema = place.schema->element;
  return inner;
}

PathStep step_of(const Value& item, std::size_t index, const Place& list) {
  if (list.owner->list == ListType::kSet) return PathStep::element(item);
  Object keys;
  if (const Object* object = item.if_object())
    for (const std::string& key : list.owner->keys) {
      const Field* field = list.schema->element->field(key);
      if (const Value* member = object->if_contains(key)) keys[key] = *member;
      else if (field && field->default_value) keys[key] = *field->default_value;
    }
  if (!keys.empty()) return PathStep::key(std::move(keys));
  PathStep step;
  step.kind = PathStep::Kind::kIndex;
  step.value = static_cast<std::int64_t>(index);
  return step;
}

using Elements = std::map<PathStep, std::vector<const Value*>>;

Elements elements_of(const Value* list, const Place& place) {
  Elements elements;
  const Array* array = list ? list->if_array() : nullptr;
  if (!array) return elements;
  for (std::size_t i = 0; i < array->size(); ++i) elements[step_of((*array)[i], i, place)].push_back(&(*array)[i]);
  return elements;
}

void collect(const Value& value, const Place& place, FieldSet& set) {
  const Shape shape = value.is_null() || is_empty(&value) ? Shape::kLeaf : shape_of(value, place);
  if (shape == Shape::kLeaf) return set.insert();
  if (shape == Shape::kObject) {
    for (const auto& member : value.get_object()) {
      const Place inner = member_place(place, member.key());
      FieldSet& node = set[PathStep::field(member.key())];
      if (!inner.owner) node.insert();  // a key of a map, unlike a field of an object, is itself somebody's
      collect(member.value(), inner, node);
    }
    return;
  }
  for (const auto& [step, items] : elements_of(&value, place)) {
    FieldSet& node = set[step];
    node.insert();
    if (shape == Shape::kKeyed && items.size() == 1) collect(*items.front(), element_place(place), node);
  }
}

class Comparison {
 public:
  explicit Comparison(Origin origin) : origin_(origin) {}
  FieldChanges changes;

  void visit(const Value* before, const Value* after, const Place& place) {
    const Value* typical = after && !after->is_null() ? after : before;
    if (!typical) return;
    const Shape shape = typical->is_null() ? Shape::kLeaf : shape_of(*typical, place);
    const Shape other = before && !before->is_null() ? shape_of(*before, place) : shape;
    if (shape == Shape::kLeaf || (is_empty(before) && is_empty(after))) {
      if (other != Shape::kLeaf) descend(before, nullptr, other, place);
      return leaf(before, after);
    }
    if (other == shape) {
      descend(before, after, shape, place);
      if (before && after) return;
    } else {
      descend(nullptr, after, shape, place);
    }
    leaf(before, after);
  }

 private:
  static void add(FieldSet& set, const std::vector<PathStep>& path) {
    FieldSet* node = &set;
    for (const PathStep& step : path) node = &(*node)[step];
    node->insert();
  }

  void leaf(const Value* before, const Value* after) {
    if (path_.empty()) return;
    if (!before) add(changes.added, path_);
    else if (!after) add(changes.removed, path_);
    else if (!same_json(*before, *after)) add(changes.modified, path_);
  }

  void descend(const Value* before, const Value* after, Shape shape, const Place& place) {
    if (shape == Shape::kObject) members(before, after, place);
    else elements(elements_of(before, place), elements_of(after, place), shape, place);
  }

  // What a Go struct holds where the document has nothing; null when it holds nothing either.
  const Value* unwritten(const Place& place, bool parent_exists) const {
    static const Value kObject = Object();
    static const Value kNull = nullptr;
    if (origin_ != Origin::kBuiltIn || !parent_exists || !place.owner) return nullptr;
    const bool is_struct = place.schema->type == Type::kObject && !place.owner->pointer;
    const bool is_root = path_.size() == 1 && (place.owner->name == "spec" || place.owner->name == "status");
    if (!place.owner->always && !(is_root && is_struct)) return nullptr;
    return is_struct ? &kObject : &kNull;
  }

  void members(const Value* before, const Value* after, const Place& place) {
    const Object* old = before ? before->if_object() : nullptr;
    const Object* fresh = after ? after->if_object() : nullptr;
    const auto one = [&](std::string_view name, const Value* left, const Value* right) {
      path_.push_back(PathStep::field(name));
      const Place inner = member_place(place, name);
      if (!left) left = unwritten(inner, old != nullptr);
      if (!right) right = unwritten(inner, fresh != nullptr);
      visit(left, right, inner);
      path_.pop_back();
    };
    if (fresh)
      for (const auto& member : *fresh) one(member.key(), old ? old->if_contains(member.key()) : nullptr, &member.value());
    if (old)
      for (const auto& member : *old)
        if (!fresh || !fresh->contains(member.key())) one(member.key(), &member.value(), nullptr);
  }

  void elements(const Elements& old, const Elements& fresh, Shape shape, const Place& place) {
    for (const auto& [step, items] : fresh) element(step, old.contains(step) ? &old.at(step) : nullptr, &items, shape, place);
    for (const auto& [step, items] : old)
      if (!fresh.contains(step)) element(step, &items, nullptr, shape, place);
  }

  void element(const PathStep& step, const std::vector<const Value*>* old, const std::vector<const Value*>* fresh, Shape shape,
               const Place& place) {
    path_.push_back(step);
    const bool is_single = (!old || old->size() == 1) && (!fresh || fresh->size() == 1);
    if (is_single && shape == Shape::kKeyed) {
      visit(old ? old->front() : nullptr, fresh ? fresh->front() : nullptr, element_place(place));
    } else {
      const Value left = old ? joined(*old) : Value();
      const Value right = fresh ? joined(*fresh) : Value();
      leaf(old ? &left : nullptr, fresh ? &right : nullptr);
    }
    path_.pop_back();
  }

  static Value joined(const std::vector<const Value*>& items) {
    Array array;
    for (const Value* item : items) array.push_back(*item);
    return array;
  }

  Origin origin_;
  std::vector<PathStep> path_;
};

Value merged(const Value& live, const Value& applied, const Place& place);

// Rounds over both lists: an element that only the live list has is taken where it stands, common ones come in the applied
// order. [a b c] with [c x a] applied is [b c x a]: a waits for its turn, b stands before c.
Value merged_list(const Array& live, const Array& applied, const Place& place) {
  std::map<PathStep, const Value*> current;
  std::vector<PathStep> live_steps;
  std::vector<PathStep> wanted_steps;
  for (std::size_t i = 0; i < live.size(); ++i) {
    live_steps.push_back(step_of(live[i], i, place));
    current.emplace(live_steps.back(), &live[i]);
  }
  std::map<PathStep, bool> wanted;
  for (std::size_t i = 0; i < applied.size(); ++i) {
    wanted_steps.push_back(step_of(applied[i], i, place));
    wanted.emplace(wanted_steps.back(), current.contains(wanted_steps.back()));
  }
  Array result;
  std::size_t at = 0;
  const auto take_live_only = [&](const PathStep* until) {
    for (; at < live.size() && !(until && live_steps[at] == *until); ++at)
      if (!wanted.contains(live_steps[at])) result.push_back(live[at]);
  };
  std::size_t next = 0;
  while (next < applied.size()) {
    // The next applied element that lives already; live-only elements in front of it come first, all that are left without one.
    std::size_t shared = next;
    while (shared < applied.size() && !wanted.at(wanted_steps[shared])) ++shared;
    take_live_only(shared < applied.size() ? &wanted_steps[shared] : nullptr);
    if (at < live.size()) ++at;
    for (const std::size_t end = std::min(shared + 1, applied.size()); next < end; ++next) {
      const auto twin = current.find(wanted_steps[next]);
      result.push_back(twin == current.end() || place.owner->list == ListType::kSet
                           ? applied[next]
                           : merged(*twin->second, applied[next], element_place(place)));
    }
  }
  take_live_only(nullptr);
  return result;
}

Value merged(const Value& live, const Value& applied, const Place& place) {
  if (live.is_null()) return applied;
  const Shape shape = shape_of(live, place);
  if (shape == Shape::kLeaf) return applied;
  if (applied.is_null()) return live;
  if (shape_of(applied, place) != shape) return applied;
  if (shape != Shape::kObject) return merged_list(live.get_array(), applied.get_array(), place);
  Object result = live.get_object();
  for (const auto& member : applied.get_object()) {
    Value* twin = result.if_contains(member.key());
    if (!twin) result.emplace(member.key(), member.value());
    else *twin = merged(*twin, member.value(), member_place(place, member.key()));
  }
  return result;
}

Value reduced(const Value& value, const FieldSet& set, const Place& place) {
  const Shape shape = value.is_null() ? Shape::kLeaf : shape_of(value, place);
  if (shape == Shape::kLeaf) return value;
  if (shape == Shape::kObject) {
    Object kept;
    for (const auto& member : value.get_object()) {
      const FieldSet* inner = set.below(PathStep::field(member.key()));
      if (inner && inner->is_member()) continue;
      kept.emplace(member.key(), inner ? reduced(member.value(), *inner, member_place(place, member.key())) : member.value());
    }
    return kept;
  }
  Array kept;
  for (std::size_t i = 0; i < value.get_array().size(); ++i) {
    const Value& item = value.get_array()[i];
    const FieldSet* inner = set.below(step_of(item, i, place));
    if (inner && inner->is_member()) continue;
    kept.push_back(inner ? reduced(item, *inner, element_place(place)) : item);
  }
  return kept;
}

void name_fields(FieldSet& set, const Place& place) {
  std::vector<PathStep> steps;
  for (const auto& [step, inner] : set.children()) steps.push_back(step);
  for (const PathStep& step : steps) {
    FieldSet& inner = set[step];
    if (inner.children().empty()) continue;
    Place next;
    next.depth = place.depth + 1;
    if (step.kind == PathStep::Kind::kField) next = member_place(place, step.name);
    else if (place.schema) next.schema = place.schema->element;
    if (step.kind == PathStep::Kind::kField && next.owner) inner.insert();
    name_fields(inner, next);
  }
}

Status check_place(const Value& value, const Place& place, const std::string& path);

Status check_members(const Object& object, const Place& place, const std::string& path) {
  for (const auto& member : object) {
    const std::string at = path + "." + std::string(member.key());
    const Place inner = member_place(place, member.key());
    if (place.schema->type == Type::kObject && !place.schema->open && !inner.owner)
      return fail(Code::kInternal, at + ": field not declared in schema");
    CHECK_OK(check_place(member.value(), inner, at));
  }
  return {};
}

Status check_elements(const Value& list, const Place& place, const std::string& path) {
  const Shape shape = shape_of(list, place);
  if (shape == Shape::kLeaf) {
    for (std::size_t i = 0; i < list.get_array().size(); ++i) {
      CHECK_OK(check_place(list.get_array()[i], element_place(place), path + "[" + std::to_string(i) + "]"));
    }
    return {};
  }
  for (const auto& [step, items] : elements_of(&list, place)) {
    FieldSet one;
    one[step].insert();
    const std::string key = one.paths().front();
    if (items.size() > 1) return fail(Code::kInternal, path + ": duplicate entries for key " + key);
    CHECK_OK(check_place(*items.front(), element_place(place), path + key));
  }
  return {};
}

Status check_place(const Value& value, const Place& place, const std::string& path) {
  if (is_untyped(place) || place.depth > kDepth) return {};
  const Type type = place.schema->type;
  if (value.is_object() && (type == Type::kObject || type == Type::kMap)) return check_members(value.get_object(), place, path);
  if (value.is_array() && type == Type::kArray) return check_elements(value, place, path);
  return {};
}

Place root_place(const Schema* schema) {
  Place place;
  place.schema = schema;
  return place;
}

}  // namespace

FieldSet field_set_of(const Value& object, const Schema* schema) {
  FieldSet set;
  if (object.is_object()) collect(object, root_place(schema), set);
  return set;
}

FieldChanges field_changes(const Value& before, const Value& after, const Schema* schema, Origin origin) {
  Comparison comparison(origin);
  comparison.visit(&before, &after, root_place(schema));
  return std::move(comparison.changes);
}

Value merge_fields(const Value& live, const Value& applied, const Schema* schema) {
  return merged(live, applied, root_place(schema));
}

Value without_fields(const Value& object, const FieldSet& set, const Schema* schema) {
  return reduced(object, set, root_place(schema));
}

FieldSet with_named_fields(const FieldSet& set, const Schema* schema) {
  FieldSet result = set;
  name_fields(result, root_place(schema));
  return result;
}

Status check_applied(const Value& object, const Schema* schema) { return check_place(object, root_place(schema), ""); }

}  // namespace canaria::json
