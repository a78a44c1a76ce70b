#include "async/resident_memory.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <malloc.h>
#include <string>
#include <sys/mman.h>
#include <vector>

namespace canaria::async {
namespace {

constexpr int kLargeBlock = 64 << 10;

struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  bool is_clean = true;  // nothing in it is ours alone, such as relocated addresses
};

// Read-only, private mappings of files.
std::vector<Mapping> file_mappings() {
  std::vector<Mapping> result;
  bool wanted = false;
  std::ifstream smaps("/proc/self/smaps");
  for (std::string line; std::getline(smaps, line);) {
    unsigned long begin = 0, end = 0, size = 0;
    char mode[5] = {};
    char path[2] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %1s", &begin, &end, mode, path) >= 3) {
      wanted = path[0] == '/' && (std::strcmp(mode, "r-xp") == 0 || std::strcmp(mode, "r--p") == 0);
      if (wanted) result.push_back({begin, end, true});
    } else if (wanted && (std::sscanf(line.c_str(), "Anonymous: %lu", &size) == 1 ||
                          std::sscanf(line.c_str(), "Private_Dirty: %lu", &size) == 1)) {
      if (size > 0) result.back().is_clean = false;
    }
  }
  return result;
}

}  // namespace

void prefer_small_memory() {
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  // Trimming at every small dip costs more than it gives back; release_unused_memory() trims what is left.
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
  mallopt(M_TOP_PAD, kLargeBlock);
}

void release_unused_memory() {
  malloc_trim(0);
  for (const Mapping& mapping : file_mappings()) {
    if (!mapping.is_clean) continue;
    // For a clean private mapping of a file this only forgets which pages are mapped.
    ::madvise(reinterpret_cast<void*>(mapping.begin), mapping.end - mapping.begin, MADV_DONTNEED);
  }
}

}  // namespace canaria::async
