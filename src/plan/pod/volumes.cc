#include "plan/pod/volumes.h"

#include <algorithm>

#include "base/hash.h"
#include "json/write.h"
#include "plan/pod/environment.h"
#include "plan/pod/pod_pass.h"

namespace canaria::plan {
namespace {

constexpr std::uint32_t kDefaultMode = 0644;
constexpr std::uint32_t kModeBits = 0777;

using Files = std::vector<VolumeFile>;

std::uint32_t mode_of(const std::optional<std::int32_t>& own, const std::optional<std::int32_t>& of_volume) {
  const auto& mode = own ? own : of_volume;
  return mode ? static_cast<std::uint32_t>(*mode) & kModeBits : kDefaultMode;
}

// Whether a path stays below the folder it is meant for.
bool is_local(const std::string& path) {
  if (path.empty() || path.front() == '/') return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (path.substr(at, end - at) == "..") return false;
    at = end + 1;
  }
  return true;
}

// Later sources win, as with the kubelet.
Status add_file(Files& files, const std::string& path, std::string content, std::uint32_t mode) {
  if (!is_local(path) || path.starts_with(".."))
    return fail(Code::kInvalid, "invalid path \"" + path + "\": must be a relative path that stays in the volume");
  std::erase_if(files, [&](const VolumeFile& file) { return file.path == path; });
  files.push_back({path, std::move(content), mode});
  return {};
}

struct ContentSource {
  const char* kind;  // "configmap", "secret"
  std::string name;
  std::string missing_key;  // the kubelet's words, before the key
  const api::StringMap* text = nullptr;
  const api::StringMap* binary = nullptr;

  const std::string* find(const std::string& key) const {
    for (const api::StringMap* content : {text, binary}) {
      if (!content) continue;
      if (const auto found = content->find(key); found != content->end()) return &found->second;
    }
    return nullptr;
  }
};

Status add_content(Files& files, const ContentSource& source, const api::ContentFiles& wanted,
                   const std::optional<std::int32_t>& volume_mode) {
  if (!source.text) {
    if (wanted.optional) return {};
    return fail(Code::kNotFound, std::string(source.kind) + " \"" + source.name + "\" not found");
  }
  if (wanted.items.empty()) {
    for (const api::StringMap* content : {source.binary, source.text}) {
      if (!content) continue;
      for (const auto& [key, value] : *content) {
        CHECK_OK(add_file(files, key, value, mode_of(std::nullopt, volume_mode)));
      }
    }
    return {};
  }
  for (const api::KeyToPath& item : wanted.items) {
    const std::string* value = source.find(item.key);
    if (!value && wanted.optional) continue;
    if (!value) return fail(Code::kNotFound, source.missing_key + item.key);
    CHECK_OK(add_file(files, item.path, *value, mode_of(item.mode, volume_mode)));
  }
  return {};
}

ContentSource config_map(const PodSnapshot& snapshot, const std::string& name) {
  ContentSource source{"configmap", name, "configmap references non-existent config key: "};
  source.text = snapshot.lookup.config_map(name);
  if (snapshot.lookup.binary_config_map) source.binary = snapshot.lookup.binary_config_map(name);
  return source;
}

ContentSource secret(const PodSnapshot& snapshot, const api::ContentFiles& wanted) {
  const std::string& name = wanted.secretName.empty() ? wanted.name : wanted.secretName;
  return ContentSource{"secret", name, "references non-existent secret key: ", snapshot.lookup.secret(name)};
}

// key="value" on a line each, as the kubelet writes labels and annotations.
std::string lines_of(const api::StringMap& entries) {
  std::string text;
  for (const auto& [key, value] : entries) text += (text.empty() ? "" : "\n") + key + "=" + json::write(json::Value(value));
  return text;
}

Result<std::string> downward_value(const PodSnapshot& snapshot, const api::DownwardFile& file) {
  if (file.resourceFieldRef) {
    const auto& containers = snapshot.pod->spec.containers;
    if (containers.empty()) return fail(Code::kInvalid, "the pod has no containers");
    return resource_field(snapshot, containers.front(), *file.resourceFieldRef);
  }
  const std::string path = file.fieldRef ? file.fieldRef->fieldPath : "";
  if (path == "metadata.labels") return lines_of(snapshot.pod->metadata.labels);
  if (path == "metadata.annotations") return lines_of(snapshot.pod->metadata.annotations);
  return pod_field(snapshot, path);
}

Status add_downward(Files& files, const PodSnapshot& snapshot, const api::DownwardFiles& wanted,
                    const std::optional<std::int32_t>& volume_mode) {
  for (const api::DownwardFile& item : wanted.items) {
    TRY(std::string value, downward_value(snapshot, item));
    CHECK_OK(add_file(files, item.path, std::move(value), mode_of(item.mode, volume_mode)));
  }
  return {};
}

Status add_projected(Files& files, const PodSnapshot& snapshot, const api::ProjectedFiles& wanted) {
  for (const api::ProjectedSource& source : wanted.sources) {
    if (source.configMap) {
      CHECK_OK(add_content(files, config_map(snapshot, source.configMap->name), *source.configMap, wanted.defaultMode));
    } else if (source.secret) {
      CHECK_OK(add_content(files, secret(snapshot, *source.secret), *source.secret, wanted.defaultMode));
    } else if (source.downwardAPI) {
      CHECK_OK(add_downward(files, snapshot, *source.downwardAPI, wanted.defaultMode));
    } else {
      return fail(Code::kInvalid, "projected volumes of this machine can hold configMap, secret and downwardAPI only");
    }
  }
  return {};
}

const api::Volume* find_volume(const PodSnapshot& snapshot, const std::string& name) {
  for (const api::Volume& volume : snapshot.pod->spec.volumes)
    if (volume.name == name) return &volume;
  return nullptr;
}

std::string refusal(const api::Volume& volume) {
  const std::string kind = volume.persistentVolumeClaim.is_null() ? "its kind of volume is" : "persistentVolumeClaim is";
  return "volume \"" + volume.name + "\": " + kind +
         " not supported by a single machine; use hostPath with a folder of this machine, or emptyDir";
}

// A volume that could not be written (a full disk) is tried again with the delays of the back-off.
bool is_write_due(PodPass& pass, const std::string& volume) {
  const PodSnapshot& snapshot = pass.view().snapshot();
  const auto failure = snapshot.volumes.write_failures.find(volume);
  if (failure == snapshot.volumes.write_failures.end()) return true;
  constexpr Millis kFirstDelay{500}, kLongestDelay{60'000};
  const Millis delay = std::min(kFirstDelay * (std::int64_t{1} << std::min(failure->second.failures - 1, 20)), kLongestDelay);
  if (snapshot.now >= failure->second.at + delay) return true;
  pass.wake(failure->second.at + delay);
  return false;
}

void tell_trouble(PodPass& pass, const std::string& volume, const std::string& reason) {
  std::string message = "MountVolume.SetUp failed for volume \"" + volume + "\" : " + reason;
  if (message != pass.view().snapshot().volumes.told_trouble) pass.add(TellVolumeTrouble{std::move(message)});
}

}  // namespace

bool is_supported(const api::Volume& volume) {
  return volume.configMap || volume.secret || volume.downwardAPI || volume.projected || volume.emptyDir || volume.hostPath;
}

Result<VolumeContent> volume_content(const PodSnapshot& snapshot, const api::Volume& volume) {
  VolumeContent content;
  content.name = volume.name;
  if (volume.configMap) {
    const api::ContentFiles& wanted = *volume.configMap;
    CHECK_OK(add_content(content.files, config_map(snapshot, wanted.name), wanted, wanted.defaultMode));
  } else if (volume.secret) {
    CHECK_OK(add_content(content.files, secret(snapshot, *volume.secret), *volume.secret, volume.secret->defaultMode));
  } else if (volume.downwardAPI) {
    CHECK_OK(add_downward(content.files, snapshot, *volume.downwardAPI, volume.downwardAPI->defaultMode));
  } else if (volume.projected) {
    CHECK_OK(add_projected(content.files, snapshot, *volume.projected));
  } else if (volume.hostPath) {
    content.kind = VolumeContent::Kind::kHostPath;
    content.host_path = volume.hostPath->path;
    content.host_path_type = volume.hostPath->type;
  } else {
    content.kind = VolumeContent::Kind::kFolder;
  }
  std::sort(content.files.begin(), content.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return content;
}

// Two hashes of 32 bits over everything, lengths included.
std::string fingerprint(const VolumeContent& content) {
  std::string text = std::to_string(static_cast<int>(content.kind)) + content.host_path + "\n" + content.host_path_type;
  for (const VolumeFile& file : content.files)
    text += "\n" + file.path + "\n" + std::to_string(file.mode) + " " + std::to_string(file.content.size()) + " " +
            std::to_string(fnv1a_32(file.content)) + " " + std::to_string(fnv1a_32(file.content, 97));
  return std::to_string(fnv1a_32(text)) + "-" + std::to_string(fnv1a_32(text, 97));
}

Result<std::vector<LaunchMount>> container_mounts(const PodSnapshot& snapshot, const api::Container& container,
                                                  const Environment& environment) {
  std::vector<LaunchMount> mounts;
  for (const api::VolumeMount& wanted : container.volumeMounts) {
    const api::Volume* volume = find_volume(snapshot, wanted.name);
    if (!volume) return fail(Code::kInvalid, "volume \"" + wanted.name + "\" does not exist in the pod");
    if (!is_supported(*volume)) return fail(Code::kInvalid, refusal(*volume));
    LaunchMount mount;
    mount.volume = wanted.name;
    if (volume->hostPath) mount.host_path = volume->hostPath->path;
    mount.sub_path = wanted.subPathExpr.empty() ? wanted.subPath : environment.expand(wanted.subPathExpr);
    if (!mount.sub_path.empty() && !is_local(mount.sub_path))
      return fail(Code::kInvalid, "subPath \"" + mount.sub_path + "\" must be a relative path that stays in the volume");
    mount.path = wanted.mountPath.starts_with('/') ? wanted.mountPath : "/" + wanted.mountPath;
    while (mount.path.size() > 1 && mount.path.back() == '/') mount.path.pop_back();
    if (mount.path == "/") return fail(Code::kInvalid, "volume \"" + wanted.name + "\" cannot be mounted at /");
    const bool is_writable_kind = volume->emptyDir || volume->hostPath;
    mount.is_read_only = wanted.readOnly || !is_writable_kind;
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

bool plan_volumes(PodPass& pass) {
  const PodSnapshot& snapshot = pass.view().snapshot();
  bool are_there = true;
  for (const api::Volume& volume : snapshot.pod->spec.volumes) {
    if (!is_supported(volume)) continue;  // the containers that want it say so
    const auto content = volume_content(snapshot, volume);
    const auto written = snapshot.volumes.written.find(volume.name);
    const bool is_there = written != snapshot.volumes.written.end();
    are_there = are_there && is_there;
    if (!content) {
      if (!is_there) tell_trouble(pass, volume.name, content.error().message);
      continue;  // what has been written stays, as with the kubelet
    }
    std::string wanted = fingerprint(*content);
    if (is_there && written->second == wanted) continue;
    if (is_write_due(pass, volume.name)) pass.add(WriteVolume{*content, std::move(wanted)});
    else if (!is_there) tell_trouble(pass, volume.name, snapshot.volumes.write_failures.at(volume.name).message);
  }
  return are_there;
}

}  // namespace canaria::plan
