#include "app/controller_flags.h"

#include <limits>

#include "cli/parse.h"
#include "cli/usage.h"

namespace canaria::app {
namespace {

using cli::FlagKind;

std::vector<cli::Flag> own_flags() {
  using enum FlagKind;
  return {
      {"namespaced", 0, kSwitch, "false", "watch one namespace only", ""},
      {"dry-run", 0, kSwitch, "false", "log what would be done, write nothing", ""},
      {"instance-id", 0, kText, "", "handle only objects labelled for this instance", ""},
      {"controllers", 0, kList, "", "run only these parts; only \"analysis\" is known", ""},
      {"rollout-resync", 0, kInteger, "900", "seconds after which every Rollout is looked at again", ""},
      {"rollout-threads", 0, kInteger, "32", "Rollouts reconciled at the same time", ""},
      {"experiment-threads", 0, kInteger, "10", "accepted for compatibility", ""},
      {"analysis-threads", 0, kInteger, "30", "accepted for compatibility", ""},
      {"service-threads", 0, kInteger, "10", "accepted for compatibility", ""},
      {"ingress-threads", 0, kInteger, "10", "accepted for compatibility", ""},
      {"ephemeral-metadata-threads", 0, kInteger, "10", "accepted for compatibility", ""},
      {"ephemeral-metadata-update-pod-retries", 0, kInteger, "3", "accepted for compatibility", ""},
      {"qps", 0, kText, "", "requests per second to the API server; no limit when not given", ""},
      {"burst", 0, kInteger, "0", "requests that may exceed --qps for a moment", ""},
      {"metricsPort", 0, kInteger, "8090", "port of /metrics; 0 takes any free one", ""},
      {"metricsport", 0, kInteger, "8090", "port of /metrics", "use --metricsPort instead"},
      {"healthzPort", 0, kInteger, "8080", "port of /healthz; 0 takes any free one", ""},
      {"logformat", 0, kText, "", "text or json", ""},
      {"leader-elect", 0, kSwitch, "true", "wait for the lease before acting", ""},
      {"leader-election-lease-duration", 0, kDuration, "15s", "how long the lease is valid without renewal", ""},
      {"leader-election-renew-deadline", 0, kDuration, "10s", "how long the leader tries to renew before it gives up", ""},
      {"leader-election-retry-period", 0, kDuration, "2s", "time between attempts", ""},
      {"aws-verify-target-group", 0, kSwitch, "false", "accepted for compatibility", ""},
      {"alb-verify-weight", 0, kSwitch, "false", "accepted for compatibility", "use --aws-verify-target-group instead"},
      {"aws-target-group-binding-api-version", 0, kText, "elbv2.k8s.aws/v1beta1", "accepted for compatibility", ""},
      {"alb-tag-key-resource-id", 0, kText, "ingress.k8s.aws/resource", "accepted for compatibility", ""},
      {"istio-api-version", 0, kText, "v1alpha3", "accepted for compatibility", ""},
      {"ambassador-api-version", 0, kText, "getambassador.io/v2", "accepted for compatibility", ""},
      {"traffic-split-api-version", 0, kText, "v1alpha1", "accepted for compatibility", ""},
      {"traefik-api-group", 0, kText, "traefik.io", "accepted for compatibility", ""},
      {"traefik-api-version", 0, kText, "traefik.io/v1alpha1", "accepted for compatibility", ""},
      {"ingress-api-version", 0, kText, "", "accepted for compatibility", ""},
      {"appmesh-crd-version", 0, kText, "v1beta2", "accepted for compatibility", ""},
      {"alb-ingress-classes", 0, kList, "alb", "accepted for compatibility", ""},
      {"nginx-ingress-classes", 0, kList, "nginx", "accepted for compatibility", ""},
      {"self-service-notification-enabled", 0, kSwitch, "false", "accepted for compatibility", ""},
      {"enable-pprof-address", 0, kText, "", "accepted for compatibility; there is no profiling server", ""},
      {"password", 0, kText, "", "accepted for compatibility", ""},
      {"username", 0, kText, "", "accepted for compatibility", ""},
      {"proxy-url", 0, kText, "", "accepted for compatibility; set it in the kubeconfig", ""},
      {"version", 0, kSwitch, "false", "print the version and end", ""},
  };
}

Result<std::uint16_t> port_of(const cli::Arguments& arguments, const std::string& name) {
  const std::int64_t number = arguments.integer(name);
  if (number < 0 || number > std::numeric_limits<std::uint16_t>::max())
    return fail(Code::kInvalid, "invalid argument \"" + std::to_string(number) + "\" for \"--" + name +
                                    "\" flag: must be a port between 0 and 65535");
  return static_cast<std::uint16_t>(number);
}

Result<std::int64_t> positive(const cli::Arguments& arguments, const std::string& name) {
  const std::int64_t number = arguments.integer(name);
  if (number > 0) return number;
  return fail(Code::kInvalid,
              "invalid argument \"" + std::to_string(number) + "\" for \"--" + name + "\" flag: must be positive");
}

Status read_election(const cli::Arguments& arguments, ControllerFlags& flags) {
  flags.has_leader_election = arguments.is_on("leader-elect");
  flags.lease_duration = arguments.duration("leader-election-lease-duration");
  flags.renew_deadline = arguments.duration("leader-election-renew-deadline");
  flags.retry_period = arguments.duration("leader-election-retry-period");
  if (flags.retry_period <= Millis(0) || flags.renew_deadline <= flags.retry_period ||
      flags.lease_duration <= flags.renew_deadline)
    return fail(Code::kInvalid,
                "--leader-election-lease-duration must be longer than --leader-election-renew-deadline, and that longer than "
                "--leader-election-retry-period");
  return Status();
}

Status read_client_limits(const cli::Arguments& arguments, ControllerFlags& flags) {
  if (arguments.has("qps")) {
    try {
      flags.qps = std::stod(arguments.text("qps"));
    } catch (const std::exception&) {
      return fail(Code::kInvalid, "invalid argument \"" + arguments.text("qps") + "\" for \"--qps\" flag: must be a number");
    }
  }
  if (arguments.has("burst")) flags.burst = static_cast<int>(arguments.integer("burst"));
  return Status();
}

}  // namespace

Result<ControllerRequest> parse_controller_flags(const std::string& program, const std::vector<std::string>& words,
                                                 const std::string& version) {
  cli::Command command;
  command.name = program;
  command.summary = "The controller: watches Rollouts and carries out their updates.";
  command.flags = own_flags();
  command.run = [](const cli::Call*) -> Task<cli::Outcome> { co_return 0; };
  TRY(const cli::Parsed parsed, cli::parse_command_line(command, program, words));
  const cli::Arguments& arguments = parsed.arguments;

  ControllerRequest request;
  if (parsed.wants_help) {
    request.text = cli::help_text(program, {&command});
    return request;
  }
  if (arguments.is_on("version")) {
    request.text = version + "\n";
    return request;
  }
  if (!arguments.words.empty())
    return fail(Code::kInvalid, "unknown command \"" + arguments.words.front() + "\" for \"" + program + "\"");
  for (const std::string& part : arguments.list("controllers")) {
    if (part != "analysis") return fail(Code::kInvalid, "unsupported controller: " + part);
    return fail(Code::kInvalid, "running the analysis controller alone is not available yet; start without --controllers");
  }

  ControllerFlags& flags = request.flags;
  flags.warnings = parsed.warnings;
  flags.connection = cli::connection_flags(arguments);
  flags.is_namespaced = arguments.is_on("namespaced");
  flags.is_dry_run = arguments.is_on("dry-run");
  flags.instance_id = arguments.text("instance-id");
  TRY(const std::int64_t resync, positive(arguments, "rollout-resync"));
  flags.resync = Seconds(resync);
  TRY(const std::int64_t workers, positive(arguments, "rollout-threads"));
  flags.workers = static_cast<std::size_t>(workers);
  TRY(flags.metrics_port, port_of(arguments, arguments.has("metricsport") ? "metricsport" : "metricsPort"));
  TRY(flags.health_port, port_of(arguments, "healthzPort"));
  flags.log_format = arguments.text("logformat");
  flags.pprof_address = arguments.text("enable-pprof-address");
  CHECK_OK(read_election(arguments, flags));
  CHECK_OK(read_client_limits(arguments, flags));
  return request;
}

}  // namespace canaria::app
