#include "lang/promql/matcher.h"

#include <algorithm>
#include <re2/re2.h>

namespace canaria::lang::promql {
namespace {

constexpr std::int64_t kPatternMemory = 1 << 20;

Result<std::shared_ptr<const re2::RE2>> compile(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  auto regex = std::make_shared<const re2::RE2>("^(?:" + pattern + ")$", options);
  if (!regex->ok()) return fail(Code::kBadRequest, "error parsing regexp: " + regex->error());
  return regex;
}

}  // namespace

Result<Matcher> Matcher::make(std::string name, MatchKind kind, std::string value) {
  Matcher made;
  if (kind == MatchKind::kRegex || kind == MatchKind::kNotRegex) {
    TRY(made.regex_, compile(value));
  }
  made.name_ = std::move(name);
  made.kind_ = kind;
  made.value_ = std::move(value);
  return made;
}

bool Matcher::fits(std::string_view value) const {
  switch (kind_) {
    case MatchKind::kEqual: return value == value_;
    case MatchKind::kNotEqual: return value != value_;
    case MatchKind::kRegex: return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
    case MatchKind::kNotRegex: return !re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
  }
  return false;
}

bool fits_all(const std::vector<Matcher>& matchers, const Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(),
                     [&](const Matcher& matcher) { return matcher.fits(label(labels, matcher.name())); });
}

Result<WholePattern> WholePattern::make(const std::string& pattern) {
  WholePattern made;
  TRY(made.regex_, compile(pattern));
  return made;
}

std::vector<std::string> WholePattern::groups(const std::string& text) const {
  std::vector<re2::StringPiece> pieces(static_cast<std::size_t>(regex_->NumberOfCapturingGroups()) + 1);
  if (!regex_->Match(text, 0, text.size(), re2::RE2::ANCHOR_BOTH, pieces.data(), static_cast<int>(pieces.size()))) return {};
  std::vector<std::string> result;
  for (const re2::StringPiece& piece : pieces) result.emplace_back(piece.data() ? piece.as_string() : std::string());
  return result;
}

int WholePattern::group_number(const std::string& name) const {
  const auto& names = regex_->NamedCapturingGroups();
  const auto found = names.find(name);
  return found == names.end() ? -1 : found->second;
}

std::string labels_text(const Labels& labels) {
  std::string text = "{";
  for (const auto& [name, value] : labels) {
    text += (text.size() == 1 ? "" : ", ") + name + "=\"";
    for (const char letter : value) {
      if (letter == '"' || letter == '\\') text += '\\';
      text += letter == '\n' ? std::string("\\n") : std::string(1, letter);
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace canaria::lang::promql
