#include "apiserver/status_answer.h"

#include <utility>

#include "apiserver/api_request.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

int http_status(Code code) {
  switch (code) {
    case Code::kInternal: return 500;
    case Code::kInvalid: return 422;
    case Code::kBadRequest: return 400;
    case Code::kNotFound: return 404;
    case Code::kAlreadyExists:
    case Code::kConflict: return 409;
    case Code::kExpired: return 410;
    case Code::kForbidden: return 403;
    case Code::kUnauthorized: return 401;
    case Code::kTooManyRequests: return 429;
    case Code::kTimeout: return 504;
    case Code::kUnavailable: return 503;
  }
  return 500;
}

json::Object failure(int status, std::string_view reason, std::string_view message) {
  json::Object object;
  object["kind"] = "Status";
  object["apiVersion"] = "v1";
  object["metadata"] = json::Object();
  object["status"] = "Failure";
  object["message"] = message;
  if (!reason.empty()) object["reason"] = reason;
  object["code"] = status;
  return object;
}

json::Array causes_of(const Error& error) {
  json::Array causes;
  for (const ErrorCause& cause : error.causes) {
    json::Object item;
    if (!cause.reason.empty()) item["reason"] = cause.reason;
    item["message"] = cause.message;
    if (!cause.field.empty()) item["field"] = cause.field;
    causes.push_back(std::move(item));
  }
  return causes;
}

// Messages about an object begin with its resource and quoted name, which need not be what the path names: the Namespace of a
// new object, for example.
Subject named_in(const std::string& message, Subject subject) {
  const std::size_t open = message.find(" \"");
  const std::size_t close = open == std::string::npos ? open : message.find('"', open + 2);
  if (close == std::string::npos || message.find(' ') != open) return subject;
  const std::string resource = message.substr(0, open);
  const std::size_t dot = resource.find('.');
  subject.name = message.substr(open + 2, close - open - 2);
  subject.plural = resource.substr(0, dot);
  subject.group = dot == std::string::npos ? "" : resource.substr(dot + 1);
  return subject;
}

json::Object details_of(const Error& error, Subject subject) {
  const bool about_object = error.code == Code::kNotFound || error.code == Code::kAlreadyExists || error.code == Code::kForbidden;
  const bool about_content = error.code == Code::kInvalid && !error.causes.empty();
  if (about_object) subject = named_in(error.message, std::move(subject));
  if (about_content) {
    // "CreateOptions.meta.k8s.io "" is invalid": the options of a request have problems of their own.
    const Subject named = named_in(error.message, subject);
    subject.name = named.name;
    // Of a patch it is not said what it should have become.
    if (named.plural.empty()) subject = Subject();
    else if (named.plural != subject.plural) {
      subject.kind = named.plural;
      subject.group = named.group;
    }
  }
  json::Object details;
  if (about_object || about_content || (error.code == Code::kConflict && error.causes.empty())) {
    const std::string& kind = about_content ? subject.kind : subject.plural;
    if (!subject.name.empty()) details["name"] = subject.name;
    if (!subject.group.empty()) details["group"] = subject.group;
    if (!kind.empty()) details["kind"] = kind;
  }
  if (!error.causes.empty()) details["causes"] = causes_of(error);
  if (error.retry_after) details["retryAfterSeconds"] = error.retry_after->count();
  return details;
}

}  // namespace

Subject subject_of(const ApiRequest& request) {
  Subject subject{request.path.group, "", request.path.plural, request.path.name};
  if (request.served) subject.kind = request.served->resource.kind;
  return subject;
}

json::Value status_of(const Error& error, const Subject& subject) {
  const int status = http_status(error.code);
  json::Object object = failure(status, to_string(error.code), error.message);
  json::Object details = details_of(error, subject);
  // A resource that nobody knows has details in which nothing is said.
  if (!details.empty() || error.code == Code::kNotFound) {
    object["details"] = std::move(details);
    // The code is the last member, as everywhere else.
    object.stable_erase(object.find("code"));
    object["code"] = status;
  }
  return object;
}

json::Value success_status(const Subject& subject, std::string_view uid) {
  json::Object object = failure(200, "", "");
  object.stable_erase(object.find("message"));
  object.stable_erase(object.find("code"));
  object["status"] = "Success";
  json::Object details;
  if (!subject.name.empty()) details["name"] = subject.name;
  if (!subject.group.empty()) details["group"] = subject.group;
  if (!subject.plural.empty()) details["kind"] = subject.plural;
  if (!uid.empty()) details["uid"] = uid;
  if (!details.empty()) object["details"] = std::move(details);
  return object;
}

net::ServerResponse json_answer(int status, std::string text) {
  net::ServerResponse response(status, std::move(text), "application/json");
  response.headers.emplace_back("Cache-Control", "no-cache, private");
  return response;
}

net::ServerResponse refusal(const Error& error, const Subject& subject) {
  net::ServerResponse response = json_answer(http_status(error.code), json::write(status_of(error, subject)) + "\n");
  if (error.retry_after) response.headers.emplace_back("Retry-After", std::to_string(error.retry_after->count()));
  return response;
}

net::ServerResponse refusal(int status, std::string_view reason, const std::string& message) {
  return json_answer(status, json::write(json::Value(failure(status, reason, message))) + "\n");
}

}  // namespace canaria::apiserver
