// The volumes of a pod on paper: which files each one holds, and what a container sees of them. What the kubelet does, for
// configMap, secret, downwardAPI, projected, emptyDir and hostPath; all others are refused with a text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/pod/pod_snapshot.h"

namespace canaria::plan {

class Environment;

struct VolumeFile {
  std::string path;  // below the volume; never leaves it
  std::string content;
  std::uint32_t mode = 0644;
};

struct VolumeContent {
  enum class Kind {
    kFiles,     // exactly these files, replaced all at once
    kFolder,    // an empty folder that lives as long as the pod
    kHostPath,  // a place of this machine
  };
  std::string name;
  Kind kind = Kind::kFiles;
  std::vector<VolumeFile> files;
  std::string host_path;
  std::string host_path_type;  // "DirectoryOrCreate" ...; empty: whatever is there
};

// A volume in a container.
struct LaunchMount {
  std::string volume;
  std::string host_path;  // of a hostPath volume; else empty: the volume's own folder
  std::string sub_path;   // below that
  std::string path;       // in the container
  bool is_read_only = false;
};

// Fails with the kubelet's words when what it is made of does not exist. REQUIRES: the kind is supported.
Result<VolumeContent> volume_content(const PodSnapshot& snapshot, const api::Volume& volume);
bool is_supported(const api::Volume& volume);
// Differs when the content differs.
std::string fingerprint(const VolumeContent& content);

// Fails with what the status shows as the message of CreateContainerConfigError.
Result<std::vector<LaunchMount>> container_mounts(const PodSnapshot& snapshot, const api::Container& container,
                                                  const Environment& environment);

}  // namespace canaria::plan
