// Who we are, request by request: turns a ClusterAccess into headers and TLS settings, and keeps them fresh. A token file is
// read again every minute; an exec plugin runs when its credential has expired or the server has refused it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "async/event.h"
#include "async/task.h"
#include "base/result.h"
#include "kube/cluster_access.h"
#include "ports/clock.h"
#include "ports/http_client.h"

namespace canaria::kube {

// What a request needs to be let in.
struct Session {
  HttpHeaders headers;
  std::shared_ptr<const HttpPeer> peer;
};

class Credentials {
 public:
  // The clock must outlive this object.
  Credentials(ClusterAccess access, const Clock& clock);
  ~Credentials();

  const ClusterAccess& access() const { return access_; }

  // Fails when a token file cannot be read or a plugin does not deliver.
  Task<Result<Session>> session();

  // After a 401: true when the next session() may carry other credentials.
  bool refused();

 private:
  struct Issued;
  struct Running;
  Task<Result<std::string>> token();
  Task<Status> run_plugin();
  Status take_in(const std::string& output);
  Result<std::string> token_from_file();

  ClusterAccess access_;
  const Clock& clock_;
  std::shared_ptr<const HttpPeer> peer_;
  std::string file_token_;
  std::optional<Time> file_read_at_;
  std::unique_ptr<Issued> issued_;
  bool plugin_runs_ = false;
  async::Event plugin_ended_;
};

}  // namespace canaria::kube
