// The rules on ConfigMaps and Secrets: keys, size, what a type of Secret must hold, and those that may not change.
#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "base/base64.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

constexpr std::size_t kContentBytes = 1024 * 1024;
constexpr std::string_view kImmutableText = "field is immutable when `immutable` is set";

std::size_t validate_keys(const std::string& path, const Object& content, FieldProblems& problems) {
  std::size_t bytes = 0;
  for (const auto& entry : content) {
    problems.invalid_text(path + "[" + std::string(entry.key()) + "]", entry.key(), config_key_problems(entry.key()));
    if (entry.value().is_string()) bytes += entry.value().get_string().size();
  }
  return bytes;
}

void validate_unchanged(const Object& object, const Object* before, std::initializer_list<const char*> members,
                        FieldProblems& problems) {
  if (!before || !flag_in(*before, "immutable")) return;
  if (!flag_in(object, "immutable")) problems.forbidden("immutable", kImmutableText);
  for (const char* member : members)
    if (object_in(object, member) != object_in(*before, member)) problems.forbidden(member, kImmutableText);
}

void require_keys(const Object& content, std::initializer_list<const char*> keys, FieldProblems& problems) {
  for (const char* key : keys)
    if (!content.contains(key)) problems.required("data[" + std::string(key) + "]");
}

void validate_type(std::string_view type, const Object& content, FieldProblems& problems) {
  if (type == "kubernetes.io/tls") require_keys(content, {"tls.crt", "tls.key"}, problems);
  if (type == "kubernetes.io/dockerconfigjson") require_keys(content, {".dockerconfigjson"}, problems);
  if (type == "kubernetes.io/dockercfg") require_keys(content, {".dockercfg"}, problems);
  if (type == "kubernetes.io/ssh-auth") require_keys(content, {"ssh-privatekey"}, problems);
  // One of the two is enough.
  if (type == "kubernetes.io/basic-auth" && !content.contains("username") && !content.contains("password"))
    require_keys(content, {"username", "password"}, problems);
}

// Credentials for registries must be JSON. What they are is not shown.
void validate_registries(std::string_view type, const Object& content, FieldProblems& problems) {
  const std::string_view key = type == "kubernetes.io/dockerconfigjson" ? ".dockerconfigjson"
                               : type == "kubernetes.io/dockercfg"      ? ".dockercfg"
                                                                        : "";
  const auto text = key.empty() ? std::nullopt : decode_base64(text_of(content, key));
  if (!text || !content.contains(key) || json::parse(*text)) return;
  const std::string detail = text->empty() ? "unexpected end of JSON input"
                                           : "invalid character '" + text->substr(0, 1) + "' looking for beginning of value";
  problems.invalid_text("data[" + std::string(key) + "]", "<secret contents redacted>", detail);
}

}  // namespace

void validate_config_map(const json::Object& object, const json::Object* before, FieldProblems& problems) {
  const Object& texts = object_in(object, "data");
  const Object& bytes = object_in(object, "binaryData");
  std::size_t size = validate_keys("data", texts, problems);
  for (const auto& entry : texts)
    if (bytes.contains(entry.key()))
      problems.invalid_text("data[" + std::string(entry.key()) + "]", entry.key(), "duplicate of key present in binaryData");
  size += validate_keys("binaryData", bytes, problems) / 4 * 3;
  // Compat: the path of the whole object is spelled like this.
  if (size > kContentBytes) problems.too_long("[]", kContentBytes);
  validate_unchanged(object, before, {"data", "binaryData"}, problems);
}

void validate_secret(const json::Object& object, const json::Object* before, FieldProblems& problems) {
  const Object& content = object_in(object, "data");
  const std::size_t size = validate_keys("data", content, problems) / 4 * 3;
  for (const auto& entry : content)
    if (entry.value().is_string() && !decode_base64(entry.value().get_string()))
      problems.invalid_text("data[" + std::string(entry.key()) + "]", entry.key(), "illegal base64 data");
  if (size > kContentBytes) problems.too_long("data", kContentBytes);
  validate_type(text_of(object, "type"), content, problems);
  validate_registries(text_of(object, "type"), content, problems);
  if (text_of(object, "type") == "kubernetes.io/service-account-token" &&
      text_of(object_in(object_in(object, "metadata"), "annotations"), "kubernetes.io/service-account.name").empty())
    problems.required("metadata.annotations[kubernetes.io/service-account.name]");
  if (before) problems.unchanged("type", before->if_contains("type"), object.if_contains("type"));
  validate_unchanged(object, before, {"data"}, problems);
}

}  // namespace canaria::api
