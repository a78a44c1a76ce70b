// Selectors: no text may crash the parser, and the canonical text means the same as the original.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "lang/selector.h"

using namespace canaria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto requirements = lang::parse_selector({reinterpret_cast<const char*>(bytes), size});
  if (!requirements) return 0;
  const auto again = lang::parse_selector(lang::selector_text(*requirements));
  CANARIA_ASSERT(again && *again == *requirements, "the canonical text means the same");
  lang::matches(*requirements, {{"a", "1"}, {"b", ""}});
  return 0;
}
