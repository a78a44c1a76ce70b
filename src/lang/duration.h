// Lengths of time as Go writes them ("1h30m", "1.5s", "100ms"), which is how Kubernetes specs spell them, and the short
// age that kubectl shows in its AGE column.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace canaria::lang {

// One or more decimal numbers with unit (ns us µs ms s m h), an optional sign in front; "0" alone needs no unit.
// Fails with kInvalid and Go's text: `time: unknown unit "d" in duration "1d"`. Range: about 292 years either way.
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

// As Go's Duration.String(): "1h30m0s", "1.5s", "100ms", "0s".
std::string format_duration(std::chrono::nanoseconds duration);

// The age column: "45s", "4m10s", "3h5m", "12d", "2y30d"; "<invalid>" below -1 s.
std::string human_duration(std::chrono::seconds elapsed);

}  // namespace canaria::lang
