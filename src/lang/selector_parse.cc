// The text notation of label selectors, as `kubectl -l` takes it:
//
//   selector    = [ requirement { "," requirement } ]
//   requirement = key | "!" key | key ( "=" | "==" | "!=" | "<" | ">" ) [ value ] | key ( "in" | "notin" ) "(" values ")"
//   values      = [ value ] { "," [ value ] }
//
// "in" and "notin" are words only where an operator is expected; a missing value is the empty one. Error texts are
// Kubernetes', odd as they are: scripts and users know them.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "json/write.h"
#include "lang/selector.h"

namespace canaria::lang {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kSymbols = "=!(),<>";

// A word, one of the symbols, or empty at the end.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) { advance(); }

  std::string_view token() const { return token_; }
  bool at_end() const { return token_.empty(); }
  bool at_word() const { return !at_end() && kSymbols.find(token_.front()) == std::string_view::npos; }
  bool at(std::string_view symbol) const { return token_ == symbol; }
  std::string found() const { return "found '" + std::string(token_) + "'"; }

  void advance() {
    rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(kBlanks)));
    std::size_t length = 0;
    if (rest_.starts_with("==") || rest_.starts_with("!=")) length = 2;
    else if (!rest_.empty() && kSymbols.find(rest_.front()) != std::string_view::npos) length = 1;
    else length = std::min(rest_.size(), rest_.find_first_of(" \t\r\n=!(),<>"));
    token_ = rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  std::string take() {
    std::string word(token_);
    advance();
    return word;
  }

 private:
  std::string_view rest_;
  std::string_view token_;
};

std::string quoted(std::string_view text) { return json::write(json::Value(text)); }

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string out;
  for (const std::string& text : texts) out.append(out.empty() ? "" : separator).append(text);
  return out;
}

Status check_key(const std::string& key) {
  const auto problems = label_key_problems(key);
  if (problems.empty()) return {};
  return fail(Code::kInvalid, "<nil>: Invalid value: " + quoted(key) + ": " + joined(problems, "; "));
}

Status check_values(const Requirement& requirement) {
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < requirement.values.size(); ++i) {
    const std::string& value = requirement.values[i];
    const std::string place = "values[" + std::to_string(i) + "]";
    if (requirement.match == Match::kGreaterThan || requirement.match == Match::kLessThan) {
      std::int64_t number = 0;
      const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc() || stop != value.data() + value.size())
        problems.push_back(place + ": Invalid value: " + quoted(value) +
                           ": for 'Gt', 'Lt' operators, the value must be an integer");
    }
    if (const auto texts = label_value_problems(value); !texts.empty())
      problems.push_back(place + "[" + requirement.key + "]: Invalid value: " + quoted(value) + ": " + joined(texts, "; "));
  }
  if (problems.empty()) return {};
  if (problems.size() == 1) return fail(Code::kInvalid, problems.front());
  return fail(Code::kInvalid, "[" + joined(problems, ", ") + "]");
}

std::optional<Match> match_of(const Lexer& lexer) {
  if (lexer.at("in")) return Match::kIn;
  if (lexer.at("notin")) return Match::kNotIn;
  if (lexer.at("=") || lexer.at("==")) return Match::kEquals;
  if (lexer.at("!=")) return Match::kNotEquals;
  if (lexer.at(">")) return Match::kGreaterThan;
  if (lexer.at("<")) return Match::kLessThan;
  return std::nullopt;
}

// The list in parentheses behind "in" and "notin".
Result<std::vector<std::string>> parse_values(Lexer& lexer) {
  if (!lexer.at("(")) return fail(Code::kInvalid, lexer.found() + " expected: '('");
  lexer.advance();
  std::vector<std::string> values;
  for (;;) {
    if (!lexer.at_word() && !lexer.at(",") && !lexer.at(")"))
      return fail(Code::kInvalid, lexer.found() + ", expected: ',', ')' or identifier");
    values.push_back(lexer.at_word() ? lexer.take() : std::string());
    if (!lexer.at(",") && !lexer.at(")")) return fail(Code::kInvalid, lexer.found() + ", expected: ',' or ')'");
    if (lexer.take() == ")") break;
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

Result<Requirement> parse_requirement(Lexer& lexer) {
  Requirement requirement;
  const bool negated = lexer.at("!");
  if (negated) lexer.advance();
  if (!lexer.at_word()) return fail(Code::kInvalid, lexer.found() + ", expected: identifier");
  requirement.key = lexer.take();
  CHECK_OK(check_key(requirement.key));
  if (negated || lexer.at_end() || lexer.at(",")) {
    requirement.match = negated ? Match::kDoesNotExist : Match::kExists;
    return requirement;
  }
  const auto match = match_of(lexer);
  if (!match) return fail(Code::kInvalid, lexer.found() + ", expected: in, notin, =, ==, !=, gt, lt");
  requirement.match = *match;
  lexer.advance();
  if (*match == Match::kIn || *match == Match::kNotIn) {
    TRY(requirement.values, parse_values(lexer));
  } else {
    if (!lexer.at_word() && !lexer.at_end() && !lexer.at(","))
      return fail(Code::kInvalid, lexer.found() + ", expected: identifier");
    requirement.values.push_back(lexer.at_word() ? lexer.take() : std::string());
  }
  CHECK_OK(check_values(requirement));
  return requirement;
}

}  // namespace

Result<Requirements> parse_selector(std::string_view text) {
  Lexer lexer(text);
  Requirements requirements;
  while (!lexer.at_end()) {
    if (!lexer.at_word() && !lexer.at("!"))
      return fail(Code::kInvalid, lexer.found() + ", expected: !, identifier, or 'end of string'");
    auto requirement = parse_requirement(lexer);
    if (!requirement) return wrap("unable to parse requirement", std::move(requirement).error());
    requirements.push_back(*std::move(requirement));
    if (lexer.at_end()) break;
    if (!lexer.at(",")) return fail(Code::kInvalid, lexer.found() + ", expected: ',' or 'end of string'");
    lexer.advance();
    if (!lexer.at_word() && !lexer.at("!")) return fail(Code::kInvalid, lexer.found() + ", expected: identifier after ','");
  }
  std::stable_sort(requirements.begin(), requirements.end(),
                   [](const Requirement& left, const Requirement& right) { return left.key < right.key; });
  return requirements;
}

}  // namespace canaria::lang
