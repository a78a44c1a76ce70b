#include "apiserver/byte_values.h"

namespace canaria::apiserver {
namespace {

bool is_digit_of_64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

std::size_t without_line_ends(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
  return at;
}

// The padding that begins at `at`, behind `digits` characters of a group, and has to be the end.
std::optional<std::size_t> padding_problem(std::string_view text, std::size_t at, int digits) {
  if (digits < 2) return at;
  std::size_t next = without_line_ends(text, at + 1);
  if (digits == 2) {
    if (next == text.size()) return text.size();
    if (text[next] != '=') return next;
    next = without_line_ends(text, next + 1);
  }
  if (next < text.size()) return next;
  return std::nullopt;
}

}  // namespace

std::optional<std::size_t> base64_problem(std::string_view text) {
  int digits = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (letter == '\n' || letter == '\r') continue;
    if (letter == '=') return padding_problem(text, at, digits);
    if (!is_digit_of_64(letter)) return at;
    digits = (digits + 1) % 4;
  }
  if (digits == 0) return std::nullopt;
  return text.size() - static_cast<std::size_t>(digits);
}

std::optional<std::size_t> bytes_problem(std::string_view kind, const json::Value& object) {
  const std::string_view field = kind == "Secret" ? "data" : kind == "ConfigMap" ? "binaryData" : "";
  if (field.empty() || !object.is_object()) return std::nullopt;
  const json::Value* values = object.get_object().if_contains(field);
  if (!values || !values->is_object()) return std::nullopt;
  for (const auto& member : values->get_object()) {
    if (!member.value().is_string()) continue;
    if (const auto problem = base64_problem(member.value().get_string())) return problem;
  }
  return std::nullopt;
}

}  // namespace canaria::apiserver
