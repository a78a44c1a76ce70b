// The parts of validate(), each beside its kind. Private to api. `before` is null on creations. Objects have their defaults
// and the types of their schema.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "api/field_problems.h"
#include "json/value.h"

namespace canaria::api {

using NameSet = std::set<std::string, std::less<>>;

// core/pod_validation.cc
void validate_pod(const json::Object& pod, const json::Object* before, FieldProblems& problems);
void validate_pod_template_object(const json::Object& object, const json::Object* before, FieldProblems& problems);
// A template below this path. What its owner asks of restartPolicy is the owner's business.
void validate_pod_template(const std::string& path, const json::Object& pod_template, FieldProblems& problems);
// Keys and values of labels, each error at the path of the whole.
void validate_labels(const std::string& path, const json::Object& labels, FieldProblems& problems);

// core/pod_update_validation.cc
void validate_pod_update(const json::Object& spec, const json::Object& before, FieldProblems& problems);

// core/container_validation.cc
enum class ContainerRole { kRegular, kInit };
struct ContainerSurroundings {
  ContainerRole role = ContainerRole::kRegular;
  std::int64_t grace_seconds = 30;
  const NameSet* volumes = nullptr;
  const NameSet* claims = nullptr;  // of devices
  NameSet* names = nullptr;  // of containers so far
};
void validate_container(const std::string& path, const json::Object& container, const ContainerSurroundings& around,
                        FieldProblems& problems);
// A name that must be there, a DNS label, and new.
void validate_unique_label(const std::string& path, std::string_view name, NameSet& names, FieldProblems& problems);

// core/environment_validation.cc
void validate_environment(const std::string& path, const json::Object& container, FieldProblems& problems);

// core/probe_validation.cc
void validate_probes(const std::string& path, const json::Object& container, FieldProblems& problems);
void validate_lifecycle(const std::string& path, const json::Object& lifecycle, std::int64_t grace_seconds,
                        FieldProblems& problems);
// A port number or the name of a container port.
void validate_port_reference(const std::string& path, const json::Value* port, FieldProblems& problems);

// core/resource_amounts_validation.cc
void validate_resource_amounts(const std::string& path, const json::Object& resources, const NameSet& claims,
                               FieldProblems& problems);

// core/placement_validation.cc; the paths are those of the spec.
void validate_affinity(const std::string& path, const json::Object& spec, FieldProblems& problems);
void validate_gates(const std::string& path, const json::Object& spec, FieldProblems& problems);

// core/security_validation.cc
void validate_pod_security(const std::string& path, const json::Object& context, FieldProblems& problems);
void validate_container_security(const std::string& path, const json::Object& context, FieldProblems& problems);
enum class HostNetwork { kNo, kYes };
void validate_host_ports(const std::string& path, const json::Array& containers, HostNetwork network, FieldProblems& problems);

// core/volume_source_validation.cc
void validate_volume_source(const std::string& path, std::string_view kind, const json::Object& source, FieldProblems& problems);
// A path inside a volume: relative, and without a way out of it.
void validate_inner_path(const std::string& path, std::string_view file, FieldProblems& problems);
bool leaves_its_folder(std::string_view path);

// core/volume_validation.cc
NameSet validate_volumes(const std::string& path, const json::Array& volumes, FieldProblems& problems);
void validate_mounts(const std::string& path, const json::Array& mounts, const NameSet& volumes, FieldProblems& problems);

// core/service_validation.cc, core/content_validation.cc, core/cluster_validation.cc
void validate_service(const json::Object& service, const json::Object* before, FieldProblems& problems);
void validate_config_map(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_secret(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_namespace(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_node(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_lease(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_disruption_budget(const json::Object& object, const json::Object* before, FieldProblems& problems);

// apps/workload_validation.cc
void validate_replica_set(const json::Object& set, const json::Object* before, FieldProblems& problems);
void validate_deployment(const json::Object& deployment, const json::Object* before, FieldProblems& problems);
// Whether the selector is there, well-formed and selects the labels of the template.
void validate_selector(const json::Object& spec, FieldProblems& problems);

// batch/job_validation.cc
void validate_job(const json::Object& job, const json::Object* before, FieldProblems& problems);

// autoscaling/autoscaler_validation.cc
void validate_autoscaler(const json::Object& object, const json::Object* before, FieldProblems& problems);

// events/event_validation.cc
void validate_event(const json::Object& event, const json::Object* before, FieldProblems& problems);
void validate_grouped_event(const json::Object& event, const json::Object* before, FieldProblems& problems);

// networking/
void validate_ingress(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_ingress_class(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_endpoint_slice(const json::Object& object, const json::Object* before, FieldProblems& problems);

// gateway/
void validate_gateway(const json::Object& object, const json::Object* before, FieldProblems& problems);
void validate_http_route(const json::Object& object, const json::Object* before, FieldProblems& problems);

}  // namespace canaria::api
