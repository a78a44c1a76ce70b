// Scalars are decided in the order null, boolean, number, string. The number grammar is wider than JSON's: signs,
// underscores, 0x 0o 0b, a leading 0 for octal, ".5" and "1.".
#include "json/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "json/write.h"

namespace canaria::json {
namespace {

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 11> kTrue = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"};
constexpr std::array<std::string_view, 11> kFalse = {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"};
constexpr std::array<std::string_view, 12> kNotFinite = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
                                                         "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The magnitude in the base its prefix names; all of the text must be used.
std::optional<std::uint64_t> parse_magnitude(std::string_view digits) {
  int base = 10;
  if (digits.size() > 1 && digits.front() == '0') {
    const char mark = static_cast<char>(digits[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    digits.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  std::uint64_t magnitude = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, base);
  if (digits.empty() || error != std::errc() || stop != end) return std::nullopt;
  return magnitude;
}

std::optional<Value> parse_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto magnitude = parse_magnitude(text);
  if (!magnitude) return std::nullopt;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!negative) return *magnitude <= kMax ? Value(static_cast<std::int64_t>(*magnitude)) : Value(*magnitude);
  if (*magnitude > kMax + 1) return std::nullopt;
  return Value(static_cast<std::int64_t>(0 - *magnitude));
}

// [-+]? ( digits [. digits?] | . digits ) ( [eE] [-+]? digits )?
bool has_float_form(std::string_view text) {
  const auto skip_digits = [&text] {
    std::size_t count = 0;
    for (; !text.empty() && is_digit(text.front()); ++count) text.remove_prefix(1);
    return count;
  };
  const auto skip_one_of = [&text](std::string_view choices) {
    const bool found = !text.empty() && choices.find(text.front()) != std::string_view::npos;
    if (found) text.remove_prefix(1);
    return found;
  };
  skip_one_of("+-");
  const std::size_t whole = skip_digits();
  const std::size_t fraction = skip_one_of(".") ? skip_digits() : 0;
  if (whole + fraction == 0) return false;
  if (skip_one_of("eE")) {
    skip_one_of("+-");
    if (skip_digits() == 0) return false;
  }
  return text.empty();
}

// Compat: kubectl converts YAML to JSON and reads that, where 1.0 has become 1, an integer.
Value as_json_reads(double number) {
  const std::string text = write_number(number);
  std::int64_t integer = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error == std::errc() && stop == text.data() + text.size()) return Value(integer);
  return Value(number);
}

std::optional<Value> parse_float(std::string_view text) {
  if (!has_float_form(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::string copy(text);
  // strtod and not from_chars: a number too small becomes 0 here, and only one too large stays a string. The program
  // never sets a locale, so the decimal point is a point.
  const double number = std::strtod(copy.c_str(), nullptr);
  if (number > std::numeric_limits<double>::max() || number < std::numeric_limits<double>::lowest()) return std::nullopt;
  return as_json_reads(number);
}

bool looks_like_date(std::string_view text) {
  if (text.size() < 8 || text[4] != '-') return false;
  return std::all_of(text.begin(), text.begin() + 4, is_digit) && is_digit(text[5]);
}

// 1:30 is ninety in YAML 1.1.
bool looks_like_base_60(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front()) && text.find(':') != std::string_view::npos &&
         text.find_first_not_of("0123456789_:.") == std::string_view::npos;
}

}  // namespace

std::optional<Value> resolve_plain(std::string_view text) {
  if (contains(kNull, text)) return Value(nullptr);
  if (contains(kTrue, text)) return Value(true);
  if (contains(kFalse, text)) return Value(false);
  if (contains(kNotFinite, text)) return std::nullopt;
  if (is_digit(text.front()) || text.front() == '+' || text.front() == '-' || text.front() == '.') {
    std::string digits(text);
    std::erase(digits, '_');
    if (const auto integer = parse_integer(digits)) return integer;
    if (const auto real = parse_float(digits)) return real;
  }
  return Value(text);
}

std::optional<std::string> key_text(const Value& scalar) {
  if (scalar.is_null() || scalar.is_structured()) return std::nullopt;
  if (scalar.is_string()) return std::string(scalar.get_string());
  return write(scalar);
}

bool is_ambiguous(std::string_view text) {
  const auto resolved = resolve_plain(text);
  if (!resolved || !resolved->is_string()) return true;
  return text == "=" || text == "<<" || looks_like_date(text) || looks_like_base_60(text);
}

}  // namespace canaria::json
