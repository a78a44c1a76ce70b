// The rules on volumes and their mounts: one source each, names that exist, paths that stay inside.
#include <algorithm>

#include "api/kind_validation.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

void validate_source(const std::string& path, const Object& volume, FieldProblems& problems) {
  bool is_first = true;
  // These four come first in the API server's order; which of two sources is one too many follows from it.
  std::vector<std::string_view> sources;
  for (const std::string_view early : {"emptyDir", "hostPath", "secret", "persistentVolumeClaim"})
    if (volume.contains(early)) sources.push_back(early);
  for (const auto& member : volume)
    if (member.key() != "name" && std::ranges::find(sources, std::string_view(member.key())) == sources.end())
      sources.emplace_back(member.key());
  for (const std::string_view source : sources) {
    const Object* content = object_at(volume, source);
    if (!content) continue;
    const std::string at = path + "." + std::string(source);
    if (!is_first) problems.forbidden(at, "may not specify more than 1 volume type");
    else validate_volume_source(at, source, *content, problems);
    is_first = false;
  }
  if (is_first) problems.required(path, "must specify a volume type");
}

// Compat: most members are reported without the position.
void validate_place_in_volume(const std::string& list, const std::string& path, const Object& mount, FieldProblems& problems) {
  const auto inside = text_of(mount, "subPath");
  const auto expression = text_of(mount, "subPathExpr");
  validate_inner_path(list + ".subPath", inside, problems);
  if (!inside.empty() && !expression.empty())
    problems.invalid_text(path + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
  validate_inner_path(list + ".subPathExpr", expression, problems);
  problems.one_of(list + ".mountPropagation", text_of(mount, "mountPropagation"), {"Bidirectional", "HostToContainer", "None"});
  const auto recursive = text_of(mount, "recursiveReadOnly");
  problems.one_of(list + ".recursiveReadOnly", recursive, {"Disabled", "Enabled", "IfPossible"});
  if ((recursive == "Enabled" || recursive == "IfPossible") && !flag_in(mount, "readOnly"))
    problems.forbidden(list + ".recursiveReadOnly", "may only be specified when readOnly is true");
}

}  // namespace

NameSet validate_volumes(const std::string& path, const json::Array& volumes, FieldProblems& problems) {
  NameSet names;
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const std::string at = item_path(path, i);
    const Object& volume = as_object(volumes[i]);
    validate_source(at, volume, problems);
    validate_unique_label(at + ".name", text_of(volume, "name"), names, problems);
  }
  return names;
}

void validate_mounts(const std::string& path, const json::Array& mounts, const NameSet& volumes, FieldProblems& problems) {
  NameSet places;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const Object& mount = as_object(mounts[i]);
    const std::string at = item_path(path, i);
    const auto name = text_of(mount, "name");
    if (name.empty()) problems.required(at + ".name");
    else if (!volumes.contains(name)) problems.not_found(at + ".name", name);
    const auto place = text_of(mount, "mountPath");
    if (place.empty()) problems.required(at + ".mountPath");
    else if (!places.emplace(place).second) problems.invalid_text(at + ".mountPath", place, "must be unique");
    validate_place_in_volume(path, at, mount, problems);
  }
}

}  // namespace canaria::api
