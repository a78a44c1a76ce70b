// Token rules of RFC 6901, sections 3 and 4.
#include "json/pointer.h"

#include <charconv>

#include "json/write.h"

namespace canaria::json {
namespace {

Result<std::string> unescape(std::string_view token, std::string_view pointer) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
      continue;
    }
    const char escape = ++i < token.size() ? token[i] : '\0';
    if (escape != '0' && escape != '1')
      return fail(Code::kInvalid, "malformed JSON pointer " + write(Value(pointer)) + ": \"~\" must be followed by 0 or 1");
    out += escape == '0' ? '~' : '/';
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> parse_pointer(std::string_view text) {
  std::vector<std::string> tokens;
  if (text.empty()) return tokens;
  if (text.front() != '/')
    return fail(Code::kInvalid, "malformed JSON pointer " + write(Value(text)) + ": must start with \"/\"");
  for (std::string_view rest = text; !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view token = rest.substr(0, rest.find('/'));
    TRY(tokens.emplace_back(), unescape(token, text));
    rest.remove_prefix(token.size());
  }
  return tokens;
}

std::string escape_pointer_token(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

std::optional<std::size_t> pointer_index(std::string_view token) {
  if (token.empty() || token.front() < '0' || token.front() > '9') return std::nullopt;
  if (token.size() > 1 && token.front() == '0') return std::nullopt;
  std::size_t index = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || stop != token.data() + token.size()) return std::nullopt;
  return index;
}

const Value* find_at(const Value& value, std::span<const std::string> tokens) {
  const Value* at = &value;
  for (const std::string& token : tokens) {
    if (const Object* object = at->if_object()) {
      at = object->if_contains(token);
    } else if (const Array* array = at->if_array()) {
      const auto index = pointer_index(token);
      at = index ? array->if_contains(*index) : nullptr;
    } else {
      at = nullptr;
    }
    if (!at) return nullptr;
  }
  return at;
}

Value* find_at(Value& value, std::span<const std::string> tokens) {
  return const_cast<Value*>(find_at(std::as_const(value), tokens));
}

}  // namespace canaria::json
