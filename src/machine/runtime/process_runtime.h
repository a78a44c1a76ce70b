// Containers as processes of this machine, without images: the command runs as it is installed here.
//
// Each container has a shim (container_shim.h) that outlives this program; what is known about it is on disk
// (container_files.h). An attempt is run at most once: the shim's lock is taken before the shim exists, and the state
// is written before the program runs. A container whose shim was killed has no exit record: it is kLost, and what is left
// of it is killed as soon as that is seen.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/scope.h"
#include "machine/container_runtime.h"
#include "machine/runtime/container_files.h"
#include "machine/runtime/shim_nursery.h"

namespace canaria::machine {

struct ProcessRuntimeOptions {
  ProcessRuntimeOptions() = default;
  std::string directory;                                       // everything is kept below; absolute
  std::string shim_program = "/proc/self/exe";                 // its main() calls run_container_shim
  std::vector<std::string> shim_arguments = {"container-shim"};
  std::string working_directory = "/";  // of containers that name none; a relative one starts here
  LogLimits log_limits;
  Millis start_limit{10'000};
  AddressRewriting rewriting = AddressRewriting::kOn;
};

class ProcessRuntime final : public ContainerRuntime {
 public:
  // Creates the directory. REQUIRES: nobody else uses it.
  static Result<std::unique_ptr<ProcessRuntime>> open(async::Loop& loop, ProcessRuntimeOptions options);
  ~ProcessRuntime() override;  // REQUIRES: stopped, or the loop will never run again

  // Ends what this object does on the loop. Containers go on.
  Task<void> stop();

  Task<Result<std::vector<ContainerStatus>>> list() override;
  Task<Result<ContainerStatus>> start(ContainerSpec spec) override;
  Task<Result<ContainerStatus>> wait(ContainerId id) override;
  Status signal(const ContainerId& id, int signal_number) override;
  Task<Result<ExecResult>> exec(ContainerId id, std::vector<std::string> command, Millis limit) override;
  Status remove(const ContainerId& id) override;
  std::vector<std::string> log_files(const ContainerId& id) const override;

 private:
  struct Container;
  using ContainerPointer = std::shared_ptr<Container>;

  ProcessRuntime(async::Loop& loop, ProcessRuntimeOptions options);

  // Finds out what a folder is: known, running, ended, or never started (null).
  Task<Result<ContainerPointer>> find(ContainerId id);
  Task<Result<ContainerPointer>> look_up(ContainerId id, std::string folder);
  Result<ContainerPointer> spawn_shim(const ContainerId& id, const std::string& folder);
  Result<LaunchRecord> complete(ContainerSpec spec) const;
  Task<void> attend(ContainerPointer container);
  Task<void> read_report(ContainerPointer container);

  async::Loop& loop_;
  ProcessRuntimeOptions options_;
  ShimNursery nursery_;
  std::string group_parent_;
  std::map<ContainerId, ContainerPointer> containers_;
  async::Scope scope_;
};

}  // namespace canaria::machine
