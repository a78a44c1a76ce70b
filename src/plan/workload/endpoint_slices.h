// The EndpointSlices of a Service: which pods answer for it, at which addresses and ports, and which of them may get traffic.
//
// Slices are kept as JSON of their content (endpoints, ports), because that is only built and compared here. Endpoints stay
// in the slice they are in, so that a change of one pod is one write. Pods that resolve the Service's ports differently
// are in different slices, as the slice has the ports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

inline constexpr const char* kServiceNameLabel = "kubernetes.io/service-name";
inline constexpr const char* kManagedByLabel = "endpointslice.kubernetes.io/managed-by";
inline constexpr const char* kSliceManager = "endpointslice-controller.k8s.io";
inline constexpr std::size_t kMostEndpoints = 100;

struct ServicePort {
  std::string name;
  std::string protocol;                   // empty: TCP
  std::optional<std::string> appProtocol;
  std::int32_t port = 0;
  json::Value targetPort;                 // number, name, or null: the same as port
};
BOOST_DESCRIBE_STRUCT(ServicePort, (), (name, protocol, appProtocol, port, targetPort))

struct ServiceState {
  api::ObjectMeta metadata;
  std::string type;        // empty: ClusterIP
  std::string cluster_ip;  // empty: none yet; "None": headless
  api::StringMap selector;
  std::vector<ServicePort> ports;
  bool publishes_unready = false;

  bool is_headless() const { return cluster_ip == "None"; }
  // Whether a virtual address belongs to it.
  bool wants_address() const { return type != "ExternalName" && !is_headless() && cluster_ip.empty(); }
  // Whether its slices are ours: without a selector somebody else makes them.
  bool has_slices() const { return type != "ExternalName" && !selector.empty(); }
  bool selects(const api::StringMap& labels) const;
};
ServiceState parse_service_state(const json::Value& object);

struct SliceState {
  api::ObjectMeta metadata;
  json::Value endpoints;  // arrays
  json::Value ports;
};
SliceState parse_slice_state(const json::Value& object);

struct SliceWrite {
  std::string name;
  bool is_new = false;
  json::Value body;  // the whole object, or a merge patch
};
struct SlicePlan {
  std::vector<SliceWrite> writes;
  std::vector<std::string> remove;  // names
};

// slices: ours of this Service, by name. pods: those its selector selects, by name.
SlicePlan plan_slices(const ServiceState& service, const std::vector<const PodState*>& pods,
                      const std::vector<const SliceState*>& slices);

}  // namespace canaria::plan::workload
