#include "apiserver/negotiation.h"

#include <algorithm>
#include <string>

namespace canaria::apiserver {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts the text up to the separator off its front.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

std::optional<Answer> read_clause(std::string_view clause) {
  const std::string_view type = take_until(clause, ';');
  Answer answer;
  if (type == "application/yaml") answer.notation = Notation::kYaml;
  else if (type != "application/json" && type != "application/*" && type != "*/*") return std::nullopt;
  std::string_view as, group, version;
  while (!clause.empty()) {
    std::string_view parameter = take_until(clause, ';');
    const std::string_view key = take_until(parameter, '=');
    if (key == "as") as = parameter;
    if (key == "g") group = parameter;
    if (key == "v") version = parameter;
  }
  if (as.empty()) return answer;
  if (group != "meta.k8s.io" || version != "v1") return std::nullopt;
  if (as == "Table") answer.shape = Shape::kTable;
  else if (as == "PartialObjectMetadata" || as == "PartialObjectMetadataList") answer.shape = Shape::kMetadata;
  else return std::nullopt;
  return answer;
}

}  // namespace

std::optional<Answer> negotiate(std::string_view accept) {
  if (accept.empty()) return Answer();
  while (!accept.empty())
    if (const auto answer = read_clause(take_until(accept, ','))) return answer;
  return std::nullopt;
}

std::string_view media_type(std::string_view header) { return take_until(header, ';'); }

}  // namespace canaria::apiserver
