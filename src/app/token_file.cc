#include "app/token_file.h"

#include <fmt/format.h>
#include <string>

namespace canaria::app {
namespace {

// The fields of one line; a quoted one may hold commas.
Result<std::vector<std::string>> fields_of(std::string_view line, int number) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (const char letter : line) {
    if (letter == '"') is_quoted = !is_quoted;
    else if (letter == ',' && !is_quoted) fields.emplace_back();
    else fields.back() += letter;
  }
  if (is_quoted) return fail(Code::kInvalid, fmt::format("line {}: a quote is not closed", number));
  if (fields.size() < 3 || fields[0].empty() || fields[1].empty())
    return fail(Code::kInvalid, fmt::format("line {}: expected token,user,uid and perhaps groups", number));
  return fields;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    if (end > begin) parts.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

Result<std::vector<apiserver::ApiUser>> parse_token_file(std::string_view text) {
  std::vector<apiserver::ApiUser> users;
  int number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    TRY(const std::vector<std::string> fields, fields_of(line, number));
    users.push_back({fields[0], fields[1], fields.size() > 3 ? split(fields[3]) : std::vector<std::string>()});
  }
  return users;
}

}  // namespace canaria::app
