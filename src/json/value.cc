#include "json/value.h"

#include <boost/json/stream_parser.hpp>

namespace canaria::json {

Result<Value> parse(std::string_view text) {
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 200;
  boost::json::stream_parser parser({}, options);
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (error) return fail(Code::kInvalid, "malformed JSON at byte " + std::to_string(read) + ": " + error.message());
  if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    return fail(Code::kInvalid, "malformed JSON at byte " + std::to_string(read) + ": text after the end of the document");
  return parser.release();
}

const Value* find(const Value& value, std::string_view dotted_path) {
  const Value* at = &value;
  while (!dotted_path.empty()) {
    const auto dot = dotted_path.find('.');
    const std::string_view key = dotted_path.substr(0, dot);
    dotted_path = dot == std::string_view::npos ? std::string_view() : dotted_path.substr(dot + 1);
    const Object* object = at->if_object();
    if (!object) return nullptr;
    at = object->if_contains(key);
    if (!at) return nullptr;
  }
  return at;
}

std::string_view text_at(const Value& value, std::string_view dotted_path) {
  const Value* at = find(value, dotted_path);
  return at && at->is_string() ? std::string_view(at->get_string()) : std::string_view();
}

std::int64_t int_at(const Value& value, std::string_view dotted_path, std::int64_t otherwise) {
  const Value* at = find(value, dotted_path);
  if (!at) return otherwise;
  if (const auto* number = at->if_int64()) return *number;
  if (const auto* number = at->if_uint64()) return static_cast<std::int64_t>(*number);
  return otherwise;
}

}  // namespace canaria::json
