// Which loopback addresses one running machine uses: a block 127.B.0.0/16 of its own, so that several can run side by side.
//
//   127.B.0.1   - 127.B.127.254    pods
//   127.B.128.1 - 127.B.191.254    Services
//   127.B.192.1 - 127.B.223.254    Gateways and Ingresses
//   127.B.224.1                    the machine itself: its metrics
//
// Pure arithmetic; who has which address is read from the objects (status.podIP, spec.clusterIP, status.addresses).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace canaria::machine {

enum class AddressUse { kPod, kService, kGateway };

class AddressBlock {
 public:
  // REQUIRES: 1 <= second_octet <= 254.
  explicit AddressBlock(std::uint8_t second_octet) : second_octet_(second_octet) {}

  std::uint8_t second_octet() const { return second_octet_; }
  // Where the machine itself listens.
  std::string own_address() const { return "127." + std::to_string(second_octet_) + ".224.1"; }
  // Whether the text is an address of this block for that use.
  bool holds(AddressUse use, const std::string& address) const;
  // The first address at or after `last` (empty: the first of the range), going round, that is not taken; empty when all are.
  std::optional<std::string> next_free(AddressUse use, const std::set<std::string>& taken, const std::string& last = "") const;

 private:
  std::uint8_t second_octet_;
};

}  // namespace canaria::machine
