// Message tables: one compact text says which number, JSON name and type each field of a kind has in protobuf.
//
//   v1 Secret {                                   # of this apiVersion; types inside kinds have none
//     1 metadata ObjectMeta, 2 data {bytes}, 3 type string, 4 stringData {string}, 5 immutable bool?
//   }
//
// [T] is a list, {T} a map from strings. Scalars: string bytes bool int32 int64 double; time micro-time quantity int-or-string;
// json (a message that holds JSON text). Marks say what the JSON of the same object looks like, as Go writes it:
//   T       left out when empty ("", 0, false, no elements); a message is written in any case
//   T!      written in any case: an empty list is null
//   T?      a pointer: written when it is there, whatever it holds; T?! is null when it is not there
//   T~      left out when it is the zero value (times)
//   1 inline T    the members of T are those of this object
//   choice T { ... }   T is not an object but what its first field holds that is not left out
//
// Names are looked up in their own table, then in all others. These are facts of the published Kubernetes API: a number never
// changes and is never used again. What is not in a table is passed over, as a field from a newer version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace canaria::apiserver::protobuf {

struct Message;

enum class FieldType {
  kMessage,
  kString,
  kBytes,
  kBool,
  kInt32,
  kInt64,
  kDouble,
  kTime,
  kMicroTime,
  kQuantity,
  kIntOrString,
  kJson
};
enum class FieldShape { kOne, kList, kMap };
enum class Written { kUnlessEmpty, kAlways, kIfThere, kNullIfNotThere };

struct Field {
  std::uint32_t number = 0;
  std::string name;  // empty: inline
  FieldType type = FieldType::kMessage;
  FieldShape shape = FieldShape::kOne;
  Written written = Written::kUnlessEmpty;
  const Message* message = nullptr;
};

struct Message {
  std::string name;
  bool is_choice = false;
  std::vector<Field> fields;  // as in the table

  // Position in `fields`, or its size when there is no such number.
  std::size_t position(std::uint32_t number) const;
};

// The message of the objects of this apiVersion and kind; null when there is none. Read once, on first use. DeleteOptions are
// found under v1.
const Message* find_message(std::string_view api_version, std::string_view kind);

}  // namespace canaria::apiserver::protobuf
