// The two digests that names and identities are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace canaria {

// FNV-1a, 32 bit, over bytes; `state` continues an earlier hash.
std::uint32_t fnv1a_32(std::string_view bytes, std::uint32_t state = 2166136261U);

// The decimal digits of a hash mapped to letters and digits that cannot form words: "0123456789" -> "456789bcdf".
// Compat: Kubernetes and Argo Rollouts name ReplicaSets so (apimachinery SafeEncodeString over the decimal number).
std::string safe_encode(std::uint32_t hash);

}  // namespace canaria
