#include "lang/promql/token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>

namespace canaria::lang::promql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array<Unit, 7> kUnits = {
    {{"y", 31'536'000'000}, {"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

void append_code_point(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) add(code);
  else if (code < 0x800) add(0xC0 | code >> 6), add(0x80 | (code & 0x3F));
  else if (code < 0x10000) add(0xE0 | code >> 12), add(0x80 | (code >> 6 & 0x3F)), add(0x80 | (code & 0x3F));
  else add(0xF0 | code >> 18), add(0x80 | (code >> 12 & 0x3F)), add(0x80 | (code >> 6 & 0x3F)), add(0x80 | (code & 0x3F));
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (;;) {
      skip_blanks();
      TRY(Token token, next());
      tokens.push_back(std::move(token));
      if (tokens.back().kind == TokenKind::kEnd) return tokens;
    }
  }

 private:
  char at(std::size_t place) const { return place < text_.size() ? text_[place] : '\0'; }
  tl::unexpected<Error> error(std::size_t position, const std::string& what) const {
    return fail(Code::kBadRequest, parse_error(text_, position, what));
  }
  void skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
    }
    at_ = std::min(at_, text_.size());
  }

  Result<Token> next() {
    if (at_ == text_.size()) return made(TokenKind::kEnd, 0);
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && is_digit(at(at_ + 1)))) return number();
    if (is_letter(c)) {
      std::size_t size = 1;
      while (is_letter(at(at_ + size)) || is_digit(at(at_ + size))) ++size;
      return made(TokenKind::kIdentifier, size);
    }
    if (c == '"' || c == '\'' || c == '`') return quoted(c);
    for (const std::string_view symbol : {"==", "!=", "=~", "!~", "<=", ">="})
      if (text_.substr(at_, 2) == symbol) return made(TokenKind::kSymbol, 2);
    if (std::string_view("(){}[],+-*/%^=<>@:").find(c) != std::string_view::npos) return made(TokenKind::kSymbol, 1);
    return error(at_, "unexpected character: '" + std::string(1, c) + "'");
  }

  Token made(TokenKind kind, std::size_t size) {
    Token token;
    token.kind = kind;
    token.text = text_.substr(at_, size);
    token.position = at_;
    at_ += size;
    return token;
  }

  Result<Token> number() {
    std::size_t end = at_;
    const bool is_hexadecimal = at(at_) == '0' && (at(at_ + 1) == 'x' || at(at_ + 1) == 'X');
    if (is_hexadecimal) {
      for (end = at_ + 2; is_hex(at(end));) ++end;
    } else {
      while (is_digit(at(end))) ++end;
      if (is_letter(at(end)) && at(end) != 'e' && at(end) != 'E' && at(end) != ':') return duration(end);
      if (at(end) == '.')
        for (++end; is_digit(at(end));) ++end;
      if (at(end) == 'e' || at(end) == 'E') {
        ++end;
        if (at(end) == '+' || at(end) == '-') ++end;
        while (is_digit(at(end))) ++end;
      }
    }
    const std::size_t start = at_;
    Token token = made(TokenKind::kNumber, end - at_);
    char* stop = nullptr;
    token.number = std::strtod(token.text.c_str(), &stop);
    if (*stop != '\0' || is_letter(at(at_)) || is_digit(at(at_)) || at(at_) == '.')
      return error(start, "bad number or duration syntax: \"" + token.text + at(at_) + "\"");
    return token;
  }

  Result<Token> duration(std::size_t end) {
    while (at(end) != ':' && (is_letter(at(end)) || is_digit(at(end)))) ++end;
    const std::size_t start = at_;
    Token token = made(TokenKind::kDuration, end - at_);
    auto length = parse_duration_ms(token.text);
    if (!length) return error(start, length.error().message);
    token.duration_ms = *length;
    return token;
  }

  Result<Token> quoted(char quote) {
    const std::size_t start = at_;
    Token token = made(TokenKind::kString, 0);
    for (++at_;; ++at_) {
      if (at_ >= text_.size()) return error(start, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
      const char c = text_[at_];
      if (c == quote) break;
      if (c == '\n' && quote != '`') return error(start, "unterminated quoted string");
      if (c != '\\' || quote == '`') {
        token.text += c;
        continue;
      }
      CHECK_OK(escape(token.text, quote));
    }
    ++at_;
    return token;
  }

  // At the backslash; afterwards at the last character of the escape.
  Status escape(std::string& out, char quote) {
    const std::size_t start = at_;
    const char c = at(++at_);
    constexpr std::string_view kNames = "abfnrtv\\", kMeanings = "\a\b\f\n\r\t\v\\";
    if (const auto known = kNames.find(c); c != '\0' && known != std::string_view::npos) {
      out += kMeanings[known];
      return {};
    }
    if (c == quote) {
      out += c;
      return {};
    }
    const bool is_octal = c >= '0' && c <= '7';
    const std::size_t digits = is_octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    const std::size_t first = is_octal ? at_ : at_ + 1;
    std::uint32_t code = 0;
    const char* begin = text_.data() + std::min(first, text_.size());
    const char* end = text_.data() + std::min(first + digits, text_.size());
    const auto [stop, problem] = std::from_chars(begin, end, code, is_octal ? 8 : 16);
    if (digits == 0 || problem != std::errc() || stop != end || end != text_.data() + first + digits)
      return error(start, "unknown or invalid escape sequence in a string");
    const bool is_byte = is_octal || c == 'x';
    if ((is_byte && code > 255) || (!is_byte && (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))))
      return error(start, "escape sequence is an invalid Unicode code point");
    if (is_byte) out += static_cast<char>(code);
    else append_code_point(out, code);
    at_ = first + digits - 1;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text) { return Scanner(text).run(); }

std::string parse_error(std::string_view text, std::size_t position, const std::string& what) {
  std::size_t line = 1, start = 0;
  for (std::size_t i = 0; i < position && i < text.size(); ++i)
    if (text[i] == '\n') ++line, start = i + 1;
  return std::to_string(line) + ":" + std::to_string(position - start + 1) + ": parse error: " + what;
}

Result<std::int64_t> parse_duration_ms(std::string_view text) {
  const auto bad = [&] { return fail(Code::kBadRequest, "not a valid duration string: \"" + std::string(text) + "\""); };
  std::int64_t total = 0;
  std::size_t smallest = 0;  // the next unit has to be behind it
  for (std::size_t at = 0; at < text.size();) {
    std::int64_t number = 0;
    const auto [stop, problem] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (problem != std::errc() || number < 0) return bad();
    at = static_cast<std::size_t>(stop - text.data());
    std::size_t end = at;
    while (end < text.size() && !is_digit(text[end])) ++end;
    const std::string_view name = text.substr(at, end - at);
    std::size_t unit = smallest;
    while (unit < kUnits.size() && kUnits.at(unit).name != name) ++unit;
    if (unit == kUnits.size()) return bad();
    if (number > (std::numeric_limits<std::int64_t>::max() / 1'000'000 - total) / kUnits.at(unit).ms)
      return fail(Code::kBadRequest, "duration out of range");
    total += number * kUnits.at(unit).ms;
    smallest = unit + 1;
    at = end;
  }
  if (text.empty()) return fail(Code::kBadRequest, "empty duration string");
  return total;
}

}  // namespace canaria::lang::promql
