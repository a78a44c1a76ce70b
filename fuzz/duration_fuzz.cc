// Durations: no text may crash the parser, and what is printed reads back exactly.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "lang/duration.h"

using namespace canaria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto duration = lang::parse_duration({reinterpret_cast<const char*>(bytes), size});
  if (!duration) return 0;
  const auto again = lang::parse_duration(lang::format_duration(*duration));
  CANARIA_ASSERT(again && *again == *duration, "a printed duration reads back");
  lang::human_duration(std::chrono::duration_cast<std::chrono::seconds>(*duration));
  return 0;
}
