// How long requests take, as a histogram for each backend. HAProxy 2.6 offers means only, so it is told to count: the time from
// the choice of a backend to the header of the answer is turned into the number of a step (by a map of ranges), and a table
// counts how often each step came. There are ten steps for each power of ten, so that sums and quantiles are good to a few
// per cent.
//
// To count costs about 1 us a request. Up to 2,000 requests a second all are counted; above, one in eight, which then counts
// as eight.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace canaria::plan::proxy {

inline constexpr const char* kLatencyFile = "latency.map";
inline constexpr const char* kLatencyTable = "canaria.latency";

// The map of ranges, the same for every machine.
std::string latency_map_text();
// The lines that count, for a backend of HTTP; the section that holds the table; the question about it.
std::string latency_rules();
std::string latency_table_section();
std::string latency_question();

// The bounds that are published, in seconds; each of them is a bound of steps.
inline constexpr std::array<double, 14> kLatencyBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                          0.25,  0.5,    1,     2.5,  5,     10,   25};

class Latencies {
 public:
  struct Histogram {
    std::array<std::uint64_t, kLatencyBounds.size()> below{};  // up to each bound
    double sum_seconds = 0;
    std::uint64_t count = 0;
  };

  // The answer to latency_question() of the process of a generation; anything else says nothing.
  void take(std::int64_t generation, std::string_view table);
  // That process has ended; what it counted stays.
  void forget(std::int64_t generation);
  void forget_backend(const std::string& backend) { steps_.erase(backend); }

  Histogram of_backend(const std::string& backend) const;

 private:
  std::map<std::string, std::vector<std::uint64_t>> steps_;  // by backend
  // What a process had counted at the last look, by its key; all requests and one in eight.
  std::map<std::pair<std::int64_t, std::string>, std::pair<std::uint64_t, std::uint64_t>> last_;
};

}  // namespace canaria::plan::proxy
