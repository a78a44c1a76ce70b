#include "apiserver/protobuf/scalars.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "apiserver/protobuf/wire_reader.h"
#include "base/time.h"
#include "json/write.h"
#include "lang/quantity.h"

namespace canaria::apiserver::protobuf {
namespace {

constexpr std::int64_t kFirstSecond = -62'135'596'800;  // of the year 1: Go's zero time
constexpr std::int64_t kLastSecond = 253'402'300'799;   // of the year 9999

tl::unexpected<Error> wrong_type(const WireField& field) {
  return fail(Code::kBadRequest,
              fmt::format("proto: wrong wireType = {} for field {}", static_cast<int>(field.type), field.number));
}

// The fields of a small message by number, the last of each.
template <std::size_t kCount>
struct Fields {
  std::array<std::optional<WireField>, kCount> by_number;  // from 1

  static Result<Fields> read(std::string_view bytes, const std::array<WireType, kCount>& types) {
    Fields fields;
    WireReader reader(bytes);
    while (true) {
      TRY(const auto field, reader.next());
      if (!field) return fields;
      if (field->number > kCount) continue;
      if (field->type != types[field->number - 1]) return wrong_type(*field);
      fields.by_number[field->number - 1] = field;
    }
  }
  std::uint64_t bits(std::size_t number) const { return by_number[number - 1] ? by_number[number - 1]->bits : 0; }
  std::string_view bytes(std::size_t number) const {
    return by_number[number - 1] ? by_number[number - 1]->bytes : std::string_view();
  }
};

struct Instant {
  Seconds seconds{0};
  std::int64_t micros = 0;
};

// Empty when the time is not set.
Result<std::optional<Instant>> decode_instant(std::string_view bytes) {
  if (bytes.empty()) return std::optional<Instant>();
  TRY(const auto fields, Fields<2>::read(bytes, {WireType::kVarint, WireType::kVarint}));
  const auto seconds = static_cast<std::int64_t>(fields.bits(1));
  const std::int64_t micros = static_cast<std::int32_t>(fields.bits(2)) / 1000;
  if (seconds < kFirstSecond || seconds > kLastSecond || micros < 0 || micros >= 1'000'000)
    return fail(Code::kBadRequest, fmt::format("a time is out of range: {} s, {} us", seconds, micros));
  if (seconds == kFirstSecond && micros == 0) return std::optional<Instant>();
  return std::optional<Instant>(Instant{Seconds(seconds), micros});
}

}  // namespace

Result<json::Value> decode_time(std::string_view bytes) {
  TRY(const auto instant, decode_instant(bytes));
  if (!instant) return json::Value(nullptr);
  return json::Value(format_time(Time(instant->seconds)));
}

Result<json::Value> decode_micro_time(std::string_view bytes) {
  TRY(const auto instant, decode_instant(bytes));
  if (!instant) return json::Value(nullptr);
  std::string text = format_time(Time(instant->seconds));
  text.pop_back();
  return json::Value(fmt::format("{}.{:06}Z", text, instant->micros));
}

Result<json::Value> decode_quantity(std::string_view bytes) {
  TRY(const auto fields, Fields<1>::read(bytes, {WireType::kBytes}));
  if (!fields.by_number[0]) return json::Value("0");
  const auto quantity = lang::Quantity::parse(fields.bytes(1));
  if (!quantity) return fail(Code::kBadRequest, quantity.error().message);
  return json::Value(quantity->canonical());
}

Result<json::Value> decode_int_or_string(std::string_view bytes) {
  TRY(const auto fields, Fields<3>::read(bytes, {WireType::kVarint, WireType::kVarint, WireType::kBytes}));
  if (fields.bits(1) == 0) return json::Value(static_cast<std::int32_t>(fields.bits(2)));
  if (fields.bits(1) == 1) return json::Value(valid_text(fields.bytes(3)));
  return fail(Code::kBadRequest, "impossible IntOrString.Type");
}

Result<json::Value> decode_json(std::string_view bytes) {
  TRY(const auto fields, Fields<1>::read(bytes, {WireType::kBytes}));
  if (fields.bytes(1).empty()) return json::Value(nullptr);
  auto value = json::parse(fields.bytes(1));
  if (!value) return fail(Code::kBadRequest, "not JSON: " + value.error().message);
  return value;
}

std::string valid_text(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t size = json::code_point_bytes(bytes);
    if (size == 0) text += "\xEF\xBF\xBD";
    else text += bytes.substr(0, size);
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

}  // namespace canaria::apiserver::protobuf
