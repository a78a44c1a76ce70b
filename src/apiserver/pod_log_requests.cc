#include "apiserver/pod_log_requests.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "apiserver/status_answer.h"

namespace canaria::apiserver {
namespace {

tl::unexpected<Error> invalid(const ApiRequest& request, std::string_view field, std::string problem) {
  Error error{Code::kInvalid, fmt::format("PodLogOptions \"{}\" is invalid: {}: {}", request.path.name, field, problem),
              std::nullopt};
  const bool is_forbidden = problem.starts_with("Forbidden");
  error.causes.push_back({is_forbidden ? "FieldValueForbidden" : "FieldValueInvalid", std::move(problem), std::string(field)});
  return fail(std::move(error));
}

// The names of all containers of a Pod, for the message to who has to choose one.
std::vector<std::string> container_names(const json::Value& pod, std::string_view list) {
  std::vector<std::string> names;
  const json::Value* containers = json::find(pod, list);
  if (containers && containers->is_array())
    for (const json::Value& container : containers->get_array()) names.emplace_back(json::text_at(container, "name"));
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

// The container that is meant: the named one, or the only one.
Status choose_container(const json::Value& pod, LogQuery& query) {
  const std::vector<std::string> names = container_names(pod, "spec.containers");
  const std::vector<std::string> first = container_names(pod, "spec.initContainers");
  const auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), query.container) != list.end();
  };
  if (!query.container.empty()) {
    if (has(names) || has(first)) return {};
    return fail(Code::kBadRequest, fmt::format("container {} is not valid for pod {}", query.container, query.pod.name));
  }
  if (names.size() == 1 && first.empty()) {
    query.container = names.front();
    return {};
  }
  std::vector<std::string> all = first;
  all.insert(all.end(), names.begin(), names.end());
  std::string message =
      fmt::format("a container name must be specified for pod {}, choose one of: [{}]", query.pod.name, listed(all));
  return fail(Code::kBadRequest, std::move(message));
}

}  // namespace

Result<LogQuery> log_query(const ApiRequest& request, Time now) {
  LogQuery query;
  query.pod = request.key();
  query.container = request.parameter("container");
  query.previous = is_true(request, "previous");
  query.follow = is_true(request, "follow");
  query.timestamps = is_true(request, "timestamps");
  TRY(query.tail_lines, number_parameter(request, "tailLines"));
  if (query.tail_lines && *query.tail_lines < 0)
    return invalid(request, "tailLines", fmt::format("Invalid value: {}: must be greater than or equal to 0", *query.tail_lines));
  TRY(query.limit_bytes, number_parameter(request, "limitBytes"));
  if (query.limit_bytes && *query.limit_bytes < 1)
    return invalid(request, "limitBytes", fmt::format("Invalid value: {}: must be greater than 0", *query.limit_bytes));
  TRY(const auto seconds, number_parameter(request, "sinceSeconds"));
  const std::string_view since = request.parameter("sinceTime");
  if (seconds && !since.empty())
    return invalid(request, "[]", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
  if (seconds && *seconds < 1)
    return invalid(request, "sinceSeconds", fmt::format("Invalid value: {}: must be greater than 0", *seconds));
  if (seconds) query.since = now - Seconds(*seconds);
  if (!since.empty()) {
    query.since = parse_time(since);
    if (!query.since) return fail(Code::kBadRequest, fmt::format("parsing time \"{}\" as RFC 3339 failed", since));
  }
  return query;
}

net::ServerResponse PodLogRequests::begin(RequestPointer request) {
  if (request->verb != ApiVerb::kGet)
    return refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  auto query = log_query(*request, clock_.now());
  if (!query) return refusal(query.error(), subject_of(*request));
  const store::ObjectPointer pod = store_.find(request->served->resource, request->key());
  if (!pod) return refusal(store::not_found(request->served->resource, request->key()), subject_of(*request));
  const auto object = json::parse(pod->text);
  if (!object) return refusal(object.error());
  const Status chosen = choose_container(*object, *query);
  if (!chosen) return refusal(chosen.error(), subject_of(*request));
  if (!logs_) return refusal(Error{Code::kNotFound, "this server runs no pods, so there are no logs", std::nullopt});
  net::ServerResponse response(200, "", "text/plain");
  response.header_time = net::HeaderTime::kWithFirstWrite;
  response.stream = [this, request, wanted = *query](net::ResponseStream* out) { return run(request, wanted, out); };
  return response;
}

Task<void> PodLogRequests::run(RequestPointer request, LogQuery query, net::ResponseStream* out) {
  LogSink sink = [out](std::string text) { return out->write(std::move(text)); };
  const Status read = co_await logs_->read(std::move(query), std::move(sink));
  if (!read) out->replace(refusal(read.error(), subject_of(*request)));
}

}  // namespace canaria::apiserver
