#include "app/manifest_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "async/timers.h"
#include "json/yaml.h"

namespace canaria::app {
namespace {

namespace fs = std::filesystem;

constexpr int kKindAttempts = 50;
constexpr Millis kKindWait{50};

bool is_manifest(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

Result<std::vector<std::string>> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code failed;
    if (path == "-" || fs::is_regular_file(path, failed)) {
      files.push_back(path);
      continue;
    }
    if (!fs::is_directory(path, failed)) return fail(Code::kNotFound, "read " + path + ": no such file or folder");
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(path, failed))
      if (is_manifest(entry.path()) && entry.is_regular_file()) found.push_back(entry.path().string());
    if (found.empty()) return fail(Code::kNotFound, "read " + path + ": no *.yaml, *.yml or *.json file in this folder");
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

Result<std::string> read_text(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::kNotFound, "read " + path + ": not readable");
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

Status take_apart(const std::string& source, json::Value object, std::vector<Manifest>& manifests) {
  if (!object.is_object()) return fail(Code::kInvalid, source + ": a manifest must be an object with apiVersion and kind");
  const std::string kind(json::text_at(object, "kind"));
  if (kind.ends_with("List") && object.get_object().contains("items")) {
    json::Value& items = object.get_object()["items"];
    if (!items.is_array()) return fail(Code::kInvalid, source + ": items must be a list");
    for (json::Value& item : items.get_array()) {
      CHECK_OK(take_apart(source, std::move(item), manifests));
    }
    return {};
  }
  if (kind.empty() || json::text_at(object, "apiVersion").empty())
    return fail(Code::kInvalid, source + ": every manifest needs apiVersion and kind");
  manifests.push_back({source, std::move(object)});
  return {};
}

int creation_rank(const json::Value& object) {
  static constexpr std::array<std::string_view, 5> kFirst = {"CustomResourceDefinition", "Namespace", "ConfigMap", "Secret",
                                                             "Service"};
  const auto found = std::find(kFirst.begin(), kFirst.end(), json::text_at(object, "kind"));
  return static_cast<int>(found - kFirst.begin());
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

Status read_manifest_file(const std::string& file, std::vector<Manifest>& manifests) {
  TRY(const std::string text, read_text(file));
  auto documents = json::locate_yaml_documents(text);
  if (!documents) return wrap(file, documents.error());
  for (json::YamlDocument& document : *documents) {
    CHECK_OK(take_apart(file + ":" + std::to_string(document.line), std::move(document.value), manifests));
  }
  return {};
}

bool defines_kinds(const std::vector<Manifest>& manifests) {
  return std::any_of(manifests.begin(), manifests.end(), [](const Manifest& manifest) {
    return json::text_at(manifest.object, "kind") == "CustomResourceDefinition";
  });
}

// Adds a fault to those there are, one on a line.
void add_fault(Status& outcome, const Error& fault) {
  if (outcome) outcome = fail(fault);
  else outcome = fail(outcome.error().code, outcome.error().message + "\n" + fault.message);
}

Task<Status> apply_one(ObjectClient* client, Manifest manifest, FindResource find_resource, int kind_attempts,
                       std::function<void(std::string)> on_applied) {
  const std::string api_version(json::text_at(manifest.object, "apiVersion"));
  const std::string kind(json::text_at(manifest.object, "kind"));
  const api::Resource* resource = find_resource(api_version, kind);
  for (int attempt = 0; !resource && attempt < kind_attempts; ++attempt) {
    co_await async::sleep_for(kKindWait);
    resource = find_resource(api_version, kind);
  }
  if (!resource)
    co_return fail(Code::kNotFound, manifest.source + ": no matches for kind \"" + kind + "\" in version \"" + api_version +
                                        "\": apply its CustomResourceDefinition first");
  api::ObjectKey key{std::string(json::text_at(manifest.object, "metadata.namespace")),
                     std::string(json::text_at(manifest.object, "metadata.name"))};
  if (resource->scope == api::Scope::kCluster) key.namespace_.clear();
  else if (key.namespace_.empty()) key.namespace_ = "default";
  WriteOptions options;
  options.field_manager = "canaria-up";
  options.force = true;
  const std::string what = lower(kind) + (resource->group.empty() ? "" : "." + resource->group) + "/" + key.name;
  Result<json::Value> outcome = fail(Code::kInvalid, "");
  if (key.name.empty()) outcome = co_await client->create(*resource, key, manifest.object, options);
  else outcome = co_await client->patch(*resource, key, PatchKind::kApply, manifest.object, options);
  if (!outcome) co_return wrap(manifest.source + ": " + what, outcome.error());
  on_applied(what);
  co_return Status();
}

}  // namespace

Result<std::vector<Manifest>> read_manifests(const std::vector<std::string>& paths) {
  TRY(const std::vector<std::string> files, files_of(paths));
  std::vector<Manifest> manifests;
  Status outcome;
  for (const std::string& file : files)
    if (const Status read = read_manifest_file(file, manifests); !read) add_fault(outcome, read.error());
  CHECK_OK(outcome);
  return manifests;
}

void sort_for_creation(std::vector<Manifest>& manifests) {
  std::stable_sort(manifests.begin(), manifests.end(), [](const Manifest& left, const Manifest& right) {
    return creation_rank(left.object) < creation_rank(right.object);
  });
}

Task<Status> apply_manifests(ObjectClient* client, std::vector<Manifest> manifests, FindResource find_resource,
                             std::function<void(std::string)> on_applied) {
  sort_for_creation(manifests);
  // Nobody else is there to define a kind meanwhile.
  const int kind_attempts = defines_kinds(manifests) ? kKindAttempts : 0;
  Status outcome;
  for (Manifest& manifest : manifests) {
    Task<Status> applying = apply_one(client, std::move(manifest), find_resource, kind_attempts, on_applied);
    const Status applied = co_await std::move(applying);
    if (!applied) add_fault(outcome, applied.error());
  }
  co_return outcome;
}

}  // namespace canaria::app
