// Golden hashes of the reference, canonical text, defaults, and the comparison of live and desired templates.
#include "api/core/pod_template.h"

#include <gtest/gtest.h>

#include <array>

#include "api/core/pod_defaults.h"

namespace canaria::api {
namespace {

std::string canonical_of(std::string_view text) { return canonical_pod_template(json::parse(text).value()); }
std::string hash_of(std::string_view text) { return pod_template_hash(canonical_of(text), std::nullopt); }
json::Value defaulted(std::string_view text) { return with_pod_defaults(json::parse(text).value()); }
bool same(std::string_view live, std::string_view desired) {
  return same_pod_template(canonical_of(live), canonical_of(desired));
}

constexpr std::string_view kDemo =
    R"({"metadata":{"labels":{"app":"demo"}},"spec":{"containers":[{"name":"demo","image":"nginx:1.25","resources":{}}]}})";

TEST(PodTemplateHash, MatchesTheReference) {
  EXPECT_EQ(canonical_of(kDemo), kDemo);
  EXPECT_EQ(pod_template_hash(kDemo, std::nullopt), "56459f669d");
  EXPECT_EQ(pod_template_hash(kDemo, 1), "77567764bc");
  EXPECT_EQ(canonical_of("{}"), R"({"metadata":{},"spec":{"containers":null}})");
  EXPECT_EQ(canonical_pod_template(nullptr), R"({"metadata":{},"spec":{"containers":null}})");
  EXPECT_EQ(hash_of("null"), "658c46c486");
  EXPECT_EQ(pod_template_hash(R"({"metadata":{"creationTimestamp":null,"labels":{"app":"demo"}},"spec":{"containers":)"
                              R"([{"name":"demo","image":"nginx:1.25","resources":{}}]}})", std::nullopt),
            "78868df7c4");
  EXPECT_EQ(hash_of(R"({"spec":{"containers":[{"resources":{"requests":{"memory":"16Mi","cpu":"5m"}},"name":"canary-scaledowndelay",
    "image":"nginx:1.19-alpine","ports":[{"protocol":"TCP","containerPort":80,"name":"http"}]}]},
    "metadata":{"labels":{"app":"canary-scaledowndelay"}}})"), "674d8cf959");
}

// Templates as a user writes them, after the defaults of the CRD, and the names the reference gave their ReplicaSets.
TEST(PodTemplateHash, MatchesRecordedReplicaSets) {
  struct Recorded {
    std::string_view pod_template;
    std::string_view hash;
  };
  static constexpr std::array kRecorded{
      Recorded{R"({"metadata":{"labels":{"app":"app"}},"spec":{"containers":[{"image":"example/app:1","name":"main","ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"requests":{"cpu":"5m","memory":"8Mi"}}}]}})", "6bff59786c"},
      Recorded{R"({"metadata":{"labels":{"app":"app"}},"spec":{"containers":[{"image":"example/app:2","name":"main","ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"requests":{"cpu":"5m","memory":"8Mi"}}}]}})", "7f95877498"},
      Recorded{R"({"metadata":{"labels":{"app":"app"}},"spec":{"containers":[{"image":"example/app:3","name":"main","ports":[{"containerPort":8080,"protocol":"TCP"}],"resources":{"requests":{"cpu":"5m","memory":"8Mi"}}}]}})", "6cdb65fdbf"},
  };
  for (const auto& [pod_template, hash] : kRecorded) EXPECT_EQ(hash_of(pod_template), hash) << pod_template;
}

TEST(CanonicalPodTemplate, FollowsTheModelNotTheInput) {
  EXPECT_EQ(canonical_of(R"({"spec":{"schedulingGates":[],"nodeSelector":{"z":"1","a":"2"},"hostPID":false,"priority":0,
      "shareProcessNamespace":false,"unknown":1,"restartPolicy":7,"volumes":[{"name":"v","emptyDir":{"sizeLimit":"1024Mi"}}],
      "containers":[{"env":[{"name":"A","value":""},{"valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}},"name":"B"}],
        "image":"a<b>&c","name":"x","resources":{"limits":{"memory":1,"cpu":0.5,"bad":"x"}},"stdin":false,
        "livenessProbe":{"httpGet":{"port":"http"},"grpc":{"port":9}},"securityContext":{}}]}})"),
            R"({"metadata":{},"spec":{"volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}}],"containers":[{"name":"x",)"
            R"("image":"a\u003cb\u003e\u0026c","env":[{"name":"A"},{"name":"B","valueFrom":{"resourceFieldRef":{"resource":)"
            R"("limits.cpu","divisor":"0"}}}],"resources":{"limits":{"bad":"0","cpu":"500m","memory":"1"}},"livenessProbe":)"
            R"({"httpGet":{"port":"http"},"grpc":{"port":9,"service":null}},"securityContext":{}}],"nodeSelector":)"
            R"({"a":"2","z":"1"},"shareProcessNamespace":false,"priority":0}})");
}

TEST(PodDefaults, FillWhatTheApiServerFills) {
  EXPECT_EQ(canonical_pod_template(defaulted(R"({"spec":{"containers":[{"name":"a","image":"nginx","ports":[{"containerPort":80}],
      "readinessProbe":{"httpGet":{"port":80}},"lifecycle":{"preStop":{"httpGet":{"port":80}}},
      "env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"resources":{"requests":{"cpu":"100u"}}}],
      "volumes":[{"name":"e"},{"name":"c","configMap":{"name":"c"}},{"name":"s","secret":{"secretName":"s","defaultMode":256}},
        {"name":"p","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}},{"name":"h","hostPath":{"path":"/"}}]}})")),
            R"({"metadata":{},"spec":{"volumes":[{"name":"e","emptyDir":{}},{"name":"c","configMap":{"name":"c","defaultMode":420}},)"
            R"({"name":"s","secret":{"secretName":"s","defaultMode":256}},{"name":"p","projected":{"sources":[)"
            R"({"serviceAccountToken":{"expirationSeconds":3600,"path":"t"}}],"defaultMode":420}},{"name":"h","hostPath":)"
            R"({"path":"/","type":""}}],"containers":[{"name":"a","image":"nginx","ports":[{"containerPort":80,"protocol":"TCP"}],)"
            R"("env":[{"name":"N","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}}],)"
            R"("resources":{"requests":{"cpu":"1m"}},"readinessProbe":{"httpGet":{"path":"/","port":80,"scheme":"HTTP"},)"
            R"("timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},"lifecycle":{"preStop":{"httpGet":)"
            R"({"path":"/","port":80,"scheme":"HTTP"}}},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":)"
            R"("File","imagePullPolicy":"Always"}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":)"
            R"("ClusterFirst","securityContext":{},"schedulerName":"default-scheduler"}})");
}

TEST(PodDefaults, DoNotTouchWhatIsSet) {
  const auto pod = defaulted(R"({"spec":{"restartPolicy":"Never","terminationGracePeriodSeconds":0,"containers":
      [{"name":"a","image":"nginx","imagePullPolicy":"Never","livenessProbe":{"periodSeconds":3}}]}})");
  EXPECT_EQ(json::text_at(pod, "spec.restartPolicy"), "Never");
  EXPECT_EQ(json::int_at(pod, "spec.terminationGracePeriodSeconds", -1), 0);
  EXPECT_EQ(defaulted("null").as_object().size(), 2U);
}

TEST(PodDefaults, ReadTagsOfImages) {
  EXPECT_EQ(default_pull_policy("nginx"), "Always");
  EXPECT_EQ(default_pull_policy("nginx:latest"), "Always");
  EXPECT_EQ(default_pull_policy("host:5000/nginx"), "Always");
  EXPECT_EQ(default_pull_policy("nginx:1.25"), "IfNotPresent");
  EXPECT_EQ(default_pull_policy("host:5000/team/nginx:1"), "IfNotPresent");
  EXPECT_EQ(default_pull_policy("nginx@sha256:0123"), "IfNotPresent");
  EXPECT_EQ(default_pull_policy("nginx:latest@sha256:0123"), "Always");
}

TEST(SamePodTemplate, IgnoresDefaultsHashLabelAndSpelling) {
  constexpr std::string_view kDesired = R"({"metadata":{"labels":{"app":"a"}},"spec":{"serviceAccountName":"sa","containers":
      [{"name":"a","image":"nginx:1","resources":{"limits":{"memory":"1024Mi","cpu":"0.0001"}}}]}})";
  constexpr std::string_view kLive = R"({"metadata":{"labels":{"app":"a","rollouts-pod-template-hash":"abc"},"annotations":{}},
      "spec":{"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
      "schedulerName":"default-scheduler","serviceAccountName":"sa","serviceAccount":"sa","containers":[{"name":"a","image":"nginx:1",
      "imagePullPolicy":"IfNotPresent","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
      "resources":{"limits":{"memory":"1073741824","cpu":"1m"}}}]}})";
  EXPECT_TRUE(same(kLive, kDesired));
  EXPECT_TRUE(same(kDesired, kDesired));
  EXPECT_FALSE(same(kLive, R"({"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"nginx:2"}]}})"));
  EXPECT_TRUE(same(R"({"spec":{"hostNetwork":true,"serviceAccountName":"s","serviceAccount":"s",
                       "containers":[{"name":"a","ports":[{"containerPort":80,"hostPort":80}]}]}})",
                   R"({"spec":{"hostNetwork":true,"serviceAccount":"s","containers":[{"name":"a","ports":[{"containerPort":80}]}]}})"));
  EXPECT_FALSE(same(R"({"metadata":{"labels":{"app":"b"}}})", R"({"metadata":{"labels":{"app":"a"}}})"));
}

}  // namespace
}  // namespace canaria::api
