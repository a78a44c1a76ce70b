#include "apiserver/unowned_fields.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include "json/pointer.h"

namespace canaria::apiserver {
namespace {

// Where the server decides unless the writer did. Of a list of labels that only the server filled, the list itself too.
constexpr std::array<std::string_view, 1> kOfNamespaces = {"/spec"};
constexpr std::array<std::string_view, 5> kOfServices = {"/spec/clusterIP", "/spec/clusterIPs", "/spec/ipFamilies",
                                                         "/spec/ipFamilyPolicy", "/spec/healthCheckNodePort"};
constexpr std::array<std::string_view, 3> kOfPods = {"/spec/priority", "/spec/preemptionPolicy", "/spec/tolerations"};
constexpr std::array<std::string_view, 11> kOfJobs = {
    "/metadata/labels",
    "/metadata/labels/batch.kubernetes.io~1controller-uid",
    "/metadata/labels/batch.kubernetes.io~1job-name",
    "/metadata/labels/controller-uid",
    "/metadata/labels/job-name",
    "/spec/selector",
    "/spec/template/metadata/labels",
    "/spec/template/metadata/labels/batch.kubernetes.io~1controller-uid",
    "/spec/template/metadata/labels/batch.kubernetes.io~1job-name",
    "/spec/template/metadata/labels/controller-uid",
    "/spec/template/metadata/labels/job-name",
};

std::span<const std::string_view> places_of(std::string_view kind) {
  if (kind == "Namespace") return kOfNamespaces;
  if (kind == "Service") return kOfServices;
  if (kind == "Pod") return kOfPods;
  if (kind == "Job") return kOfJobs;
  return {};
}

void remove_at(json::Value& object, std::span<const std::string> tokens) {
  json::Value* parent = json::find_at(object, tokens.first(tokens.size() - 1));
  if (!parent || !parent->is_object()) return;
  json::Object& members = parent->get_object();
  if (const auto member = members.find(tokens.back()); member != members.end()) members.stable_erase(member);
}

}  // namespace

std::vector<std::string_view> places_of_server(std::string_view kind, const json::Value& wanted) {
  std::vector<std::string_view> places{"/status"};
  for (const std::string_view place : places_of(kind)) {
    const auto tokens = json::parse_pointer(place);
    // The store has put the finalizer of Namespaces in before anybody is asked.
    if (tokens && (kind == "Namespace" || !json::find_at(wanted, *tokens))) places.push_back(place);
  }
  return places;
}

json::Value owned_part(json::Value made, const std::vector<std::string_view>& places) {
  for (const std::string_view place : places)
    if (const auto tokens = json::parse_pointer(place)) remove_at(made, *tokens);
  return made;
}

}  // namespace canaria::apiserver
