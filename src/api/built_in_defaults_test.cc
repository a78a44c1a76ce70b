// What a real API server (1.36) answered to the same objects, as literals.
#include "api/built_in_defaults.h"

#include <gtest/gtest.h>

#include "api/meta/resource.h"
#include "api/schema/kinds.h"
#include "json/write.h"
#include "json/yaml.h"

namespace canaria::api {
namespace {

json::Value object(std::string_view yaml) {
  auto parsed = json::parse_yaml(yaml);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? *parsed : json::Value(nullptr);
}

json::Value defaulted(std::string_view yaml) {
  const json::Value given = object(yaml);
  return with_defaults(json::text_at(given, "apiVersion"), json::text_at(given, "kind"), given);
}

// Both as objects, so that the order of members does not matter.
void expect_defaults(std::string_view given, std::string_view wanted) {
  const json::Value result = defaulted(given);
  EXPECT_TRUE(result == object(wanted)) << json::to_yaml(result);
  const json::Value again = with_defaults(json::text_at(result, "apiVersion"), json::text_at(result, "kind"), result);
  EXPECT_EQ(json::write(result), json::write(again)) << "not idempotent";
}

TEST(BuiltInDefaults, OfAPodReachFromProbesToItsFirstStatus) {
  expect_defaults(R"(
apiVersion: v1
kind: Pod
metadata: {name: p1}
spec:
  containers:
  - name: a
    image: nginx
    ports: [{containerPort: 80}]
    resources: {limits: {cpu: 0.5, memory: 64Mi}}
    readinessProbe: {httpGet: {port: 80}}
    env: [{name: X, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
)",
                  R"(
apiVersion: v1
kind: Pod
metadata: {name: p1}
spec:
  containers:
  - name: a
    image: nginx
    imagePullPolicy: Always
    ports: [{containerPort: 80, protocol: TCP}]
    resources: {limits: {cpu: 500m, memory: 64Mi}, requests: {cpu: 500m, memory: 64Mi}}
    readinessProbe:
      {httpGet: {path: /, port: 80, scheme: HTTP}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3}
    env: [{name: X, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}}]
    terminationMessagePath: /dev/termination-log
    terminationMessagePolicy: File
  dnsPolicy: ClusterFirst
  enableServiceLinks: true
  preemptionPolicy: PreemptLowerPriority
  priority: 0
  restartPolicy: Always
  schedulerName: default-scheduler
  securityContext: {}
  terminationGracePeriodSeconds: 30
  tolerations:
  - {effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 300}
  - {effect: NoExecute, key: node.kubernetes.io/unreachable, operator: Exists, tolerationSeconds: 300}
status: {phase: Pending, qosClass: Guaranteed}
)");
}

struct QualityCase {
  std::string_view containers;
  std::string_view wanted;
};

TEST(BuiltInDefaults, ComputeTheQualityOfServiceOfAPod) {
  for (const auto& [containers, wanted] : std::vector<QualityCase>{
           {"[{name: a, image: 'a:1'}]", "BestEffort"},
           {"[{name: a, image: 'a:1', resources: {requests: {cpu: 1}}}]", "Burstable"},
           {"[{name: a, image: 'a:1', resources: {limits: {cpu: 1}}}]", "Burstable"},
           {"[{name: a, image: 'a:1', resources: {limits: {cpu: 1, memory: 1Gi}}}]", "Guaranteed"},
           {"[{name: a, image: 'a:1', resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 0.5}}}]", "Burstable"},
           {"[{name: a, image: 'a:1', resources: {limits: {cpu: 1, memory: 1Gi}}}, {name: b, image: 'b:1'}]", "Burstable"},
           {"[{name: a, image: 'a:1', resources: {limits: {cpu: 0, memory: 0}}}]", "BestEffort"}}) {
    const auto pod =
        defaulted("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: " + std::string(containers) + "}}");
    EXPECT_EQ(json::text_at(pod, "status.qosClass"), wanted) << containers;
  }
}

TEST(BuiltInDefaults, KeepTolerationsThatCoverALostNode) {
  const auto pod = defaulted(R"(
apiVersion: v1
kind: Pod
spec: {hostNetwork: true, tolerations: [{effect: NoExecute, operator: Exists}], serviceAccount: s,
       containers: [{name: a, image: "a:1", ports: [{containerPort: 80}]}]}
)");
  EXPECT_EQ(json::find(pod, "spec.tolerations")->as_array().size(), 1U);
  EXPECT_EQ(json::text_at(pod, "spec.serviceAccountName"), "s");
  EXPECT_EQ(json::int_at(json::find(pod, "spec.containers")->at(0).at("ports").at(0), "hostPort"), 80);
}

TEST(BuiltInDefaults, LeaveAPodAloneThatTheModelCannotHold) {
  const auto pod = defaulted("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, resources: {limits: {cpu: lots}}}]}}");
  EXPECT_EQ(json::write(pod.at("spec")), R"({"containers":[{"name":"a","resources":{"limits":{"cpu":"lots"}}}]})");
}

constexpr std::string_view kPodSpecDefaults =
    "dnsPolicy: ClusterFirst, schedulerName: default-scheduler, securityContext: {}, terminationGracePeriodSeconds: 30, "
    "containers: [{name: a, image: 'nginx:1', imagePullPolicy: IfNotPresent, resources: {}, "
    "terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File}]";

TEST(BuiltInDefaults, OfADeployment) {
  expect_defaults(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: d1}
spec:
  selector: {matchLabels: {app: r}}
  template: {metadata: {labels: {app: r}, creationTimestamp: null}, spec: {containers: [{name: a, image: "nginx:1"}]}}
)",
                  R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: d1}
spec:
  replicas: 1
  revisionHistoryLimit: 10
  progressDeadlineSeconds: 600
  selector: {matchLabels: {app: r}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
  template: {metadata: {labels: {app: r}}, spec: {restartPolicy: Always, )" +
                      std::string(kPodSpecDefaults) + R"(}}
status: {}
)");
}

TEST(BuiltInDefaults, OfAReplicaSetKeepZeroReplicas) {
  const auto set = defaulted("{apiVersion: apps/v1, kind: ReplicaSet, spec: {replicas: 0}}");
  EXPECT_EQ(json::write(set.at("spec")), R"({"replicas":0})");
  EXPECT_EQ(json::write(set.at("status")), R"({"replicas":0})");
}

TEST(BuiltInDefaults, OfAJobMakeItsSelectorFromItsUid) {
  expect_defaults(R"(
apiVersion: batch/v1
kind: Job
metadata: {name: j1, uid: u-1}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "nginx:1"}]}}}
)",
                  R"(
apiVersion: batch/v1
kind: Job
metadata:
  name: j1
  uid: u-1
  labels: &labels
    {batch.kubernetes.io/controller-uid: u-1, batch.kubernetes.io/job-name: j1, controller-uid: u-1, job-name: j1}
spec:
  backoffLimit: 6
  completionMode: NonIndexed
  completions: 1
  manualSelector: false
  parallelism: 1
  podReplacementPolicy: TerminatingOrFailed
  selector: {matchLabels: {batch.kubernetes.io/controller-uid: u-1}}
  suspend: false
  template: {metadata: {labels: *labels}, spec: {restartPolicy: Never, )" +
                      std::string(kPodSpecDefaults) + R"(}}
status: {}
)");
}

TEST(BuiltInDefaults, OfAJobWithIndexesAndAFailurePolicy) {
  const auto job = defaulted(R"(
apiVersion: batch/v1
kind: Job
metadata: {name: j, uid: u, labels: {own: x}}
spec: {backoffLimitPerIndex: 1, completions: 3, podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: X}]}]}}
)");
  EXPECT_EQ(json::int_at(job, "spec.backoffLimit"), 2147483647);
  EXPECT_EQ(json::int_at(job, "spec.parallelism"), 1);
  EXPECT_EQ(json::text_at(job, "spec.podReplacementPolicy"), "Failed");
  EXPECT_EQ(json::write(*json::find(job, "spec.podFailurePolicy.rules")),
            R"([{"action":"Ignore","onPodConditions":[{"type":"X","status":"True"}]}])");
  EXPECT_EQ(json::write(*json::find(job, "metadata.labels")), R"({"own":"x"})");
}

TEST(BuiltInDefaults, OfServicesDependOnTheirType) {
  expect_defaults("{apiVersion: v1, kind: Service, spec: {selector: {a: b}, ports: [{port: 80}]}}", R"(
apiVersion: v1
kind: Service
spec:
  internalTrafficPolicy: Cluster
  ipFamilies: [IPv4]
  ipFamilyPolicy: SingleStack
  ports: [{port: 80, protocol: TCP, targetPort: 80}]
  selector: {a: b}
  sessionAffinity: None
  type: ClusterIP
status: {loadBalancer: {}}
)");
  expect_defaults("{apiVersion: v1, kind: Service, spec: {clusterIP: None, ports: [{port: 80, targetPort: web}]}}", R"(
apiVersion: v1
kind: Service
spec:
  clusterIP: None
  clusterIPs: [None]
  internalTrafficPolicy: Cluster
  ipFamilies: [IPv4, IPv6]
  ipFamilyPolicy: RequireDualStack
  ports: [{port: 80, protocol: TCP, targetPort: web}]
  sessionAffinity: None
  type: ClusterIP
status: {loadBalancer: {}}
)");
  expect_defaults("{apiVersion: v1, kind: Service, spec: {type: LoadBalancer, selector: {a: b}, sessionAffinity: ClientIP}}", R"(
apiVersion: v1
kind: Service
spec:
  allocateLoadBalancerNodePorts: true
  externalTrafficPolicy: Cluster
  internalTrafficPolicy: Cluster
  ipFamilies: [IPv4]
  ipFamilyPolicy: SingleStack
  selector: {a: b}
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}
  type: LoadBalancer
status: {loadBalancer: {}}
)");
  expect_defaults("{apiVersion: v1, kind: Service, spec: {type: ExternalName, externalName: a.b}}",
                  "{apiVersion: v1, kind: Service, spec: {type: ExternalName, externalName: a.b, sessionAffinity: None}, "
                  "status: {loadBalancer: {}}}");
}

TEST(BuiltInDefaults, KeepTheAddressOfAServiceThatIsReplaced) {
  const auto before = defaulted(
      "{apiVersion: v1, kind: Service, spec: {clusterIP: 127.1.0.1, type: NodePort, "
      "ports: [{port: 80, nodePort: 31000}]}}");
  const auto given = object("{apiVersion: v1, kind: Service, spec: {type: NodePort, ports: [{port: 81}, {port: 80}]}}");
  const auto kept = with_allocations("v1", "Service", given, before);
  EXPECT_EQ(json::write(kept.at("spec")), R"({"type":"NodePort","ports":[{"port":81},{"port":80,"nodePort":31000}],)"
                                          R"("clusterIP":"127.1.0.1","clusterIPs":["127.1.0.1"]})");
  const auto left = object("{apiVersion: v1, kind: Service, spec: {type: ExternalName}}");
  EXPECT_TRUE(with_allocations("v1", "Service", left, before) == left);
}

TEST(BuiltInDefaults, WhoChangesOneSpellingOfAServicesAddressMeansBoth) {
  const json::Value before = *json::parse(R"({"spec":{"type":"ClusterIP","clusterIP":"127.1.0.1","clusterIPs":["127.1.0.1"]}})");
  const json::Value given = *json::parse(R"({"spec":{"type":"ClusterIP","clusterIP":"127.1.0.2","clusterIPs":["127.1.0.1"]}})");
  const json::Value kept = with_allocations("v1", "Service", given, before);
  EXPECT_EQ(json::write(*json::find(kept, "spec.clusterIPs")), R"(["127.1.0.2"])");
}

TEST(BuiltInDefaults, OfSecretsTurnTextsIntoBytes) {
  expect_defaults("{apiVersion: v1, kind: Secret, stringData: {a: hello, b: x}, data: {b: eQ==, c: eg==}}",
                  "{apiVersion: v1, kind: Secret, type: Opaque, data: {a: aGVsbG8=, b: eA==, c: eg==}}");
}

TEST(BuiltInDefaults, OfNamespacesDoNotComeBackWhenTheyEnd) {
  expect_defaults("{apiVersion: v1, kind: Namespace, metadata: {name: h1}}",
                  "{apiVersion: v1, kind: Namespace, metadata: {name: h1, labels: {kubernetes.io/metadata.name: h1}}, "
                  "spec: {finalizers: [kubernetes]}, status: {phase: Active}}");
  const auto ending = defaulted("{apiVersion: v1, kind: Namespace, metadata: {name: h, deletionTimestamp: t}, spec: {}}");
  EXPECT_EQ(json::write(ending.at("spec")), "{}");
}

TEST(BuiltInDefaults, OfEndpointSlicesIngressClassesAndDefinitions) {
  expect_defaults("{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, endpoints: [{addresses: [a]}], ports: [{port: 80}]}",
                  "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, endpoints: [{addresses: [a], conditions: {}}], "
                  "ports: [{port: 80, name: '', protocol: TCP}]}");
  expect_defaults("{apiVersion: networking.k8s.io/v1, kind: IngressClass, spec: {parameters: {kind: A}}}",
                  "{apiVersion: networking.k8s.io/v1, kind: IngressClass, spec: {parameters: {kind: A, scope: Cluster}}}");
  expect_defaults(
      "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {names: {kind: Foo, plural: foos}, "
      "versions: [{schema: {openAPIV3Schema: {default: null}}}]}}",
      "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {names: {kind: Foo, plural: foos, "
      "singular: foo, listKind: FooList}, conversion: {strategy: None}, versions: [{schema: {openAPIV3Schema: {default: "
      "null}}}]}}");
}

TEST(BuiltInDefaults, OfTheGatewayApiAreThoseOfItsSchemas) {
  expect_defaults(R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
spec:
  parentRefs: [{name: g}]
  rules: [{backendRefs: [{name: a, port: 80}, {name: b, port: 80, weight: 0}]}, {matches: [{headers: [{name: x, value: y}]}]}]
)",
                  R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
spec:
  parentRefs: [{name: g, group: gateway.networking.k8s.io, kind: Gateway}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs:
    - {name: a, port: 80, weight: 1, group: "", kind: Service}
    - {name: b, port: 80, weight: 0, group: "", kind: Service}
  - matches: [{path: {type: PathPrefix, value: /}, headers: [{name: x, value: y, type: Exact}]}]
)");
  const auto gateway =
      defaulted("{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {gatewayClassName: c, listeners: [{name: l}]}}");
  EXPECT_EQ(json::write(*json::find(gateway, "spec.listeners")->at(0).as_object().if_contains("allowedRoutes")),
            R"({"namespaces":{"from":"Same"}})");
  EXPECT_EQ(json::find(gateway, "status.conditions")->as_array().size(), 2U);
}

TEST(BuiltInDefaults, LeaveOurOwnAndUnknownKindsAlone) {
  const auto rollout = object("{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {a: null}}");
  EXPECT_TRUE(with_defaults("argoproj.io/v1alpha1", "Rollout", rollout) == rollout);
  EXPECT_TRUE(with_defaults("x.io/v1", "Pod", rollout) == rollout);
}

}  // namespace
}  // namespace canaria::api
