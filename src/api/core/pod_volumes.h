// The volumes of a pod: what each kind of volume is made of. Kinds that this program does not offer are kept only to be named
// in the refusal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "json/value.h"

namespace canaria::api {

struct PodFieldRef {
  std::string fieldPath;
};
BOOST_DESCRIBE_STRUCT(PodFieldRef, (), (fieldPath))

struct ContainerResourceRef {
  std::string containerName;
  std::string resource;  // "limits.cpu"
  json::Value divisor;
};
BOOST_DESCRIBE_STRUCT(ContainerResourceRef, (), (containerName, resource, divisor))

// A key as a file.
struct KeyToPath {
  std::string key;
  std::string path;
  std::optional<std::int32_t> mode;
};
BOOST_DESCRIBE_STRUCT(KeyToPath, (), (key, path, mode))

// A ConfigMap or Secret; without items each key is a file of its name.
struct ContentFiles {
  std::string name;
  std::string secretName;  // of a Secret that is a volume of its own
  std::vector<KeyToPath> items;
  std::optional<std::int32_t> defaultMode;
  bool optional = false;
};
BOOST_DESCRIBE_STRUCT(ContentFiles, (), (name, secretName, items, defaultMode, optional))

struct DownwardFile {
  std::string path;
  std::optional<PodFieldRef> fieldRef;
  std::optional<ContainerResourceRef> resourceFieldRef;
  std::optional<std::int32_t> mode;
};
BOOST_DESCRIBE_STRUCT(DownwardFile, (), (path, fieldRef, resourceFieldRef, mode))

struct DownwardFiles {
  std::vector<DownwardFile> items;
  std::optional<std::int32_t> defaultMode;
};
BOOST_DESCRIBE_STRUCT(DownwardFiles, (), (items, defaultMode))

struct ProjectedSource {
  std::optional<ContentFiles> configMap;
  std::optional<ContentFiles> secret;
  std::optional<DownwardFiles> downwardAPI;
  json::Value serviceAccountToken;  // set: refused
  json::Value clusterTrustBundle;   // set: refused
};
BOOST_DESCRIBE_STRUCT(ProjectedSource, (), (configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle))

struct ProjectedFiles {
  std::vector<ProjectedSource> sources;
  std::optional<std::int32_t> defaultMode;
};
BOOST_DESCRIBE_STRUCT(ProjectedFiles, (), (sources, defaultMode))

struct EmptyFolder {
  std::string medium;
};
BOOST_DESCRIBE_STRUCT(EmptyFolder, (), (medium))

struct HostPath {
  std::string path;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(HostPath, (), (path, type))

struct Volume {
  std::string name;
  std::optional<ContentFiles> configMap;
  std::optional<ContentFiles> secret;
  std::optional<DownwardFiles> downwardAPI;
  std::optional<ProjectedFiles> projected;
  std::optional<EmptyFolder> emptyDir;
  std::optional<HostPath> hostPath;
  json::Value persistentVolumeClaim;  // set: refused, as all others are
};
BOOST_DESCRIBE_STRUCT(Volume, (), (name, configMap, secret, downwardAPI, projected, emptyDir, hostPath, persistentVolumeClaim))

struct VolumeMount {
  std::string name;
  std::string mountPath;
  std::string subPath;
  std::string subPathExpr;
  bool readOnly = false;
};
BOOST_DESCRIBE_STRUCT(VolumeMount, (), (name, mountPath, subPath, subPathExpr, readOnly))

}  // namespace canaria::api
