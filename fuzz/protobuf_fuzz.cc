// Objects in protobuf: the first byte chooses the kind, the others are a message, or a whole body with its envelope.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "apiserver/protobuf/messages.h"
#include "apiserver/protobuf/object_decoder.h"
#include "base/assert.h"
#include "json/write.h"

using namespace canaria;
using namespace canaria::apiserver;

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kKinds = {
    {{"v1", "Pod"},
     {"v1", "ConfigMap"},
     {"v1", "Event"},
     {"apps/v1", "Deployment"},
     {"autoscaling/v2", "HorizontalPodAutoscaler"},
     {"coordination.k8s.io/v1", "Lease"},
     {"networking.k8s.io/v1", "Ingress"},
     {"apiextensions.k8s.io/v1", "CustomResourceDefinition"}}};

void decode(std::string_view api_version, std::string_view kind, std::string_view raw) {
  const auto object = protobuf::decode_object(api_version, kind, raw);
  if (!object) return;
  const auto again = json::parse(json::write(*object));
  CANARIA_ASSERT(again, "what is decoded can be written and read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto envelope = protobuf::open_envelope(input);
  if (envelope && protobuf::find_message(envelope->api_version, envelope->kind))
    decode(envelope->api_version, envelope->kind, envelope->raw);
  if (input.empty()) return 0;
  const auto& [api_version, kind] = kKinds[static_cast<std::uint8_t>(input.front()) % kKinds.size()];
  decode(api_version, kind, input.substr(1));
  return 0;
}
