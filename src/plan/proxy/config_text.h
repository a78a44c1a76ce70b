// A model as HAProxy 2.6 configuration. What changes while the proxy runs is kept out of its structure: weights are in a map
// file of their own, endpoints in numbered server slots that the text fills for a start without a gap.
//
// A rule is chosen by writing its number into a variable, the least specific match first so that the most specific one has the
// last word; then the weights of that rule decide, by a random number from 0 to 9999. So a header match beats any weight.
// Requests that could not be delivered are tried again on another server: always when no connection came about, and without
// an answer only for methods that may be repeated.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/proxy/proxy_model.h"
#include "plan/proxy/server_slots.h"

namespace canaria::plan::proxy {

inline constexpr const char* kWeightsFile = "weights.map";

struct ProxySettings {
  std::int64_t generation = 1;      // of the configuration; each has a control socket of its own
  std::int32_t connections_max = 4096;
};

// The socket that the process of one generation listens on for commands, relative to its folder.
std::string control_socket(std::int64_t generation);

// All of the file. Endpoints that are draining are left out: they get nothing new anyway.
std::string config_text(const ProxyModel& model, const SlotTable& slots, const ProxySettings& settings);

// The part whose change needs a reload; equal texts differ in weights and endpoints only.
std::string structure_text(const ProxyModel& model, const SlotTable& slots);

// The content of the weights file.
std::string weights_text(const ProxyModel& model);

// A configuration that is valid if and only if the regular expression is.
std::string pattern_trial_text(const std::string& pattern);

// What a configuration file of ours listens on: a later program that takes the process over reads it.
std::vector<ListenPlace> listen_places_in(const std::string& config);
// Its generation; 0 when it is not ours.
std::int64_t generation_in(const std::string& config);

}  // namespace canaria::plan::proxy
