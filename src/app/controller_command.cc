#include "app/controller_command.h"

#include <iostream>

#include "app/build_facts.h"
#include "app/controller_flags.h"
#include "app/controller_process.h"
#include "async/resident_memory.h"
#include "async/signals.h"
#include "telemetry/log.h"

namespace canaria::app {
namespace {

int refuse(const std::string& message) {
  std::cerr << "Error: " << message << "\n";
  return 1;
}

}  // namespace

int run_controller(const std::string& program, const std::vector<std::string>& words) {
  auto request = parse_controller_flags(program, words, build_facts().version);
  if (!request) return refuse(request.error().message);
  if (request->text) {
    std::cout << *request->text;
    return 0;
  }
  const ControllerFlags& flags = request->flags;
  async::prefer_small_memory();
  if (const Status configured = telemetry::configure_log(flags.connection.log_level, flags.log_format); !configured)
    return refuse(configured.error().message);
  for (const std::string& warning : flags.warnings) telemetry::log_warning(warning, {});
  if (!flags.pprof_address.empty())
    telemetry::log_warning("--enable-pprof-address has no effect: there is no profiling server", {});

  async::Loop loop;
  ControllerProcess process(loop, flags);
  const async::Signals signals(loop, [&process] {
    telemetry::log_info("asked to stop, finishing what is under way", {});
    process.stop();
  });
  const Status ended = loop.block_on(process.run());
  if (ended) return 0;
  telemetry::log_error("the controller could not start", {{"error", ended.error().message}});
  return 1;
}

}  // namespace canaria::app
