// See quantity.h. Amounts are decimal digit strings with an exponent, so no value overflows; only binary suffixes need
// arithmetic, and they are limited to 64 bits.
#include "lang/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace canaria::lang {

namespace {

constexpr std::uint64_t kLargest = 9223372036854775807U;
constexpr int kNano = -9;

struct Suffix {
  std::string_view text;
  int exponent;  // of 10
};
constexpr std::array kDecimalSuffixes{Suffix{"n", -9}, Suffix{"u", -6}, Suffix{"m", -3}, Suffix{"", 0},   Suffix{"k", 3},
                                      Suffix{"M", 6},  Suffix{"G", 9},  Suffix{"T", 12}, Suffix{"P", 15}, Suffix{"E", 18}};
constexpr std::array<std::string_view, 7> kBinarySuffixes{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string_view take_digits(std::string_view& rest) {
  const auto end = std::ranges::find_if_not(rest, is_digit);
  const std::string_view digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(digits.size());
  return digits;
}

std::optional<int> decimal_exponent(std::string_view suffix) {
  for (const Suffix& known : kDecimalSuffixes)
    if (known.text == suffix) return known.exponent;
  return std::nullopt;
}

// The power of 1024, from 1 on.
std::optional<int> binary_power(std::string_view suffix) {
  for (std::size_t power = 1; power < kBinarySuffixes.size(); ++power)
    if (kBinarySuffixes[power] == suffix) return static_cast<int>(power);
  return std::nullopt;
}

// The number after e or E: "3", "+3", "-9".
std::optional<int> written_exponent(std::string_view suffix) {
  if (suffix.size() < 2 || (suffix.front() != 'e' && suffix.front() != 'E')) return std::nullopt;
  suffix.remove_prefix(1);
  if (suffix.starts_with('+')) suffix.remove_prefix(1);
  int exponent = 0;
  const auto read = std::from_chars(suffix.data(), suffix.data() + suffix.size(), exponent);
  if (read.ec != std::errc() || read.ptr != suffix.data() + suffix.size() || std::abs(exponent) > 1000) return std::nullopt;
  return exponent;
}

// digits * 1024^power as decimal digits; absent when it needs more than 64 bits.
std::optional<std::string> times_1024(std::string_view digits, std::size_t fraction_digits, int power) {
  if (digits.size() > 19 + fraction_digits || digits.size() > 30) return std::nullopt;
  unsigned __int128 amount = 0;
  for (const char digit : digits) amount = amount * 10 + static_cast<unsigned>(digit - '0');
  for (int i = 0; i < power; ++i) {
    if (amount > (~static_cast<unsigned __int128>(0) >> 10U)) return std::nullopt;
    amount <<= 10U;
  }
  unsigned __int128 limit = kLargest;
  for (std::size_t i = 0; i < fraction_digits; ++i) {
    if (limit > (~static_cast<unsigned __int128>(0)) / 10) break;
    limit *= 10;
  }
  if (amount > limit) return std::nullopt;
  std::string text;
  for (; amount > 0; amount /= 10) text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(amount % 10)));
  return text;
}

// Compat: the reference keeps a spelling as it is ("+5", "007", "1E3", "2.510P") when its digits without the point need
// neither a shift nor shortening. The two limits on digits are those of its 64-bit arithmetic.
bool keeps_decimal(std::string_view whole, std::string_view fraction, int written_exponent) {
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.empty()) return false;
  const std::string digits = std::string(whole) + std::string(fraction);
  const int exponent = written_exponent - static_cast<int>(fraction.size());
  return digits.size() <= 18 && exponent % 3 == 0 && exponent >= kNano && !digits.ends_with("000");
}

bool keeps_binary(std::string_view whole, std::string_view fraction, int power) {
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  const int digits_left = 15 - static_cast<int>(whole.size()) - 3 * power - 1;
  if (digits_left < 0 || !fraction.empty()) return false;
  return std::strtoull(std::string(whole).c_str(), nullptr, 10) % 8 != 0;
}

tl::unexpected<Error> malformed(std::string_view text) {
  return fail(Code::kInvalid, "\"" + std::string(text) +
                                  "\" is no quantity: write a number with one of the suffixes "
                                  "n u m k M G T P E Ki Mi Gi Ti Pi Ei, such as 500m or 1Gi");
}

}  // namespace

void Quantity::drop_zeros() {
  const auto first = digits_.find_first_not_of('0');
  digits_.erase(0, std::min(first, digits_.size()));
  while (digits_.ends_with('0')) {
    digits_.pop_back();
    ++exponent_;
  }
  if (digits_.empty()) exponent_ = 0, negative_ = false;
}

Result<Quantity> Quantity::parse(std::string_view text) {
  Quantity quantity;
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) {
    quantity.negative_ = rest.front() == '-';
    rest.remove_prefix(1);
  }
  const std::string_view whole = take_digits(rest);
  std::string_view fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    fraction = take_digits(rest);
  }
  if ((whole.empty() && fraction.empty()) || text.size() > 200) return malformed(text);
  quantity.digits_ = std::string(whole) + std::string(fraction);
  quantity.exponent_ = -static_cast<int>(fraction.size());
  int written = 0;
  const auto power = binary_power(rest);
  if (power) {
    quantity.notation_ = Notation::kBinarySuffix;
    if (auto scaled = times_1024(quantity.digits_, fraction.size(), *power)) quantity.digits_ = *std::move(scaled);
    else quantity.digits_ = std::to_string(kLargest), quantity.exponent_ = 0;
  } else if (const auto suffix = decimal_exponent(rest)) {
    written = *suffix;
  } else if (const auto exponent = written_exponent(rest)) {
    quantity.notation_ = Notation::kDecimalExponent;
    written = *exponent;
  } else {
    return malformed(text);
  }
  quantity.exponent_ += written;
  quantity.drop_zeros();
  quantity = quantity.rounded_up(kNano);
  const bool is_kept = power ? keeps_binary(whole, fraction, *power) : keeps_decimal(whole, fraction, written);
  if (is_kept && !quantity.is_zero()) quantity.kept_ = text;
  return quantity;
}

Quantity Quantity::rounded_up(int exponent) const {
  Quantity rounded = *this;
  if (exponent_ >= exponent || is_zero()) return rounded;
  rounded.kept_.clear();
  const auto dropped = static_cast<std::size_t>(exponent - exponent_);
  rounded.digits_.resize(digits_.size() - std::min(dropped, digits_.size()));
  rounded.digits_.insert(rounded.digits_.begin(), '0');
  // digits_ ends in no zero, so what was dropped is never zero: carry one.
  for (auto digit = rounded.digits_.rbegin(); digit != rounded.digits_.rend(); ++digit) {
    if (*digit != '9') {
      ++*digit;
      break;
    }
    *digit = '0';
  }
  rounded.exponent_ = exponent;
  rounded.drop_zeros();
  return rounded;
}

// Digits as a whole number with an exponent that is a multiple of three, the largest possible.
std::string Quantity::decimal() const {
  int exponent = exponent_;
  std::string digits = digits_;
  for (; exponent % 3 != 0; --exponent) digits += '0';
  const std::string number = (negative_ ? "-" : "") + digits;
  if (notation_ == Notation::kDecimalExponent) return exponent == 0 ? number : number + "e" + std::to_string(exponent);
  for (const Suffix& known : kDecimalSuffixes)
    if (known.exponent == exponent) return number + std::string(known.text);
  return number;  // Compat: there is no suffix above E, and the reference then writes none.
}

std::string Quantity::binary() const {
  const std::string whole = digits_ + std::string(static_cast<std::size_t>(exponent_), '0');
  std::uint64_t number = std::strtoull(whole.c_str(), nullptr, 10);
  std::size_t power = 0;
  for (; number % 1024 == 0 && power + 1 < kBinarySuffixes.size(); ++power) number /= 1024;
  return (negative_ ? "-" : "") + std::to_string(number) + std::string(kBinarySuffixes[power]);
}

std::string Quantity::canonical() const {
  if (is_zero()) return "0";
  if (!kept_.empty()) return kept_;
  if (notation_ != Notation::kBinarySuffix) return decimal();
  const bool is_small = static_cast<int>(digits_.size()) + exponent_ <= 4 && std::abs(to_double()) < 1024;
  return is_small || exponent_ < 0 ? decimal() : binary();
}

std::string Quantity::amount() const { return (negative_ ? "-" : "") + digits_ + "e" + std::to_string(exponent_); }

double Quantity::to_double() const {
  if (is_zero()) return 0;
  return std::strtod(amount().c_str(), nullptr);
}

std::strong_ordering Quantity::compare_size(const Quantity& other) const {
  const auto length = static_cast<long>(digits_.size()) + exponent_;
  const auto other_length = static_cast<long>(other.digits_.size()) + other.exponent_;
  if (is_zero() || other.is_zero()) return digits_.size() <=> other.digits_.size();
  if (length != other_length) return length <=> other_length;
  return digits_.compare(other.digits_) <=> 0;
}

std::strong_ordering Quantity::operator<=>(const Quantity& other) const {
  if (negative_ != other.negative_) return negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  return negative_ ? other.compare_size(*this) : compare_size(other);
}

std::optional<std::string> canonical_quantity(std::string_view text) {
  const auto quantity = Quantity::parse(text);
  if (!quantity) return std::nullopt;
  return quantity->canonical();
}

}  // namespace canaria::lang
