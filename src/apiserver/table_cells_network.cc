// The rows of what brings traffic to pods: Service, Endpoints, EndpointSlice, Ingress, IngressClass.
#include "apiserver/table_cells.h"

namespace canaria::apiserver {
namespace {

std::vector<std::string> texts_at(const json::Value& object, std::string_view path) {
  std::vector<std::string> texts;
  for (const json::Value& item : list_at(object, path))
    if (item.is_string()) texts.emplace_back(item.get_string());
  return texts;
}

// Addresses that a load balancer has given.
std::vector<std::string> balancer_addresses(const json::Value& object) {
  std::vector<std::string> addresses;
  for (const json::Value& ingress : list_at(object, "status.loadBalancer.ingress")) {
    const std::string_view ip = json::text_at(ingress, "ip");
    addresses.emplace_back(ip.empty() ? json::text_at(ingress, "hostname") : ip);
  }
  return addresses;
}

std::string external_addresses(const json::Value& service) {
  const std::string_view type = json::text_at(service, "spec.type");
  if (type == "ExternalName") return std::string(json::text_at(service, "spec.externalName"));
  std::vector<std::string> addresses;
  if (type == "LoadBalancer") addresses = balancer_addresses(service);
  for (std::string& address : texts_at(service, "spec.externalIPs")) addresses.push_back(std::move(address));
  if (!addresses.empty()) return joined(addresses);
  return type == "LoadBalancer" ? "<pending>" : "<none>";
}

// "80:30080/TCP,443/TCP".
std::string service_ports(const json::Value& service) {
  std::vector<std::string> ports;
  for (const json::Value& port : list_at(service, "spec.ports")) {
    std::string text = std::to_string(json::int_at(port, "port"));
    if (const std::int64_t node_port = json::int_at(port, "nodePort"); node_port > 0) text += ":" + std::to_string(node_port);
    ports.push_back(text + "/" + text_or(port, "protocol", "TCP"));
  }
  return ports.empty() ? "<none>" : joined(ports);
}

json::Array service_cells(const json::Value& object, Time now) {
  return {name_of(object),
          text_or(object, "spec.type", "ClusterIP"),
          text_or(object, "spec.clusterIP", "<none>"),
          external_addresses(object),
          service_ports(object),
          age_of(object, now),
          labels_text(object, "spec.selector")};
}

json::Array endpoints_cells(const json::Value& object, Time now) {
  std::vector<std::string> endpoints;
  for (const json::Value& subset : list_at(object, "subsets")) {
    const json::Array& ports = list_at(subset, "ports");
    for (const json::Value& address : list_at(subset, "addresses")) {
      const std::string ip(json::text_at(address, "ip"));
      if (ports.empty()) endpoints.push_back(ip);
      for (const json::Value& port : ports) endpoints.push_back(ip + ":" + std::to_string(json::int_at(port, "port")));
    }
  }
  return {name_of(object), shortened(endpoints, "<none>"), age_of(object, now)};
}

json::Array endpoint_slice_cells(const json::Value& object, Time now) {
  std::vector<std::string> ports;
  for (const json::Value& port : list_at(object, "ports"))
    ports.push_back(json::find(port, "port") ? std::to_string(json::int_at(port, "port")) : "*");
  std::vector<std::string> addresses;
  for (const json::Value& endpoint : list_at(object, "endpoints"))
    for (std::string& address : texts_at(endpoint, "addresses")) addresses.push_back(std::move(address));
  return {name_of(object), std::string(json::text_at(object, "addressType")), shortened(ports, "<unset>"),
          shortened(addresses, "<unset>"), age_of(object, now)};
}

std::string ingress_hosts(const json::Value& ingress) {
  std::vector<std::string> hosts;
  for (const json::Value& rule : list_at(ingress, "spec.rules"))
    if (const std::string_view host = json::text_at(rule, "host"); !host.empty()) hosts.emplace_back(host);
  return shortened(hosts, "*");
}

json::Array ingress_cells(const json::Value& object, Time now) {
  return {name_of(object),
          text_or(object, "spec.ingressClassName", "<none>"),
          ingress_hosts(object),
          joined(balancer_addresses(object)),
          list_at(object, "spec.tls").empty() ? "80" : "80, 443",
          age_of(object, now)};
}

json::Array ingress_class_cells(const json::Value& object, Time now) {
  std::string parameters = "<none>";
  if (const json::Value* reference = json::find(object, "spec.parameters")) {
    parameters = json::text_at(*reference, "kind");
    if (const std::string_view group = json::text_at(*reference, "apiGroup"); !group.empty())
      parameters += "." + std::string(group);
    parameters += "/" + std::string(json::text_at(*reference, "name"));
  }
  return {name_of(object), std::string(json::text_at(object, "spec.controller")), parameters, age_of(object, now)};
}

}  // namespace

const TableKind kServiceTable = {{name_column(),
                                  {"Type", "string", "How the Service is reached."},
                                  {"Cluster-IP", "string", "The address of the Service."},
                                  {"External-IP", "string", "Addresses that lead to it from outside."},
                                  {"Port(s)", "string", "The ports it has."},
                                  age_column(),
                                  {"Selector", "string", "Selects the pods behind it.", 1}},
                                 service_cells};

const TableKind kEndpointsTable = {{name_column(), {"Endpoints", "string", "Addresses behind the Service."}, age_column()},
                                   endpoints_cells};

const TableKind kEndpointSliceTable = {{name_column(),
                                        {"AddressType", "string", "The type of the addresses."},
                                        {"Ports", "string", "Ports of each endpoint."},
                                        {"Endpoints", "string", "Addresses in the slice."},
                                        age_column()},
                                       endpoint_slice_cells};

const TableKind kIngressTable = {{name_column(),
                                  {"Class", "string", "The IngressClass."},
                                  {"Hosts", "string", "Hosts of its rules."},
                                  {"Address", "string", "Where it is reached."},
                                  {"Ports", "string", "The ports it listens on."},
                                  age_column()},
                                 ingress_cells};

const TableKind kIngressClassTable = {{name_column(),
                                       {"Controller", "string", "Who carries out its Ingresses."},
                                       {"Parameters", "string", "An object with more settings."},
                                       age_column()},
                                      ingress_class_cells};

}  // namespace canaria::apiserver
