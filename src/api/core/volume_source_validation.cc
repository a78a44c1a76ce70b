// The rules on the sources of volumes: what each needs, paths that stay inside, permission bits. Sources of storage systems that
// this program does not mount are checked for their names alone.
#include "api/kind_validation.h"
#include "api/object_members.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void validate_mode(const std::string& path, const Object& owner, std::string_view member, FieldProblems& problems) {
  const auto mode = integer_in(owner, member);
  if (mode && (*mode < 0 || *mode > 0777))
    problems.invalid(path + "." + std::string(member), *mode, "must be a number between 0 and 0777 (octal), both inclusive");
}

// A path inside the volume, of a file that is made there.
void validate_file_path(const std::string& path, std::string_view file, FieldProblems& problems) {
  validate_inner_path(path, file, problems);
  // What starts with two dots is reserved for the links by which all files change at once.
  if (file.starts_with("..") && !leaves_its_folder(file)) problems.invalid_text(path, file, "must not start with '..'");
}

void validate_items(const std::string& path, const Object& source, FieldProblems& problems) {
  const Array& items = list_in(source, "items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Object& item = as_object(items[i]);
    const std::string at = item_path(path + ".items", i);
    const auto file = text_of(item, "path");
    if (text_of(item, "key").empty()) problems.required(at + ".key");
    if (file.empty()) problems.required(at + ".path");
    validate_file_path(at + ".path", file, problems);
    validate_mode(at, item, "mode", problems);
  }
}

void validate_fields_of_pod(const std::string& path, const Object& source, FieldProblems& problems) {
  const Array& items = list_in(source, "items");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Object& item = as_object(items[i]);
    const auto file = text_of(item, "path");
    // Compat: without the position.
    if (file.empty()) problems.required(path + ".path");
    validate_file_path(path + ".path", file, problems);
    const bool has_field = object_at(item, "fieldRef") != nullptr;
    const bool has_amount = object_at(item, "resourceFieldRef") != nullptr;
    if (has_field && has_amount)
      problems.invalid_text(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
    else if (!has_field && !has_amount) problems.required(path, "one of fieldRef and resourceFieldRef is required");
    validate_mode(path, item, "mode", problems);
  }
}

void validate_host_path(const std::string& path, const Object& source, FieldProblems& problems) {
  const auto place = text_of(source, "path");
  if (place.empty()) problems.required(path + ".path");
  if (leaves_its_folder(place)) problems.invalid_text(path + ".path", place, "must not contain '..'");
  const auto type = text_of(source, "type");
  const bool is_known = type.empty() || type == "BlockDevice" || type == "CharDevice" || type == "Directory" ||
                        type == "DirectoryOrCreate" || type == "File" || type == "FileOrCreate" || type == "Socket";
  if (!is_known)
    problems.unsupported(path + ".type", Value(type),
                         {"", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"});
}

void validate_empty_dir(const std::string& path, const Object& source, FieldProblems& problems) {
  static const lang::Quantity kZero = *lang::Quantity::parse("0");
  const auto text = text_of(source, "sizeLimit");
  const auto size = text.empty() ? Result<lang::Quantity>(kZero) : lang::Quantity::parse(text);
  if (size && *size < kZero) problems.forbidden(path + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
}

void validate_token(const std::string& path, const Object& source, FieldProblems& problems) {
  const auto seconds = integer_in(source, "expirationSeconds");
  if (seconds && *seconds < 600)
    problems.invalid(path + ".expirationSeconds", *seconds, "may not specify a duration less than 10 minutes");
  if (seconds && *seconds > std::int64_t{1} << 32)
    problems.invalid(path + ".expirationSeconds", *seconds, "may not specify a duration larger than 2^32 seconds");
  if (text_of(source, "path").empty()) problems.required(path + ".path");
  else validate_file_path(path + ".path", text_of(source, "path"), problems);
}

void validate_projection(const std::string& path, const Object& projection, FieldProblems& problems) {
  for (const char* kind : {"secret", "configMap"}) {
    const Object* source = object_at(projection, kind);
    if (!source) continue;
    const std::string at = path + "." + kind;
    if (text_of(*source, "name").empty()) problems.required(at + ".name");
    validate_items(at, *source, problems);
  }
  if (const Object* source = object_at(projection, "downwardAPI"))
    validate_fields_of_pod(path + ".downwardAPI", *source, problems);
  if (const Object* source = object_at(projection, "serviceAccountToken"))
    validate_token(path + ".serviceAccountToken", *source, problems);
}

void validate_named(const std::string& path, const Object& source, const char* name, FieldProblems& problems) {
  if (text_of(source, name).empty()) problems.required(path + "." + name);
  validate_mode(path, source, "defaultMode", problems);
  validate_items(path, source, problems);
}

}  // namespace

bool leaves_its_folder(std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return false;
}

void validate_inner_path(const std::string& path, std::string_view file, FieldProblems& problems) {
  if (file.starts_with('/')) problems.invalid_text(path, file, "must be a relative path");
  if (leaves_its_folder(file)) problems.invalid_text(path, file, "must not contain '..'");
}

void validate_volume_source(const std::string& path, std::string_view kind, const json::Object& source, FieldProblems& problems) {
  if (kind == "hostPath") validate_host_path(path, source, problems);
  if (kind == "emptyDir") validate_empty_dir(path, source, problems);
  if (kind == "secret") validate_named(path, source, "secretName", problems);
  if (kind == "configMap") validate_named(path, source, "name", problems);
  if (kind == "persistentVolumeClaim" && text_of(source, "claimName").empty()) problems.required(path + ".claimName");
  if (kind == "csi" && text_of(source, "driver").empty()) problems.required(path + ".driver");
  if (kind == "downwardAPI") {
    validate_mode(path, source, "defaultMode", problems);
    validate_fields_of_pod(path, source, problems);
  }
  if (kind == "nfs") {
    const auto place = text_of(source, "path");
    if (text_of(source, "server").empty()) problems.required(path + ".server");
    if (place.empty()) problems.required(path + ".path");
    else if (!place.starts_with('/')) problems.invalid_text(path + ".path", place, "must be an absolute path");
  }
  if (kind == "projected") {
    validate_mode(path, source, "defaultMode", problems);
    const Array& sources = list_in(source, "sources");
    for (std::size_t i = 0; i < sources.size(); ++i)
      validate_projection(item_path(path + ".sources", i), as_object(sources[i]), problems);
  }
}

}  // namespace canaria::api
