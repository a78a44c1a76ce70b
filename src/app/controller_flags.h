// The flags of the controller process: all that existing Deployments and Helm values pass, also those without effect here,
// because an unknown flag would keep the controller from starting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/connection_flags.h"

namespace canaria::app {

struct ControllerFlags {
  cli::ConnectionFlags connection;
  bool is_namespaced = false;
  bool is_dry_run = false;
  std::string instance_id;
  Seconds resync{900};
  std::size_t workers = 10;
  std::uint16_t metrics_port = 8090;
  std::uint16_t health_port = 8080;
  std::string log_format;
  bool has_leader_election = true;
  Millis lease_duration{15'000};
  Millis renew_deadline{10'000};
  Millis retry_period{2'000};
  std::optional<double> qps;  // only when given: there is no limit of our own by default
  std::optional<int> burst;
  std::string pprof_address;
  std::vector<std::string> warnings;
};

// What the words after the program's name ask for: to run, or just to print a text.
struct ControllerRequest {
  ControllerFlags flags;
  std::optional<std::string> text;  // the help or the version; print it and end
};

// `program` is the name in usage texts. Fails with kInvalid and the text for the user.
Result<ControllerRequest> parse_controller_flags(const std::string& program, const std::vector<std::string>& words,
                                                 const std::string& version);

}  // namespace canaria::app
