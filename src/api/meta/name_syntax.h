// How names of many kinds are spelled: what a Kubernetes API server has against a text, in its words; empty when it is fine.
// Label keys and values are in lang/selector.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace canaria::api {

std::vector<std::string> dns_label_problems(std::string_view text);
std::vector<std::string> dns_subdomain_problems(std::string_view text);
// "*.example.com".
std::vector<std::string> wildcard_subdomain_problems(std::string_view text);
// Names of container ports ("http", "metrics-v2").
std::vector<std::string> port_name_problems(std::string_view text);
// Keys of ConfigMaps and Secrets.
std::vector<std::string> config_key_problems(std::string_view text);
std::vector<std::string> environment_name_problems(std::string_view text);
// "acme.io/foo".
std::vector<std::string> domain_path_problems(std::string_view text);
// Names in finalizers: standard ones, or with a domain.
std::vector<std::string> finalizer_problems(std::string_view text);

bool is_percentage(std::string_view text);
bool is_ipv4_address(std::string_view text);
bool is_ip_address(std::string_view text);

inline constexpr std::string_view kPortRange = "must be between 1 and 65535, inclusive";
inline constexpr std::string_view kIpAddressText = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
inline constexpr std::string_view kPercentageText =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for "
    "validation is '[0-9]+%')";

}  // namespace canaria::api
