// The rules of Go's encoding/json in one place: how a float is laid out, which characters are escaped, how it is indented.
#include "json/write.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/assert.h"

namespace canaria::json {
namespace {

enum class Escapes { kMinimal, kGo };

struct Layout {
  Escapes escapes = Escapes::kMinimal;
  int spaces = 0;  // 0: everything on one line
};

void append_unicode_escape(std::string& out, unsigned code) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> static_cast<unsigned>(shift)) & 15U];
}

// An ASCII character; Go has short forms for these five and for quote and backslash.
void append_ascii(std::string& out, char c, Escapes escapes) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '<':
    case '>':
    case '&':
      if (escapes == Escapes::kGo) append_unicode_escape(out, static_cast<unsigned char>(c));
      else out += c;
      return;
    default:
      if (static_cast<unsigned char>(c) < 0x20) append_unicode_escape(out, static_cast<unsigned char>(c));
      else out += c;
  }
}

void append_string(std::string& out, std::string_view text, Escapes escapes) {
  out += '"';
  while (!text.empty()) {
    const std::size_t bytes = code_point_bytes(text);
    const std::string_view point = text.substr(0, bytes);
    if (bytes == 0) out += "\xEF\xBF\xBD";
    else if (bytes == 1) append_ascii(out, text.front(), escapes);
    else if (escapes == Escapes::kGo && point == "\xE2\x80\xA8") out += "\\u2028";
    else if (escapes == Escapes::kGo && point == "\xE2\x80\xA9") out += "\\u2029";
    else out += point;
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  out += '"';
}

void append_line(std::string& out, const Layout& layout, int depth) {
  if (layout.spaces == 0) return;
  out += '\n';
  out.append(static_cast<std::size_t>(layout.spaces * depth), ' ');
}

void append_value(std::string& out, const Value& value, const Layout& layout, int depth);

void append_array(std::string& out, const Array& array, const Layout& layout, int depth) {
  out += '[';
  bool first = true;
  for (const Value& item : array) {
    if (!first) out += ',';
    first = false;
    append_line(out, layout, depth + 1);
    append_value(out, item, layout, depth + 1);
  }
  if (!array.empty()) append_line(out, layout, depth);
  out += ']';
}

void append_object(std::string& out, const Object& object, const Layout& layout, int depth) {
  out += '{';
  bool first = true;
  for (const auto& [key, item] : object) {
    if (!first) out += ',';
    first = false;
    append_line(out, layout, depth + 1);
    append_string(out, key, layout.escapes);
    out += layout.spaces == 0 ? ":" : ": ";
    append_value(out, item, layout, depth + 1);
  }
  if (!object.empty()) append_line(out, layout, depth);
  out += '}';
}

void append_value(std::string& out, const Value& value, const Layout& layout, int depth) {
  switch (value.kind()) {
    case boost::json::kind::null: out += "null"; return;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case boost::json::kind::int64: out += std::to_string(value.get_int64()); return;
    case boost::json::kind::uint64: out += std::to_string(value.get_uint64()); return;
    case boost::json::kind::double_: out += write_number(value.get_double()); return;
    case boost::json::kind::string: append_string(out, value.get_string(), layout.escapes); return;
    case boost::json::kind::array: append_array(out, value.get_array(), layout, depth); return;
    case boost::json::kind::object: append_object(out, value.get_object(), layout, depth); return;
  }
}

std::string write_as(const Value& value, const Layout& layout) {
  std::string out;
  append_value(out, value, layout, 0);
  return out;
}

}  // namespace

std::string write(const Value& value) { return write_as(value, {Escapes::kMinimal, 0}); }
std::string write_go(const Value& value) { return write_as(value, {Escapes::kGo, 0}); }
std::string pretty(const Value& value, int spaces) { return write_as(value, {Escapes::kGo, spaces}); }

// 1. The shortest digits that read back as the same number, as std::to_chars finds them: d.ddde±x.
// 2. Positional notation if 1e-6 <= |number| < 1e21, padded with zeros where the digits end.
// 3. Otherwise the exponent notation, without leading zeros in the exponent: 1e+21, 1.5e-9.
std::string write_number(double number) {
  std::array<char, 40> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  const std::string_view text(buffer.data(), written.ptr);
  const std::size_t e = text.find('e');
  CANARIA_ASSERT(e != std::string_view::npos, "JSON has no infinity and no NaN");
  int exponent = 0;
  const std::size_t digits_of_exponent = e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(text.data() + digits_of_exponent, text.data() + text.size(), exponent);

  std::string out;
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c == '-') out += c;
    else if (c != '.') digits += c;
  }
  if (digits == "0") return out + "0";
  const auto count = static_cast<int>(digits.size());
  if (exponent < -6 || exponent >= 21) {
    out += digits.front();
    if (count > 1) out.append(".").append(digits, 1);
    return out + "e" + (exponent < 0 ? "-" : "+") + std::to_string(exponent < 0 ? -exponent : exponent);
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1) return out + digits + std::string(static_cast<std::size_t>(exponent + 1 - count), '0');
  const std::size_t whole_digits = static_cast<std::size_t>(exponent) + 1;
  return out + digits.substr(0, whole_digits) + "." + digits.substr(whole_digits);
}

std::size_t code_point_bytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte_at(0);
  if (first < 0x80) return 1;
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i)
    if ((byte_at(i) & 0xC0U) != 0x80U) return 0;
  const unsigned second = byte_at(1);
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return bytes;
}

}  // namespace canaria::json
