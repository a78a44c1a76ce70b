// The build passes what it knows as macros; a plain compile without them still says that it does not know.
#include "app/build_facts.h"

#ifndef CANARIA_VERSION
#define CANARIA_VERSION "0.1.0"
#endif
#ifndef CANARIA_GIT_COMMIT
#define CANARIA_GIT_COMMIT ""
#endif
#ifndef CANARIA_GIT_TREE_STATE
#define CANARIA_GIT_TREE_STATE "clean"
#endif
#ifndef CANARIA_BUILD_DATE
#define CANARIA_BUILD_DATE "1970-01-01T00:00:00Z"
#endif

namespace canaria::app {
namespace {

// With the names of architectures that kubectl users know.
std::string platform() {
#if defined(__x86_64__)
  return "linux/amd64";
#elif defined(__aarch64__)
  return "linux/arm64";
#else
  return "linux/unknown";
#endif
}

std::string compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

}  // namespace

cli::BuildFacts build_facts() {
  cli::BuildFacts facts;
  const std::string commit = CANARIA_GIT_COMMIT;
  facts.version = std::string("v") + CANARIA_VERSION + "+" + (commit.empty() ? "unknown" : commit.substr(0, 7));
  facts.git_tree_state = CANARIA_GIT_TREE_STATE;
  if (facts.git_tree_state == "dirty") facts.version += ".dirty";
  facts.git_commit = commit.empty() ? "unknown" : commit;
  facts.build_date = CANARIA_BUILD_DATE;
  facts.go_version = "C++20";
  facts.compiler = compiler();
  facts.platform = platform();
  return facts;
}

}  // namespace canaria::app
