// Patches: the input is a list [before, after, JSON patch operations]; other inputs only exercise the JSON reader.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "json/patch.h"
#include "json/write.h"

using namespace canaria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto input = json::parse({reinterpret_cast<const char*>(bytes), size});
  if (!input || !input->is_array() || input->get_array().size() != 3) return 0;
  const json::Value& before = input->at(0);
  const json::Value& after = input->at(1);
  const json::Value diff = json::merge_diff(before, after);
  const json::Value patched = json::merge_patch(before, diff);
  if (before.is_object() && after.is_object())
    CANARIA_ASSERT(json::merge_diff(patched, after) == json::Object(), "a merge diff leads to its goal");
  if (const auto result = json::apply_json_patch(before, input->at(2)))
    CANARIA_ASSERT(json::parse(json::write(*result)), "a patched document can be written and read");
  return 0;
}
