// The wire format of protobuf: a sequence of numbered fields, each with one of five ways to say how long it is. Nothing here
// knows what a field means.
//
// The bytes come from anybody, so nothing is trusted: lengths are checked before anything is taken, numbers that do not fit are
// errors, and nothing recurses. Groups (a form nobody writes any more) are passed over without looking at what is in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace canaria::apiserver::protobuf {

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kGroup = 3, kGroupEnd = 4, kFixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t bits = 0;   // of kVarint, kFixed64 and kFixed32
  std::string_view bytes;   // of kBytes; a part of what the reader was given
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  // The next field; empty at the end. Fails with kBadRequest, after which the reader must not be used.
  Result<std::optional<WireField>> next();

  // Numbers of a packed list, which have no field numbers between them.
  bool at_end() const { return rest_.empty(); }
  Result<std::uint64_t> varint();
  // An integer of 4 or 8 bytes, the lowest first.
  Result<std::uint64_t> fixed(std::size_t size);

 private:
  struct Tag {
    std::uint32_t number = 0;
    WireType type = WireType::kVarint;
  };

  Result<Tag> tag();
  Result<std::string_view> bytes();
  Status skip_value(WireType type);
  Status skip_group();

  std::string_view rest_;
};

}  // namespace canaria::apiserver::protobuf
