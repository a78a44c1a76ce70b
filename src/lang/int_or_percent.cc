// The share rules of maxSurge and maxUnavailable; their defaults and caps belong to the planner.
#include "lang/int_or_percent.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace canaria::lang {
namespace {

constexpr auto kIntMin = std::numeric_limits<std::int32_t>::min();
constexpr auto kIntMax = std::numeric_limits<std::int32_t>::max();

// A whole decimal number with an optional sign; empty for everything else.
std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool from_json(const json::Value& source, IntOrString& target) {
  if (const auto* text = source.if_string()) {
    target.value = std::string(*text);
  } else if (const auto* number = source.if_int64()) {
    target.value = static_cast<std::int32_t>(std::clamp<std::int64_t>(*number, kIntMin, kIntMax));
  } else if (source.is_uint64()) {
    target.value = kIntMax;
  } else if (const auto* real = source.if_double()) {
    target.value = static_cast<std::int32_t>(std::clamp<double>(*real, kIntMin, kIntMax));
  } else {
    return false;
  }
  return true;
}

json::Value to_json(const IntOrString& source) {
  if (const auto* number = std::get_if<std::int32_t>(&source.value)) return json::Value(*number);
  return json::Value(std::get<std::string>(source.value));
}

std::optional<int> resolve(const IntOrString& share, int total, Rounding rounding) {
  if (const auto* count = std::get_if<std::int32_t>(&share.value)) return *count;
  std::string digits = std::get<std::string>(share.value);
  std::erase(digits, '%');
  const auto percent = whole_number(digits);
  if (!percent) return std::nullopt;
  const double exact = static_cast<double>(*percent) * total / 100;
  const double rounded = rounding == Rounding::kUp ? std::ceil(exact) : std::floor(exact);
  return static_cast<int>(std::clamp<double>(rounded, kIntMin, kIntMax));
}

}  // namespace canaria::lang
