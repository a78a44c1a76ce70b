#include "telemetry/process_metrics.h"

#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

namespace canaria::telemetry {
namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_descriptors() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (!folder) return 0;
  int count = 0;
  while (::readdir(folder)) ++count;
  ::closedir(folder);
  return count - 3;  // ".", ".." and the folder itself
}

double most_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

// Seconds since 1970. Field 22 of stat: ticks after boot; the name in field 2 may hold blanks and ends with ')'.
double start_time() {
  std::ifstream stat_file("/proc/self/stat");
  std::string stat((std::istreambuf_iterator<char>(stat_file)), std::istreambuf_iterator<char>());
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  std::ifstream boot_file("/proc/stat");
  double boot = 0;
  for (std::string word; boot_file >> word;)
    if (word == "btime") {
      boot_file >> boot;
      break;
    }
  return boot + std::strtod(field.c_str(), nullptr) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

void add_process_metrics(Registry& registry) {
  CounterFamily& cpu = registry.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
  GaugeFamily& resident = registry.gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
  GaugeFamily& virtual_ = registry.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
  GaugeFamily& open = registry.gauge("process_open_fds", "Number of open file descriptors.");
  GaugeFamily& most = registry.gauge("process_max_fds", "Maximum number of open file descriptors.");
  GaugeFamily& start = registry.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
  GaugeFamily& heap = registry.gauge("go_memstats_heap_alloc_bytes", "Number of heap bytes allocated and still in use.");
  start.set({}, start_time());
  registry.on_collect([&cpu, &resident, &virtual_, &open, &most, &heap] {
    std::ifstream statm("/proc/self/statm");
    double pages = 0, resident_pages = 0;
    statm >> pages >> resident_pages;
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    cpu.set_total({}, cpu_seconds());
    virtual_.set({}, pages * page);
    resident.set({}, resident_pages * page);
    open.set({}, open_descriptors());
    most.set({}, most_descriptors());
    const struct mallinfo2 heap_now = ::mallinfo2();
    heap.set({}, static_cast<double>(heap_now.uordblks + heap_now.hblkhd));
  });
}

}  // namespace canaria::telemetry
