#include "apiserver/protobuf_body.h"

#include <algorithm>
#include <fmt/format.h>

#include "apiserver/protobuf/messages.h"
#include "apiserver/protobuf/object_decoder.h"

namespace canaria::apiserver {
namespace {

// What a body may be; of DeleteOptions any version.
struct BodyType {
  std::string api_version;
  std::string kind;
  bool is_deletion = false;
};

BodyType wanted_type(const ApiRequest& request) {
  if (request.verb == ApiVerb::kDelete || request.verb == ApiVerb::kDeleteCollection) return {"v1", "DeleteOptions", true};
  if (const Subresource* part = request.served->subresource(request.path.subresource))
    return {part->group.empty() ? part->version : part->group + "/" + part->version, part->kind};
  return {request.served->resource.api_version(), request.served->resource.kind};
}

std::string_view version_of(std::string_view api_version) { return api_version.substr(api_version.find('/') + 1); }

// Kubernetes' own name for a group inside: "core", "apps", "networking".
std::string_view group_name(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? "core" : api_version.substr(0, std::min(api_version.find('.'), slash));
}

// The body as Kubernetes cites it.
std::string cited(std::string_view body) {
  constexpr std::size_t kShown = 30;
  if (body.empty()) return "<empty>";
  if (body.front() == '{') return std::string(body.substr(0, kShown)) + (body.size() > kShown ? " ..." : "");
  std::string text;
  for (const char byte : body.substr(0, kShown)) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text + (body.size() > kShown ? " ..." : "");
}

tl::unexpected<Error> wrong_object(const BodyType& wanted, const protobuf::Envelope& found, std::string_view why) {
  return fail(Code::kBadRequest, fmt::format("{} in version \"{}\" cannot be handled as a {}: {}", found.kind,
                                             version_of(found.api_version), wanted.kind, why));
}

tl::unexpected<Error> wrong_type(const BodyType& wanted, const protobuf::Envelope& found) {
  const std::string_view version = version_of(found.api_version);
  const std::string unknown = fmt::format("no kind \"{}\" is registered for version \"{}\"", found.kind, found.api_version);
  if (wanted.is_deletion) return fail(Code::kBadRequest, unknown);
  if (!protobuf::find_message(found.api_version, found.kind)) return wrong_object(wanted, found, unknown);
  return wrong_object(wanted, found,
                      fmt::format("converting ({}.{}) to ({}.{}): unknown conversion", version, found.kind,
                                  group_name(wanted.api_version), wanted.kind));
}

}  // namespace

bool takes_protobuf(const ApiRequest& request) {
  const BodyType wanted = wanted_type(request);
  return protobuf::find_message(wanted.api_version, wanted.kind) != nullptr;
}

Result<json::Value> protobuf_body(const ApiRequest& request) {
  const std::string& body = request.http.body;
  const BodyType wanted = wanted_type(request);
  auto envelope = protobuf::open_envelope(body);
  if (!envelope)
    return fail(Code::kBadRequest, fmt::format("the object provided is unrecognized (must be of type {}): {} ({})", wanted.kind,
                                               envelope.error().message, cited(body)));
  if (envelope->kind.empty()) envelope->kind = wanted.kind;
  if (envelope->api_version.empty()) envelope->api_version = wanted.api_version;
  const bool is_version = wanted.is_deletion || envelope->api_version == wanted.api_version;
  if (!is_version || envelope->kind != wanted.kind) return wrong_type(wanted, *envelope);
  auto object = protobuf::decode_object(wanted.api_version, wanted.kind, envelope->raw);
  if (!object) return wrong_object(wanted, *envelope, object.error().message);
  return object;
}

}  // namespace canaria::apiserver
