#include "apiserver/discovery.h"

#include <algorithm>
#include <array>

#include "json/write.h"

namespace canaria::apiserver {
namespace {

using Resources = std::vector<const ServedResource*>;

// One group with its resources by version, the preferred version first.
struct Group {
  std::string name;
  std::vector<std::pair<std::string, Resources>> versions;
};

// kubectl takes the first group that has a short name, so the order is that of a real server, custom groups last.
int priority_of(std::string_view group) {
  static constexpr std::array<std::string_view, 12> kOrder = {"",
                                                              "apps",
                                                              "events.k8s.io",
                                                              "authentication.k8s.io",
                                                              "authorization.k8s.io",
                                                              "autoscaling",
                                                              "batch",
                                                              "networking.k8s.io",
                                                              "policy",
                                                              "apiextensions.k8s.io",
                                                              "coordination.k8s.io",
                                                              "discovery.k8s.io"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), group) - kOrder.begin());
}

// "v1" before "v2beta1" before "v1beta1" before "v1alpha1" before what follows no rule: (class, major, minor).
std::array<int, 3> version_rank(std::string_view version) {
  std::array<int, 3> unknown = {0, 0, 0};
  if (version.size() < 2 || version[0] != 'v') return unknown;
  std::size_t at = 1;
  const auto number = [&] {
    int value = 0;
    while (at < version.size() && version[at] >= '0' && version[at] <= '9' && value < 100'000)
      value = value * 10 + (version[at++] - '0');
    return value;
  };
  const int major = number();
  if (major == 0) return unknown;
  if (at == version.size()) return {3, major, 0};
  const bool is_beta = version.substr(at).starts_with("beta");
  if (!is_beta && !version.substr(at).starts_with("alpha")) return unknown;
  at += is_beta ? 4 : 5;
  const int minor = number();
  if (minor == 0 || at != version.size()) return unknown;
  return {is_beta ? 2 : 1, major, minor};
}

std::vector<Group> groups_of(const ServedResources& served) {
  std::vector<Group> groups;
  for (const ServedResource* one : served.all()) {
    const api::Resource& resource = one->resource;
    auto group = std::ranges::find(groups, resource.group, &Group::name);
    if (group == groups.end()) group = groups.insert(groups.end(), {resource.group, {}});
    auto version = std::ranges::find(group->versions, resource.version, &std::pair<std::string, Resources>::first);
    if (version == group->versions.end()) version = group->versions.insert(version, {resource.version, {}});
    version->second.push_back(one);
  }
  for (Group& group : groups)
    std::ranges::stable_sort(group.versions,
                             [](const auto& a, const auto& b) { return version_rank(a.first) > version_rank(b.first); });
  std::ranges::stable_sort(groups, {}, [](const Group& group) { return priority_of(group.name); });
  return groups;
}

json::Array texts(const std::vector<std::string>& list) { return json::Array(list.begin(), list.end()); }

json::Array verbs_of(const ServedResource& served) {
  if (served.keeping == Keeping::kAnswered) return {"create"};
  // Compat: verbs of custom resources come in an order of their own.
  if (served.definer != Definer::kKubernetes)
    return {"delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"};
  json::Array verbs{"create", "delete"};
  if (served.resource.qualified() != "namespaces") verbs.emplace_back("deletecollection");
  for (const char* verb : {"get", "list", "patch", "update", "watch"}) verbs.emplace_back(verb);
  return verbs;
}

bool is_namespaced(const ServedResource& served) { return served.resource.scope == api::Scope::kNamespaced; }

// The entries of one resource in an APIResourceList.
void add_entries(const ServedResource& served, json::Array& entries) {
  json::Object entry{{"name", served.resource.plural},
                     {"singularName", served.singular},
                     {"namespaced", is_namespaced(served)},
                     {"kind", served.resource.kind},
                     {"verbs", verbs_of(served)}};
  if (!served.short_names.empty()) entry["shortNames"] = texts(served.short_names);
  if (!served.categories.empty()) entry["categories"] = texts(served.categories);
  entries.emplace_back(std::move(entry));
  for (const Subresource& sub : served.subresources) {
    json::Object part{
        {"name", served.resource.plural + "/" + sub.name}, {"singularName", ""}, {"namespaced", is_namespaced(served)}};
    if (sub.group != served.resource.group || sub.version != served.resource.version) {
      part["group"] = sub.group;
      part["version"] = sub.version;
    }
    part["kind"] = sub.kind;
    part["verbs"] = texts(sub.verbs);
    entries.emplace_back(std::move(part));
  }
}

json::Object response_kind(std::string_view group, std::string_view version, std::string_view kind) {
  return {{"group", group}, {"version", version}, {"kind", kind}};
}

// One resource in an APIGroupDiscoveryList, with its subresources inside.
json::Object aggregated_entry(const ServedResource& served) {
  const api::Resource& resource = served.resource;
  json::Object entry{{"resource", resource.plural},
                     {"responseKind", response_kind(resource.group, resource.version, resource.kind)},
                     {"scope", is_namespaced(served) ? "Namespaced" : "Cluster"},
                     {"singularResource", served.singular},
                     {"verbs", verbs_of(served)}};
  if (!served.short_names.empty()) entry["shortNames"] = texts(served.short_names);
  if (!served.categories.empty()) entry["categories"] = texts(served.categories);
  json::Array subresources;
  for (const Subresource& sub : served.subresources)
    subresources.emplace_back(json::Object{{"subresource", sub.name},
                                           {"responseKind", response_kind(sub.group, sub.version, sub.kind)},
                                           {"verbs", texts(sub.verbs)}});
  if (!subresources.empty()) entry["subresources"] = std::move(subresources);
  return entry;
}

json::Object aggregated_group(const Group& group) {
  json::Array versions;
  for (const auto& [version, resources] : group.versions) {
    json::Array entries;
    for (const ServedResource* one : resources) entries.emplace_back(aggregated_entry(*one));
    versions.emplace_back(json::Object{{"version", version}, {"resources", std::move(entries)}, {"freshness", "Current"}});
  }
  json::Object metadata;
  if (!group.name.empty()) metadata["name"] = group.name;
  return {{"metadata", std::move(metadata)}, {"versions", std::move(versions)}};
}

json::Object version_entry(const Group& group, const std::string& version) {
  return {{"groupVersion", group.name + "/" + version}, {"version", version}};
}

json::Object group_entry(const Group& group) {
  json::Array versions;
  for (const auto& version : group.versions) versions.emplace_back(version_entry(group, version.first));
  return {{"name", group.name},
          {"versions", std::move(versions)},
          {"preferredVersion", version_entry(group, group.versions.front().first)}};
}

TypedDocument plain(const json::Object& document) { return {"application/json", json::write(document)}; }

TypedDocument core_versions(const Group& group) {
  json::Array versions;
  for (const auto& version : group.versions) versions.emplace_back(version.first);
  return plain({{"kind", "APIVersions"}, {"versions", std::move(versions)}, {"serverAddressByClientCIDRs", json::Array()}});
}

TypedDocument group_list(const std::vector<Group>& groups) {
  json::Array entries;
  for (const Group& group : groups)
    if (!group.name.empty()) entries.emplace_back(group_entry(group));
  return plain({{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(entries)}});
}

TypedDocument one_group(const Group& group) {
  json::Object document{{"kind", "APIGroup"}, {"apiVersion", "v1"}};
  for (auto& member : group_entry(group)) document[member.key()] = std::move(member.value());
  return plain(document);
}

TypedDocument resource_list(const std::string& group_version, const Resources& resources) {
  json::Array entries;
  for (const ServedResource* one : resources) add_entries(*one, entries);
  return plain(
      {{"kind", "APIResourceList"}, {"apiVersion", "v1"}, {"groupVersion", group_version}, {"resources", std::move(entries)}});
}

// The version of the aggregated form that the first acceptable entry of an Accept header asks for; empty for the old form.
std::string aggregated_version(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t comma = accept.find(',');
    const std::string_view entry = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? std::string_view() : accept.substr(comma + 1);
    if (entry.find("application/json") == std::string_view::npos) continue;
    if (entry.find("as=APIGroupDiscoveryList") == std::string_view::npos) return "";
    if (entry.find("v=v2beta1") != std::string_view::npos) return "v2beta1";
    if (entry.find("v=v2") != std::string_view::npos) return "v2";
  }
  return "";
}

TypedDocument aggregated(const std::vector<Group>& groups, std::string_view root, const std::string& version) {
  json::Array items;
  for (const Group& group : groups)
    if (group.name.empty() == (root == "/api")) items.emplace_back(aggregated_group(group));
  const json::Object document{{"kind", "APIGroupDiscoveryList"},
                              {"apiVersion", "apidiscovery.k8s.io/" + version},
                              {"metadata", json::Object()},
                              {"items", std::move(items)}};
  return {"application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList", json::write(document)};
}

}  // namespace

std::optional<TypedDocument> discovery_document(const ServedResources& served, std::string_view path, std::string_view accept) {
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path != "/api" && path != "/apis" && !path.starts_with("/api/") && !path.starts_with("/apis/")) return std::nullopt;
  const std::vector<Group> groups = groups_of(served);
  if (path == "/api" || path == "/apis") {
    if (const std::string version = aggregated_version(accept); !version.empty()) return aggregated(groups, path, version);
    return path == "/api" ? core_versions(groups.front()) : group_list(groups);
  }
  for (const Group& group : groups) {
    const std::string base = group.name.empty() ? "/api" : "/apis/" + group.name;
    if (path == base) return one_group(group);
    for (const auto& [version, resources] : group.versions)
      if (path == base + "/" + version)
        return resource_list(group.name.empty() ? version : group.name + "/" + version, resources);
  }
  return std::nullopt;
}

}  // namespace canaria::apiserver
