// The folder of a volume on this machine, below "<root>/<pod uid>/<volume>".
//
// Files are replaced all at once, in the kubelet's way: they lie in a folder with a new name, "..data" is a link to it that is
// swapped by a rename, and the names that programs see are links through "..data". A reader that keeps "..data" open sees one
// state; one that opens a name sees the old or the new content, never a part of it.
#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "machine/container_runtime.h"
#include "plan/pod/volumes.h"

namespace canaria::machine {

// Makes the volume or brings it up to date; harmless when it is. An empty folder keeps what programs have put there. Of a
// hostPath only its type is checked, in the kubelet's words, and what it says should be created is.
Status write_volume(const std::string& folder, const plan::VolumeContent& content);

// Where the mount's content is, with its subPath resolved and, where the volume can be written, made. Fails when it leads out
// of the volume.
Result<ContainerMount> resolve_mount(const std::string& pod_folder, const plan::LaunchMount& mount);

// Removes the folders below root of all pods but these.
void remove_other_pods(const std::string& root, const std::set<std::string>& uids);

}  // namespace canaria::machine
