#include "app/cluster_connection.h"

#include "app/build_facts.h"

namespace canaria::app {
namespace {

kube::AccessFlags access_flags(const cli::ConnectionFlags& flags) {
  kube::AccessFlags access;
  access.kubeconfig = flags.kubeconfig;
  access.context = flags.context;
  access.cluster = flags.cluster;
  access.user = flags.user;
  access.server = flags.server;
  access.token = flags.token;
  access.namespace_ = flags.namespace_;
  access.certificate_authority = flags.certificate_authority;
  access.client_certificate = flags.client_certificate;
  access.client_key = flags.client_key;
  access.tls_server_name = flags.tls_server_name;
  access.request_timeout = flags.request_timeout;
  access.insecure_skip_tls_verify = flags.insecure_skip_tls_verify;
  access.as = flags.as_user;
  access.as_uid = flags.as_uid;
  access.as_groups = flags.as_groups;
  return access;
}

net::HttpClientOptions http_options() {
  net::HttpClientOptions options;
  options.user_agent = "canaria/" + build_facts().version;
  return options;
}

}  // namespace

Result<std::shared_ptr<ClusterConnection>> ClusterConnection::open(async::Loop& loop, const Clock& clock,
                                                                   const cli::ConnectionFlags& flags,
                                                                   kube::ObjectClientOptions options) {
  TRY(kube::ClusterAccess access, kube::load_access(access_flags(flags), kube::process_surroundings()));
  if (access.request_timeout > Millis(0)) options.timeout = access.request_timeout;
  return std::make_shared<ClusterConnection>(loop, clock, std::move(access), std::move(options));
}

ClusterConnection::ClusterConnection(async::Loop& loop, const Clock& clock, kube::ClusterAccess access,
                                     kube::ObjectClientOptions options)
    : http_(loop, http_options()), credentials_(std::move(access), clock), client_(http_, credentials_, std::move(options)) {}

}  // namespace canaria::app
