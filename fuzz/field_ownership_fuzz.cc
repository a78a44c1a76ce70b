// Ownership of fields and server-side apply: the input is a list [before, after, applied] of objects, or one of FieldsV1 sets.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "json/patch.h"
#include "json/server_side_apply.h"
#include "json/write.h"

using namespace canaria;

namespace {

const json::Schema& thing() {
  static const json::SchemaSet set({R"(
Thing { apiVersion: string
  kind: string
  metadata: any-object
  name: string
  m: {Thing}
  s: [string] set
  k: [Thing] keys(name,value)
  l: [Thing]
  o: Thing always
  x: any
}
)"},
                                   nullptr);
  return set["Thing"];
}

void check_set(const json::Value& value) {
  const auto set = json::parse_fields_v1(value);
  if (!set) return;
  const auto again = json::parse_fields_v1(json::fields_v1(*set));
  CANARIA_ASSERT(again, "what is written can be read");
  CANARIA_ASSERT(set->without(*set).empty(), "nothing remains of a set without itself");
  CANARIA_ASSERT(set->united(*set) == *set && set->intersected(*set) == *set, "a set with itself is itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto input = json::parse({reinterpret_cast<const char*>(bytes), size});
  if (!input || !input->is_array() || input->get_array().size() != 3) return 0;
  for (const json::Value& value : input->get_array()) check_set(value);
  json::FieldManager writer;
  writer.name = "fuzz";
  writer.api_version = "v1";
  writer.time = "2026-01-01T00:00:00Z";
  for (const json::Schema* schema : {&thing(), static_cast<const json::Schema*>(nullptr)}) {
    const json::Value owned = json::with_ownership(&input->at(0), input->at(1), writer, schema);
    if (!input->at(1).is_object()) continue;
    CANARIA_ASSERT(json::same_json(json::with_ownership(&owned, owned, writer, schema), owned),
                   "a write of nothing changes nothing");
    writer.operation = json::FieldManager::Operation::kApply;
    const auto applied = json::server_side_apply(&owned, input->at(2), writer, json::Force::kYes, schema);
    writer.operation = json::FieldManager::Operation::kUpdate;
    if (applied) CANARIA_ASSERT(json::parse(json::write(*applied)), "an applied document can be written and read");
  }
  return 0;
}
