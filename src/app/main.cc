// The one program under its names: `canaria` and `kubectl-argo-rollouts` are the command line, `argo-rollouts` and
// `rollouts-controller` (the names in existing Deployments) are the controller. Everything is put together here and in the
// other files of this folder, and nowhere else.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "app/build_facts.h"
#include "app/cluster_connection.h"
#include "app/command_loop.h"
#include "app/controller_command.h"
#include "app/demo_command.h"
#include "app/system_clock.h"
#include "app/up_command.h"
#include "cli/cli.h"
#include "machine/runtime/shim_nursery.h"

namespace canaria::app {
namespace {

std::string base_name(const char* path) {
  const std::string text = path ? path : "canaria";
  return text.substr(text.rfind('/') + 1);
}

Result<std::string> read_text(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::kNotFound, "open " + path + ": no such file or not readable");
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

// Opens connections for commands; the lifetime of each is that of the client it hands out.
class Connector {
 public:
  Connector(async::Loop& loop, const Clock& clock) : loop_(loop), clock_(clock) {}

  Task<Result<cli::Connection>> connect(cli::ConnectionFlags flags) {
    CO_TRY(auto opened, ClusterConnection::open(loop_, clock_, flags, kube::ObjectClientOptions()));
    cli::Connection connection;
    connection.client = std::shared_ptr<ObjectClient>(opened, &opened->client());
    connection.namespace_ = opened->access().namespace_;
    co_return connection;
  }

 private:
  async::Loop& loop_;
  const Clock& clock_;
};

int run_command_line(int argc, char** argv) {
  const SystemClock clock;
  CommandLoop loop;
  Connector connector(loop.loop(), clock);
  const char* term = std::getenv("TERM");
  cli::CliEnvironment environment{
      .out = std::cout,
      .err = std::cerr,
      .clock = clock,
      .loop = loop,
      .connect = [&connector](cli::ConnectionFlags flags) { return connector.connect(std::move(flags)); },
      .read_file = read_text,
      .processes = {{"controller",
                     [](const std::vector<std::string>& words) { return run_controller("canaria controller", words); }},
                    {"up", run_up},
                    {"down", run_down},
                    {"demo", run_demo}},
      .build = build_facts(),
      .term = term ? term : "",
  };
  return cli::run_cli(argc, argv, environment);
}

}  // namespace
}  // namespace canaria::app

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  if (argc > 1 && std::string_view(argv[1]) == "container-shim") return canaria::machine::run_container_shim(argc, argv);
  const std::string name = canaria::app::base_name(argc > 0 ? argv[0] : nullptr);
  if (name == "argo-rollouts" || name == "rollouts-controller")
    return canaria::app::run_controller(name, std::vector<std::string>(argv + 1, argv + argc));
  return canaria::app::run_command_line(argc, argv);
}
