// See pod_template.h. Everything about fields and their order is in api/schema; here is only what makes two templates one.
#include "api/core/pod_template.h"

#include <array>

#include "api/core/pod_defaults.h"
#include "api/schema/kinds.h"
#include "api/schema/tables.h"
#include "base/hash.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

constexpr std::string_view kHashLabel = "rollouts-pod-template-hash";

std::optional<std::string> amount_of(std::string_view text) {
  const auto quantity = lang::Quantity::parse(text);
  if (!quantity) return std::nullopt;
  return quantity->amount();
}

// The pod template with quantities as amounts: 1Gi and 1073741824 get the same text.
const json::Schema& amount_schema() {
  using namespace schema;
  static const auto& set =
      *new json::SchemaSet({kObjectMetaTable, kPodSpecTable, kContainerTable, kVolumeTable, kPlacementTable}, amount_of);
  return set["PodTemplateSpec"];
}

void drop_hash_label(json::Object& root) {
  json::Object& metadata = root.at("metadata").as_object();
  if (json::Value* labels = metadata.if_contains("labels")) labels->as_object().erase(kHashLabel);
}

// The API server keeps the two spellings of the service account equal; only the newer one counts.
void unite_service_account(json::Object& root) {
  json::Object& spec = root.at("spec").as_object();
  const json::Value* old_name = spec.if_contains("serviceAccount");
  if (!old_name) return;
  if (!spec.contains("serviceAccountName")) spec["serviceAccountName"] = json::Value(*old_name);
  spec.erase("serviceAccount");
}

// A template reduced to what the comparison looks at.
std::string comparable(std::string_view canonical_template) {
  const auto parsed = json::parse(canonical_template);
  json::Value value = with_pod_defaults(parsed ? *parsed : json::Value(nullptr));
  drop_hash_label(value.as_object());
  unite_service_account(value.as_object());
  set_host_ports(value.at("spec").as_object());
  return json::canonical(value, amount_schema());
}

}  // namespace

std::string pod_template_problem(const json::Value& pod_template) {
  const auto misfit = json::first_misfit(pod_template, schema_of("PodTemplateSpec"));
  return misfit ? "spec.template." + misfit->path + ": " + misfit->text : std::string();
}

std::string canonical_pod_template(const json::Value& pod_template) {
  static const json::Schema& schema = schema_of("PodTemplateSpec");
  return json::canonical(pod_template, schema);
}

std::string pod_template_hash(std::string_view canonical, std::optional<std::int32_t> collision_count) {
  std::uint32_t state = fnv1a_32(canonical);
  if (collision_count) {
    std::array<char, 8> tail{};
    const auto count = static_cast<std::uint32_t>(*collision_count);
    for (std::size_t i = 0; i < 4; ++i) tail[i] = static_cast<char>((count >> (8 * i)) & 0xFFU);
    state = fnv1a_32(std::string_view(tail.data(), tail.size()), state);
  }
  return safe_encode(state);
}

bool same_pod_template(std::string_view live_canonical, std::string_view desired_canonical) {
  if (live_canonical == desired_canonical) return true;
  return comparable(live_canonical) == comparable(desired_canonical);
}

}  // namespace canaria::api
