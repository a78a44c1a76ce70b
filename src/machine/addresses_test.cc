// The address plan: ranges do not overlap, allocation goes round and ends when everything is taken.
#include "machine/addresses.h"

#include <gtest/gtest.h>

namespace canaria::machine {
namespace {

TEST(AddressBlock, UsesDoNotOverlap) {
  const AddressBlock block(7);
  EXPECT_TRUE(block.holds(AddressUse::kPod, "127.7.0.1"));
  EXPECT_TRUE(block.holds(AddressUse::kPod, "127.7.127.254"));
  EXPECT_FALSE(block.holds(AddressUse::kPod, "127.7.128.1"));
  EXPECT_TRUE(block.holds(AddressUse::kService, "127.7.128.1"));
  EXPECT_FALSE(block.holds(AddressUse::kService, "127.8.128.1"));
  EXPECT_FALSE(block.holds(AddressUse::kGateway, "127.7.192.0"));
  for (const char* text : {"", "127.7.0", "127.7.0.1.2", "127.7.0.999", "127.7.0.-1", "a.b.c.d", "127.7..1"})
    EXPECT_FALSE(block.holds(AddressUse::kPod, text)) << text;
}

TEST(AddressBlock, FindsTheNextFreeAddressGoingRound) {
  const AddressBlock block(9);
  EXPECT_EQ(block.next_free(AddressUse::kPod, {}), "127.9.0.1");
  EXPECT_EQ(block.next_free(AddressUse::kPod, {"127.9.0.1", "127.9.0.2"}), "127.9.0.3");
  EXPECT_EQ(block.next_free(AddressUse::kPod, {"127.9.0.254"}, "127.9.0.254"), "127.9.1.1");
  EXPECT_EQ(block.next_free(AddressUse::kPod, {"127.9.127.254"}, "127.9.127.254"), "127.9.0.1");
  std::set<std::string> taken;
  while (const auto next = block.next_free(AddressUse::kGateway, taken, taken.empty() ? "" : *taken.rbegin())) taken.insert(*next);
  EXPECT_EQ(taken.size(), 32U * 254U);
}

}  // namespace
}  // namespace canaria::machine
