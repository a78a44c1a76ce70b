#include "apiserver/column_path.h"

#include <optional>
#include <string>

#include "json/write.h"

namespace canaria::apiserver {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// 'text' or "text" without its quotes.
std::optional<std::string_view> unquoted(std::string_view text) {
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front()) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

// `@.type=="Ready"` or `@.ready!=true`.
bool holds(const json::Value& item, std::string_view condition) {
  std::size_t at = condition.find("==");
  bool wants_equal = true;
  if (at == std::string_view::npos) {
    at = condition.find("!=");
    wants_equal = false;
  }
  std::string_view left = trimmed(condition.substr(0, at));
  if (!left.starts_with("@")) return false;
  const json::Value* value = value_at_path(item, left.substr(1));
  if (at == std::string_view::npos) return value != nullptr;  // mere existence
  if (!value) return false;
  const std::string_view right = trimmed(condition.substr(at + 2));
  const std::string actual = value->is_string() ? std::string(value->get_string()) : json::write(*value);
  return (actual == unquoted(right).value_or(right)) == wants_equal;
}

// The end of the bracket that `rest` starts with; quotes may contain brackets.
std::size_t closing_bracket(std::string_view rest) {
  char quote = 0;
  int depth = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (quote) {
      if (rest[i] == quote) quote = 0;
    } else if (rest[i] == '\'' || rest[i] == '"') {
      quote = rest[i];
    } else if (rest[i] == '[') {
      ++depth;
    } else if (rest[i] == ']' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

const json::Value* member(const json::Value& value, std::string_view name, std::string_view rest) {
  const json::Object* object = value.if_object();
  const json::Value* found = object ? object->if_contains(name) : nullptr;
  return found ? value_at_path(*found, rest) : nullptr;
}

const json::Value* first_element(const json::Array& list, std::string_view inside, std::string_view rest) {
  const bool is_filter = inside.starts_with("?(") && inside.ends_with(")");
  if (is_filter) inside = inside.substr(2, inside.size() - 3);
  else if (inside != "*") {
    const bool from_end = inside.starts_with("-");
    if (from_end) inside.remove_prefix(1);
    if (inside.empty() || inside.size() > 6 || inside.find_first_not_of("0123456789") != std::string_view::npos) return nullptr;
    const auto number = static_cast<std::size_t>(std::stoul(std::string(inside)));
    if (from_end ? number == 0 || number > list.size() : number >= list.size()) return nullptr;
    return value_at_path(list[from_end ? list.size() - number : number], rest);
  }
  for (const json::Value& item : list)
    if (!is_filter || holds(item, inside))
      if (const json::Value* found = value_at_path(item, rest)) return found;
  return nullptr;
}

}  // namespace

const json::Value* value_at_path(const json::Value& object, std::string_view path) {
  if (path.empty() || path == ".") return &object;
  if (path.front() == '[') {
    const std::size_t end = closing_bracket(path);
    if (end == std::string_view::npos) return nullptr;
    const std::string_view inside = trimmed(path.substr(1, end - 1));
    if (const auto name = unquoted(inside)) return member(object, *name, path.substr(end + 1));
    return object.is_array() ? first_element(object.get_array(), inside, path.substr(end + 1)) : nullptr;
  }
  if (path.front() != '.') return nullptr;
  path.remove_prefix(1);
  if (path.starts_with('[')) return value_at_path(object, path);
  // A dot in a name is written as \. .
  std::string name;
  std::size_t at = 0;
  for (; at < path.size() && path[at] != '.' && path[at] != '['; ++at) {
    if (path[at] == '\\' && at + 1 < path.size()) ++at;
    name += path[at];
  }
  return name.empty() ? nullptr : member(object, name, path.substr(at));
}

}  // namespace canaria::apiserver
