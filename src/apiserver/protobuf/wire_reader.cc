#include "apiserver/protobuf/wire_reader.h"

#include <fmt/format.h>

namespace canaria::apiserver::protobuf {
namespace {

constexpr std::uint64_t kFieldNumberMax = (1U << 29) - 1;

tl::unexpected<Error> cut_off() { return fail(Code::kBadRequest, "unexpected EOF"); }

}  // namespace

Result<std::uint64_t> WireReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return cut_off();
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    // Of the tenth byte only one bit is left.
    if (shift == 63 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  return fail(Code::kBadRequest, "proto: integer overflow");
}

Result<std::uint64_t> WireReader::fixed(std::size_t size) {
  if (rest_.size() < size) return cut_off();
  std::uint64_t value = 0;
  for (std::size_t at = size; at-- > 0;) value = value << 8 | static_cast<std::uint8_t>(rest_[at]);
  rest_.remove_prefix(size);
  return value;
}

Result<std::string_view> WireReader::bytes() {
  TRY(const std::uint64_t size, varint());
  if (size > rest_.size()) return cut_off();
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

Result<WireReader::Tag> WireReader::tag() {
  TRY(const std::uint64_t value, varint());
  const std::uint64_t number = value >> 3;
  const auto type = static_cast<std::uint8_t>(value & 7U);
  if (number == 0 || number > kFieldNumberMax)
    return fail(Code::kBadRequest, fmt::format("proto: illegal tag {} (wire type {})", number, type));
  if (type > static_cast<std::uint8_t>(WireType::kFixed32))
    return fail(Code::kBadRequest, fmt::format("proto: illegal wireType {}", type));
  return Tag{static_cast<std::uint32_t>(number), static_cast<WireType>(type)};
}

Status WireReader::skip_value(WireType type) {
  if (type == WireType::kVarint) {
    CHECK_OK(varint());
  } else if (type == WireType::kBytes) {
    CHECK_OK(bytes());
  } else {
    CHECK_OK(fixed(type == WireType::kFixed64 ? 8 : 4));
  }
  return {};
}

Status WireReader::skip_group() {
  for (std::size_t open = 1; open > 0;) {
    TRY(const Tag inner, tag());
    if (inner.type == WireType::kGroup) {
      ++open;
    } else if (inner.type == WireType::kGroupEnd) {
      --open;
    } else {
      CHECK_OK(skip_value(inner.type));
    }
  }
  return {};
}

Result<std::optional<WireField>> WireReader::next() {
  if (rest_.empty()) return std::optional<WireField>();
  TRY(const Tag start, tag());
  WireField field;
  field.number = start.number;
  field.type = start.type;
  switch (start.type) {
    case WireType::kVarint: {
      TRY(field.bits, varint());
      break;
    }
    case WireType::kBytes: {
      TRY(field.bytes, bytes());
      break;
    }
    case WireType::kFixed64:
    case WireType::kFixed32: {
      TRY(field.bits, fixed(start.type == WireType::kFixed64 ? 8 : 4));
      break;
    }
    case WireType::kGroup: {
      CHECK_OK(skip_group());
      break;
    }
    case WireType::kGroupEnd: return fail(Code::kBadRequest, "proto: wiretype end group for non-group");
  }
  return std::optional<WireField>(field);
}

}  // namespace canaria::apiserver::protobuf
