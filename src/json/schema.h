// Field tables: one compact text names the fields of a kind, their order, types, optionality and defaults. Everything that
// depends on such facts is derived from it: canonical text (hashes), pruning, defaults, checks, the OpenAPI of the CRDs.
//
//   Container {
//     name: string required always
//     command: [string] atomic                    # a list; {T} is a map from strings to T
//     ports: [ContainerPort] keys(containerPort,protocol)
//     stdin: bool
//     restartPolicy: string?                      # "?" = a pointer in Go: kept also when it is zero, and
//                                                 # null when it is missing yet `always`
//     resources: Resources always                 # written also when empty
//   }
//
// Scalars: string int32 int64 bool number quantity int-or-string time; any (whatever it is), any-object (any JSON object).
// Attributes of a field:
//   required      must be present              always      written also when empty (Go: no omitempty, or a plain struct)
//   default(JSON) filled in when missing       keys(a,b)   list is a map by these members; set; atomic
//   opaque        published without a type: not checked, not pruned, yet ordered in canonical text
//   only(a,b)     published with these members alone          bare        published as a plain object
//   immutable     may not change once set      "text"      description
//   retain-keys   a union: strategic merge patches name the members that stay ($retainKeys)
// A type may carry `atomic` and a "text" before its brace: `Taint atomic "What keeps pods away." {`. `atomic-built-in` is atomic
// in the built-in form alone. `#` starts a comment.
//
// Not a general JSON Schema: it can say what Kubernetes kinds need and nothing more.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace canaria::json {

enum class Type {
  kObject,
  kArray,
  kMap,
  kString,
  kInt32,
  kInt64,
  kBool,
  kNumber,
  kQuantity,
  kIntOrString,
  kTime,
  kAny,
  kAnyObject
};
enum class ListType { kPlain, kAtomic, kSet, kMap };

struct Field;

// The canonical spelling of a scalar with a syntax of its own (quantities); nullopt when it is malformed.
using CanonicalText = std::optional<std::string> (*)(std::string_view);

// Whether the text contains a match of the pattern (RE2 syntax); an invalid pattern matches.
using PatternMatch = bool (*)(std::string_view pattern, std::string_view text);

// What OpenAPI schemas of custom resources ask of a value beyond its type (open_api_schema.h); field tables have none of it.
struct Constraints {
  bool nullable = false;
  std::string format;            // "date-time", "email" ...
  Array allowed;                 // enum
  std::optional<Value> minimum;
  std::optional<Value> maximum;
  bool exclusive_minimum = false;
  bool exclusive_maximum = false;
  std::optional<double> multiple_of;
  std::optional<std::int64_t> min_length;  // of a string, in code points
  std::optional<std::int64_t> max_length;
  std::optional<std::int64_t> min_items;
  std::optional<std::int64_t> max_items;
  std::optional<std::int64_t> min_properties;
  std::optional<std::int64_t> max_properties;
  std::string pattern;
  PatternMatch matches = nullptr;  // null: the pattern is not checked
};

struct Schema {
  Type type = Type::kAny;
  std::string name;                        // of an object type
  std::string_view description;            // of an object type
  std::vector<Field> fields;               // of an object type, in model order
  const Schema* element = nullptr;         // of a list or map
  bool atomic = false;                     // an object that is replaced as a whole
  CanonicalText canonical_text = nullptr;  // of a quantity
  bool open = false;                       // an object that keeps members beside its fields
  const Constraints* constraints = nullptr;
  const Value* published = nullptr;        // the OpenAPI document it was read from

  // The field of that name, or null.
  const Field* field(std::string_view field_name) const;
};

struct Field {
  std::string name;
  const Schema* schema = nullptr;
  bool required = false;
  bool always = false;
  bool pointer = false;
  bool opaque = false;
  bool bare = false;
  bool immutable = false;
  bool atomic = false;
  bool retain_keys = false;
  ListType list = ListType::kPlain;
  std::vector<std::string> keys;
  std::vector<std::string> only;
  std::optional<Value> default_value;
  std::string_view description;  // part of the table, or of the document it was read from
};

// How tables are read. One table serves two forms: as CRDs publish it, and with every type in force.
struct TableReading {
  bool built_in = false;  // leave out `opaque` and `only`, which only restrict the published form of a CRD
  std::vector<std::string_view> undescribed;  // further tables, read without their descriptions
};

// Owns the types of one or more table texts. Types refer to each other by name, in any order and across texts.
class SchemaSet {
 public:
  // REQUIRES well-formed tables: they are part of the program, so a mistake in one aborts with its line. REQUIRES that their
  // text outlives this: descriptions are not copied, they stay in the read-only part of the program.
  SchemaSet(const std::vector<std::string_view>& tables, CanonicalText quantity, const TableReading& reading = {});
  SchemaSet(const SchemaSet&) = delete;
  SchemaSet& operator=(const SchemaSet&) = delete;

  // REQUIRES that the type exists.
  const Schema& operator[](std::string_view type_name) const;
  // Null when there is no such type.
  const Schema* find(std::string_view type_name) const;

 private:
  friend class TableReader;
  std::deque<Schema> nodes_;  // stable addresses
  std::map<std::string, Schema*, std::less<>> types_;
  std::set<const Schema*> defined_;
};

// Compact JSON as Go's encoding/json writes the typed model after a tolerant decode: model field order, sorted map keys,
// empty optional members left out, canonical quantities, < > & U+2028 U+2029 escaped. What the model does not know is
// dropped; what has the wrong type counts as missing.
std::string canonical(const Value& value, const Schema& schema);

// The value without the members that the published schema does not know.
Value prune(Value value, const Schema& schema);

// The value with the table's default() members filled in wherever their parent exists. Members that are null and may not be
// count as absent and are taken out, as the API server does it.
Value apply_defaults(Value value, const Schema& schema);

// The published form: a structural OpenAPI v3 schema as CustomResourceDefinitions carry it.
Value open_api(const Schema& schema);

enum class Problem {
  kUnknownField,
  kInvalidType,
  kRequired,
  kDuplicate,
  kInvalidValue,
  kUnsupportedValue,
  kTooLong,
  kTooMany,
  kForbidden,
  kNotFound
};

struct FieldError {
  Problem problem = Problem::kInvalidType;
  std::string path;  // "spec.strategy.canary.steps[0].setWeight"
  std::string text;  // the API server's words after "<path>: "
  bool operator==(const FieldError&) const = default;
};

// The first known field whose value the model cannot hold, also where the published schema is open. canonical() leaves such
// a value out, so whoever acts on canonical text asks this first. Null counts as absent.
std::optional<FieldError> first_misfit(const Value& value, const Schema& schema);

// Everything the published schema objects to, in document order; unknown fields included.
std::vector<FieldError> check(const Value& value, const Schema& schema);

}  // namespace canaria::json
