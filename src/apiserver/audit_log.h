// Who asked for what: one JSON line per request in the form of the API server's audit log (audit.k8s.io/v1, level Metadata),
// so that the same programs can count and compare requests on both servers. Bodies are never written.
#pragma once

#include <fstream>
#include <string>

#include "apiserver/api_request.h"
#include "ports/clock.h"
#include "store/random_names.h"

namespace canaria::apiserver {

enum class AuditStage { kResponseStarted, kResponseComplete };

class AuditLog {
 public:
  explicit AuditLog(const Clock& clock) : clock_(clock) {}

  // Appends to the file. Fails with kUnavailable.
  Status open(const std::string& path);
  bool is_open() const { return file_.is_open(); }

  // An id for a request that begins now.
  std::string next_id() { return names_.uid(); }
  void write(const ApiRequest& request, AuditStage stage, int status, Time received);

 private:
  const Clock& clock_;
  store::RandomNames names_;
  std::ofstream file_;
};

}  // namespace canaria::apiserver
