// The command line: parses the arguments, runs one command and returns the exit code. It knows the world only through
// CliEnvironment, so that tests run every command without a cluster, a terminal or a clock.
//
// The program answers to three names (base name of argv[0]): `canaria`, `kubectl-argo-rollouts` (the kubectl plugin) and
// `kubectl_complete-argo-rollouts` (kubectl's request for completions).
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/connection_flags.h"
#include "ports/clock.h"
#include "ports/object_client.h"

namespace canaria::cli {

struct Connection {
  std::shared_ptr<ObjectClient> client;
  std::string namespace_;  // from the flag, else the kubeconfig's context, else "default"
};

// The event loop as commands see it.
class Loop {
 public:
  virtual ~Loop() = default;

  // Runs the loop until `task` has ended, then cancels and joins everything that was spawned.
  virtual void run(Task<void> task) = 0;

  // Starts a task in the background; only while run() is active.
  virtual void spawn(Task<void> task) = 0;

  virtual Task<void> sleep(Millis duration) = 0;

  // From now on the first SIGINT or SIGTERM only makes is_interrupted() true, and a second one ends the program with
  // exit code 1. Before this call the signals end the program as usual.
  virtual void hold_interrupts() = 0;
  virtual bool is_interrupted() const = 0;
};

// What `version` prints.
struct BuildFacts {
  std::string version;         // "v0.1.0+ab12cd3"
  std::string build_date;      // RFC 3339
  std::string git_commit;
  std::string git_tree_state;  // clean or dirty
  std::string go_version;      // the key stays for tools that read it; the language standard stands in for it
  std::string compiler;
  std::string platform;        // "linux/amd64"
};

struct CliEnvironment {
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;
  Loop& loop;
  // Loads the kubeconfig and makes a client; an unusable kubeconfig is an error, the server is not contacted yet.
  std::function<Task<Result<Connection>>(ConnectionFlags)> connect;
  // The text of a file; "-" is standard input.
  std::function<Result<std::string>(const std::string& path)> read_file;
  // What is started by a word and then runs by itself (`controller`, `up` ...), with the arguments that follow the word and
  // the exit code as result. Such words parse their own flags.
  std::map<std::string, std::function<int(const std::vector<std::string>& arguments)>> processes;
  BuildFacts build;
  std::string term;  // $TERM; "dumb" turns colors off
};

// Runs the command that argv names. Returns 0 on success and 1 on every error.
int run_cli(int argc, const char* const* argv, CliEnvironment& environment);

}  // namespace canaria::cli
