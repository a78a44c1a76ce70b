// RFC 7386 in its own recursion, RFC 6902 one operation after another on a copy of the target.
#include "json/patch.h"

#include <algorithm>
#include <array>

#include "json/pointer.h"
#include "json/write.h"

namespace canaria::json {
namespace {

constexpr std::size_t kOperations = 10'000;
constexpr std::size_t kDepth = 200;
constexpr std::size_t kCopyCost = 4U << 20U;  // values and text bytes that all `copy` operations may add together

struct Weight {
  std::size_t cost = 1;
  std::size_t height = 0;
};

Weight weigh(const Value& value) {
  Weight weight;
  const auto add = [&weight](const Value& item) {
    const Weight inner = weigh(item);
    weight.cost += inner.cost;
    weight.height = std::max(weight.height, inner.height + 1);
  };
  if (const auto* text = value.if_string()) weight.cost += text->size();
  if (const Array* array = value.if_array())
    for (const Value& item : *array) add(item);
  if (const Object* object = value.if_object())
    for (const auto& [key, item] : *object) {
      weight.cost += key.size();
      add(item);
    }
  return weight;
}

using Tokens = std::vector<std::string>;

std::string pointer_text(std::span<const std::string> tokens) {
  std::string text;
  for (const std::string& token : tokens) text += "/" + escape_pointer_token(token);
  return write(Value(text));
}

class Patcher {
 public:
  explicit Patcher(Value target) : target_(std::move(target)) {}
  Value take() { return std::move(target_); }

  Status apply(const Value& operation) {
    const Object* object = operation.if_object();
    if (!object) return fail(Code::kInvalid, "must be an object");
    TRY(const std::string name, text_member(*object, "op"));
    TRY(const Tokens path, pointer_member(*object, "path"));
    if (name == "remove") return remove(path);
    if (name == "move") return move(*object, path);
    if (name == "copy") return copy(*object, path);
    if (name != "add" && name != "replace" && name != "test") return fail(Code::kInvalid, "unknown op " + write(Value(name)));
    const Value* value = object->if_contains("value");
    if (!value) return fail(Code::kInvalid, "member \"value\" is missing");
    if (name == "add") return add(path, *value);
    if (name == "replace") return replace(path, *value);
    return test(path, *value);
  }

 private:
  static Result<std::string> text_member(const Object& operation, std::string_view key) {
    const Value* value = operation.if_contains(key);
    if (!value || !value->is_string())
      return fail(Code::kInvalid, "member \"" + std::string(key) + "\" is missing or not a string");
    return std::string(value->get_string());
  }
  static Result<Tokens> pointer_member(const Object& operation, std::string_view key) {
    TRY(const std::string text, text_member(operation, key));
    return parse_pointer(text);
  }

  Status no_such_path(std::span<const std::string> path) const {
    return fail(Code::kInvalid, "path " + pointer_text(path) + " does not exist");
  }

  static Status check_depth(const Tokens& path, const Value& value) {
    if (path.size() + weigh(value).height <= kDepth) return {};
    return fail(Code::kInvalid, "nested more than " + std::to_string(kDepth) + " levels deep");
  }

  Status add(const Tokens& path, Value value) {
    CHECK_OK(check_depth(path, value));
    if (path.empty()) {
      target_ = std::move(value);
      return {};
    }
    const std::span parent_path(path.data(), path.size() - 1);
    Value* parent = find_at(target_, parent_path);
    if (!parent) return no_such_path(parent_path);
    if (Object* object = parent->if_object()) {
      object->insert_or_assign(path.back(), std::move(value));
      return {};
    }
    Array* array = parent->if_array();
    if (!array) return fail(Code::kInvalid, "path " + pointer_text(parent_path) + " is neither an object nor a list");
    const auto index = path.back() == "-" ? array->size() : pointer_index(path.back());
    if (!index || *index > array->size()) return no_such_path(path);
    array->insert(array->begin() + *index, std::move(value));
    return {};
  }

  Status remove(const Tokens& path) {
    if (!find_at(target_, path)) return no_such_path(path);
    if (path.empty()) {
      target_ = nullptr;
      return {};
    }
    Value* parent = find_at(target_, std::span(path.data(), path.size() - 1));
    if (Object* object = parent->if_object()) {
      // Boost moves the last member into the gap; stable_erase keeps the order.
      object->stable_erase(object->find(path.back()));
    } else {
      Array& array = parent->get_array();
      array.erase(array.begin() + *pointer_index(path.back()));
    }
    return {};
  }

  Status replace(const Tokens& path, const Value& value) {
    CHECK_OK(check_depth(path, value));
    Value* at = find_at(target_, path);
    if (!at) return no_such_path(path);
    *at = value;
    return {};
  }

  Status move(const Object& operation, const Tokens& path) {
    TRY(const Tokens from, pointer_member(operation, "from"));
    const Value* source = find_at(target_, from);
    if (!source) return no_such_path(from);
    if (from == path) return {};
    if (from.size() < path.size() && std::equal(from.begin(), from.end(), path.begin()))
      return fail(Code::kInvalid, "cannot move " + pointer_text(from) + " into itself");
    Value value = *source;
    CHECK_OK(remove(from));
    return add(path, std::move(value));
  }

  Status copy(const Object& operation, const Tokens& path) {
    TRY(const Tokens from, pointer_member(operation, "from"));
    const Value* source = find_at(target_, from);
    if (!source) return no_such_path(from);
    copied_ += weigh(*source).cost;
    if (copied_ > kCopyCost) return fail(Code::kInvalid, "copies multiply the document too much");
    return add(path, *source);
  }

  Status test(const Tokens& path, const Value& expected) const {
    const Value* at = find_at(target_, path);
    if (!at) return no_such_path(path);
    if (!same_json(*at, expected)) return fail(Code::kInvalid, "test failed: " + pointer_text(path) + " has another value");
    return {};
  }

  Value target_;
  std::size_t copied_ = 0;
};

bool same_number(const Value& left, const Value& right) {
  if (left.is_double() || right.is_double()) return left.to_number<double>() == right.to_number<double>();
  return left == right;
}

}  // namespace

Value merge_patch(Value target, const Value& patch) {
  const Object* changes = patch.if_object();
  if (!changes) return patch;
  if (!target.is_object()) target = Object();
  Object& object = target.get_object();
  for (const auto& [key, change] : *changes) {
    const auto found = object.find(key);
    if (change.is_null()) {
      if (found != object.end()) object.stable_erase(found);
    } else if (found != object.end()) {
      Value before = std::move(found->value());
      found->value() = merge_patch(std::move(before), change);
    } else {
      // Also when there is nothing to merge into: nulls within the change must not survive.
      object.emplace(key, merge_patch(Value(nullptr), change));
    }
  }
  return target;
}

Value merge_diff(const Value& before, const Value& after) {
  const Object* new_members = after.if_object();
  if (!new_members) return same_json(before, after) ? Value(Object()) : after;
  const Object nothing;
  const Object& old_members = before.is_object() ? before.get_object() : nothing;
  Object patch;
  for (const auto& [key, old] : old_members) {
    const Value* kept = new_members->if_contains(key);
    if (!kept || (kept->is_null() && !old.is_null())) patch.emplace(key, nullptr);
  }
  for (const auto& [key, item] : *new_members) {
    const Value* old = old_members.if_contains(key);
    if (item.is_null() || (old && same_json(*old, item))) continue;
    if (!item.is_object()) {
      patch.emplace(key, item);
      continue;
    }
    Value inner = merge_diff(old ? *old : Value(nullptr), item);
    // Empty between two objects: they differ only in nulls that a patch cannot write.
    if (!old || !old->is_object() || !inner.get_object().empty()) patch.emplace(key, std::move(inner));
  }
  return patch;
}

bool same_json(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return same_number(left, right);
  if (left.kind() != right.kind()) return false;
  if (const Array* array = left.if_array()) {
    const Array& other = right.get_array();
    return std::equal(array->begin(), array->end(), other.begin(), other.end(), same_json);
  }
  if (const Object* object = left.if_object()) {
    const Object& other = right.get_object();
    return object->size() == other.size() && std::all_of(object->begin(), object->end(), [&](const auto& member) {
             const Value* twin = other.if_contains(member.key());
             return twin && same_json(member.value(), *twin);
           });
  }
  return left == right;
}

Result<Value> apply_json_patch(Value target, const Value& operations) {
  const Array* list = operations.if_array();
  if (!list) return fail(Code::kInvalid, "a JSON patch must be a list of operations");
  if (list->size() > kOperations)
    return fail(Code::kInvalid, "a JSON patch may have at most " + std::to_string(kOperations) + " operations");
  Patcher patcher(std::move(target));
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Status applied = patcher.apply((*list)[i]);
    if (!applied) return wrap("JSON patch operation " + std::to_string(i), applied.error());
  }
  return patcher.take();
}

}  // namespace canaria::json
