#include "apiserver/write_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apiserver/content.h"
#include "apiserver/go_json_error.h"
#include "apiserver/protobuf/object_decoder.h"
#include "apiserver/protobuf_body.h"
#include "json/write.h"
#include "json/yaml.h"

namespace canaria::apiserver {
namespace {

constexpr std::string_view kMergeType = "application/merge-patch+json";
constexpr std::string_view kJsonPatchType = "application/json-patch+json";
constexpr std::string_view kStrategicType = "application/strategic-merge-patch+json";
constexpr std::string_view kApplyType = "application/apply-patch+yaml";

std::string_view body_type(const ApiRequest& request) { return media_type(find_header(request.http.headers, "Content-Type")); }

tl::unexpected<Error> bad_option(std::string_view kind, std::string_view field, std::string_view reason, std::string problem) {
  Error error{Code::kInvalid, fmt::format("{}.meta.k8s.io \"\" is invalid: {}: {}", kind, field, problem), std::nullopt};
  error.causes.push_back({std::string(reason), std::move(problem), std::string(field)});
  return fail(std::move(error));
}

std::string_view options_kind(const ApiRequest& request) {
  switch (request.verb) {
    case ApiVerb::kCreate: return "CreateOptions";
    case ApiVerb::kUpdate: return "UpdateOptions";
    case ApiVerb::kPatch: return "PatchOptions";
    default: return "DeleteOptions";
  }
}

bool is_deletion(const ApiRequest& request) {
  return request.verb == ApiVerb::kDelete || request.verb == ApiVerb::kDeleteCollection;
}

Error unrecognized(const ApiRequest& request, std::string_view text) {
  return {Code::kBadRequest,
          fmt::format(
              "the object provided is unrecognized (must be of type {}): couldn't get version/kind; json parse error: {} ({})",
              request.served->resource.kind, go_json_error(text), body_excerpt(text)),
          std::nullopt};
}

// JSON, or YAML or protobuf where the type says so. An empty body is null.
Result<json::Value> parsed_body(const ApiRequest& request) {
  const std::string& text = request.http.body;
  const std::string_view type = body_type(request);
  if (type == protobuf::kContentType && !(text.empty() && is_deletion(request))) return protobuf_body(request);
  if (text.empty()) return json::Value(nullptr);
  if (type == "application/yaml" || type == kApplyType) {
    auto value = json::parse_yaml(text);
    if (!value) return fail(Code::kBadRequest, "error parsing YAML: " + value.error().message);
    return value;
  }
  auto value = json::parse(text);
  if (!value && (request.verb == ApiVerb::kCreate || request.verb == ApiVerb::kUpdate)) return fail(unrecognized(request, text));
  if (!value && request.verb == ApiVerb::kPatch) return fail(Code::kBadRequest, "error decoding patch: " + go_json_error(text));
  if (!value) return fail(Code::kBadRequest, "error decoding the body: " + value.error().message);
  return value;
}

Result<DryRun> dry_run_of(std::string_view kind, std::string_view text) {
  if (text.empty()) return DryRun::kNo;
  if (text == "All") return DryRun::kYes;
  return bad_option(kind, "dryRun", "FieldValueNotSupported",
                    fmt::format("Unsupported value: [\"{}\"]: supported values: \"All\"", text));
}

// What calls itself "kubectl/v1.34 (linux/amd64) ..." is kubectl.
std::string manager_of(const ApiRequest& request) {
  if (const std::string_view named = request.parameter("fieldManager"); !named.empty()) return std::string(named);
  const std::string_view agent = find_header(request.http.headers, "User-Agent");
  const std::string_view name = agent.substr(0, agent.find('/'));
  return name.empty() ? "unknown" : std::string(name);
}

Result<Propagation> propagation_of(std::string_view text) {
  if (text.empty() || text == "Background") return Propagation::kBackground;
  if (text == "Foreground") return Propagation::kForeground;
  if (text == "Orphan") return Propagation::kOrphan;
  return bad_option("DeleteOptions", "propagationPolicy", "FieldValueNotSupported",
                    fmt::format("Unsupported value: \"{}\": supported values: \"Background\", \"Foreground\", \"Orphan\"", text));
}

Status take_delete_body(const json::Value& body, store::DeleteOptions& options) {
  if (body.is_null()) return {};
  if (!body.is_object()) return fail(Code::kBadRequest, "the body of a deletion must be a DeleteOptions object");
  TRY(options.propagation, propagation_of(json::text_at(body, "propagationPolicy")));
  const json::Value* orphans = json::find(body, "orphanDependents");
  if (orphans && orphans->is_bool() && orphans->get_bool()) options.propagation = Propagation::kOrphan;
  if (const json::Value* grace = json::find(body, "gracePeriodSeconds"); grace && grace->is_int64())
    options.grace_period = Seconds(grace->get_int64());
  if (const std::string_view uid = json::text_at(body, "preconditions.uid"); !uid.empty()) options.uid = uid;
  if (const std::string_view version = json::text_at(body, "preconditions.resourceVersion"); !version.empty())
    options.resource_version = version;
  if (const json::Value* dry = json::find(body, "dryRun"); dry && dry->is_array())
    for (const json::Value& item : dry->get_array()) {
      TRY(options.dry_run, dry_run_of("DeleteOptions", item.is_string() ? std::string_view(item.get_string()) : "?"));
    }
  return {};
}

Status check_type(const ApiRequest& request, json::Object& body) {
  const api::Resource& resource = request.served->resource;
  // Bodies of subresources are other kinds.
  if (!request.path.subresource.empty() && request.path.subresource != "status" && request.path.subresource != "finalize")
    return {};
  const auto text = [&body](std::string_view key) {
    const json::Value* value = body.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const std::string version = text("apiVersion");
  const std::string kind = text("kind");
  if (!version.empty() && version != resource.api_version())
    return fail(Code::kBadRequest, fmt::format("the API version in the data ({}) does not match the expected API version ({})",
                                               version, resource.api_version()));
  if (!kind.empty() && kind != resource.kind)
    return fail(Code::kBadRequest,
                fmt::format("{} in version \"{}\" cannot be handled as a {}: the kind in the data ({}) does not "
                            "match the expected kind ({})",
                            kind, resource.version, resource.kind, kind, resource.kind));
  if (version.empty()) body["apiVersion"] = resource.api_version();
  if (kind.empty()) body["kind"] = resource.kind;
  return {};
}

Error invalid_patch(const ApiRequest& request, const std::string& what) {
  const std::string problem = fmt::format("Invalid value: {}: {}", json::write(json::Value(request.http.body)), what);
  Error error{Code::kInvalid, fmt::format(" \"\" is invalid: patch: {}", problem), std::nullopt};
  error.causes.push_back({"FieldValueInvalid", problem, "patch"});
  return error;
}

// A patch does not make another kind of an object.
Status check_patched_type(const ApiRequest& request, const PatchBody& body) {
  const api::Resource& resource = request.served->resource;
  if (!body.patch.is_object() || !request.path.subresource.empty()) return {};
  const std::string_view kind = json::text_at(body.patch, "kind");
  if (kind.empty() || kind == resource.kind) return {};
  return fail(invalid_patch(request,
                            fmt::format("the kind in the data ({}) does not match the expected kind ({})", kind, resource.kind)));
}

// Compat: what Go says to JSON of another form.
Status check_patch_form(const PatchBody& body) {
  const auto misfit = [&](std::string_view wanted) {
    const std::string_view given = body.patch.is_object()   ? "object"
                                   : body.patch.is_array()  ? "array"
                                   : body.patch.is_string() ? "string"
                                   : body.patch.is_bool()   ? "bool"
                                                            : "number";
    return fail(Code::kBadRequest,
                fmt::format("error decoding patch: json: cannot unmarshal {} into Go value of type {}", given, wanted));
  };
  if (body.patch.is_null()) return {};
  if (body.kind == PatchKind::kJson && !body.patch.is_array()) return misfit("[]handlers.jsonPatchOp");
  const bool is_merge = body.kind == PatchKind::kMerge || body.kind == PatchKind::kStrategic;
  if (is_merge && !body.patch.is_object()) return misfit("map[string]interface {}");
  return {};
}

bool is_patch_type(const ApiRequest& request, std::string_view type) {
  if (type == kStrategicType) return request.served->takes_strategic_patches();
  return type == kMergeType || type == kJsonPatchType || type == kApplyType;
}

PatchKind patch_kind(std::string_view type) {
  if (type == kJsonPatchType) return PatchKind::kJson;
  if (type == kStrategicType) return PatchKind::kStrategic;
  return type == kApplyType ? PatchKind::kApply : PatchKind::kMerge;
}

}  // namespace

std::optional<BodyRefusal> unreadable_body(const ApiRequest& request) {
  const std::string_view type = body_type(request);
  if (type.empty() || type == "application/json" || type == "application/yaml") return std::nullopt;
  const bool reads_protobuf = takes_protobuf(request);
  if (type == protobuf::kContentType && reads_protobuf) return std::nullopt;
  return BodyRefusal{
      415, "UnsupportedMediaType",
      fmt::format("the body of the request was in an unknown format - accepted media types include: {}{}{}", kAcceptedTypes,
                  reads_protobuf ? ", " : "", reads_protobuf ? protobuf::kContentType : std::string_view())};
}

Result<json::Value> object_body(const ApiRequest& request) {
  TRY(json::Value body, parsed_body(request));
  if (request.http.body.empty()) return fail(unrecognized(request, ""));
  if (!body.is_object()) return fail(Code::kBadRequest, "the body of the request must be an object");
  CHECK_OK(check_type(request, body.get_object()));
  return body;
}

std::optional<BodyRefusal> unreadable_patch(const ApiRequest& request) {
  if (is_patch_type(request, body_type(request))) return std::nullopt;
  std::string types = fmt::format("{}, {}", kJsonPatchType, kMergeType);
  if (request.served->takes_strategic_patches()) types += fmt::format(", {}", kStrategicType);
  types += fmt::format(", {}", kApplyType);
  return BodyRefusal{415, "UnsupportedMediaType",
                     "the body of the request was in an unknown format - accepted media types include: " + types};
}

Result<PatchBody> patch_body(const ApiRequest& request) {
  PatchBody body;
  body.kind = patch_kind(body_type(request));
  if (body.kind == PatchKind::kApply && request.parameter("fieldManager").empty())
    return bad_option("PatchOptions", "fieldManager", "FieldValueRequired", "Required value: is required for apply patch");
  if (body.kind != PatchKind::kApply && request.has_parameter("force"))
    return bad_option("PatchOptions", "force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch");
  TRY(body.patch, parsed_body(request));
  CHECK_OK(check_patch_form(body));
  if (body.kind != PatchKind::kApply) {
    CHECK_OK(check_patched_type(request, body));
  }
  if (body.kind == PatchKind::kApply && body.patch.is_object()) {
    CHECK_OK(check_type(request, body.patch.get_object()));
  }
  return body;
}

Result<WriteOptions> write_options(const ApiRequest& request) {
  WriteOptions options;
  options.subresource = request.path.subresource;
  TRY(options.dry_run, dry_run_of(options_kind(request), request.parameter("dryRun")));
  options.field_manager = manager_of(request);
  if (options.field_manager.size() > 128)
    return bad_option(options_kind(request), "fieldManager", "FieldValueTooLong", "Too long: may not be more than 128 bytes");
  options.force = is_true(request, "force");
  if (const std::string_view wish = request.parameter("fieldValidation");
      !wish.empty() && wish != "Ignore" && wish != "Warn" && wish != "Strict")
    return bad_option(options_kind(request), "fieldValidation", "FieldValueNotSupported",
                      fmt::format("Unsupported value: \"{}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"", wish));
  return options;
}

Result<store::DeleteOptions> delete_options(const ApiRequest& request) {
  store::DeleteOptions options;
  TRY(const json::Value body, parsed_body(request));
  CHECK_OK(take_delete_body(body, options));
  if (const std::string_view text = request.parameter("propagationPolicy"); !text.empty()) {
    TRY(options.propagation, propagation_of(text));
  }
  TRY(const auto grace, number_parameter(request, "gracePeriodSeconds"));
  if (grace) options.grace_period = Seconds(*grace);
  if (const std::string_view text = request.parameter("dryRun"); !text.empty()) {
    TRY(options.dry_run, dry_run_of("DeleteOptions", text));
  }
  return options;
}

Error patch_error(const ApiRequest& request, Error error) {
  const std::string start = fmt::format("{0} in version \"{1}\" cannot be handled as a {0}: ", request.served->resource.kind,
                                        request.served->resource.version);
  if (error.code != Code::kBadRequest || !error.message.starts_with(start)) return error;
  return invalid_patch(request, error.message.substr(start.size()));
}

std::optional<BodyRefusal> undeclared_fields(const ApiRequest& request, const PatchBody& body) {
  if (body.kind != PatchKind::kApply || !request.served->schema) return std::nullopt;
  std::vector<std::string> problems;
  for (const json::FieldError& error : json::check(body.patch, *request.served->schema))
    if (error.problem == json::Problem::kUnknownField) problems.push_back("." + error.path + ": field not declared in schema");
  if (problems.empty()) return std::nullopt;
  const std::string list = problems.size() == 1 ? problems.front() : fmt::format("errors:\n  {}", fmt::join(problems, "\n  "));
  const api::Resource& resource = request.served->resource;
  const std::string name =
      request.path.namespace_.empty() ? request.path.name : request.path.namespace_ + "/" + request.path.name;
  return BodyRefusal{500, "",
                     fmt::format("failed to create typed patch object ({}; {}{}, Kind={}): {}", name,
                                 resource.group.empty() ? "/" : "", resource.api_version(), resource.kind, list)};
}

Result<FieldCheck> check_fields(const ApiRequest& request, const json::Value& body) {
  FieldCheck check;
  const std::string_view wish = request.parameter("fieldValidation");
  if (wish == "Ignore" || !body.is_object() || !request.served->schema) return check;
  // Fields that nobody knows have no names in protobuf.
  if (body_type(request) == protobuf::kContentType) return check;
  check.warnings = unknown_fields(*request.served, body);
  if (wish != "Strict" || check.warnings.empty()) return check;
  if (request.verb != ApiVerb::kPatch) return fail(strict_error(*request.served, check.warnings));
  std::string list;
  for (const std::string& field : check.warnings) list += (list.empty() ? "" : ", ") + field;
  return fail(invalid_patch(request, "strict decoding error: " + list));
}

void add_warnings(net::ServerResponse& response, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings)
    response.headers.emplace_back("Warning", "299 - " + json::write(json::Value(warning)));
}

}  // namespace canaria::apiserver
