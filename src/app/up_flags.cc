#include "app/up_flags.h"

#include <filesystem>
#include <limits>
#include <map>

#include "app/instance_folder.h"
#include "cli/parse.h"
#include "cli/usage.h"

namespace canaria::app {
namespace {

using enum cli::FlagKind;

// The parsed words, or the text that --help asks for.
struct Words {
  cli::Arguments arguments;
  std::optional<std::string> help;
};

Result<Words> parse(cli::Command command, const std::vector<std::string>& words) {
  const std::string program = "canaria";
  cli::Command root;
  root.name = program;
  command.run = [](const cli::Call*) -> Task<cli::Outcome> { co_return 0; };
  root.children.push_back(std::move(command));
  std::vector<std::string> all{root.children.front().name};
  all.insert(all.end(), words.begin(), words.end());
  TRY(cli::Parsed parsed, cli::parse_command_line(root, program, all));
  Words result;
  if (parsed.wants_help) result.help = cli::help_text(program, parsed.path);
  const std::size_t count = parsed.arguments.words.size();
  if (!result.help && count > parsed.command().words_max)
    return fail(Code::kInvalid,
                "\"canaria " + root.children.front().name + "\" takes no arguments, received " + std::to_string(count));
  result.arguments = std::move(parsed.arguments);
  return result;
}

const cli::Flag kDataFlag{"data",
                          0,
                          kText,
                          "",
                          "the folder that holds its state; kept when it stops (default: a folder that is "
                          "emptied when it stops)",
                          ""};

cli::Command up_command() {
  cli::Command command;
  command.name = "up";
  command.operands = "[DIR|FILE...]";
  command.summary = "Run everything on this machine, without a cluster: API server, controllers, pods as processes, traffic.";
  command.example = "up examples/flask-app-canary\nup --data shop --detach web.yaml";
  command.words_max = cli::kAnyNumber;
  command.flags = {
      kDataFlag,
      {"detach", 'd', kSwitch, "false", "return as soon as it runs; `canaria down` stops it", ""},
      {"quiet", 'q', kSwitch, "false", "do not show progress", ""},
      {"runtime", 0, kText, "process",
       "what runs containers: process (their command, on this machine) or podman (not available yet)", ""},
      {"controllers", 0, kList, "", "run only these parts: some of rollouts, workloads, node, traffic (default: all)", ""},
      {"port", 0, kInteger, "0", "port of the API on 127.0.0.1; 0 takes the one of the run before, or any free one", ""},
      {"audit-log", 0, kText, "", "append a line for every request to this file, as kube-apiserver does", ""},
      {"tls-cert-file", 0, kText, "", "certificate of the API; without it one is made", ""},
      {"tls-private-key-file", 0, kText, "", "key of that certificate", ""},
      {"token-auth-file", 0, kText, "", "further users: lines of token,user,uid,\"group1,group2\"", ""},
  };
  return command;
}

cli::Command down_command() {
  cli::Command command;
  command.name = "down";
  command.summary = "Stop the machine that `canaria up` has started.";
  command.example = "down\ndown --data shop";
  command.flags = {kDataFlag};
  return command;
}

cli::Command demo_command() {
  cli::Command command;
  command.name = "demo";
  command.summary = "Release a small web application on this machine, with visitors, and watch who gets which version.";
  command.example = "demo\ndemo --bad";
  command.flags = {{"bad", 0, kSwitch, "false", "the visitors dislike the new version: it is taken back", ""},
                   {"seconds", 0, kInteger, "6", "how long each stage is watched", ""}};
  return command;
}

Result<std::set<Part>> parts_of(const std::vector<std::string>& names) {
  static const std::map<std::string, Part> kParts = {
      {"rollouts", Part::kRollouts}, {"workloads", Part::kWorkloads}, {"node", Part::kNode}, {"traffic", Part::kTraffic}};
  std::set<Part> parts;
  for (const std::string& name : names) {
    const auto found = kParts.find(name);
    if (found == kParts.end())
      return fail(Code::kInvalid, "invalid argument \"" + name +
                                      "\" for \"--controllers\" flag: must be some of rollouts, workloads, node, traffic");
    parts.insert(found->second);
  }
  return parts;
}

std::string folder_of(const cli::Arguments& arguments) {
  const std::string given = arguments.text("data");
  return given.empty() ? default_instance_folder() : std::filesystem::absolute(given).lexically_normal().string();
}

}  // namespace

Result<UpRequest> parse_up_flags(const std::vector<std::string>& words) {
  TRY(const Words parsed, parse(up_command(), words));
  UpRequest request;
  if (parsed.help) {
    request.text = parsed.help;
    return request;
  }
  const cli::Arguments& arguments = parsed.arguments;
  UpFlags& flags = request.flags;
  flags.files = arguments.words;
  flags.folder = folder_of(arguments);
  flags.keeps_state = arguments.has("data");
  flags.is_detached = arguments.is_on("detach");
  flags.is_quiet = arguments.is_on("quiet");
  const std::string runtime = arguments.text("runtime");
  if (runtime != "process" && runtime != "podman")
    return fail(Code::kInvalid, "invalid argument \"" + runtime + "\" for \"--runtime\" flag: must be process or podman");
  flags.runtime = runtime == "podman" ? RuntimeKind::kPodman : RuntimeKind::kProcess;
  flags.parts = {Part::kRollouts, Part::kWorkloads, Part::kNode, Part::kTraffic};
  if (arguments.has("controllers")) {
    TRY(flags.parts, parts_of(arguments.list("controllers")));
  }
  const std::int64_t port = arguments.integer("port");
  if (port < 0 || port > std::numeric_limits<std::uint16_t>::max())
    return fail(Code::kInvalid,
                "invalid argument \"" + std::to_string(port) + "\" for \"--port\" flag: must be a port between 0 and 65535");
  flags.port = static_cast<std::uint16_t>(port);
  flags.audit_log = arguments.text("audit-log");
  flags.certificate_file = arguments.text("tls-cert-file");
  flags.key_file = arguments.text("tls-private-key-file");
  if (flags.certificate_file.empty() != flags.key_file.empty())
    return fail(Code::kInvalid, "--tls-cert-file and --tls-private-key-file must be given together");
  flags.token_file = arguments.text("token-auth-file");
  if (arguments.has("loglevel")) flags.log_level = arguments.text("loglevel");
  return request;
}

Result<DownRequest> parse_down_flags(const std::vector<std::string>& words) {
  TRY(const Words parsed, parse(down_command(), words));
  return DownRequest{folder_of(parsed.arguments), parsed.arguments.has("data"), parsed.help};
}

Result<DemoRequest> parse_demo_flags(const std::vector<std::string>& words) {
  TRY(const Words parsed, parse(demo_command(), words));
  DemoRequest request;
  request.text = parsed.help;
  request.flags.is_bad = parsed.arguments.is_on("bad");
  const std::int64_t seconds = parsed.arguments.integer("seconds");
  if (seconds < 1 || seconds > 3600)
    return fail(Code::kInvalid,
                "invalid argument \"" + std::to_string(seconds) + "\" for \"--seconds\" flag: must be between 1 and 3600");
  request.flags.seconds = static_cast<double>(seconds);
  return request;
}

}  // namespace canaria::app
