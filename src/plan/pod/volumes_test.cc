#include "plan/pod/volumes.h"

#include <gmock/gmock.h>

#include "plan/pod/pod_lab.h"

namespace canaria::plan {
namespace {

using testing::HasSubstr;

// A pod with these volumes, mounted as the container says.
std::string pod(const std::string& volumes, const std::string& mounts = R"({"name":"v","mountPath":"/etc/app"})") {
  return R"({"restartPolicy":"Always","containers":[{"name":"main","image":"web:1","command":["web"],)"
         R"("env":[{"name":"TENANT","value":"blue"}],"resources":{"limits":{"memory":"64Mi"}},"volumeMounts":[)" +
         mounts + R"(]}],"volumes":[)" + volumes + "]}";
}

// "a.txt=one 644; b=two 400"
std::string files(const PodLab& lab, const std::string& volume = "v") {
  const auto found = lab.written.find(volume);
  if (found == lab.written.end()) return "(not written)";
  std::string text;
  for (const VolumeFile& file : found->second.files) {
    char mode[8];
    std::snprintf(mode, sizeof mode, " %o", file.mode);
    text += (text.empty() ? "" : "; ") + file.path + "=" + file.content + mode;
  }
  return text;
}

TEST(Volumes, AConfigMapIsAFileForEachKey) {
  PodLab lab(pod(R"({"name":"v","configMap":{"name":"app","defaultMode":256}})"));
  lab.config_maps["app"] = {{"a.txt", "one"}, {"b", "two"}};
  lab.binary_config_maps["app"] = {{"raw", std::string("\x00\xff", 2)}};
  EXPECT_EQ(lab.settle(), "write status; write volume v; start main #0; write status");
  EXPECT_EQ(files(lab), "a.txt=one 400; b=two 400; raw=" + std::string("\x00\xff", 2) + " 400");
  ASSERT_EQ(lab.last_launch.mounts.size(), 1U);
  EXPECT_EQ(lab.last_launch.mounts[0].path, "/etc/app");
  EXPECT_TRUE(lab.last_launch.mounts[0].is_read_only);
}

TEST(Volumes, ItemsChooseKeysPathsAndModes) {
  PodLab lab(pod(R"({"name":"v","secret":{"secretName":"keys","items":[{"key":"tls","path":"certs/tls.pem","mode":256},)"
                 R"({"key":"user","path":"user"}]}})"));
  lab.secrets["keys"] = {{"tls", "PEM"}, {"user", "me"}, {"other", "x"}};
  lab.settle();
  EXPECT_EQ(files(lab), "certs/tls.pem=PEM 400; user=me 644");
  PodLab without(pod(R"({"name":"v","secret":{"secretName":"keys","items":[{"key":"x","path":"x"}]}})"));
  without.secrets["keys"] = {};
  EXPECT_THAT(without.settle(), HasSubstr("for volume \"v\" : references non-existent secret key: x"));
}

TEST(Volumes, WhatIsMissingIsWaitedForAndToldOnce) {
  PodLab lab(pod(R"({"name":"v","configMap":{"name":"app","items":[{"key":"k","path":"k"}]}})"));
  EXPECT_EQ(lab.settle(),
            "write status; event Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : configmap \"app\" not found");
  EXPECT_EQ(lab.state(), "waiting ContainerCreating");
  lab.config_maps["app"] = {};
  EXPECT_EQ(lab.settle(),
            "event Warning FailedMount: MountVolume.SetUp failed for volume \"v\" : configmap references "
            "non-existent config key: k");
  lab.config_maps["app"] = {{"k", "1"}};
  EXPECT_EQ(lab.settle(), "write volume v; start main #0; write status");
  lab.config_maps.clear();
  EXPECT_EQ(lab.settle(), "") << "what is there stays";
  lab.config_maps["app"] = {{"k", "2"}};
  EXPECT_EQ(lab.settle(), "write volume v");
  EXPECT_EQ(files(lab), "k=2 644");
}

TEST(Volumes, OptionalOnesMayBeMissing) {
  PodLab lab(pod(R"({"name":"v","configMap":{"name":"app","optional":true}})"));
  lab.settle();
  EXPECT_EQ(lab.state(), "running");
  EXPECT_EQ(files(lab), "");
}

TEST(Volumes, TheDownwardApiFollowsThePod) {
  PodLab lab(pod(R"({"name":"v","downwardAPI":{"items":[{"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}},)"
                 R"({"path":"name","fieldRef":{"fieldPath":"metadata.name"}},{"path":"memory",)"
                 R"("resourceFieldRef":{"containerName":"main","resource":"limits.memory","divisor":"1Mi"}}]}})"));
  lab.settle();
  EXPECT_EQ(files(lab), "labels=app=\"web\" 644; memory=64 644; name=web 644");
}

TEST(Volumes, ProjectedOnesPutSourcesTogether) {
  PodLab lab(pod(R"({"name":"v","projected":{"defaultMode":288,"sources":[{"configMap":{"name":"app"}},)"
                 R"({"secret":{"name":"keys","items":[{"key":"a","path":"deep/a"}]}},)"
                 R"({"downwardAPI":{"items":[{"path":"ns","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}})"));
  lab.config_maps["app"] = {{"a", "1"}};
  lab.secrets["keys"] = {{"a", "2"}};
  lab.settle();
  EXPECT_EQ(files(lab), "a=1 440; deep/a=2 440; ns=shop 440");
}

TEST(Volumes, MountsSayWhereAndWhat) {
  PodLab lab(pod(R"({"name":"v","emptyDir":{}},{"name":"h","hostPath":{"path":"/srv","type":"Directory"}})",
                 R"({"name":"v","mountPath":"/data/","subPathExpr":"$(TENANT)/x"},)"
                 R"({"name":"h","mountPath":"/srv/own","readOnly":true})"));
  lab.settle();
  const auto& mounts = lab.last_launch.mounts;
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].path + " " + mounts[0].sub_path, "/data blue/x");
  EXPECT_FALSE(mounts[0].is_read_only);
  EXPECT_EQ(mounts[1].host_path, "/srv");
  EXPECT_TRUE(mounts[1].is_read_only);
}

TEST(Volumes, WhatAMachineDoesNotHaveIsRefused) {
  PodLab claim(pod(R"({"name":"v","persistentVolumeClaim":{"claimName":"c"}})"));
  claim.settle();
  EXPECT_EQ(claim.state(),
            "waiting CreateContainerConfigError: volume \"v\": persistentVolumeClaim is not supported by a single "
            "machine; use hostPath with a folder of this machine, or emptyDir");
  PodLab other(pod(R"({"name":"v","nfs":{"server":"x","path":"/"}})"));
  other.settle();
  EXPECT_THAT(other.state(), HasSubstr("its kind of volume is not supported"));
  PodLab outside(pod(R"({"name":"v","emptyDir":{}})", R"({"name":"v","mountPath":"/a","subPath":"x/../../y"})"));
  outside.settle();
  EXPECT_THAT(outside.state(), HasSubstr("must be a relative path that stays in the volume"));
}

TEST(Volumes, AFailedWriteIsTriedAgainLater) {
  PodLab lab(pod(R"({"name":"v","emptyDir":{}})"));
  lab.snapshot.volumes.write_failures["v"] = StartFailure{lab.snapshot.now, 3, "no space left on device"};
  EXPECT_THAT(lab.settle(), HasSubstr("FailedMount: MountVolume.SetUp failed for volume \"v\" : no space left on device"));
  EXPECT_EQ(lab.wake(), Millis(2000));
  EXPECT_EQ(lab.settle(), "write volume v; start main #0; write status");
}

}  // namespace
}  // namespace canaria::plan
