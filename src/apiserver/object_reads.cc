#include "apiserver/object_reads.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"

namespace canaria::apiserver {
namespace {

Status check_version_match(const ApiRequest& request) {
  const std::string_view match = request.parameter("resourceVersionMatch");
  if (match.empty()) return {};
  const std::string_view version = request.parameter("resourceVersion");
  if (version.empty())
    return invalid_list_options("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
  if (!request.parameter("continue").empty())
    return invalid_list_options("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
  if (match == "Exact" && version == "0")
    return invalid_list_options("resourceVersionMatch", "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
  return {};
}

}  // namespace

tl::unexpected<Error> invalid_list_options(std::string_view field, std::string_view problem) {
  Error error{Code::kInvalid, fmt::format("ListOptions.meta.k8s.io \"\" is invalid: {}: Forbidden: {}", field, problem),
              std::nullopt};
  error.causes.push_back({"FieldValueForbidden", fmt::format("Forbidden: {}", problem), std::string(field)});
  return fail(std::move(error));
}

Error as_bad_request(Error error) {
  if (error.code == Code::kInvalid && error.causes.empty()) error.code = Code::kBadRequest;
  return error;
}

std::string stored_field_selector(const ServedResource& served, std::string_view selector) {
  if (!served.stored_form) return std::string(selector);
  const auto& names = served.stored_form->selectable_fields;
  std::string result;
  while (!selector.empty()) {
    const std::size_t comma = std::min(selector.find(','), selector.size());
    const std::string_view term = selector.substr(0, comma);
    const std::string_view name = term.substr(0, term.find_first_of("=!"));
    const auto known = names.find(name);
    result.append(result.empty() ? "" : ",").append(known == names.end() ? name : known->second).append(term.substr(name.size()));
    selector.remove_prefix(std::min(comma + 1, selector.size()));
  }
  return result;
}

Result<ListQuery> list_query(const ApiRequest& request) {
  CHECK_OK(check_version_match(request));
  ListQuery query;
  query.namespace_ = request.path.namespace_;
  query.label_selector = request.parameter("labelSelector");
  query.field_selector = stored_field_selector(*request.served, request.parameter("fieldSelector"));
  query.continue_ = request.parameter("continue");
  query.resource_version = request.parameter("resourceVersion");
  TRY(const auto limit, number_parameter(request, "limit"));
  query.limit = static_cast<int>(std::clamp<std::int64_t>(limit.value_or(0), 0, std::numeric_limits<int>::max()));
  // A page that goes on before the first object, at that revision.
  if (request.parameter("resourceVersionMatch") == "Exact")
    query.continue_ = fmt::format("{}:{}/", query.resource_version, query.namespace_);
  return query;
}

net::ServerResponse get_object(const ApiRequest& request, store::ObjectStore& store, const Clock& clock) {
  const store::ObjectPointer object = store.find(request.served->kept_as(), request.key());
  if (!object) return refusal(store::not_found(request.served->resource, request.key()), subject_of(request));
  return show_object(request, 200, object_text(*request.served, *object), clock.now());
}

net::ServerResponse list_objects(const ApiRequest& request, store::ObjectStore& store, const Clock& clock) {
  const auto query = list_query(request);
  if (!query) return refusal(query.error(), subject_of(request));
  const auto page = store.page(request.served->kept_as(), *query);
  if (page) return show_list(request, *page, clock.now());
  Error error = as_bad_request(page.error());
  if (error.code == Code::kTimeout) {
    error.retry_after = Seconds(1);
    error.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", ""});
  }
  return refusal(error, subject_of(request));
}

}  // namespace canaria::apiserver
