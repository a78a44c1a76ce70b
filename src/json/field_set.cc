// The tree and its text. The order of steps is that of the API server: fields, then keys, values, indices; numbers by value.
#include "json/field_set.h"

#include <algorithm>
#include <utility>

#include "json/write.h"

namespace canaria::json {

namespace {

using Order = std::weak_ordering;

template <class T>
Order order_of(const T& left, const T& right) {
  return left < right ? Order::less : right < left ? Order::greater : Order::equivalent;
}

// Numbers before texts before booleans before lists before objects before null.
int rank(const Value& value) {
  if (value.is_number()) return 0;
  if (value.is_string()) return 1;
  if (value.is_bool()) return 2;
  if (value.is_array()) return 3;
  return value.is_object() ? 4 : 5;
}

Order compare(const Value& left, const Value& right);

Order compare_arrays(const Array& left, const Array& right) {
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i)
    if (const Order order = compare(left[i], right[i]); order != Order::equivalent) return order;
  return order_of(left.size(), right.size());
}

// Member by member in their order; keys of list elements are sorted already.
Order compare_objects(const Object& left, const Object& right) {
  auto a = left.begin();
  auto b = right.begin();
  for (; a != left.end() && b != right.end(); ++a, ++b) {
    if (const Order order = order_of(std::string_view(a->key()), std::string_view(b->key())); order != Order::equivalent)
      return order;
    if (const Order order = compare(a->value(), b->value()); order != Order::equivalent) return order;
  }
  return order_of(left.size(), right.size());
}

Order compare(const Value& left, const Value& right) {
  if (rank(left) != rank(right)) return order_of(rank(left), rank(right));
  if (left.is_int64() && right.is_int64()) return order_of(left.get_int64(), right.get_int64());
  if (left.is_number()) return order_of(left.to_number<double>(), right.to_number<double>());
  if (left.is_string()) return order_of(std::string_view(left.get_string()), std::string_view(right.get_string()));
  if (left.is_bool()) return order_of(left.get_bool(), right.get_bool());
  if (left.is_array()) return compare_arrays(left.get_array(), right.get_array());
  if (left.is_object()) return compare_objects(left.get_object(), right.get_object());
  return Order::equivalent;
}

Object sorted(const Object& members) {
  std::vector<std::string_view> names;
  for (const auto& member : members) names.push_back(member.key());
  std::ranges::sort(names);
  Object result;
  for (const std::string_view name : names) result.emplace(name, members.at(name));
  return result;
}

std::string step_text(const PathStep& step) {
  switch (step.kind) {
    case PathStep::Kind::kField: return "f:" + step.name;
    case PathStep::Kind::kKey: return "k:" + write(step.value);
    case PathStep::Kind::kValue: return "v:" + write(step.value);
    case PathStep::Kind::kIndex: return "i:" + write(step.value);
  }
  return "";
}

Result<PathStep> parse_step(std::string_view text) {
  const auto bad = [&] { return fail(Code::kInvalid, "invalid path element " + write(Value(text)) + " in fieldsV1"); };
  if (text.size() < 2 || text[1] != ':') return bad();
  const std::string_view rest = text.substr(2);
  if (text[0] == 'f') return PathStep::field(rest);
  if (text[0] != 'k' && text[0] != 'v' && text[0] != 'i') return bad();
  auto value = parse(rest);
  if (!value) return bad();
  if (text[0] == 'v') return PathStep::element(*std::move(value));
  if (text[0] == 'k') {
    if (!value->is_object()) return bad();
    return PathStep::key(std::move(value->get_object()));
  }
  if (!value->is_int64()) return bad();
  PathStep step;
  step.kind = PathStep::Kind::kIndex;
  step.value = *std::move(value);
  return step;
}

std::string path_text(const PathStep& step) {
  if (step.kind == PathStep::Kind::kField) return "." + step.name;
  if (step.kind == PathStep::Kind::kIndex) return "[" + write(step.value) + "]";
  if (step.kind == PathStep::Kind::kValue) return "[=" + write(step.value) + "]";
  std::string text;
  for (const auto& member : step.value.get_object())
    text += (text.empty() ? "" : ",") + std::string(member.key()) + "=" + write(member.value());
  return "[" + text + "]";
}

}  // namespace

PathStep PathStep::field(std::string_view name) {
  PathStep step;
  step.name = name;
  return step;
}

PathStep PathStep::key(Object keys) {
  PathStep step;
  step.kind = Kind::kKey;
  step.value = sorted(keys);
  return step;
}

PathStep PathStep::element(Value value) {
  PathStep step;
  step.kind = Kind::kValue;
  step.value = std::move(value);
  return step;
}

std::weak_ordering PathStep::operator<=>(const PathStep& other) const {
  if (kind != other.kind) return order_of(static_cast<int>(kind), static_cast<int>(other.kind));
  return kind == Kind::kField ? order_of(name, other.name) : compare(value, other.value);
}

bool PathStep::operator==(const PathStep& other) const { return (*this <=> other) == Order::equivalent; }

const FieldSet* FieldSet::below(const PathStep& step) const {
  const auto found = children_.find(step);
  return found == children_.end() ? nullptr : &found->second;
}

void FieldSet::erase_empty(const PathStep& step) {
  const auto found = children_.find(step);
  if (found != children_.end() && found->second.empty()) children_.erase(found);
}

FieldSet FieldSet::united(const FieldSet& other) const {
  FieldSet result = *this;
  result.member_ = member_ || other.member_;
  for (const auto& [step, inner] : other.children_) {
    FieldSet& mine = result.children_[step];
    mine = mine.united(inner);
  }
  return result;
}

FieldSet FieldSet::intersected(const FieldSet& other) const {
  FieldSet result;
  result.member_ = member_ && other.member_;
  for (const auto& [step, inner] : children_) {
    const FieldSet* theirs = other.below(step);
    if (!theirs) continue;
    FieldSet common = inner.intersected(*theirs);
    if (!common.empty()) result.children_.emplace(step, std::move(common));
  }
  return result;
}

FieldSet FieldSet::without(const FieldSet& other) const {
  FieldSet result;
  result.member_ = member_ && !other.member_;
  for (const auto& [step, inner] : children_) {
    const FieldSet* theirs = other.below(step);
    FieldSet rest = theirs ? inner.without(*theirs) : inner;
    if (!rest.empty()) result.children_.emplace(step, std::move(rest));
  }
  return result;
}

std::vector<std::string> FieldSet::paths() const {
  std::vector<std::string> paths;
  append_paths("", paths);
  return paths;
}

void FieldSet::append_paths(const std::string& prefix, std::vector<std::string>& paths) const {
  if (member_ && !prefix.empty()) paths.push_back(prefix);
  for (const auto& [step, inner] : children_) inner.append_paths(prefix + path_text(step), paths);
}

bool FieldSet::operator==(const FieldSet& other) const { return member_ == other.member_ && children_ == other.children_; }

Value fields_v1(const FieldSet& set) {
  Object node;
  if (set.is_member() && !set.children().empty()) node["."] = Object();
  for (const auto& [step, inner] : set.children()) node[step_text(step)] = fields_v1(inner);
  return node;
}

Result<FieldSet> parse_fields_v1(const Value& value) {
  const Object* node = value.if_object();
  if (!node) return fail(Code::kInvalid, "fieldsV1 must consist of objects");
  FieldSet set;
  if (node->contains(".")) set.insert();
  for (const auto& member : *node) {
    if (member.key() == ".") continue;
    TRY(const PathStep step, parse_step(member.key()));
    TRY(FieldSet inner, parse_fields_v1(member.value()));
    if (member.value().get_object().empty()) inner.insert();
    FieldSet& mine = set[step];
    mine = mine.united(inner);
  }
  return set;
}

}  // namespace canaria::json
