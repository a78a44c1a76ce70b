// Points in time as the Kubernetes API writes them (RFC 3339, UTC). The clock itself is a port; here is only the notation.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace canaria {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Seconds = std::chrono::seconds;
using Millis = std::chrono::milliseconds;

// "2026-08-01T11:58:03Z": whole seconds, as metav1.Time is serialised (fractions are cut off).
std::string format_time(Time time);

// "2026-08-01T11:58:03.123000Z": six fraction digits, as metav1.MicroTime (Lease) is serialised.
std::string format_micro_time(Time time);

// Reads RFC 3339 with any offset and any number of fraction digits (kept to milliseconds). Empty on malformed text.
std::optional<Time> parse_time(std::string_view text);

// The instant without its fraction of a second: what is left of it after a round through the API.
inline Time whole_seconds(Time time) { return std::chrono::floor<Seconds>(time); }

}  // namespace canaria
