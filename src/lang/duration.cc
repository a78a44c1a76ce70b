// Go's grammar for durations, with its error texts: users know them from kubectl and from statuses of the reference.
#include "lang/duration.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace canaria::lang {
namespace {

constexpr std::uint64_t kMagnitudeMax = std::uint64_t{1} << 63U;  // of the most negative duration

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1'000},
                                         {"\xC2\xB5s", 1'000},  // micro sign
                                         {"\xCE\xBCs", 1'000},  // Greek mu
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Compat: bytes beyond printable ASCII appear as \xHH, as Go writes them.
std::string quoted(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x80) out.append("\\x").append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
    else if (c == '"' || c == '\\') out.append("\\").append(1, c);
    else out += c;
  }
  return out + "\"";
}

// The digits before the point; empty when they exceed any duration.
std::optional<std::uint64_t> take_whole(std::string_view& text) {
  std::uint64_t whole = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    if (whole > kMagnitudeMax / 10) return std::nullopt;
    whole = whole * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (whole > kMagnitudeMax) return std::nullopt;
  }
  return whole;
}

// The digits behind the point over a power of ten. Digits beyond what fits do not matter.
struct Fraction {
  std::uint64_t digits = 0;
  double scale = 1;
};
Fraction take_fraction(std::string_view& text) {
  Fraction fraction;
  bool fits = true;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    fits = fits && fraction.digits <= (kMagnitudeMax - 1) / 10 - 1;
    if (!fits) continue;
    fraction.digits = fraction.digits * 10 + static_cast<std::uint64_t>(text.front() - '0');
    fraction.scale *= 10;
  }
  return fraction;
}

std::uint64_t unit_length(std::string_view name) {
  for (const Unit& unit : kUnits)
    if (unit.name == name) return unit.nanoseconds;
  return 0;
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const auto invalid = [&](std::string_view reason) {
    return fail(Code::kInvalid, "time: " + std::string(reason) + " duration " + quoted(text));
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return std::chrono::nanoseconds(0);
  if (rest.empty()) return invalid("invalid");

  std::uint64_t total = 0;
  while (!rest.empty()) {
    // 1. A number: digits, a point and digits; one side of the point may be empty.
    const std::size_t at_number = rest.size();
    const auto whole = take_whole(rest);
    if (!whole) return invalid("invalid");
    std::size_t digit_count = at_number - rest.size();
    Fraction fraction;
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      const std::size_t at_fraction = rest.size();
      fraction = take_fraction(rest);
      digit_count += at_fraction - rest.size();
    }
    if (digit_count == 0) return invalid("invalid");
    // 2. A unit: everything up to the next number.
    const std::string_view name = rest.substr(0, rest.find_first_of(".0123456789"));
    if (name.empty()) return invalid("missing unit in");
    rest.remove_prefix(name.size());
    const std::uint64_t unit = unit_length(name);
    if (unit == 0) return invalid("unknown unit " + quoted(name) + " in");
    // 3. Their product, within the range.
    if (*whole > kMagnitudeMax / unit) return invalid("invalid");
    std::uint64_t part = *whole * unit;
    part += static_cast<std::uint64_t>(static_cast<double>(fraction.digits) * (static_cast<double>(unit) / fraction.scale));
    if (part > kMagnitudeMax || total + part > kMagnitudeMax) return invalid("invalid");
    total += part;
  }
  if (negative) return std::chrono::nanoseconds(static_cast<std::int64_t>(0 - total));
  if (total >= kMagnitudeMax) return invalid("invalid");
  return std::chrono::nanoseconds(static_cast<std::int64_t>(total));
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const bool negative = duration.count() < 0;
  std::uint64_t rest = static_cast<std::uint64_t>(duration.count());
  if (negative) rest = 0 - rest;
  if (rest == 0) return "0s";

  // A number of the unit with up to nine fraction digits, without trailing zeros.
  const auto decimal = [](std::uint64_t nanoseconds, std::uint64_t unit) {
    std::string text = std::to_string(nanoseconds / unit);
    std::string digits = std::to_string(unit + nanoseconds % unit).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    return digits.empty() ? text : text + "." + digits;
  };
  std::string text = negative ? "-" : "";
  if (rest < 1'000) return text + std::to_string(rest) + "ns";
  if (rest < 1'000'000) return text + decimal(rest, 1'000) + "\xC2\xB5s";
  if (rest < 1'000'000'000) return text + decimal(rest, 1'000'000) + "ms";
  constexpr std::uint64_t kMinute = 60'000'000'000;
  const std::uint64_t minutes = rest / kMinute;
  if (minutes >= 60) text += std::to_string(minutes / 60) + "h";
  if (minutes > 0) text += std::to_string(minutes % 60) + "m";
  return text + decimal(rest % kMinute, 1'000'000'000) + "s";
}

// Two units while the larger one alone would be coarse, then one:
// below 2 min s, 10 min m+s, 3 h m, 8 h h+m, 48 h h, 8 d d+h, 2 y d, 8 y y+d, then y (365 days).
std::string human_duration(std::chrono::seconds elapsed) {
  const std::int64_t seconds = elapsed.count();
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  const auto pair = [](std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
    std::string text = std::to_string(large) + large_unit;
    return small == 0 ? text : text + std::to_string(small) + small_unit;
  };
  const std::int64_t minutes = seconds / 60;
  const std::int64_t hours = minutes / 60;
  const std::int64_t days = hours / 24;
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return std::to_string(minutes) + "m";
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return std::to_string(hours) + "h";
  if (days < 8) return pair(days, "d", hours % 24, "h");
  if (days < 2 * 365) return std::to_string(days) + "d";
  if (days < 8 * 365) return pair(days / 365, "y", days % 365, "d");
  return std::to_string(days / 365) + "y";
}

}  // namespace canaria::lang
