#include "lang/promql/label_functions.h"

#include <charconv>
#include <set>

namespace canaria::lang::promql {
namespace {

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_label_name(const std::string& name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name)
    if (!is_name_character(c)) return false;
  return true;
}

// The template with $1, ${1} and $name filled in. A name is as long as it can be, so $1x is the group "1x"; what there is no
// group for is empty; $$ is a dollar sign.
std::string expanded(const std::string& text, const WholePattern& pattern, const std::vector<std::string>& groups) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      result += text[at++];
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == '$') {
      result += '$';
      at += 2;
      continue;
    }
    const bool has_braces = at + 1 < text.size() && text[at + 1] == '{';
    const std::size_t start = at + (has_braces ? 2 : 1);
    std::size_t end = start;
    while (end < text.size() && is_name_character(text[end])) ++end;
    const bool is_whole = !has_braces || (end < text.size() && text[end] == '}');
    if (end == start || !is_whole) {
      result += text[at++];
      continue;
    }
    const std::string name = text.substr(start, end - start);
    int number = 0;
    const auto [stop, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (problem != std::errc() || stop != name.data() + name.size()) number = pattern.group_number(name);
    if (number >= 0 && static_cast<std::size_t>(number) < groups.size()) result += groups[static_cast<std::size_t>(number)];
    at = end + (has_braces ? 1 : 0);
  }
  return result;
}

// Labels that the selector asks for by one "=" are known, even of what is not there.
Labels labels_of_absent(const Expression& argument) {
  Labels labels;
  const auto* selector = std::get_if<Selector>(&argument.node);
  if (!selector) return labels;
  std::set<std::string> seen;
  for (const Matcher& matcher : selector->matchers) {
    if (matcher.name() == kMetricName) continue;
    const bool is_known = matcher.kind() == MatchKind::kEqual && seen.insert(matcher.name()).second;
    set_label(labels, matcher.name(), is_known ? matcher.value() : "");
    seen.insert(matcher.name());
  }
  return labels;
}

}  // namespace

Result<Value> label_replace(Invocation& invocation) {
  const std::string &target = invocation.text(1), &source = invocation.text(3);
  const auto pattern = WholePattern::make(invocation.text(4));
  if (!pattern) return fail(Code::kInvalid, "invalid regular expression in label_replace(): " + invocation.text(4));
  if (!is_label_name(target)) return fail(Code::kInvalid, "invalid destination label name in label_replace(): " + target);
  for (VectorElement& element : invocation.vector(0)) {
    const auto groups = pattern->groups(std::string(label(element.labels, source)));
    if (!groups.empty()) set_label(element.labels, target, expanded(invocation.text(2), *pattern, groups));
  }
  return std::move(invocation.arguments[0]);
}

Result<Value> label_join(Invocation& invocation) {
  const std::string& target = invocation.text(1);
  if (!is_label_name(target)) return fail(Code::kInvalid, "invalid destination label name in label_join(): " + target);
  for (std::size_t i = 3; i < invocation.arguments.size(); ++i)
    if (!is_label_name(invocation.text(i)))
      return fail(Code::kInvalid, "invalid source label name in label_join(): " + invocation.text(i));
  for (VectorElement& element : invocation.vector(0)) {
    std::string joined;
    for (std::size_t i = 3; i < invocation.arguments.size(); ++i)
      joined += (i == 3 ? "" : invocation.text(2)) + std::string(label(element.labels, invocation.text(i)));
    set_label(element.labels, target, joined);
  }
  return std::move(invocation.arguments[0]);
}

Result<Value> absent(Invocation& invocation) {
  if (!invocation.vector(0).empty()) return Value(InstantVector());
  return Value(InstantVector{{labels_of_absent(*invocation.call->arguments[0]), 1}});
}

Result<Value> absent_over_time(Invocation& invocation) {
  if (!invocation.range(0).windows.empty()) return Value(InstantVector());
  return Value(InstantVector{{labels_of_absent(*invocation.call->arguments[0]), 1}});
}

}  // namespace canaria::lang::promql
