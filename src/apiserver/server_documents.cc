#include "apiserver/server_documents.h"

#include "apiserver/status_answer.h"
#include "json/value.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

// kubectl compares the minor version with its own and warns when they are more than one apart.
std::string version_text() {
  json::Object version;
  version["major"] = "1";
  version["minor"] = "35";
  version["emulationMajor"] = "1";
  version["emulationMinor"] = "35";
  version["minCompatibilityMajor"] = "1";
  version["minCompatibilityMinor"] = "34";
  version["gitVersion"] = "v1.35.0+canaria";
  version["gitCommit"] = "";
  version["gitTreeState"] = "clean";
  version["buildDate"] = "2026-08-01T00:00:00Z";
  version["goVersion"] = "none";
  version["compiler"] = "gcc";
  version["platform"] = "linux/amd64";
  return json::pretty(json::Value(std::move(version)), 2);
}

}  // namespace

std::optional<net::ServerResponse> public_document(const net::ServerRequest& request) {
  const std::string_view path = request.path;
  if (path == "/version" || path == "/version/") return json_answer(200, version_text());
  for (const std::string_view health : {"/healthz", "/livez", "/readyz"})
    if (path.starts_with(health) && (path.size() == health.size() || path[health.size()] == '/'))
      return net::ServerResponse(200, "ok");
  return std::nullopt;
}

}  // namespace canaria::apiserver
