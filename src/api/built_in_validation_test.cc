// One line per mistake: the object, and what a real API server (1.36) said about it.
#include "api/built_in_validation.h"

#include <gtest/gtest.h>

#include "api/built_in_defaults.h"
#include "json/yaml.h"

namespace canaria::api {
namespace {

json::Value object(const std::string& yaml) {
  auto parsed = json::parse_yaml(yaml);
  EXPECT_TRUE(parsed) << yaml << parsed.error().message;
  return parsed ? with_defaults(json::text_at(*parsed, "apiVersion"), json::text_at(*parsed, "kind"), *parsed)
                : json::Value(nullptr);
}

std::string problems(const json::Value& value, const json::Value* before = nullptr) {
  std::string text;
  for (const auto& error : validate(json::text_at(value, "apiVersion"), json::text_at(value, "kind"), value, before))
    text += error.path + ": " + error.text + "\n";
  return text;
}

std::string pod(const std::string& container, const std::string& rest = "") {
  return "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {containers: [{name: a, image: 'b:1', " + container + "}]" +
         rest + "}}";
}
std::string replica_set(const std::string& spec) {
  return "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: x}, spec: {" + spec + "}}";
}
std::string deployment(const std::string& spec) {
  return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {selector: {matchLabels: {a: b}}, template: "
         "{metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}, " +
         spec + "}}";
}
std::string job(const std::string& spec, const std::string& pod_spec = "restartPolicy: Never, ") {
  return "{apiVersion: batch/v1, kind: Job, metadata: {name: x, uid: u}, spec: {" + spec + "template: {spec: {" + pod_spec +
         "containers: [{name: a, image: b}]}}}}";
}
std::string service(const std::string& spec) {
  return "{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {" + spec + "}}";
}
std::string ingress(const std::string& spec) {
  return "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {" + spec + "}}";
}
std::string path_rule(const std::string& path) { return ingress("rules: [{http: {paths: [{" + path + "}]}}]"); }
std::string route(const std::string& rule) {
  return "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: x}, spec: {rules: [{" + rule + "}]}}";
}

struct Case {
  std::string given;
  std::string wanted;  // what the text starts with; empty: nothing is wrong
};

void expect_all(const std::vector<Case>& cases) {
  for (const auto& [given, wanted] : cases) {
    const std::string found = problems(object(given));
    if (wanted.empty()) EXPECT_EQ(found, "") << given;
    else EXPECT_EQ(found.substr(0, wanted.size()), wanted) << given;
  }
}

TEST(BuiltInValidation, OfContainers) {
  const std::string c = "spec.containers[0].";
  expect_all({
      {pod(""), ""},
      {"{apiVersion: v1, kind: Pod, spec: {containers: []}}", "spec.containers: Required value\n"},
      {"{apiVersion: v1, kind: Pod, spec: {containers: [{}]}}", c + "name: Required value\n" + c + "image: Required value\n"},
      {"{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b}, {name: a, image: b}]}}",
       "spec.containers[1].name: Duplicate value: \"a\"\n"},
      {"{apiVersion: v1, kind: Pod, spec: {containers: [{name: A_b, image: b}]}}",
       c + "name: Invalid value: \"A_b\": a lowercase RFC 1123 label must consist of"},
      {pod("imagePullPolicy: X"),
       c + "imagePullPolicy: Unsupported value: \"X\": supported values: \"Always\", \"IfNotPresent\", \"Never\"\n"},
      {pod("ports: [{containerPort: 0}, {containerPort: 70000}]"),
       c + "ports[0].containerPort: Required value\n" + c +
           "ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive\n"},
      {pod("ports: [{name: d, containerPort: 1}, {name: d, containerPort: 2}, {name: '123', containerPort: 3}]"),
       c + "ports[1].name: Duplicate value: \"d\"\n" + c +
           "ports[2].name: Invalid value: \"123\": must contain at least one letter (a-z)\n"},
      {pod("ports: [{containerPort: 80}, {containerPort: 80}]"), ""},
      {pod("resources: {limits: {cpu: -1}}"),
       c + "resources.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0\n"},
      {pod("resources: {limits: {cpu: 1}, requests: {cpu: 2}}"),
       c + "resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1\n"},
      {pod("resources: {limits: {foo: 1}}"),
       c + "resources.limits[foo]: Invalid value: \"foo\": must be a standard resource type or fully qualified\n"},
      {pod("resources: {limits: {a/b: 1.5}}"), c + "resources.limits[a/b]: Invalid value: \"1500m\": must be an integer\n"},
  });
}

TEST(BuiltInValidation, OfEnvironments) {
  const std::string v = "spec.containers[0].env[0].valueFrom";
  expect_all({
      {pod("env: [{name: 'a b'}, {name: a}, {name: a}]"), ""},
      {pod("env: [{name: ''}]"), "spec.containers[0].env[0].name: Required value\n"},
      {pod("env: [{name: x=1}]"),
       "spec.containers[0].env[0].name: Invalid value: \"x=1\": a valid environment variable name must consist only of printable "
       "ASCII characters other than '='\n"},
      {pod("env: [{name: a, value: v, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),
       v + ": Invalid value: \"\": may not be specified when `value` is not empty\n"},
      {pod("env: [{name: a, valueFrom: {}}]"),
       v + ": Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or "
           "`fileKeyRef`\n"},
      {pod("env: [{name: a, valueFrom: {fieldRef: {fieldPath: metadata.name}, secretKeyRef: {name: a, key: b}}}]"),
       v + ": Invalid value: \"\": may not have more than one field specified at a time\n"},
      {pod("env: [{name: a, valueFrom: {fieldRef: {fieldPath: metadata.foo}}}]"),
       v + ".fieldRef.fieldPath: Invalid value: \"metadata.foo\": error converting fieldPath: field label not supported: "
           "metadata.foo\n"},
      {pod("env: [{name: a, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['app']\"}}}]"), ""},
      {pod("env: [{name: a, valueFrom: {configMapKeyRef: {name: a}}}]"), v + ".configMapKeyRef.key: Required value\n"},
      {pod("env: [{name: a, valueFrom: {resourceFieldRef: {resource: foo}}}]"),
       v + ".resourceFieldRef.resource: Unsupported value: \"foo\": supported values: \"limits.cpu\""},
      {pod("envFrom: [{}]"),
       "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`\n"},
      {pod("envFrom: [{configMapRef: {}}]"), "spec.containers[0].envFrom[0].configMapRef.name: Required value\n"},
  });
}

TEST(BuiltInValidation, OfProbesAndHooks) {
  const std::string c = "spec.containers[0].";
  expect_all({
      {pod("livenessProbe: {}"), c + "livenessProbe: Required value: must specify a handler type\n"},
      {pod("readinessProbe: {httpGet: {port: 0}, tcpSocket: {port: 80}}"),
       c + "readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive\n" + c +
           "readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type\n"},
      {pod("startupProbe: {exec: {}, successThreshold: 2, periodSeconds: -1}"),
       c + "startupProbe.exec.command: Required value\n" + c +
           "startupProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0\n" + c +
           "startupProbe.successThreshold: Invalid value: 2: must be 1\n"},
      {pod("readinessProbe: {tcpSocket: {port: web}, successThreshold: 2}"), ""},
      {pod("readinessProbe: {grpc: {port: 1}, terminationGracePeriodSeconds: 3}"),
       c + "readinessProbe.terminationGracePeriodSeconds: Invalid value: 3: must not be set for readinessProbes\n"},
      {pod("lifecycle: {preStop: {}}"), c + "lifecycle.preStop: Required value: must specify a handler type\n"},
      {pod("lifecycle: {preStop: {sleep: {seconds: 100}}}"),
       c + "lifecycle.preStop.sleep: Invalid value: 100: must be non-negative and less than terminationGracePeriodSeconds "
           "(30)\n"},
      {pod("", ", initContainers: [{name: i, image: b, readinessProbe: {tcpSocket: {port: 1}}}]"),
       "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always\n"},
      {pod("", ", initContainers: [{name: i, image: b, restartPolicy: Always, readinessProbe: {tcpSocket: {port: 1}}}]"), ""},
  });
}

TEST(BuiltInValidation, OfPods) {
  expect_all({
      {pod("", ", restartPolicy: Sometimes"),
       "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"\n"},
      {pod("", ", activeDeadlineSeconds: 0"),
       "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive\n"},
      {pod("", ", volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]"),
       "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type\n"},
      {pod("", ", volumes: [{name: v, secret: {}}]"), "spec.volumes[0].secret.secretName: Required value\n"},
      {pod("volumeMounts: [{name: zz, mountPath: /a}]"), "spec.containers[0].volumeMounts[0].name: Not found: \"zz\"\n"},
      {pod("volumeMounts: [{name: v, mountPath: /a, subPath: ../x}]", ", volumes: [{name: v}]"),
       "spec.containers[0].volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'\n"},
      {pod("", ", subdomain: b.c"), "spec.subdomain: Invalid value: \"b.c\": must not contain dots\n"},
      {pod("", ", tolerations: [{key: k, tolerationSeconds: 3}]"),
       "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when `tolerationSeconds` is set\n"},
      {pod("", ", ephemeralContainers: [{name: e, image: i}]"), "spec.ephemeralContainers: Forbidden: cannot be set on create\n"},
  });
}

TEST(BuiltInValidation, LetsOnlyTheImageOfAPodChange) {
  const json::Value before = object(pod(""));
  const json::Value with_image = object("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: 'c:1'}]}}");
  EXPECT_EQ(problems(with_image, &before), "");
  const json::Value bound = object(pod("", ", nodeName: node-1, activeDeadlineSeconds: 5"));
  EXPECT_EQ(problems(bound, &before), "");
  const std::string start = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,";
  EXPECT_EQ(problems(before, &bound).substr(0, start.size()), start);
  const std::string changed = problems(object(pod("command: [x]")), &before);
  EXPECT_EQ(changed.substr(0, start.size()), start);
  EXPECT_TRUE(changed.ends_with("\nspec.containers[0].command\n")) << changed;
  const json::Value two = object("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b}, {name: c, image: d}]}}");
  EXPECT_EQ(problems(two, &before), "spec.containers: Forbidden: pod updates may not add or remove containers\n");
}

TEST(BuiltInValidation, OfReplicaSetsAndDeployments) {
  const std::string pods = "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}";
  const std::string mismatch =
      "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`\n";
  expect_all({
      {replica_set("selector: {matchLabels: {a: b}}, " + pods), ""},
      {replica_set(pods), "spec.selector: Required value\n" + mismatch},
      {replica_set("selector: {matchLabels: {x: y}}, " + pods), mismatch},
      {replica_set("selector: {}, " + pods), "spec.selector: Invalid value: {}: empty selector is invalid for deployment\n"},
      {replica_set("selector: {matchExpressions: [{key: a, operator: Foo}]}, " + pods),
       "spec.selector.matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator\n"},
      {replica_set("selector: {matchLabels: {a: b}}"),
       "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`\n"
       "spec.template.spec.containers: Required value\n"},
      {replica_set("replicas: -1, selector: {matchLabels: {a: b}}, " + pods),
       "spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"},
      {replica_set("selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}, annotations: {'p q': ''}}, spec: "
                   "{restartPolicy: Never, containers: [{name: a, image: b}]}}"),
       "spec.template.annotations: Invalid value: \"p q\": name part must consist of"},
      {deployment("replicas: 2"), ""},
      {deployment("strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}"),
       "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'\n"},
      {deployment("strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}"),
       "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0\n"},
      {deployment("strategy: {rollingUpdate: {maxSurge: x, maxUnavailable: 101%}}"),
       "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string must be a numeric string followed by "
       "an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')\n"
       "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%\n"},
      {deployment("minReadySeconds: 600"),
       "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds\n"},
  });
  const json::Value before = object(deployment("replicas: 1"));
  json::Value now = before;
  now.at("spec").at("selector").at("matchLabels").as_object()["c"] = "d";
  now.at("spec").at("template").at("metadata").at("labels").as_object()["c"] = "d";
  EXPECT_EQ(problems(now, &before),
            "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\",\"c\":\"d\"}}: field is immutable\n");
  EXPECT_EQ(problems(object(replica_set("selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: "
                                        "{restartPolicy: Never, activeDeadlineSeconds: 3, containers: [{name: a, image: b}]}}"))),
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"\n"
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported\n");
}

TEST(BuiltInValidation, OfJobs) {
  expect_all({
      {job(""), ""},
      {job("", ""), "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"\n"},
      {job("parallelism: -1, "), "spec.parallelism: Invalid value: -1: must be greater than or equal to 0\n"},
      {job("completionMode: X, "),
       "spec.completionMode: Unsupported value: \"X\": supported values: \"NonIndexed\", \"Indexed\"\n"},
      {job("backoffLimitPerIndex: 1, "), "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode\n"},
      {job("selector: {matchLabels: {a: b}}, "),
       "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\",\"batch.kubernetes.io/controller-uid\":\"u\"}}: `selector` "
       "not "
       "auto-generated\n"},
      {job("manualSelector: true, "), "spec.selector: Required value\n"},
      {job("podFailurePolicy: {rules: [{action: FailJob}]}, "),
       "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required\n"},
  });
  const json::Value before = object(job("completions: 1, "));
  EXPECT_EQ(problems(object(job("completions: 1, parallelism: 5, suspend: true, backoffLimit: 3, ")), &before), "");
  EXPECT_EQ(problems(object(job("completions: 5, ")), &before), "spec.completions: Invalid value: 5: field is immutable\n");
  const std::string start = "spec.template: Invalid value: {";
  EXPECT_EQ(problems(object(job("completions: 1, ", "restartPolicy: OnFailure, ")), &before).substr(0, start.size()), start);
}

TEST(BuiltInValidation, OfServices) {
  expect_all({
      {service("ports: [{port: 80}]"), ""},
      {service("clusterIP: None"), ""},
      {service("ports: []"), "spec.ports: Required value\n"},
      {service("ports: [{port: 80}, {port: 81}]"), "spec.ports[0].name: Required value\nspec.ports[1].name: Required value\n"},
      {service("ports: [{port: 80, name: a}, {port: 81, name: a}]"), "spec.ports[1].name: Duplicate value: \"a\"\n"},
      {service("ports: [{port: 0, targetPort: 1}]"),
       "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n"},
      {service("ports: [{port: 80, targetPort: toolongnameforaport}]"),
       "spec.ports[0].targetPort: Invalid value: \"toolongnameforaport\": must be no more than 15 characters\n"},
      {service("type: Foo, ports: [{port: 80}]"),
       "spec.type: Unsupported value: \"Foo\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", "
       "\"NodePort\"\n"},
      {service("type: ExternalName"), "spec.externalName: Required value\n"},
      {service("clusterIP: x, ports: [{port: 80}]"),
       "spec.clusterIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)\n"},
      {service("clusterIP: None, clusterIPs: [10.0.0.9]"),
       "spec.clusterIPs: Invalid value: [\"10.0.0.9\"]: first value must match `clusterIP`\n"},
      {service("type: NodePort, clusterIP: None, ports: [{port: 80}]"),
       "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services\n"},
      {service("selector: {'a b': c}, ports: [{port: 80}]"), "spec.selector: Invalid value: \"a b\": name part must consist of"},
      {service("ports: [{port: 80, nodePort: 31000}]"),
       "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'\n"},
  });
  const json::Value without = object(service("ports: [{port: 80}]"));
  const json::Value before = object(service("clusterIP: 127.1.0.1, ports: [{port: 80}]"));
  EXPECT_EQ(problems(before, &without), "");
  EXPECT_EQ(problems(object(service("clusterIP: 127.1.0.2, ports: [{port: 80}]")), &before),
            "spec.clusterIPs[0]: Invalid value: [\"127.1.0.2\"]: may not change once set\n");
  EXPECT_EQ(problems(object(service("type: ExternalName, externalName: a.b")), &before), "");
}

TEST(BuiltInValidation, OfConfigMapsAndSecrets) {
  expect_all({
      {"{apiVersion: v1, kind: ConfigMap, data: {a.txt: x}}", ""},
      {"{apiVersion: v1, kind: ConfigMap, data: {'a b': ''}}",
       "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
       "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')\n"},
      {"{apiVersion: v1, kind: ConfigMap, data: {'..': ''}}", "data[..]: Invalid value: \"..\": must not be '..'\n"},
      {"{apiVersion: v1, kind: ConfigMap, data: {a: ''}, binaryData: {a: eA==}}",
       "data[a]: Invalid value: \"a\": duplicate of key present in binaryData\n"},
      {"{apiVersion: v1, kind: ConfigMap, data: {a: " + std::string(1048577, 'x') + "}}",
       "[]: Too long: may not be more than 1048576 bytes\n"},
      {"{apiVersion: v1, kind: Secret, type: kubernetes.io/tls}",
       "data[tls.crt]: Required value\ndata[tls.key]: Required value\n"},
      {"{apiVersion: v1, kind: Secret, data: {a: '!!'}}", "data[a]: Invalid value: \"a\": illegal base64 data\n"},
  });
  const json::Value frozen = object("{apiVersion: v1, kind: ConfigMap, immutable: true, data: {a: x}}");
  EXPECT_EQ(problems(object("{apiVersion: v1, kind: ConfigMap, data: {a: y}}"), &frozen),
            "immutable: Forbidden: field is immutable when `immutable` is set\n"
            "data: Forbidden: field is immutable when `immutable` is set\n");
  EXPECT_EQ(problems(frozen, &frozen), "");
  const json::Value secret = object("{apiVersion: v1, kind: Secret}");
  EXPECT_EQ(problems(object("{apiVersion: v1, kind: Secret, type: x}"), &secret),
            "type: Invalid value: \"x\": field is immutable\n");
}

TEST(BuiltInValidation, OfIngresses) {
  const std::string backend = "backend: {service: {name: a, port: {number: 80}}}";
  const std::string p = "spec.rules[0].http.paths[0].";
  expect_all({
      {path_rule("path: /, pathType: Prefix, " + backend), ""},
      {ingress(""), "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified\n"},
      {ingress("rules: [{http: {paths: []}}]"), "spec.rules[0].http.paths: Required value\n"},
      {path_rule("path: /, " + backend), p + "pathType: Required value: pathType must be specified\n"},
      {path_rule("path: a, pathType: Prefix, " + backend), p + "path: Invalid value: \"a\": must be an absolute path\n"},
      {path_rule("path: /a//b, pathType: Exact, " + backend), p + "path: Invalid value: \"/a//b\": must not contain '//'\n"},
      {path_rule("path: /, pathType: Foo, " + backend),
       p + "pathType: Unsupported value: \"Foo\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"\n"},
      {path_rule("path: /, pathType: Prefix, backend: {}"),
       p + "backend: Invalid value: \"\": resource or service backend is required\n"},
      {path_rule("path: /, pathType: Prefix, backend: {service: {}}"),
       p + "backend.service.name: Required value\n" + p + "backend: Required value: port name or number is required\n"},
      {ingress("rules: [{host: 1.2.3.4}, {host: '*.a.com'}, {host: '*'}]"),
       "spec.rules[0].host: Invalid value: \"1.2.3.4\": must be a DNS name, not an IP address\n"
       "spec.rules[2].host: Invalid value: \"*\": a wildcard DNS-1123 subdomain must start with '*.'"},
  });
}

TEST(BuiltInValidation, OfHttpRoutesAndGateways) {
  expect_all({
      {route("backendRefs: [{name: a, port: 80, weight: 0}]"), ""},
      {route("backendRefs: [{name: a, port: 80, weight: -1}]"),
       "spec.rules[0].backendRefs[0].weight: Invalid value: -1: spec.rules[0].backendRefs[0].weight in body should be greater "
       "than "
       "or equal to 0\n"},
      {route("backendRefs: [{name: a}]"),
       "spec.rules[0].backendRefs[0]: Invalid value: \"object\": Must have port for Service reference\n"},
      {route("backendRefs: [{port: 80}]"), "spec.rules[0].backendRefs[0].name: Required value\n"},
      {route("matches: [{path: {value: a}}]"),
       "spec.rules[0].matches[0].path: Invalid value: \"object\": value must be an absolute path and start with '/' when type "
       "one "
       "of ['Exact', 'PathPrefix']\n"},
      {"{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {listeners: []}}",
       "spec.gatewayClassName: Required value\n"
       "spec.listeners: Invalid value: 0: spec.listeners in body should have at least 1 items\n"},
      {"{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {gatewayClassName: c, listeners: [{name: a, port: 0, "
       "protocol: HTTP}]}}",
       "spec.listeners[0].port: Invalid value: 0: spec.listeners[0].port in body should be greater than or equal to 1\n"},
  });
}

TEST(BuiltInValidation, OfSmallKinds) {
  expect_all({
      {"{apiVersion: coordination.k8s.io/v1, kind: Lease, spec: {leaseDurationSeconds: 0, leaseTransitions: -1}}",
       "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0\n"
       "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0\n"},
      {"{apiVersion: v1, kind: Namespace, metadata: {name: a}, spec: {finalizers: [foo]}}",
       "spec.finalizers: Invalid value: \"foo\": name is neither a standard finalizer name nor is it fully qualified\n"},
      {"{apiVersion: v1, kind: Event, metadata: {namespace: a}, involvedObject: {namespace: b}}",
       "involvedObject.namespace: Invalid value: \"b\": does not match event.namespace\n"},
      {"{apiVersion: v1, kind: Event, metadata: {namespace: default}, involvedObject: {kind: Node}}", ""},
      {"{apiVersion: policy/v1, kind: PodDisruptionBudget, spec: {maxUnavailable: x%}}",
       "spec.maxUnavailable: Invalid value: \"x%\": a valid percent string must be"},
      {"{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, endpoints: [{addresses: [127.0.0.1]}]}", ""},
      {"{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4, endpoints: [{addresses: []}, {addresses: "
       "[x]}]}",
       "endpoints[0].addresses: Required value: must contain at least 1 address\n"
       "endpoints[1].addresses[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)\n"},
      {"{apiVersion: networking.k8s.io/v1, kind: IngressClass, spec: {}}", "spec.controller: Required value\n"},
      {"{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {replicas: -1}}", ""},
  });
}

}  // namespace
}  // namespace canaria::api
