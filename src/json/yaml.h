// YAML in and out, with JSON as the meaning: a YAML document is read as the JSON value kubectl would send for it.
//
// Plain scalars follow YAML 1.1 as the Kubernetes tools read it (yes/no/on/off are booleans, 010 is eight), quoted ones
// stay strings, map keys become strings, `<<` merges. Comments, anchors and styles do not survive.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace canaria::json {

struct YamlLimits {
  static constexpr std::size_t kTextBytes = 32U << 20U;
  static constexpr int kDepth = 200;
  // Values and text bytes that aliases and merge keys may add to what is written out.
  static constexpr std::size_t kAliasCost = 4U << 20U;
};

// The one document in the text; null when the text has none. Fails with kInvalid and "line:column" (columns in bytes) of
// the first fault: bad syntax, a duplicate key, an unknown alias, a second document, or a limit above.
Result<Value> parse_yaml(std::string_view text);

// Every document of a "---" separated text; empty and null documents are skipped. JSON documents, also several in a row,
// are accepted.
Result<std::vector<Value>> parse_yaml_documents(std::string_view text);

struct YamlDocument {
  Value value;
  int line = 1;  // where its content begins
};
// The same, with the place of each document in the text: for messages about what is wrong in it.
Result<std::vector<YamlDocument>> locate_yaml_documents(std::string_view text);

// Block style with two spaces, keys in the order of the value, lists at the indent of their key as kubectl prints them.
// Every string that some YAML reader might take for another type is quoted; text of several lines is a `|` block. Ends
// with a line break.
std::string to_yaml(const Value& value);

}  // namespace canaria::json
