// The one JSON value of the program: Boost.JSON, keys in insertion order. Everything else about JSON lives beside this
// file: codec.h (structs), schema.h (field tables, canonical text), write.h (text), patch.h (RFC 6902 and 7386), yaml.h,
// strategic_patch.h, server_side_apply.h (ownership of fields), open_api_schema.h (schemas of custom resources).
//
// Beware: `Value{x}` with braces makes an array; write Value(x).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace canaria::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

// Reads one JSON document. Limits: depth 200. Fails with kInvalid and the byte offset.
Result<Value> parse(std::string_view text);

// The member at a dotted path of object keys ("spec.strategy.canary"), or null pointer when any of it is missing.
const Value* find(const Value& value, std::string_view dotted_path);

// Text at a dotted path; empty when missing or not a string.
std::string_view text_at(const Value& value, std::string_view dotted_path);

// Integer at a dotted path; `otherwise` when missing or not a number.
std::int64_t int_at(const Value& value, std::string_view dotted_path, std::int64_t otherwise = 0);

}  // namespace canaria::json
