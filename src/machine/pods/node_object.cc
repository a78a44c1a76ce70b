#include "machine/pods/node_object.h"

#include <array>
#include <sys/utsname.h>
#include <unistd.h>

namespace canaria::machine {
namespace {

constexpr const char* kKubeletVersion = "v1.34.0";  // the API level that is served
constexpr int kMostPods = 1000;

json::Object condition(const char* type, bool is_true, const char* reason, const char* message, Time now) {
  json::Object result;
  result["type"] = type;
  result["status"] = is_true ? "True" : "False";
  result["lastHeartbeatTime"] = format_time(now);
  result["lastTransitionTime"] = format_time(now);
  result["reason"] = reason;
  result["message"] = message;
  return result;
}

std::string architecture(const std::string& machine) {
  if (machine == "x86_64") return "amd64";
  return machine == "aarch64" ? "arm64" : machine;
}

json::Object address(const char* type, const std::string& value) {
  json::Object result;
  result["type"] = type;
  result["address"] = value;
  return result;
}

}  // namespace

NodeCapacity machine_capacity() {
  NodeCapacity capacity;
  capacity.cpu_millis = 1000 * ::sysconf(_SC_NPROCESSORS_ONLN);
  capacity.memory_bytes = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  return capacity;
}

std::string host_name() {
  std::array<char, 256> text{};
  if (::gethostname(text.data(), text.size() - 1) != 0 || text[0] == '\0') return "localhost";
  std::string name = text.data();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    else if (c == '_') c = '-';
  }
  return name;
}

json::Value node_object(const std::string& name, const std::string& host_address, const NodeCapacity& capacity, Time now) {
  utsname system{};
  ::uname(&system);
  const std::string arch = architecture(system.machine);
  json::Object metadata;
  metadata["name"] = name;
  metadata["labels"] =
      json::Object{{"kubernetes.io/hostname", name}, {"kubernetes.io/os", "linux"}, {"kubernetes.io/arch", arch}};
  json::Object amounts;
  amounts["cpu"] = std::to_string(capacity.cpu_millis / 1000);
  amounts["memory"] = std::to_string(capacity.memory_bytes / 1024) + "Ki";
  amounts["pods"] = std::to_string(kMostPods);
  json::Object status;
  status["capacity"] = amounts;
  status["allocatable"] = amounts;
  json::Array conditions;
  conditions.push_back(
      condition("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now));
  conditions.push_back(condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now));
  conditions.push_back(condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available", now));
  conditions.push_back(condition("Ready", true, "KubeletReady", "canaria runs pods as processes of this machine", now));
  status["conditions"] = std::move(conditions);
  json::Array addresses;
  addresses.push_back(address("InternalIP", host_address));
  addresses.push_back(address("Hostname", name));
  status["addresses"] = std::move(addresses);
  json::Object facts;
  facts["architecture"] = arch;
  facts["operatingSystem"] = "linux";
  facts["kernelVersion"] = system.release;
  facts["osImage"] = system.sysname;
  facts["kubeletVersion"] = kKubeletVersion;
  facts["kubeProxyVersion"] = "";
  facts["containerRuntimeVersion"] = "process://1";
  facts["machineID"] = "";
  facts["systemUUID"] = "";
  facts["bootID"] = "";
  status["nodeInfo"] = std::move(facts);
  json::Object node;
  node["apiVersion"] = "v1";
  node["kind"] = "Node";
  node["metadata"] = std::move(metadata);
  node["spec"] = json::Object();
  node["status"] = std::move(status);
  return json::Value(std::move(node));
}

Task<Status> register_node(ObjectClient* client, std::string name, json::Value node) {
  const api::ObjectKey key{"", name};
  json::Object patch;
  patch["status"] = node.at("status");
  const WriteOptions plain;
  const auto created = co_await client->create(api::resources::nodes(), key, std::move(node), plain);
  if (!created && created.error().code != Code::kAlreadyExists) co_return fail(created.error());
  // A server that keeps the status apart has dropped it from the create; one that does not has no such subresource.
  WriteOptions to_status;
  to_status.subresource = "status";
  const json::Value body(std::move(patch));
  auto patched = co_await client->patch(api::resources::nodes(), key, PatchKind::kMerge, body, to_status);
  if (!patched && patched.error().code == Code::kNotFound)
    patched = co_await client->patch(api::resources::nodes(), key, PatchKind::kMerge, body, plain);
  if (!patched) co_return fail(patched.error());
  co_return Status();
}

}  // namespace canaria::machine
