// Kubernetes quantities ("500m", "1Gi", "1e3"): amounts of CPU, memory and other resources. Exact decimal values; the
// canonical spelling is part of the pod template hash, so it follows the reference to the byte.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace canaria::lang {

class Quantity {
 public:
  // Fails with kInvalid on anything that is not [+-]digits[.digits] with one of n u m k M G T P E, Ki Mi Gi Ti Pi Ei or a
  // decimal exponent. Amounts finer than 1n are rounded away from zero; binary amounts are limited to 64 bits.
  static Result<Quantity> parse(std::string_view text);

  // The API's spelling: "1000m" -> "1", "0.5" -> "500m", "1024Mi" -> "1Gi", "1.5Gi" -> "1536Mi".
  std::string canonical() const;

  // The amount without a notation ("15e8"): equal amounts have equal texts. For comparing, not for showing.
  std::string amount() const;

  // The amount rounded away from zero to whole multiples of 10^exponent; the API stores resources in milli units.
  Quantity rounded_up(int exponent) const;

  double to_double() const;
  bool is_zero() const { return digits_.empty(); }

  // By amount: "1" equals "1000m".
  std::strong_ordering operator<=>(const Quantity& other) const;
  bool operator==(const Quantity& other) const { return (*this <=> other) == std::strong_ordering::equal; }

 private:
  enum class Notation { kDecimalSuffix, kDecimalExponent, kBinarySuffix };

  void drop_zeros();
  std::string decimal() const;
  std::string binary() const;
  std::strong_ordering compare_size(const Quantity& other) const;

  bool negative_ = false;
  std::string digits_;  // no leading or trailing zeros; empty for zero
  int exponent_ = 0;    // the amount is digits_ * 10^exponent_
  Notation notation_ = Notation::kDecimalSuffix;
  std::string kept_;    // the text as given, when its digits were canonical already
};

// The canonical spelling of a quantity's text, or nullopt when it is malformed.
std::optional<std::string> canonical_quantity(std::string_view text);

}  // namespace canaria::lang
