// What a real API server (1.36) said about objects with one mistake each: the beginning of every line of its answer.
#include <gtest/gtest.h>

#include "api/built_in_defaults.h"
#include "api/built_in_validation.h"
#include "json/value.h"

namespace canaria::api {
namespace {

struct Answer {
  const char* object;
  std::vector<std::string> lines;
};

void expect_all(const std::vector<Answer>& answers) {
  for (const Answer& answer : answers) {
    const json::Value given = *json::parse(answer.object);
    const auto version = json::text_at(given, "apiVersion");
    const auto kind = json::text_at(given, "kind");
    const auto found = validate(version, kind, with_defaults(version, kind, given), nullptr);
    ASSERT_EQ(found.size(), answer.lines.size()) << answer.object;
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_EQ((found[i].path + ": " + found[i].text).substr(0, answer.lines[i].size()), answer.lines[i]) << answer.object;
  }
}

TEST(AnswersOfKubernetes, OfPods) {
  expect_all({
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"aaaaaaaaaaaaaaaaaaaaaaaaa)"
       R"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","image":"x:1"}]}})",
       {"spec.containers[0].name: Invalid value: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": must be "
        "no more than 63 characters"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"a.b","image":"x:1"}]}})",
       {"spec.containers[0].name: Invalid value: \"a.b\": must not contain dots"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","ports":)"
       R"([{"containerPort":80,"hostPort":80},{"containerPort":81,"hostPort":80}]}]}})",
       {"spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//80\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","env":[{)"
       R"("name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels"}}}]}]}})",
       {"spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: \"metadata.labels\": supported values: \"me"
        "tadata.name\", \"metadata.namespace\", \"metadata.uid\", \"spec.nodeName\", \"spec.serviceAccountName\", \"status.host"
        "IP\", \"s"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","env":[{)"
       R"("name":"A","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"3"}}}]}]}})",
       {"spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: \"limits.cpu\": only divisor's values 1m "
        "and 1 are supported with the cpu resource"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","resourc)"
       R"(es":{"limits":{"hugepages-2Mi":"2Mi"}}}]}})",
       {"spec.containers[0].resources: Forbidden: HugePages require cpu or memory"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","resourc)"
       R"(es":{"claims":[{"name":"x"}]}}]}})",
       {"spec.containers[0].resources.claims[0]: Not found: \"x\": must be one of the names in pod.spec.resourceClaims which is"
        " empty"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","resourc)"
       R"(es":{"requests":{"pods":"1"}}}]}})",
       {"spec.containers[0].resources.requests[pods]: Invalid value: \"pods\": must be a standard resource for containers"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","livenes)"
       R"(sProbe":{"httpGet":{"port":80,"httpHeaders":[{"name":"a b","value":""}]}}}]}})",
       {"spec.containers[0].livenessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","volumeM)"
       R"(ounts":[{"name":"v","mountPath":"/a","subPath":"/x","subPathExpr":"y"}]}],"volumes":[{"name":"v","emptyDir":{}}])"
       R"(}})",
       {"spec.containers[0].volumeMounts.subPath: Invalid value: \"/x\": must be a relative path",
        "spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: \"y\": subPathExpr and subPath are mutually exclusive"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","volumeM)"
       R"(ounts":[{"name":"v","mountPath":"/a:b","mountPropagation":"x"}]}],"volumes":[{"name":"v","emptyDir":{}}]}})",
       {"spec.containers[0].volumeMounts.mountPropagation: Unsupported value: \"x\": supported values: \"Bidirectional\", \"Hos"
        "tToContainer\", \"None\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","volumeM)"
       R"(ounts":[{"name":"v","mountPath":"/a","recursiveReadOnly":"Enabled"}]}],"volumes":[{"name":"v","emptyDir":{}}]}})",
       {"spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","hostPath":{"path":"/a/../b","type":"X"}}]}})",
       {"spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
        "spec.volumes[0].hostPath.type: Unsupported value: \"X\": supported values: \"\", \"BlockDevice\", \"CharDevice\", \"Di"
        "rectory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","configMap":{"name":"a","defaultMode":1000}}]}})",
       {"spec.volumes[0].configMap.defaultMode: Invalid value: 1000: must be a number between 0 and 0777 (octal), both inclusiv"
        "e"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","configMap":{"name":"a","items":[{"key":"","path":""}]}}]}})",
       {"spec.volumes[0].configMap.items[0].key: Required value", "spec.volumes[0].configMap.items[0].path: Required value"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","secret":{"secretName":"a","items":[{"key":"a","path":"../x","mode":-1}]}}]}})",
       {"spec.volumes[0].secret.items[0].path: Invalid value: \"../x\": must not contain '..'",
        "spec.volumes[0].secret.items[0].mode: Invalid value: -1: must be a number between 0 and 0777 (octal), both inclusive"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","emptyDir":{"sizeLimit":"-1"}}]}})",
       {"spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","downwardAPI":{"items":[{"path":"a"}]}}]}})",
       {"spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","csi":{}}]}})",
       {"spec.volumes[0].csi.driver: Required value"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"volum)"
       R"(es":[{"name":"v","nfs":{"server":"a","path":"x"}}]}})",
       {"spec.volumes[0].nfs.path: Invalid value: \"x\": must be an absolute path"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"dnsPo)"
       R"(licy":"None"}})",
       {"spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"hostn)"
       R"(ame":"A.b"}})",
       {"spec.hostname: Invalid value: \"A.b\": a lowercase RFC 1123 label must consist of"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"subdo)"
       R"(main":"A.b"}})",
       {"spec.subdomain: Invalid value: \"A.b\": a lowercase RFC 1123 label must consist of"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"secur)"
       R"(ityContext":{"fsGroup":-1,"supplementalGroups":[-1]}}})",
       {"spec.securityContext.fsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
        "spec.securityContext.supplementalGroups[0]: Invalid value: -1: must be between 0 and 2147483647, inclusive"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"secur)"
       R"(ityContext":{"seccompProfile":{"type":"X"}}}})",
       {"spec.securityContext.seccompProfile.type: Unsupported value: \"X\": supported values: \"Localhost\", \"RuntimeDefault"
        "\", \"Unconfined\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"secur)"
       R"(ityContext":{"sysctls":[{"name":"A B","value":"1"}]}}})",
       {"spec.securityContext.sysctls[0].name: Invalid value: \"A B\": must have at most 253 characters and match regex ^([a-z0"
        "-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","securit)"
       R"(yContext":{"privileged":true,"allowPrivilegeEscalation":false}}]}})",
       {"spec.containers[0].securityContext: Invalid value: {\"Capabilities\":null,\"Privileged\":true,\"SELinuxOptions\":null,"
        "\"WindowsOptions\":null,\"RunAsUser\":null,\"RunAsGroup\":null,\"RunAsNonRoot\":null,\"ReadOnlyRootFilesystem\":null,"
        "\"AllowPrivi"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","securit)"
       R"(yContext":{"procMount":"X"}}]}})",
       {"spec.containers[0].securityContext.procMount: Unsupported value: \"X\": supported values: \"Default\", \"Unmasked\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","securit)"
       R"(yContext":{"runAsUser":-5}}]}})",
       {"spec.containers[0].securityContext.runAsUser: Invalid value: -5: must be between 0 and 2147483647, inclusive"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","ports":)"
       R"([{"containerPort":80,"hostPort":81}]}],"hostNetwork":true}})",
       {"spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"affin)"
       R"(ity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}}}})",
       {"spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have"
        " at least one node selector term"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"affin)"
       R"(ity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions")"
       R"(:[{"key":"a","operator":"X"}]}]}}}}})",
       {"spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].ope"
        "rator: Invalid value: \"X\": not a valid selector operator"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"affin)"
       R"(ity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"a":)"
       R"("b"}}}]}}}})",
       {"spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not b"
        "e empty",
        "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name"
        " part must",
        "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"\": name"
        " part must"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"affin)"
       R"(ity":{"podAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":0,"podAffinityTerm":{"topology)"
       R"(Key":"a b"}}]}}}})",
       {"spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the "
        "range 1-100",
        "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Invalid valu"
        "e: \"a b\": name part must"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"topol)"
       R"(ogySpreadConstraints":[{"maxSkew":0,"topologyKey":"","whenUnsatisfiable":"X"}]}})",
       {"spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
        "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
        "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"X\": supported values: \"DoNotSchedule\", \""
        "ScheduleAnyway\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"topol)"
       R"(ogySpreadConstraints":[{"maxSkew":1,"topologyKey":"a","whenUnsatisfiable":"DoNotSchedule"},{"maxSkew":1,"topolog)"
       R"(yKey":"a","whenUnsatisfiable":"DoNotSchedule"}]}})",
       {"spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: \"{a, DoNotSchedule}\""}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"sched)"
       R"(ulingGates":[{"name":"a b"}]}})",
       {"spec.schedulingGates[0]: Invalid value: \"a b\": name part must"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"readi)"
       R"(nessGates":[{"conditionType":"a b"}]}})",
       {"spec.readinessGates[0].conditionType: Invalid value: \"a b\": name part must"}},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1"}],"os":{)"
       R"("name":"x"}}})",
       {"spec.os: Unsupported value: \"x\": supported values: \"linux\", \"windows\""}},
  });
}

TEST(AnswersOfKubernetes, OfJobs) {
  expect_all({
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"completionMode":"Indexed","completions":3,"parallelism")"
       R"(:200000}})",
       {"spec.parallelism: Invalid value: 200000: must be less than or equal to 100000 when completion mode is Indexed"}},
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"podFailurePolicy":{"rules":[{"action":"FailJob","onExit)"
       R"(Codes":{"operator":"In","values":[0]}}]}}})",
       {"spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator"}},
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"podFailurePolicy":{"rules":[{"action":"FailJob","onExit)"
       R"(Codes":{"operator":"In","values":[]}}]}}})",
       {"spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []: at least one value is required"}},
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"successPolicy":{"rules":[]}}})",
       {"spec.successPolicy: Invalid value: {\"Rules\":[]}: requires indexed completion mode"}},
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"successPolicy":{"rules":[{}]}}})",
       {"spec.successPolicy: Invalid value: {\"Rules\":[{\"SucceededIndexes\":null,\"SucceededCount\":null}]}: requires indexed"
        " completion mode"}},
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"maxFailedIndexes":1}})",
       {"spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
        "spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode"}},
      {R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{"containers")"
       R"(:[{"name":"c","image":"x:1"}],"restartPolicy":"Never"}},"managedBy":"x"}})",
       {"spec.managedBy: Invalid value: \"x\": must be a domain-prefixed path (such as \"acme.io/foo\")"}},
  });
}

TEST(AnswersOfKubernetes, OfServices) {
  expect_all({
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"name":"a)"
       R"(","port":80},{"name":"b","port":80}]}})",
       {"spec.ports[1]: Duplicate value: {\"Name\":\"\",\"Protocol\":\"TCP\",\"AppProtocol\":null,\"Port\":80,\"TargetPort\":0,"
        "\"NodePort\":0}"}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(,"appProtocol":"a b"}]}})",
       {"spec.ports[0].appProtocol: Invalid value: \"a b\": name part must"}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(}],"type":"ExternalName","externalName":"a.b","clusterIP":"1.2.3.4"}})",
       {"spec.clusterIPs: Forbidden: may not be set for ExternalName services"}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(}],"loadBalancerSourceRanges":["x"]}})",
       {"spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.LoadBalancerSourceRanges[0]: Invalid value: \"x\": must be a valid CIDR value, (e.g."}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(}],"healthCheckNodePort":5}})",
       {"spec.healthCheckNodePort: Invalid value: 5: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` "
        "is 'Local'"}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(}],"trafficDistribution":"X"}})",
       {"spec.trafficDistribution: Unsupported value: \"X\": supported values: \"PreferClose\", \"PreferSameZone\", \"PreferSam"
        "eNode\""}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(}],"loadBalancerClass":"x/y"}})",
       {"spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"}},
      {R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"app":"web"},"ports":[{"port":80)"
       R"(}],"allocateLoadBalancerNodePorts":true}})",
       {"spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'"}},
  });
}

TEST(AnswersOfKubernetes, OfOtherKinds) {
  expect_all({
      {R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"app":"we)"
       R"(b"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"x:1"}]}},"strate)"
       R"(gy":{"type":"X"}}})",
       {"spec.strategy: Unsupported value: {\"Type\":\"X\",\"RollingUpdate\":null}: supported values: \"Recreate\", \"RollingUp"
        "date\""}},
      {R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i"},"spec":{"rules":[{"host":"a.b","ht)"
       R"(tp":{"paths":[{"path":"/","pathType":"Prefix","backend":{"resource":{"kind":"","name":""}}}]}}]}})",
       {"spec.rules[0].http.paths[0].backend.resource.kind: Required value",
        "spec.rules[0].http.paths[0].backend.resource.name: Required value"}},
      {R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"m"},"data":{".dockerconfigjson":"eA=="},"type":"kubernete)"
       R"(s.io/dockerconfigjson"})",
       {"data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'x' looking for beginning of"
        " value"}},
      {R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"m"},"data":{"a":"MQ=="},"type":"kubernetes.io/service-acc)"
       R"(ount-token"})",
       {"metadata.annotations[kubernetes.io/service-account.name]: Required value"}},
      {R"({"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"r"},"spec":{"minAvailable":"150%","se)"
       R"(lector":{"matchLabels":{"app":"web"}}}})",
       {"spec.minAvailable: Invalid value: \"150%\": must not be greater than 100%"}},
      {R"({"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"r"},"spec":{"minAvailable":1,"selecto)"
       R"(r":{"matchLabels":{"app":"web"}},"maxUnavailable":1}})",
       {"spec: Invalid value: {\"MinAvailable\":1,\"Selector\":{\"matchLabels\":{\"app\":\"web\"}},\"MaxUnavailable\":1,\"Unhea"
        "lthyPodEvictionPolicy\":null}: minAvailable and maxUnavailable cannot be both set"}},
      {R"({"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"r"},"spec":{"minAvailable":1,"selecto)"
       R"(r":{"matchLabels":{"a b":"c"}}}})",
       {"spec.selector.matchLabels: Invalid value: \"a b\": name part must"}},
      {R"({"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"r"},"spec":{"minAvailable":1,"selecto)"
       R"(r":{"matchLabels":{"app":"web"}},"unhealthyPodEvictionPolicy":"X"}})",
       {"spec.unhealthyPodEvictionPolicy: Unsupported value: \"X\": supported values: \"AlwaysAllow\", \"IfHealthyBudget\""}},
      {R"({"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"r"},"addressType":"X","endpoints")"
       R"(:[{"addresses":["1.2.3.4"]}],"ports":[{"name":"a","port":80,"protocol":"TCP"}]})",
       {"addressType: Unsupported value: \"X\": supported values: \"FQDN\", \"IPv4\", \"IPv6\""}},
      {R"({"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"r"},"addressType":"IPv4","endpoin)"
       R"(ts":[{"addresses":["1.2.3.4"],"hostname":"A B"}],"ports":[{"name":"a","port":80,"protocol":"TCP"}]})",
       {"endpoints[0].hostname: Invalid value: \"A B\": a lowercase RFC 1123 label must consist of"}},
      {R"({"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"r"},"spec":{"controller":"x"}})",
       {"spec.controller: Invalid value: \"x\": must be a domain-prefixed path (such as \"acme.io/foo\")"}},
      {R"({"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"r"},"spec":{"controller":"a.b/c",)"
       R"("parameters":{"kind":"","name":""}}})",
       {"spec.parameters.kind: Required value", "spec.parameters.name: Required value"}},
      {R"({"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"r"},"spec":{"controller":"a.b/c",)"
       R"("parameters":{"apiGroup":"A B","kind":"a","name":"b","scope":"X"}}})",
       {"spec.parameters.apiGroup: Invalid value: \"A B\": a lowercase RFC 1123 subdomain must consist of",
        "spec.parameters.scope: Unsupported value: \"X\": supported values: \"Cluster\", \"Namespace\""}},
  });
}

}  // namespace
}  // namespace canaria::api
