// The rules on probes and lifecycle hooks: exactly one action, and sensible numbers.
#include <algorithm>
#include <cctype>

#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

constexpr std::string_view kHeaderText =
    "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is "
    "'[-A-Za-z0-9]+')";

void validate_action(const std::string& path, std::string_view kind, const Object& action, FieldProblems& problems) {
  if (kind == "exec" && list_in(action, "command").empty()) problems.required(path + ".command");
  if (kind == "httpGet" || kind == "tcpSocket" || kind == "grpc")
    validate_port_reference(path + ".port", action.if_contains("port"), problems);
  if (kind != "httpGet") return;
  if (text_of(action, "path").empty()) problems.required(path + ".path");
  problems.one_of(path + ".scheme", text_of(action, "scheme"), {"HTTP", "HTTPS"});
  for (const Value& header : list_in(action, "httpHeaders")) {
    const auto name = text_of(as_object(header), "name");
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; };
    if (name.empty() || !std::ranges::all_of(name, is_letter)) problems.invalid_text(path + ".httpHeaders", name, kHeaderText);
  }
}

void validate_actions(const std::string& path, const Object& owner, FieldProblems& problems) {
  int count = 0;
  for (const std::string_view kind : {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}) {
    const Object* action = object_at(owner, kind);
    if (!action) continue;
    const std::string at = path + "." + std::string(kind);
    if (++count > 1) problems.forbidden(at, "may not specify more than 1 handler type");
    else validate_action(at, kind, *action, problems);
  }
  if (count == 0) problems.required(path, "must specify a handler type");
}

void validate_probe(const std::string& path, std::string_view kind, const Object& probe, FieldProblems& problems) {
  validate_actions(path, probe, problems);
  for (const char* member : {"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"})
    problems.not_negative(path + "." + member, integer_in(probe, member));
  const auto grace = integer_in(probe, "terminationGracePeriodSeconds");
  if (kind == "readinessProbe") {
    if (grace) problems.invalid(path + ".terminationGracePeriodSeconds", *grace, "must not be set for readinessProbes");
    return;
  }
  if (grace && *grace <= 0) problems.invalid(path + ".terminationGracePeriodSeconds", *grace, "must be greater than 0");
  const auto successes = integer_in(probe, "successThreshold").value_or(1);
  if (successes != 1) problems.invalid(path + ".successThreshold", successes, "must be 1");
}

}  // namespace

void validate_port_reference(const std::string& path, const json::Value* port, FieldProblems& problems) {
  const Value given = port ? *port : Value(0);
  if (given.is_string()) problems.invalid_text(path, given.get_string(), port_name_problems(given.get_string()));
  else if (!given.is_int64() || given.get_int64() < 1 || given.get_int64() > 65535) problems.invalid(path, given, kPortRange);
}

void validate_probes(const std::string& path, const json::Object& container, FieldProblems& problems) {
  for (const char* kind : {"livenessProbe", "readinessProbe", "startupProbe"})
    if (const Object* probe = object_at(container, kind)) validate_probe(path + "." + kind, kind, *probe, problems);
}

void validate_lifecycle(const std::string& path, const json::Object& lifecycle, std::int64_t grace_seconds,
                        FieldProblems& problems) {
  for (const char* hook : {"postStart", "preStop"}) {
    const Object* owner = object_at(lifecycle, hook);
    if (!owner) continue;
    const std::string at = path + "." + hook;
    validate_actions(at, *owner, problems);
    const Object* sleep = object_at(*owner, "sleep");
    const auto seconds = sleep ? integer_in(*sleep, "seconds") : std::nullopt;
    if (seconds && (*seconds < 0 || *seconds > grace_seconds))
      problems.invalid(
          at + ".sleep", *seconds,
          "must be non-negative and less than terminationGracePeriodSeconds (" + std::to_string(grace_seconds) + ")");
  }
}

}  // namespace canaria::api
