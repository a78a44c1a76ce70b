// One connection to an API server: HTTP client, credentials and the ObjectClient on top, kept together because each refers to
// the one before. Nothing is contacted before the first request.
#pragma once

#include <memory>

#include "async/loop.h"
#include "base/result.h"
#include "cli/connection_flags.h"
#include "kube/http_object_client.h"
#include "kube/kubeconfig.h"
#include "net/http_client.h"
#include "ports/clock.h"

namespace canaria::app {

class ClusterConnection {
 public:
  // Reads the kubeconfig. Loop and clock must outlive the connection.
  static Result<std::shared_ptr<ClusterConnection>> open(async::Loop& loop, const Clock& clock, const cli::ConnectionFlags& flags,
                                                         kube::ObjectClientOptions options);

  ClusterConnection(async::Loop& loop, const Clock& clock, kube::ClusterAccess access, kube::ObjectClientOptions options);

  ObjectClient& client() { return client_; }
  const kube::ClusterAccess& access() const { return credentials_.access(); }

 private:
  net::CurlHttpClient http_;
  kube::Credentials credentials_;
  kube::HttpObjectClient client_;
};

}  // namespace canaria::app
