// YAML: no text may crash the reader, and what is read must survive a round through the writer.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "json/patch.h"
#include "json/write.h"
#include "json/yaml.h"

using namespace canaria;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto documents = json::parse_yaml_documents({reinterpret_cast<const char*>(bytes), size});
  if (!documents) {
    CANARIA_ASSERT(json::parse(json::write(json::Value(documents.error().message))), "an error text is UTF-8");
    return 0;
  }
  for (const json::Value& document : *documents) {
    const auto again = json::parse_yaml(json::to_yaml(document));
    CANARIA_ASSERT(again, "what is written can be read");
    CANARIA_ASSERT(json::same_json(*again, document), "what is written reads back the same");
  }
  return 0;
}
