// Strategic merge patches: the input is a list [target, patch], read with a schema of every kind of list.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "json/patch.h"
#include "json/strategic_patch.h"
#include "json/write.h"

using namespace canaria;

namespace {

const json::Schema& thing() {
  static const json::SchemaSet set({R"(
Thing { name: string
  m: {Thing}
  s: [string] set
  k: [Thing] keys(name,value)
  l: [Thing]
  a: [Thing] atomic
  o: Thing retain-keys
}
)"},
                                   nullptr);
  return set["Thing"];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto input = json::parse({reinterpret_cast<const char*>(bytes), size});
  if (!input || !input->is_array() || input->get_array().size() != 2) return 0;
  for (const json::Schema* schema : {&thing(), static_cast<const json::Schema*>(nullptr)}) {
    const auto patched = json::strategic_merge_patch(input->at(0), input->at(1), schema);
    if (!patched) continue;
    CANARIA_ASSERT(json::parse(json::write(*patched)), "a patched document can be written and read");
  }
  return 0;
}
