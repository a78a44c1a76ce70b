// Certificates for a server on this machine: an authority of its own and a server certificate signed by it, made anew for
// every data directory. Clients are given the authority with their kubeconfig; nothing here is ever trusted by others.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace canaria::net {

struct ServerCertificate {
  std::string authority_pem;    // what clients trust
  std::string certificate_pem;  // what the server shows
  std::string key_pem;          // of the server; the authority's key is thrown away
};

struct CertificateOptions {
  std::string name = "canaria";
  std::vector<std::string> dns_names = {"localhost"};
  std::vector<std::string> addresses = {"127.0.0.1"};
  Time now;             // valid from an hour before
  int days_valid = 3650;
};

// A fresh pair on the curve P-256. Fails with kInternal when the library refuses, for example on an impossible address.
Result<ServerCertificate> make_server_certificate(const CertificateOptions& options);

}  // namespace canaria::net
