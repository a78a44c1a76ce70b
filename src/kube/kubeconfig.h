// Finds out how to reach the cluster, by kubectl's rules: --kubeconfig, else the files of KUBECONFIG merged (the first file
// that names something wins, missing files are skipped), else ~/.kube/config, else the pod's service account.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "kube/cluster_access.h"

namespace canaria::kube {

// What is read from outside; tests hand in their own.
struct Surroundings {
  std::function<std::string(const char*)> environment;  // empty text when unset
  std::string service_account = "/var/run/secrets/kubernetes.io/serviceaccount";
};
Surroundings process_surroundings();

// Reads files, but opens no connection. Errors name the file, the entry in it, and what to do.
Result<ClusterAccess> load_access(const AccessFlags& flags, const Surroundings& surroundings);

// The pod's own namespace: POD_NAMESPACE, else the service account's file, else "argo-rollouts".
std::string own_namespace(const Surroundings& surroundings);

// The contents of a file, or why it cannot be read.
Result<std::string> read_file(const std::string& path);

}  // namespace canaria::kube
