// Everything needed to talk to one cluster, after kubeconfig files, flags and the pod's service account have been looked at:
// the address, whom to trust, who we are. Plain data; credentials.h turns it into request headers.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ports/http_client.h"

namespace canaria::kube {

// A program that prints a token or client certificate (client.authentication.k8s.io).
struct ExecPlugin {
  std::string api_version;
  std::string command;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string install_hint;
  bool wants_cluster = false;  // provideClusterInfo
};

struct ClusterAccess {
  std::string origin;      // where this comes from, for messages: a file and context, or "the pod's service account"
  std::string server;      // without trailing slash
  HttpPeer peer;
  std::string namespace_;  // never empty
  std::string token;
  std::string token_file;  // read again every minute; wins over token
  std::string username;
  std::string password;
  std::optional<ExecPlugin> exec;
  HttpHeaders impersonation;
  Millis request_timeout{0};  // 0: the client's default
};

// The command line flags of kubectl that change the access; empty means not given.
struct AccessFlags {
  std::string kubeconfig;
  std::string context;
  std::string cluster;
  std::string user;
  std::string server;
  std::string token;
  std::string namespace_;
  std::string certificate_authority;
  std::string client_certificate;
  std::string client_key;
  std::string tls_server_name;
  std::string request_timeout;  // "0", seconds, or a duration such as "1m30s"
  bool insecure_skip_tls_verify = false;
  std::string as;
  std::string as_uid;
  std::vector<std::string> as_groups;
};

}  // namespace canaria::kube
