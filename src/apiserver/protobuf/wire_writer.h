// For tests only: writes protobuf by hand, field by field, as the tests say.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace canaria::apiserver::protobuf {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

inline std::string fixed64(std::uint64_t value) {
  std::string bytes;
  for (int at = 0; at < 8; ++at, value >>= 8) bytes += static_cast<char>(value & 0xFF);
  return bytes;
}

inline std::string tag(unsigned number, unsigned wire_type) { return varint(number << 3 | wire_type); }

// A number, also a negative one.
inline std::string number(unsigned field, std::int64_t value) {
  return tag(field, 0) + varint(static_cast<std::uint64_t>(value));
}
inline std::string floating(unsigned field, double value) { return tag(field, 1) + fixed64(std::bit_cast<std::uint64_t>(value)); }
// Text, bytes, or a message that is written already.
inline std::string part(unsigned field, std::string_view content) {
  return tag(field, 2) + varint(content.size()) + std::string(content);
}
// An entry of a map.
inline std::string entry(unsigned field, std::string_view key, std::string_view content) {
  return part(field, part(1, key) + part(2, content));
}

inline std::string envelope(std::string_view api_version, std::string_view kind, std::string_view raw) {
  return std::string("k8s\0", 4) + part(1, part(1, api_version) + part(2, kind)) + part(2, raw) + part(3, "") + part(4, "");
}

}  // namespace canaria::apiserver::protobuf
