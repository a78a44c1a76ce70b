#include "apiserver/go_json_error.h"

#include <fmt/format.h>
#include <vector>

namespace canaria::apiserver {
namespace {

constexpr std::size_t kExcerptBytes = 30;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
}

// What may come next.
enum class Expected { kValue, kValueOrEnd, kKey, kKeyOrEnd, kColon, kMoreOfObject, kMoreOfList, kNothing };

std::string_view context_of(Expected expected) {
  switch (expected) {
    case Expected::kValue:
    case Expected::kValueOrEnd: return "looking for beginning of value";
    case Expected::kKey:
    case Expected::kKeyOrEnd: return "looking for beginning of object key string";
    case Expected::kColon: return "after object key";
    case Expected::kMoreOfObject: return "after object key:value pair";
    case Expected::kMoreOfList: return "after array element";
    case Expected::kNothing: return "after top-level value";
  }
  return "";
}

// Reads the structure alone: where the characters of it stop to make sense.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string error() {
    while (at_ < text_.size()) {
      const char letter = text_[at_];
      if (is_space(letter)) ++at_;
      else if (!step(letter)) return fmt::format("invalid character '{}' {}", letter, context_of(expected_));
    }
    return "unexpected end of JSON input";
  }

 private:
  void value_ended() {
    expected_ = open_.empty() ? Expected::kNothing : open_.back() == '{' ? Expected::kMoreOfObject : Expected::kMoreOfList;
  }

  bool is_value_expected() const { return expected_ == Expected::kValue || expected_ == Expected::kValueOrEnd; }

  bool step(char letter) {
    const bool takes_key = expected_ == Expected::kKey || expected_ == Expected::kKeyOrEnd;
    if (letter == '"' && (is_value_expected() || takes_key)) {
      pass_string();
      if (takes_key) expected_ = Expected::kColon;
      else value_ended();
      return true;
    }
    if ((letter == '{' || letter == '[') && is_value_expected()) {
      open_.push_back(letter);
      expected_ = letter == '{' ? Expected::kKeyOrEnd : Expected::kValueOrEnd;
    } else if (letter == '}' && (expected_ == Expected::kKeyOrEnd || expected_ == Expected::kMoreOfObject)) {
      open_.pop_back();
      value_ended();
    } else if (letter == ']' && ((expected_ == Expected::kValueOrEnd) || expected_ == Expected::kMoreOfList)) {
      open_.pop_back();
      value_ended();
    } else if (letter == ':' && expected_ == Expected::kColon) {
      expected_ = Expected::kValue;
    } else if (letter == ',' && expected_ == Expected::kMoreOfObject) {
      expected_ = Expected::kKey;
    } else if (letter == ',' && expected_ == Expected::kMoreOfList) {
      expected_ = Expected::kValue;
    } else if (is_value_expected() && starts_literal(letter)) {
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
      value_ended();
      return true;
    } else {
      return false;
    }
    ++at_;
    return true;
  }

  bool starts_literal(char letter) const {
    if ((letter >= '0' && letter <= '9') || letter == '-') return true;
    for (const std::string_view word : {"true", "false", "null"})
      if (text_.substr(at_).starts_with(word)) return true;
    return false;
  }

  void pass_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<char> open_;
  Expected expected_ = Expected::kValue;
};

}  // namespace

std::string go_json_error(std::string_view text) { return Reader(text).error(); }

std::string body_excerpt(std::string_view body) {
  if (body.empty()) return "<empty>";
  const std::string_view start = body.substr(0, kExcerptBytes);
  std::string excerpt;
  if (body.front() == '{') excerpt = start;
  else
    for (const char letter : start) excerpt += fmt::format("{:02x}", static_cast<unsigned char>(letter));
  return body.size() > kExcerptBytes ? excerpt + " ..." : excerpt;
}

}  // namespace canaria::apiserver
