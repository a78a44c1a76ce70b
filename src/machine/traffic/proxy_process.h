// The HAProxy that carries the traffic: a process of its own that outlives this program.
//
// It runs in master-worker mode below one folder: haproxy.cfg and weights.map (what it started with), haproxy.log, a socket
// of the master, one control socket for each generation of the configuration, and a file with its process id and start time.
// A configuration is tried with `haproxy -c` first, so a bad one never replaces a good one. A reload starts a new worker that
// takes the sockets over; the old one ends what it has begun.
//
// When this program dies, HAProxy goes on and the next program takes it over. When HAProxy dies while no program runs, nobody
// starts it again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/task.h"
#include "base/result.h"
#include "machine/runtime/descriptor.h"
#include "plan/proxy/config_text.h"

namespace canaria::machine {

class ProxyProcess {
 public:
  // folder: made when it does not exist; one ProxyProcess at a time per folder (the data directory is locked by its store).
  ProxyProcess(std::string folder, std::string program);

  // Makes the folder, looks whether HAProxy is installed (kNotFound says which package to install), and takes over the one that
  // runs from an earlier program.
  Task<Status> open();

  bool is_running() const;
  // Whether there is one whose end has not been noticed yet.
  bool has_process() const { return pid_ != 0; }
  // Of the configuration that runs or ran last.
  std::int64_t generation() const { return generation_; }
  // What the running or last configuration listens on.
  const std::vector<plan::proxy::ListenPlace>& listens_on() const { return listens_on_; }

  // Writes the configuration (of generation() + 1) and makes it run: reload, or start. On failure the former one goes on.
  Task<Status> load(std::string config, std::string weights);
  // Whether HAProxy accepts a configuration; the error has its words.
  Task<Status> check(std::string config);
  // Sends commands to the process of a generation and returns its answers, in order and unseparated.
  Task<Result<std::string>> ask(std::int64_t generation, std::vector<std::string> commands);
  // Returns when the process has ended; at once when none runs.
  Task<void> wait_for_end();
  // Ends it, gently at first.
  Task<void> stop();

 private:
  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  std::string socket_path(const std::string& name) const;
  Status write_file(const std::string& name, const std::string& text) const;
  void take_over();
  Status start();
  Task<Status> reload();
  Task<Status> wait_for_worker(std::int64_t generation);
  Task<Status> check_file(std::string name);
  void remove_old_sockets() const;
  void reap();
  std::string last_log_lines() const;

  std::string folder_;
  std::string program_;
  OwnedDescriptor directory_;  // a short way to the sockets: the path of a Unix socket has 107 characters at most
  int pid_ = 0;
  std::uint64_t start_ticks_ = 0;
  std::int64_t generation_ = 0;
  std::vector<plan::proxy::ListenPlace> listens_on_;
};

}  // namespace canaria::machine
