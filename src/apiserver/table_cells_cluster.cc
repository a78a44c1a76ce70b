// The rows of the kinds that belong to the cluster itself: ConfigMap, Secret, Namespace, Node, Event, Lease, definitions.
#include <algorithm>

#include "apiserver/table_cells.h"

namespace canaria::apiserver {
namespace {

json::Array config_map_cells(const json::Value& object, Time now) {
  return {name_of(object), count_at(object, "data") + count_at(object, "binaryData"), age_of(object, now)};
}

json::Array secret_cells(const json::Value& object, Time now) {
  return {name_of(object), text_or(object, "type", "Opaque"), count_at(object, "data"), age_of(object, now)};
}

json::Array namespace_cells(const json::Value& object, Time now) {
  return {name_of(object), std::string(json::text_at(object, "status.phase")), age_of(object, now)};
}

std::string node_status(const json::Value& node) {
  std::string status = "Unknown";
  for (const json::Value& condition : list_at(node, "status.conditions"))
    if (json::text_at(condition, "type") == "Ready") status = json::text_at(condition, "status") == "True" ? "Ready" : "NotReady";
  const json::Value* unschedulable = json::find(node, "spec.unschedulable");
  if (unschedulable && unschedulable->is_bool() && unschedulable->get_bool()) status += ",SchedulingDisabled";
  return status;
}

std::string node_roles(const json::Value& node) {
  constexpr std::string_view kPrefix = "node-role.kubernetes.io/";
  std::vector<std::string> roles;
  const json::Value* labels = json::find(node, "metadata.labels");
  if (labels && labels->is_object())
    for (const auto& [key, value] : labels->get_object()) {
      const std::string_view name = key;
      if (name.starts_with(kPrefix) && name.size() > kPrefix.size()) roles.emplace_back(name.substr(kPrefix.size()));
      else if (name == "kubernetes.io/role" && value.is_string() && !value.get_string().empty())
        roles.emplace_back(value.get_string());
    }
  std::ranges::sort(roles);
  return roles.empty() ? "<none>" : joined(roles);
}

std::string node_address(const json::Value& node, std::string_view type) {
  for (const json::Value& address : list_at(node, "status.addresses"))
    if (json::text_at(address, "type") == type) return std::string(json::text_at(address, "address"));
  return "<none>";
}

json::Array node_cells(const json::Value& object, Time now) {
  std::string kernel = text_or(object, "status.nodeInfo.kernelVersion", "<unknown>");
  if (const std::string_view architecture = json::text_at(object, "status.nodeInfo.architecture"); !architecture.empty())
    kernel += " (" + std::string(architecture) + ")";
  return {name_of(object),
          node_status(object),
          node_roles(object),
          age_of(object, now),
          std::string(json::text_at(object, "status.nodeInfo.kubeletVersion")),
          node_address(object, "InternalIP"),
          node_address(object, "ExternalIP"),
          text_or(object, "status.nodeInfo.osImage", "<unknown>"),
          kernel,
          text_or(object, "status.nodeInfo.containerRuntimeVersion", "<unknown>")};
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

std::string event_source(const json::Value& event) {
  std::string source = text_or(event, "source.component", json::text_at(event, "reportingComponent"));
  const std::string host = text_or(event, "source.host", json::text_at(event, "reportingInstance"));
  return host.empty() ? source : source + ", " + host;
}

json::Array event_cells(const json::Value& event, Time now) {
  std::string first = since(text_or(event, "firstTimestamp", json::text_at(event, "eventTime")), now);
  std::string last = first;
  if (const std::string_view time = json::text_at(event, "lastTimestamp"); !time.empty()) last = since(time, now);
  std::int64_t count = json::int_at(event, "count");
  if (json::find(event, "series")) {
    count = json::int_at(event, "series.count");
    last = since(json::text_at(event, "series.lastObservedTime"), now);
  } else if (count == 0) {
    count = 1;
  }
  std::string target(json::text_at(event, "involvedObject.name"));
  if (const std::string_view kind = json::text_at(event, "involvedObject.kind"); !kind.empty())
    target = lower(kind) + "/" + target;
  std::string_view message = json::text_at(event, "message");
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
  return {last,
          std::string(json::text_at(event, "type")),
          std::string(json::text_at(event, "reason")),
          target,
          std::string(json::text_at(event, "involvedObject.fieldPath")),
          event_source(event),
          message,
          first,
          count,
          name_of(event)};
}

json::Array lease_cells(const json::Value& object, Time now) {
  return {name_of(object), std::string(json::text_at(object, "spec.holderIdentity")), age_of(object, now)};
}

json::Array definition_cells(const json::Value& object, Time) {
  return {name_of(object), std::string(json::text_at(object, "metadata.creationTimestamp"))};
}

}  // namespace

const TableKind kConfigMapTable = {{name_column(), {"Data", "string", "How many entries it has."}, age_column()},
                                   config_map_cells};

const TableKind kSecretTable = {
    {name_column(), {"Type", "string", "What the Secret is for."}, {"Data", "string", "How many entries it has."}, age_column()},
    secret_cells};

const TableKind kNamespaceTable = {{name_column(), {"Status", "string", "Active or Terminating."}, age_column()},
                                   namespace_cells};

const TableKind kNodeTable = {{name_column(),
                               {"Status", "string", "Whether the node is ready."},
                               {"Roles", "string", "The roles of the node."},
                               age_column(),
                               {"Version", "string", "The version of what runs the pods."},
                               {"Internal-IP", "string", "The address inside.", 1},
                               {"External-IP", "string", "The address outside.", 1},
                               {"OS-Image", "string", "The operating system.", 1},
                               {"Kernel-Version", "string", "The kernel.", 1},
                               {"Container-Runtime", "string", "What runs the containers.", 1}},
                              node_cells};

const TableKind kEventTable = {{{"Last Seen", "string", "When it happened last."},
                                {"Type", "string", "Normal or Warning."},
                                {"Reason", "string", "Why, in one word."},
                                {"Object", "string", "What it is about."},
                                {"Subobject", "string", "The part of the object that it is about.", 1},
                                {"Source", "string", "Who reports it.", 1},
                                {"Message", "string", "What happened."},
                                {"First Seen", "string", "When it happened first.", 1},
                                {"Count", "string", "How often it happened.", 1},
                                {"Name", "string", "Name of the Event.", 1}},
                               event_cells};

const TableKind kLeaseTable = {{name_column(), {"Holder", "string", "Who holds the lease."}, age_column()}, lease_cells};

const TableKind kDefinitionTable = {{name_column(), {"Created At", "date", "When it was created."}}, definition_cells};

}  // namespace canaria::apiserver
