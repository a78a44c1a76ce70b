#include "machine/traffic/proxy_driver.h"

#include <algorithm>
#include <sstream>
#include <sys/resource.h>

#include "telemetry/log.h"

namespace canaria::machine {
namespace {

namespace proxy = plan::proxy;

// Each connection needs two descriptors; HAProxy refuses to start when it cannot get them.
std::int32_t connections_for_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY) return 8192;
  const auto usable = static_cast<std::int64_t>(std::min<rlim_t>(limit.rlim_max, 1 << 20)) - 512;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(usable / 2, 64, 8192));
}

// The first answer that is not one of success; empty when there is none.
std::string refusal_in(const std::string& answers) {
  std::stringstream lines(answers);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line.find("changed from") == std::string::npos && line.find("no need to change") == std::string::npos)
      return line;
  return "";
}

}  // namespace

ProxyDriver::ProxyDriver(ProxyProcess& process) : process_(process), connections_max_(connections_for_limit()) {}

Task<Status> ProxyDriver::apply(proxy::ProxyModel model) {
  counters_.note_backends(model);
  if (workers_.empty() || structure_.empty() || !process_.is_running()) co_return co_await load(std::move(model));
  const proxy::RunningState wanted{proxy::seat_all(workers_.back().state.slots, model), proxy::split_table(model)};
  if (structure_ != proxy::structure_text(model, wanted.slots) || !proxy::are_seated(wanted.slots, model))
    co_return co_await load(std::move(model));
  proxy::CommandPlan todo = proxy::commands_between(workers_.back().state, wanted, proxy::kWeightsFile);
  if (todo.needs_reload) co_return co_await load(std::move(model));
  const std::int64_t generation = workers_.back().generation;
  if (!todo.commands.empty()) {
    const Status told = co_await tell(generation, std::move(todo.commands));
    if (!told) {
      telemetry::log_warning("the proxy refused a command, it is loaded anew", {{"error", told.error().message}});
      co_return co_await load(std::move(model));
    }
  }
  workers_.back().state = wanted;
  co_await tell_old_workers(model);
  co_return Status();
}

Task<Status> ProxyDriver::load(proxy::ProxyModel model) {
  const bool is_reload = process_.is_running();
  if (is_reload) co_await read_counters();
  else workers_.clear();
  structure_.clear();
  proxy::SlotTable slots = proxy::seat_all_anew(model);
  proxy::ProxySettings settings;
  settings.generation = process_.generation() + 1;
  settings.connections_max = connections_max_;
  std::string config = proxy::config_text(model, slots, settings);
  std::string weights = proxy::weights_text(model);
  ++loads_;
  const Status loaded = co_await process_.load(std::move(config), std::move(weights));
  CO_CHECK(loaded);
  Worker worker;
  worker.generation = settings.generation;
  structure_ = proxy::structure_text(model, slots);
  worker.state = {std::move(slots), proxy::split_table(model)};
  workers_.push_back(std::move(worker));
  telemetry::log_debug(is_reload ? "proxy reloaded" : "proxy started", {{"generation", settings.generation}});
  co_await tell_old_workers(std::move(model));
  co_return Status();
}

Task<Status> ProxyDriver::tell(std::int64_t generation, std::vector<std::string> commands) {
  commands_ += static_cast<int>(commands.size());
  const auto answers = co_await process_.ask(generation, std::move(commands));
  if (!answers) co_return fail(answers.error());
  const std::string refusal = refusal_in(*answers);
  if (!refusal.empty()) co_return fail(Code::kInvalid, refusal);
  co_return Status();
}

Task<void> ProxyDriver::tell_old_workers(proxy::ProxyModel model) {
  for (std::size_t i = 0; i + 1 < workers_.size(); ++i) {
    const proxy::RunningState wanted{proxy::seat_all(workers_[i].state.slots, model), proxy::split_table(model)};
    proxy::CommandPlan todo = proxy::commands_between(workers_[i].state, wanted, proxy::kWeightsFile);
    if (todo.commands.empty()) continue;
    // What it refuses it does not have; the rest is what matters.
    static_cast<void>(co_await tell(workers_[i].generation, std::move(todo.commands)));
    workers_[i].state = wanted;
  }
}

Millis ProxyDriver::counters_age() const {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - counters_read_);
}

Task<void> ProxyDriver::read_counters() {
  counters_read_ = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < workers_.size();) {
    std::vector<std::string> question = {"show stat", proxy::latency_question()};
    const std::int64_t generation = workers_[i].generation;
    const auto answer = co_await process_.ask(generation, std::move(question));
    if (i >= workers_.size() || workers_[i].generation != generation) break;  // loaded meanwhile
    if (answer) {
      counters_.take(generation, *answer, workers_[i].state.slots);
      proxy::free_slots(workers_[i].state.slots, *answer);
    }
    if (answer || i + 1 == workers_.size()) {
      ++i;
      continue;
    }
    counters_.forget(generation);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace canaria::machine
