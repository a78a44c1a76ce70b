#include "apiserver/audit_log.h"

#include "json/write.h"

namespace canaria::apiserver {
namespace {

json::Object user(std::string_view name, const std::vector<std::string>& groups) {
  json::Object object;
  object["username"] = name;
  if (!groups.empty()) object["groups"] = json::Array(groups.begin(), groups.end());
  return object;
}

json::Object object_ref(const ResourcePath& path, const std::string& created_name) {
  json::Object reference;
  const auto put = [&reference](std::string_view key, const std::string& value) {
    if (!value.empty()) reference[key] = value;
  };
  put("resource", path.plural);
  put("namespace", path.namespace_);
  put("name", path.name.empty() ? created_name : path.name);
  put("apiGroup", path.group);
  put("apiVersion", path.version);
  put("subresource", path.subresource);
  return reference;
}

std::string uri_of(const net::ServerRequest& request) {
  return request.query.empty() ? request.path : request.path + "?" + request.query;
}

std::string_view verb_of(const ApiRequest& request) {
  if (!request.path.plural.empty()) return to_string(request.verb);
  return request.http.method == "GET" ? "get" : "post";
}

}  // namespace

Status AuditLog::open(const std::string& path) {
  file_.open(path, std::ios::app);
  if (file_) return {};
  return fail(Code::kUnavailable, "the audit log " + path + " cannot be opened: choose another file");
}

void AuditLog::write(const ApiRequest& request, AuditStage stage, int status, Time received) {
  if (!file_.is_open()) return;
  json::Object event;
  event["kind"] = "Event";
  event["apiVersion"] = "audit.k8s.io/v1";
  event["level"] = "Metadata";
  event["auditID"] = request.audit_id;
  event["stage"] = stage == AuditStage::kResponseStarted ? "ResponseStarted" : "ResponseComplete";
  event["requestURI"] = uri_of(request.http);
  event["verb"] = verb_of(request);
  const Requester& who = request.requester;
  if (who.impersonator.empty()) {
    event["user"] = user(who.user, who.groups);
  } else {
    event["user"] = user(who.impersonator, {});
    event["impersonatedUser"] = user(who.user, who.groups);
  }
  if (const std::string_view agent = find_header(request.http.headers, "User-Agent"); !agent.empty()) event["userAgent"] = agent;
  if (!request.path.plural.empty()) event["objectRef"] = object_ref(request.path, request.created_name);
  json::Object answer;
  answer["metadata"] = json::Object();
  answer["code"] = status;
  event["responseStatus"] = std::move(answer);
  event["requestReceivedTimestamp"] = format_micro_time(received);
  event["stageTimestamp"] = format_micro_time(clock_.now());
  file_ << json::write(json::Value(std::move(event))) << '\n' << std::flush;
}

}  // namespace canaria::apiserver
