// Addresses: reading a base URL, and writing text into paths and queries so that it survives.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace canaria::net {

// A server address without trailing slash, "https://" put in front when there is no scheme.
// Fails with kInvalid when it is not an http(s) URL with a host or carries a query.
Result<std::string> normalise_server(std::string_view text);

// Percent-encodes everything but letters, digits and "-._~".
std::string escape(std::string_view text);
// Undoes escape(); "+" is left alone in a path and a blank in a query. A broken sequence stays as it is.
std::string unescape(std::string_view text);
std::string unescape_query(std::string_view text);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;
// "a=b&c=d", in order, escaped; without the question mark.
std::string format_query(const QueryParameters& parameters);
QueryParameters parse_query(std::string_view text);

}  // namespace canaria::net
