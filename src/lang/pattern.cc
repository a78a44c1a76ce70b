#include "lang/pattern.h"

#include <map>
#include <memory>
#include <re2/re2.h>

namespace canaria::lang {
namespace {

// More patterns than all schemas of a usual machine have; beyond it they are compiled again.
constexpr std::size_t kRemembered = 256;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::unique_ptr<const re2::RE2> compile(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  return std::make_unique<const re2::RE2>(piece(pattern), options);
}

const re2::RE2& remembered(std::string_view pattern) {
  thread_local std::map<std::string, std::unique_ptr<const re2::RE2>, std::less<>> known;
  auto found = known.find(pattern);
  if (found == known.end()) {
    if (known.size() >= kRemembered) known.clear();
    found = known.emplace(std::string(pattern), compile(pattern)).first;
  }
  return *found->second;
}

}  // namespace

std::string pattern_problem(std::string_view pattern) {
  const auto compiled = compile(pattern);
  return compiled->ok() ? "" : "error parsing regexp: " + compiled->error();
}

bool contains_match(std::string_view pattern, std::string_view text) {
  const re2::RE2& compiled = remembered(pattern);
  return !compiled.ok() || re2::RE2::PartialMatch(piece(text), compiled);
}

}  // namespace canaria::lang
