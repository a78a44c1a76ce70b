#include "apiserver/reviews.h"

#include <algorithm>

#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"
#include "apiserver/write_options.h"

namespace canaria::apiserver {
namespace {

json::Array texts(const std::vector<std::string>& list) { return json::Array(list.begin(), list.end()); }

json::Array every() { return json::Array({json::Value("*")}); }

// What everybody may read: the paths that tell what there is.
bool is_open_path(std::string_view path) {
  for (const std::string_view open : {"/api", "/apis", "/healthz", "/livez", "/openapi", "/readyz", "/version"})
    if (path == open || (path.starts_with(open) && path[open.size()] == '/')) return true;
  return false;
}

json::Object access_of(const ApiRequest& request, const json::Value& review) {
  if (request.requester.is_master()) return {{"allowed", true}};
  const std::string_view verb = json::text_at(review, "spec.nonResourceAttributes.verb");
  const bool is_open = verb == "get" && is_open_path(json::text_at(review, "spec.nonResourceAttributes.path"));
  return {{"allowed", is_open}};
}

json::Object rules_of(const ApiRequest& request) {
  json::Array resources;
  json::Array paths;
  if (request.requester.is_master()) {
    resources.push_back(json::Object{{"verbs", every()}, {"apiGroups", every()}, {"resources", every()}});
    paths.push_back(json::Object{{"verbs", every()}, {"nonResourceURLs", every()}});
  } else {
    json::Array open{"/api",     "/api/*",     "/apis",   "/apis/*",  "/healthz", "/livez",
                     "/openapi", "/openapi/*", "/readyz", "/version", "/version/"};
    paths.push_back(json::Object{{"verbs", json::Array({json::Value("get")})}, {"nonResourceURLs", std::move(open)}});
  }
  return {{"resourceRules", std::move(resources)}, {"nonResourceRules", std::move(paths)}, {"incomplete", false}};
}

json::Object user_of(const ApiRequest& request) {
  std::vector<std::string> groups = request.requester.groups;
  if (std::ranges::find(groups, "system:authenticated") == groups.end()) groups.emplace_back("system:authenticated");
  const json::Object user{{"username", request.requester.user}, {"groups", texts(groups)}};
  return {{"userInfo", user}};
}

Status check_access(const json::Value& review) {
  const bool about_object = json::find(review, "spec.resourceAttributes") != nullptr;
  const bool about_path = json::find(review, "spec.nonResourceAttributes") != nullptr;
  if (about_object != about_path) return {};
  const std::string problem =
      about_object ? "Invalid value: \"nonResourceAttributes\": cannot be specified in combination with resourceAttributes"
                   : "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified";
  const std::string field = about_object ? "spec.nonResourceAttributes" : "spec.resourceAttributes";
  Error error{Code::kInvalid, "SelfSubjectAccessReview.authorization.k8s.io \"\" is invalid: " + field + ": " + problem,
              std::nullopt};
  error.causes.push_back({"FieldValueInvalid", problem, field});
  return fail(std::move(error));
}

}  // namespace

bool is_review(const ServedResource& served) { return served.keeping == Keeping::kAnswered; }

net::ServerResponse answer_review(const ApiRequest& request) {
  if (const auto unreadable = unreadable_body(request))
    return refusal(unreadable->status, unreadable->reason, unreadable->message);
  auto body = object_body(request);
  if (!body) return refusal(body.error(), subject_of(request));
  json::Object answer = std::move(body->as_object());
  if (!answer.contains("metadata")) answer["metadata"] = json::Object();
  const json::Value review(answer);
  const std::string& kind = request.served->resource.kind;
  if (kind == "SelfSubjectAccessReview") {
    const Status sound = check_access(review);
    if (!sound) return refusal(sound.error(), subject_of(request));
    answer["status"] = access_of(request, review);
  } else if (kind == "SelfSubjectRulesReview") {
    if (json::text_at(review, "spec.namespace").empty()) return refusal(400, "BadRequest", "no namespace on request");
    answer["status"] = rules_of(request);
  } else {
    answer["status"] = user_of(request);
  }
  return show_document(request, 201, json::Value(std::move(answer)));
}

}  // namespace canaria::apiserver
