#include "apiserver/protobuf/object_decoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "apiserver/protobuf/messages.h"
#include "apiserver/protobuf/scalars.h"
#include "apiserver/protobuf/wire_reader.h"
#include "base/assert.h"
#include "base/base64.h"

namespace canaria::apiserver::protobuf {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPrefix = "k8s\0"sv;
// Messages within messages; only the schemas of custom resources nest without end.
constexpr std::size_t kDepthMax = 150;
// Objects and lists within each other. What is stored is read as JSON again, which has a limit (json::parse).
constexpr std::size_t kJsonDepthMax = 190;
// Two bytes of an empty element become a dozen members that Go always writes. The largest objects there are (1.5 MiB) stay far
// below this.
constexpr std::size_t kValuesMax = 500'000;

// One occurrence of a known field.
struct Found {
  std::size_t position = 0;  // of the field in its message
  WireField wire;
};
using Occurrences = std::span<const Found>;

bool is_number(FieldType type) {
  return type == FieldType::kBool || type == FieldType::kInt32 || type == FieldType::kInt64 || type == FieldType::kDouble;
}

WireType wire_type(FieldType type) {
  if (type == FieldType::kDouble) return WireType::kFixed64;
  return is_number(type) ? WireType::kVarint : WireType::kBytes;
}

// Go prints 10.0 as 10, and readers of integers expect them.
json::Value double_value(double number) {
  constexpr double kExactMax = 9'007'199'254'740'992.0;  // 2^53
  if (std::trunc(number) == number && std::abs(number) <= kExactMax) return json::Value(static_cast<std::int64_t>(number));
  return json::Value(number);
}

bool is_empty(const json::Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return true;
    case boost::json::kind::bool_: return !value.get_bool();
    case boost::json::kind::int64: return value.get_int64() == 0;
    case boost::json::kind::string: return value.get_string().empty();
    default: return false;
  }
}

std::size_t depth_of(const json::Value& value) {
  std::size_t deepest = 0;
  if (const json::Array* list = value.if_array()) {
    for (const json::Value& item : *list) deepest = std::max(deepest, depth_of(item));
  } else if (const json::Object* object = value.if_object()) {
    for (const auto& member : *object) deepest = std::max(deepest, depth_of(member.value()));
  } else {
    return 0;
  }
  return deepest + 1;
}

tl::unexpected<Error> too_deep() { return fail(Code::kBadRequest, "the object is nested too deeply"); }

class Decoder {
 public:
  Result<json::Value> message(const Message& message, std::string_view bytes);
  // The members of the message, added to those that are there.
  Status members(const Message& message, std::string_view bytes, json::Object& object);

 private:
  Result<std::vector<Found>> read(const Message& message, std::string_view bytes);
  Result<json::Value> first_choice(const Message& message, std::string_view bytes);
  // Empty when the member is left out.
  Result<std::optional<json::Value>> member(const Field& field, Occurrences found);
  Result<std::optional<json::Value>> single(const Field& field, Occurrences found);
  Result<json::Array> list(const Field& field, Occurrences found);
  Status append_packed(const Field& field, std::string_view bytes, json::Array& array);
  Result<json::Object> map(const Field& field, Occurrences found);
  Result<json::Value> number(FieldType type, std::uint64_t bits) const;
  Result<json::Value> value(const Field& field, std::string_view bytes);
  Status count();
  Status check_type(const Field& field, const WireField& wire) const;
  tl::unexpected<Error> problem(std::string_view text) const;

  std::size_t values_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::string_view> path_;  // names of the fields that are being read
};

// As Go says it, after where it is.
tl::unexpected<Error> Decoder::problem(std::string_view text) const {
  std::string path;
  for (const std::string_view name : path_)
    if (!name.empty()) path += (path.empty() ? "" : ".") + std::string(name);
  return fail(Code::kBadRequest, path.empty() ? std::string(text) : fmt::format("{}: {}", path, text));
}

Status Decoder::count() {
  if (++values_ > kValuesMax) return problem(fmt::format("the object has more than {} values", kValuesMax));
  return {};
}

Status Decoder::check_type(const Field& field, const WireField& wire) const {
  if (wire.type == wire_type(field.type)) return {};
  if (field.shape == FieldShape::kMap && wire.type == WireType::kBytes) return {};
  if (field.shape == FieldShape::kList && is_number(field.type) && wire.type == WireType::kBytes) return {};
  return problem(fmt::format("proto: wrong wireType = {} for field {}", static_cast<int>(wire.type),
                             field.name.empty() ? field.message->name : field.name));
}

Result<std::vector<Found>> Decoder::read(const Message& message, std::string_view bytes) {
  std::vector<Found> found;
  WireReader reader(bytes);
  while (true) {
    auto wire = reader.next();
    if (!wire) return problem(wire.error().message);
    if (!*wire) break;
    const std::size_t position = message.position((*wire)->number);
    if (position == message.fields.size()) continue;  // of a newer version
    CHECK_OK(check_type(message.fields[position], **wire));
    found.push_back({position, **wire});
  }
  if (!std::ranges::is_sorted(found, {}, &Found::position)) std::ranges::stable_sort(found, {}, &Found::position);
  return found;
}

// The occurrences of one field, cut off the front of those that are left.
Occurrences take(Occurrences& rest, std::size_t position) {
  const auto after = std::ranges::find_if(rest, [position](const Found& one) { return one.position != position; });
  const auto size = static_cast<std::size_t>(after - rest.begin());
  const Occurrences taken = rest.first(size);
  rest = rest.subspan(size);
  return taken;
}

// A message that is there several times is what all of them say.
std::string_view joined(Occurrences found, std::string& storage) {
  if (found.empty()) return {};
  if (found.size() == 1) return found.front().wire.bytes;
  for (const Found& one : found) storage += one.wire.bytes;
  return storage;
}

Status Decoder::members(const Message& message, std::string_view bytes, json::Object& object) {
  TRY(const std::vector<Found> found, read(message, bytes));
  if (depth_ == kDepthMax) return too_deep();
  ++depth_;
  Occurrences rest = found;
  for (std::size_t position = 0; position < message.fields.size(); ++position) {
    const Field& field = message.fields[position];
    const Occurrences own = take(rest, position);
    path_.push_back(field.name);
    if (field.name.empty()) {
      std::string storage;
      CHECK_OK(members(*field.message, joined(own, storage), object));
    } else {
      TRY(auto value, member(field, own));
      if (value) object[field.name] = *std::move(value);
    }
    path_.pop_back();
  }
  --depth_;
  return {};
}

Result<json::Value> Decoder::first_choice(const Message& message, std::string_view bytes) {
  TRY(const std::vector<Found> found, read(message, bytes));
  if (depth_ == kDepthMax) return too_deep();
  ++depth_;
  Occurrences rest = found;
  std::optional<json::Value> chosen;
  for (std::size_t position = 0; position < message.fields.size() && !chosen; ++position) {
    const Occurrences own = take(rest, position);
    TRY(chosen, member(message.fields[position], own));
  }
  --depth_;
  return std::move(chosen).value_or(json::Value(nullptr));
}

Result<json::Value> Decoder::message(const Message& message, std::string_view bytes) {
  if (message.is_choice) return first_choice(message, bytes);
  json::Object object;
  CHECK_OK(members(message, bytes, object));
  return json::Value(std::move(object));
}

Result<std::optional<json::Value>> Decoder::member(const Field& field, Occurrences found) {
  if (field.shape == FieldShape::kOne) return single(field, found);
  const bool is_always = field.written == Written::kAlways;
  json::Value all;
  if (field.shape == FieldShape::kList) {
    TRY(json::Array items, list(field, found));
    if (!items.empty()) all = std::move(items);
  } else {
    TRY(json::Object entries, map(field, found));
    if (!entries.empty()) all = std::move(entries);
  }
  if (all.is_null() && !is_always) return std::optional<json::Value>();
  CHECK_OK(count());
  return std::optional<json::Value>(std::move(all));
}

Result<std::optional<json::Value>> Decoder::single(const Field& field, Occurrences found) {
  if (found.empty() && field.written == Written::kIfThere) return std::optional<json::Value>();
  if (found.empty() && field.written == Written::kNullIfNotThere) return std::optional<json::Value>(json::Value(nullptr));
  json::Value read_value;
  if (is_number(field.type)) {
    TRY(read_value, number(field.type, found.empty() ? 0 : found.back().wire.bits));
  } else if (field.type == FieldType::kString || field.type == FieldType::kBytes) {
    TRY(read_value, value(field, found.empty() ? std::string_view() : found.back().wire.bytes));
  } else {
    std::string storage;
    TRY(read_value, value(field, joined(found, storage)));
  }
  if (field.written == Written::kUnlessEmpty && is_empty(read_value)) return std::optional<json::Value>();
  CHECK_OK(count());
  return std::optional<json::Value>(std::move(read_value));
}

Status Decoder::append_packed(const Field& field, std::string_view bytes, json::Array& array) {
  WireReader reader(bytes);
  while (!reader.at_end()) {
    CHECK_OK(count());
    const auto bits = field.type == FieldType::kDouble ? reader.fixed(8) : reader.varint();
    if (!bits) return problem(bits.error().message);
    TRY(json::Value item, number(field.type, *bits));
    array.push_back(std::move(item));
  }
  return {};
}

Result<json::Array> Decoder::list(const Field& field, Occurrences found) {
  json::Array array;
  for (const Found& one : found) {
    if (is_number(field.type) && one.wire.type == WireType::kBytes) {
      CHECK_OK(append_packed(field, one.wire.bytes, array));
      continue;
    }
    CHECK_OK(count());
    if (is_number(field.type)) {
      TRY(json::Value item, number(field.type, one.wire.bits));
      array.push_back(std::move(item));
    } else {
      TRY(json::Value item, value(field, one.wire.bytes));
      array.push_back(std::move(item));
    }
  }
  return array;
}

// Entries are messages of a key and a value; the last of a key counts. REQUIRES: no numbers (no kind has a map of them).
Result<json::Object> Decoder::map(const Field& field, Occurrences found) {
  json::Object object;
  for (const Found& one : found) {
    CHECK_OK(count());
    std::string_view key, content;
    WireReader reader(one.wire.bytes);
    while (true) {
      const auto part = reader.next();
      if (!part) return problem(part.error().message);
      if (!*part) break;
      if ((*part)->number > 2) continue;
      if ((*part)->type != WireType::kBytes)
        return problem(fmt::format("proto: wrong wireType = {} for field {}", static_cast<int>((*part)->type), field.name));
      ((*part)->number == 1 ? key : content) = (*part)->bytes;
    }
    TRY(json::Value item, value(field, content));
    object[valid_text(key)] = std::move(item);
  }
  return object;
}

Result<json::Value> Decoder::number(FieldType type, std::uint64_t bits) const {
  switch (type) {
    case FieldType::kBool: return json::Value(bits != 0);
    case FieldType::kInt32: return json::Value(static_cast<std::int32_t>(bits));  // what is above 32 bits is cut off, as in Go
    case FieldType::kInt64: return json::Value(static_cast<std::int64_t>(bits));
    default: break;
  }
  const auto number = std::bit_cast<double>(bits);
  if (!std::isfinite(number)) return problem("the number is not finite");
  return double_value(number);
}

Result<json::Value> Decoder::value(const Field& field, std::string_view bytes) {
  Result<json::Value> (*decode)(std::string_view) = nullptr;
  switch (field.type) {
    case FieldType::kMessage: return message(*field.message, bytes);
    case FieldType::kString: return json::Value(valid_text(bytes));
    case FieldType::kBytes: return json::Value(encode_base64(bytes));
    case FieldType::kTime: decode = decode_time; break;
    case FieldType::kMicroTime: decode = decode_micro_time; break;
    case FieldType::kQuantity: decode = decode_quantity; break;
    case FieldType::kIntOrString: decode = decode_int_or_string; break;
    case FieldType::kJson: decode = decode_json; break;
    default: CANARIA_ASSERT(false, "numbers are not made of bytes");
  }
  auto decoded = decode(bytes);
  if (!decoded) return problem(decoded.error().message);
  return decoded;
}

// The fields of an envelope, as a table would say it: 1 typeMeta { 1 apiVersion, 2 kind }, 2 raw. What it says of notation and
// encoding is for other contents, as everywhere.
Status read_type(std::string_view bytes, Envelope& envelope) {
  WireReader reader(bytes);
  while (true) {
    TRY(const auto field, reader.next());
    if (!field) return {};
    if (field->number > 2) continue;
    if (field->type != WireType::kBytes)
      return fail(Code::kBadRequest, fmt::format("proto: wrong wireType = {} for field TypeMeta", static_cast<int>(field->type)));
    (field->number == 1 ? envelope.api_version : envelope.kind) = valid_text(field->bytes);
  }
}

}  // namespace

Result<Envelope> open_envelope(std::string_view body) {
  if (body.empty()) return fail(Code::kBadRequest, "empty data");
  if (!body.starts_with(kPrefix))
    return fail(Code::kBadRequest, "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  body.remove_prefix(kPrefix.size());
  if (body.empty()) return fail(Code::kBadRequest, "empty body");
  Envelope envelope;
  WireReader reader(body);
  while (true) {
    TRY(const auto field, reader.next());
    if (!field) return envelope;
    if (field->number > 2) continue;
    if (field->type != WireType::kBytes)
      return fail(Code::kBadRequest, fmt::format("proto: wrong wireType = {} for field Unknown", static_cast<int>(field->type)));
    if (field->number == 1) {
      CHECK_OK(read_type(field->bytes, envelope));
    } else {
      envelope.raw = field->bytes;
    }
  }
}

Result<json::Value> decode_object(std::string_view api_version, std::string_view kind, std::string_view raw) {
  const Message* message = find_message(api_version, kind);
  CANARIA_ASSERT(message, "only kinds with a message table are decoded");
  json::Object object;
  object["apiVersion"] = api_version;
  object["kind"] = kind;
  CHECK_OK(Decoder().members(*message, raw, object));
  json::Value value(std::move(object));
  if (depth_of(value) > kJsonDepthMax) return too_deep();
  return value;
}

}  // namespace canaria::apiserver::protobuf
