// The flags every command shares that say which API server to talk to, as whom, and about which namespace. Values are
// as typed; empty means "not given". The composition root turns them into overrides of the kubeconfig.
#pragma once

#include <string>
#include <vector>

namespace canaria::cli {

struct ConnectionFlags {
  std::string kubeconfig;             // --kubeconfig; empty: $KUBECONFIG, then ~/.kube/config, then in-cluster
  std::string context;                // --context
  std::string cluster;                // --cluster
  std::string user;                   // --user
  std::string namespace_;             // -n, --namespace; empty: the context's, then "default"
  std::string server;                 // -s, --server
  std::string tls_server_name;        // --tls-server-name
  std::string certificate_authority;  // --certificate-authority
  bool insecure_skip_tls_verify = false;
  std::string client_certificate;     // --client-certificate
  std::string client_key;             // --client-key
  std::string token;                  // --token
  std::string as_user;                // --as
  std::string as_uid;                 // --as-uid
  std::vector<std::string> as_groups; // --as-group, once per group
  std::string request_timeout = "0";  // --request-timeout; "0" waits for ever; seconds or a duration ("5", "1m")
  bool disable_compression = false;
  std::string cache_dir;              // --cache-dir; accepted, nothing is cached
  int verbosity = 0;                  // -v, --kloglevel
  std::string log_level = "info";     // --loglevel: panic fatal error warn info debug trace
};

}  // namespace canaria::cli
