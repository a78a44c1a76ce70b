#include "controllers/pass_log.h"

#include <cmath>

#include "telemetry/log.h"

namespace canaria::controllers {
namespace {

using telemetry::Level;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += "; ";
    text += part;
  }
  return text;
}

Level level_of(const Pass& pass) {
  if (!pass.error) return pass.actions.empty() ? Level::kDebug : Level::kInfo;
  return pass.error->code == Code::kConflict ? Level::kInfo : Level::kError;
}

}  // namespace

void log_pass(const api::ObjectKey& key, const Pass& pass, double seconds) {
  const Level level = level_of(pass);
  if (!telemetry::is_logged(level)) return;
  const double millis = std::round(seconds * 1e4) / 10;
  if (pass.error) {
    telemetry::log(
        level,
        pass.error->code == Code::kConflict ? "reconcile starts over, an object has changed meanwhile" : "reconcile failed",
        {{"rollout", key.name},
         {"namespace", key.namespace_},
         {"time_ms", millis},
         {"actions", joined(pass.actions)},
         {"reasons", joined(pass.reasons)},
         {"error", pass.error->message}});
    return;
  }
  telemetry::log(level, "reconciled",
                 {{"rollout", key.name},
                  {"namespace", key.namespace_},
                  {"time_ms", millis},
                  {"actions", joined(pass.actions)},
                  {"reasons", joined(pass.reasons)}});
}

void log_service_error(const api::ObjectKey& service, const Error& error) {
  telemetry::log_error("cleaning up a Service failed",
                       {{"service", service.name}, {"namespace", service.namespace_}, {"error", error.message}});
}

}  // namespace canaria::controllers
