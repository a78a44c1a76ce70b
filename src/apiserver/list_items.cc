#include "apiserver/list_items.h"

namespace canaria::apiserver {
namespace {

// The position behind the text that begins at `at` with a quote.
std::size_t after_text(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return at + 1;
}

// The position behind the value that begins at `at`: of the "," or "}" that follows.
std::size_t after_value(std::string_view json, std::size_t at) {
  for (int depth = 0; at < json.size();) {
    const char letter = json[at];
    if (letter == '"') {
      at = after_text(json, at);
      continue;
    }
    if (depth == 0 && (letter == ',' || letter == '}' || letter == ']')) return at;
    if (letter == '{' || letter == '[') ++depth;
    if (letter == '}' || letter == ']') --depth;
    ++at;
  }
  return json.size();
}

}  // namespace

void add_untyped(std::string& list, std::string_view object) {
  // Both are there and mostly first, so what is behind them is taken over in one piece.
  list += '{';
  const std::size_t start = list.size();
  std::size_t at = 1;
  for (int left = 2; at < object.size() && object[at] == '"';) {
    if (left == 0) {
      if (list.size() > start) list += ',';
      list.append(object.substr(at));
      return;
    }
    const std::size_t name_end = after_text(object, at);
    const std::string_view name = object.substr(at, name_end - at);
    const std::size_t end = after_value(object, name_end + 1);
    if (name == R"("apiVersion")" || name == R"("kind")") --left;
    else list.append(list.size() > start ? "," : "").append(object.substr(at, end - at));
    if (end >= object.size() || object[end] != ',') break;
    at = end + 1;
  }
  list += '}';
}

}  // namespace canaria::apiserver
