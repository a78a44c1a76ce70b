#include "plan/proxy/config_text.h"

#include <charconv>
#include <string_view>

#include "plan/proxy/latencies.h"
#include "plan/proxy/listener_text.h"
#include "plan/proxy/runtime_commands.h"

namespace canaria::plan::proxy {
namespace {

constexpr std::string_view kFirstLine = "# canaria generation ";
constexpr std::string_view kBindLine = "    bind ";

// Long answers, streams and tunnels are the applications' business, so only dead connections are limited.
constexpr const char* kDefaults = R"(
defaults
    option dontlognull
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout tunnel 1h
    timeout queue 10s
    timeout http-request 30s
    timeout http-keep-alive 60s
    retries 5
    option redispatch 1
)";

std::string global_text(const ProxySettings& settings) {
  return "global\n    stats socket unix@" + control_socket(settings.generation) +
         " mode 600 level admin\n    stats timeout 1m\n    hard-stop-after 1h\n    maxconn " +
         std::to_string(settings.connections_max) + "\n";
}

// HAProxy refuses to run without any listener, but ours come and go.
std::string idle_text(const ProxySettings& settings) {
  return "\nfrontend canaria.idle\n    mode http\n    bind unix@idle-" + std::to_string(settings.generation) + ".sock mode 600\n";
}

std::string backend_text(const Backend& backend, const Slots& slots) {
  const bool is_http = backend.protocol == Protocol::kHttp;
  std::string text = "backend " + backend.name + "\n    mode " + (is_http ? "http" : "tcp") + "\n    balance roundrobin\n";
  if (is_http) text += "    retry-on conn-failure empty-response\n" + latency_rules();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool is_used = slots[i] && slots[i]->state == EndpointState::kReady;
    text += "    server " + server_name(i) + " " + (is_used ? slots[i]->place() : "127.0.0.1:1 disabled") + "\n";
  }
  return text;
}

std::string sections(const ProxyModel& model, const SlotTable& slots) {
  std::string text;
  for (const Listener& listener : model.listeners) text += "\n" + listener_text(listener, kWeightsFile);
  for (const auto& [name, backend] : model.backends) {
    const auto found = slots.find(name);
    text += "\n" + backend_text(backend, found == slots.end() ? Slots(kFewestSlots) : found->second);
  }
  return text;
}

}  // namespace

std::string control_socket(std::int64_t generation) { return "control-" + std::to_string(generation) + ".sock"; }

std::string config_text(const ProxyModel& model, const SlotTable& slots, const ProxySettings& settings) {
  return std::string(kFirstLine) + std::to_string(settings.generation) + "; written by canaria, changes are lost\n" +
         global_text(settings) + kDefaults + idle_text(settings) + latency_table_section() + sections(model, slots);
}

std::string structure_text(const ProxyModel& model, const SlotTable& slots) {
  SlotTable empty;
  for (const auto& [backend, seats] : slots) empty.emplace(backend, Slots(seats.size()));
  return sections(model, empty);
}

std::string weights_text(const ProxyModel& model) {
  std::string text;
  for (const auto& [key, split] : split_table(model)) text += key + " " + split + "\n";
  return text;
}

std::string pattern_trial_text(const std::string& pattern) {
  return "defaults\n    mode http\n    timeout client 1s\n    timeout server 1s\n    timeout connect 1s\nfrontend trial\n    "
         "bind unix@trial.sock\n"
         "    http-request deny if { path -m reg -- " +
         quoted(pattern) + " }\n";
}

std::vector<ListenPlace> listen_places_in(const std::string& config) {
  std::vector<ListenPlace> places;
  for (std::size_t at = config.find(kBindLine); at != std::string::npos; at = config.find(kBindLine, at + 1)) {
    const std::size_t start = at + kBindLine.size();
    const std::string place = config.substr(start, config.find('\n', start) - start);
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos || place.starts_with("unix@")) continue;
    ListenPlace found;
    found.address = place.substr(0, colon);
    std::from_chars(place.data() + colon + 1, place.data() + place.size(), found.port);
    places.push_back(std::move(found));
  }
  return places;
}

std::int64_t generation_in(const std::string& config) {
  std::int64_t generation = 0;
  if (config.starts_with(kFirstLine))
    std::from_chars(config.data() + kFirstLine.size(), config.data() + config.size(), generation);
  return generation;
}

}  // namespace canaria::plan::proxy
