#include "apiserver/protobuf/wire_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

#include "apiserver/protobuf/wire_writer.h"

namespace canaria::apiserver::protobuf {
namespace {

using testing::ElementsAre;

// "number:value" of every field, or what is wrong.
std::vector<std::string> read(std::string_view bytes) {
  std::vector<std::string> fields;
  WireReader reader(bytes);
  while (true) {
    const auto field = reader.next();
    if (!field) {
      fields.push_back(field.error().message);
      return fields;
    }
    if (!*field) return fields;
    const std::string value = (*field)->type == WireType::kBytes ? std::string((*field)->bytes) : std::to_string((*field)->bits);
    fields.push_back(std::to_string((*field)->number) + ":" + value);
  }
}

TEST(WireReader, ReadsEveryForm) {
  EXPECT_THAT(read(""), ElementsAre());
  EXPECT_THAT(read(number(1, 0) + number(2, 300) + part(3, "text") + part(16, "")), ElementsAre("1:0", "2:300", "3:text", "16:"));
  EXPECT_THAT(read(number(1, -1)), ElementsAre("1:18446744073709551615"));
  EXPECT_THAT(read(tag(1, 1) + fixed64(0x0102030405060708)), ElementsAre("1:72623859790382856"));
  EXPECT_THAT(read(tag(1, 5) + "\x01\x02\x03\x04"), ElementsAre("1:67305985"));
}

TEST(WireReader, PassesOverGroups) {
  const std::string inner = tag(7, 3) + number(1, 5) + tag(7, 4);
  EXPECT_THAT(read(tag(2, 3) + part(1, "x") + inner + tag(1, 5) + "abcd" + tag(1, 1) + "12345678" + tag(2, 4) + number(3, 1)),
              ElementsAre("2:0", "3:1"));
  EXPECT_THAT(read(tag(2, 3) + number(1, 1)), ElementsAre("unexpected EOF"));
  EXPECT_THAT(read(tag(2, 4)), ElementsAre("proto: wiretype end group for non-group"));
}

TEST(WireReader, ManyOpenGroupsNeedNoStack) {
  std::string bytes;
  for (int at = 0; at < 1'000'000; ++at) bytes += tag(1, 3);
  EXPECT_THAT(read(bytes), ElementsAre("unexpected EOF"));
}

TEST(WireReader, RefusesWhatIsCutOffOrTooLong) {
  const std::string ten(9, '\xFF');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"\x08", "unexpected EOF"},                              // no value
      {"\x08\x80", "unexpected EOF"},                          // half a number
      {"\x0A\x05" "abc", "unexpected EOF"},                    // longer than what follows
      {"\x0A" + varint(~0ULL), "unexpected EOF"},              // 2^64 - 1 bytes
      {"\x0A" + varint(1ULL << 63), "unexpected EOF"},
      {"\x09" "1234567", "unexpected EOF"},
      {"\x0D" "123", "unexpected EOF"},
      {"\x08" + ten + "\x02", "proto: integer overflow"},      // 65 bits
      {"\x08" + ten + "\x80\x01", "proto: integer overflow"},  // eleven bytes
      {std::string("\0", 1), "proto: illegal tag 0 (wire type 0)"},
      {varint(1ULL << 32 | 2), "proto: illegal tag 536870912 (wire type 2)"},
      {"\x0E", "proto: illegal wireType 6"},
      {"\x0F", "proto: illegal wireType 7"},
  };
  for (const auto& [bytes, why] : cases) EXPECT_THAT(read(bytes), ElementsAre(why)) << testing::PrintToString(bytes);
}

}  // namespace
}  // namespace canaria::apiserver::protobuf
