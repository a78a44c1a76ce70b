// The table behind ServedResources: what is served now, found by names. Definitions come and go; the address of a resource
// stays, because requests and watches hold it while they wait.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "apiserver/custom_resources.h"
#include "apiserver/served_resources.h"

namespace canaria::apiserver {

class ResourceRegistry {
 public:
  ResourceRegistry();

  // Serves what the definition says, and no longer what the one before of that name did. Definitions of built-in resources
  // change nothing, nor do those with names that are taken.
  void define(const std::string& definition_name, const json::Value& definition);
  void undefine(const std::string& definition_name);

  bool is_built_in(std::string_view group, std::string_view plural) const;
  const ServedResource* find(std::string_view group, std::string_view version, std::string_view plural) const;
  // Whatever its version.
  const ServedResource* find_any_version(std::string_view group, std::string_view plural) const;
  std::vector<const ServedResource*> all() const;
  std::uint64_t edition() const { return edition_; }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // group, plural, version
  using KeyView = std::tuple<std::string_view, std::string_view, std::string_view>;
  using Table = std::map<Key, std::unique_ptr<ServedResource>, std::less<>>;

  void serve(ServedResource resource);

  Table served_;
  Table retired_;  // no longer served, kept for those who hold the address and for the day it comes back
  std::set<std::pair<std::string, std::string>, std::less<>> built_in_;  // group, plural
  std::uint64_t edition_ = 1;
};

}  // namespace canaria::apiserver
