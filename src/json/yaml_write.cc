// Writing YAML: block style as kubectl prints it. A string is written in the plainest of four forms that every reader
// gets right: plain, a `|` block when it has lines, 'single quotes' when only its syntax is in the way, "double quotes".
#include <algorithm>
#include <cstdio>

#include "json/write.h"
#include "json/yaml.h"
#include "json/yaml_scalar.h"

namespace canaria::json {
namespace {

constexpr std::size_t kSimpleKeyBytes = 128;  // longer keys need the "? key" form; readers must take at least 1024

// Where the writer stands: behind "key:" or behind "- " or at the start of the text.
enum class After { kKey, kDash, kNothing };

// Code points that readers drop, convert or take for a line break when they stand unescaped.
bool is_special(std::string_view point) {
  if (point.size() == 1) return static_cast<unsigned char>(point[0]) < 0x20 || point[0] == 0x7F;
  if (point.size() == 2) return point[0] == '\xC2' && static_cast<unsigned char>(point[1]) < 0xA0;
  return point == "\xE2\x80\xA8" || point == "\xE2\x80\xA9" || point == "\xEF\xBB\xBF" || point == "\xEF\xBF\xBE" ||
         point == "\xEF\xBF\xBF";
}

// Whether the text has code points that only double quotes can show; `allowed` names control characters that do not count.
bool has_special(std::string_view text, std::string_view allowed) {
  while (!text.empty()) {
    const std::size_t bytes = code_point_bytes(text);
    if (bytes == 0) return true;
    const std::string_view point = text.substr(0, bytes);
    if (is_special(point) && (bytes > 1 || allowed.find(point.front()) == std::string_view::npos)) return true;
    text.remove_prefix(bytes);
  }
  return false;
}

bool has_plain_syntax(std::string_view text) {
  constexpr std::string_view kIndicators = ",[]{}#&*!|>'\"%@`";
  const char first = text.front();
  if (first == ' ' || text.back() == ' ' || kIndicators.find(first) != std::string_view::npos) return false;
  if ((first == '-' || first == '?' || first == ':') && (text.size() == 1 || text[1] == ' ')) return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;
  return text.find(": ") == std::string_view::npos && text.back() != ':' && text.find(" #") == std::string_view::npos;
}

// Text of several lines that a `|` block shows as it is. Lines of nothing but blanks and a blank at the very start would
// be lost in the indentation.
bool fits_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || has_special(text, "\n\t")) return false;
  if (text.front() == '\n' || text.front() == ' ' || text.front() == '\t') return false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (!line.empty() && line.find_first_not_of(" \t") == std::string_view::npos) return false;
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return true;
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t bytes = code_point_bytes(text);
    const std::string_view point = text.substr(0, bytes);
    if (bytes == 0) out += "\xEF\xBF\xBD";
    else if (point == "\n") out += "\\n";
    else if (point == "\t") out += "\\t";
    else if (point == "\r") out += "\\r";
    else if (point == "\"" || point == "\\") out.append("\\").append(point);
    else if (is_special(point)) {
      const auto byte_at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(point[i])); };
      const unsigned code = bytes == 1   ? byte_at(0)
                            : bytes == 2 ? (byte_at(0) & 0x1FU) << 6U | (byte_at(1) & 0x3FU)
                                         : (byte_at(0) & 0x0FU) << 12U | (byte_at(1) & 0x3FU) << 6U | (byte_at(2) & 0x3FU);
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", code);
      out += escape;
    } else out += point;
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return out + "\"";
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

std::string one_line(std::string_view text) {
  if (text.empty() || is_ambiguous(text) || has_special(text, "")) return double_quoted(text);
  return has_plain_syntax(text) ? std::string(text) : single_quoted(text);
}

std::string block(std::string_view text, std::size_t indent) {
  const bool ends_line = text.back() == '\n';
  std::string out = !ends_line ? "|-" : text.ends_with("\n\n") ? "|+" : "|";
  if (ends_line) text.remove_suffix(1);
  for (;;) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    out += '\n';
    if (!line.empty()) out.append(indent, ' ').append(line);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  // `indent` is the column of the collection that the value belongs to.
  void add(const Value& value, std::size_t indent, After after) {
    const std::string_view gap = after == After::kKey ? " " : "";
    if (const Object* object = value.if_object(); object && !object->empty()) {
      add_object(*object, after == After::kNothing ? 0 : indent + 2, after);
    } else if (const Array* array = value.if_array(); array && !array->empty()) {
      // Lists stand at the indent of their key, but deeper than the dash they follow.
      add_array(*array, after == After::kDash ? indent + 2 : indent, after);
    } else if (value.is_array() || value.is_object()) {
      out_.append(gap).append(value.is_array() ? "[]\n" : "{}\n");
    } else if (value.is_string()) {
      const std::string_view text = value.get_string();
      out_.append(gap).append(fits_block(text) ? block(text, indent + 2) : one_line(text)).append("\n");
    } else {
      out_.append(gap).append(write(value)).append("\n");
    }
  }

 private:
  void start_line(std::size_t indent, After after, bool is_first) {
    if (is_first && after == After::kKey) out_ += '\n';
    // The first member behind a dash stands on the line of the dash.
    if (!is_first || after != After::kDash) out_.append(indent, ' ');
  }

  void add_object(const Object& object, std::size_t indent, After after) {
    bool is_first = true;
    for (const auto& [key, item] : object) {
      start_line(indent, after, is_first);
      is_first = false;
      const std::string text = one_line(key);
      if (text.size() <= kSimpleKeyBytes) out_.append(text).append(":");
      else out_.append("? ").append(text).append("\n").append(indent, ' ').append(":");
      add(item, indent, After::kKey);
    }
  }

  void add_array(const Array& array, std::size_t indent, After after) {
    bool is_first = true;
    for (const Value& item : array) {
      start_line(indent, after, is_first);
      is_first = false;
      out_ += "- ";
      add(item, indent, After::kDash);
    }
  }

  std::string out_;
};

}  // namespace

std::string to_yaml(const Value& value) {
  Writer writer;
  writer.add(value, 0, After::kNothing);
  return writer.take();
}

}  // namespace canaria::json
