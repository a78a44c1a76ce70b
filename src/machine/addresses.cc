#include "machine/addresses.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace canaria::machine {
namespace {

// First and last third octet of each use.
std::pair<int, int> range_of(AddressUse use) {
  switch (use) {
    case AddressUse::kPod: return {0, 127};
    case AddressUse::kService: return {128, 191};
    case AddressUse::kGateway: return {192, 223};
  }
  return {0, 0};
}

constexpr int kLowest = 1, kHighest = 254;
constexpr int kPerOctet = kHighest - kLowest + 1;

std::optional<std::array<int, 4>> parse(std::string_view text) {
  std::array<int, 4> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::size_t end = i + 1 < octets.size() ? text.find('.') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + end, octets.at(i));
    if (error != std::errc() || stop != text.data() + end || octets.at(i) < 0 || octets.at(i) > 255) return std::nullopt;
    text.remove_prefix(i + 1 < octets.size() ? end + 1 : end);
  }
  return octets;
}

}  // namespace

bool AddressBlock::holds(AddressUse use, const std::string& address) const {
  const auto octets = parse(address);
  const auto [first, last] = range_of(use);
  return octets && octets->at(0) == 127 && octets->at(1) == second_octet_ && octets->at(2) >= first && octets->at(2) <= last &&
         octets->at(3) >= kLowest && octets->at(3) <= kHighest;
}

std::optional<std::string> AddressBlock::next_free(AddressUse use, const std::set<std::string>& taken,
                                                   const std::string& last) const {
  const auto [first_octet, last_octet] = range_of(use);
  const int count = (last_octet - first_octet + 1) * kPerOctet;
  int start = 0;
  if (holds(use, last)) {
    const auto octets = *parse(last);
    start = (octets.at(2) - first_octet) * kPerOctet + octets.at(3) - kLowest;
  }
  for (int i = 0; i < count; ++i) {
    const int index = (start + i) % count;
    std::string address = "127." + std::to_string(second_octet_) + "." + std::to_string(first_octet + index / kPerOctet) + "." +
                          std::to_string(kLowest + index % kPerOctet);
    if (!taken.contains(address)) return address;
  }
  return std::nullopt;
}

}  // namespace canaria::machine
