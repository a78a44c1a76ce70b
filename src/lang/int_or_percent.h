// The JSON "int or string" of the Kubernetes API, and its use as a count or a share of a total (maxSurge: 2 or "25%").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "json/value.h"

namespace canaria::lang {

struct IntOrString {
  std::variant<std::int32_t, std::string> value;
  bool operator==(const IntOrString&) const = default;
};

// Codec hooks (json/codec.h). Anything but a number or a string leaves the target as it is; integers beyond int32 are
// cut to its range, fractions are cut off.
bool from_json(const json::Value& source, IntOrString& target);
json::Value to_json(const IntOrString& source);

enum class Rounding { kUp, kDown };

// A number as it is; any string as that percentage of the total, with or without "%". Empty when the string is not a
// whole number. Example: "25%" of 10 is 3 up and 2 down.
// Compat: Argo Rollouts drops every "%" wherever it stands, so "5" is 5 % and not a count.
std::optional<int> resolve(const IntOrString& share, int total, Rounding rounding);

}  // namespace canaria::lang
