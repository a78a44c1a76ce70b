#include "kube/kubeconfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

#include "kube/base64.h"

namespace canaria::kube {
namespace {

using testing::HasSubstr;

class Config : public testing::Test {
 protected:
  Config() : folder(std::filesystem::path(testing::TempDir()) / ("canaria-kubeconfig-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
    surroundings.environment = [this](const char* name) { return environment[name]; };
    surroundings.service_account = path("account");
  }
  ~Config() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string& name) const { return (folder / name).string(); }
  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << content;
  }
  ClusterAccess load() {
    auto access = load_access(flags, surroundings);
    EXPECT_TRUE(access) << access.error().message;
    return access.value_or(ClusterAccess());
  }
  std::string refused() {
    const auto access = load_access(flags, surroundings);
    return access ? "accepted" : access.error().message;
  }

  std::filesystem::path folder;
  std::map<std::string, std::string> environment;
  Surroundings surroundings;
  AccessFlags flags;
};

constexpr const char* kTwo = R"(
apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: one, user: alice, namespace: shop}}
- {name: prod, context: {cluster: two, user: robot}}
clusters:
- name: one
  cluster: {server: "https://one:6443/", certificate-authority: pki/ca.crt, proxy-url: "http://proxy:3128"}
- name: two
  cluster: {server: "https://two", insecure-skip-tls-verify: true, tls-server-name: kubernetes}
users:
- name: alice
  user: {client-certificate-data: Q0VSVA==, client-key-data: S0VZ, as: bob, as-groups: [ops, dev]}
- name: robot
  user:
    tokenFile: token
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [a, b], env: [{name: K, value: v}], provideClusterInfo: true}
)";

TEST_F(Config, ReadsTheCurrentContext) {
  write("config", kTwo);
  write("pki/ca.crt", "CA");
  flags.kubeconfig = path("config");
  const ClusterAccess access = load();
  EXPECT_EQ(access.server, "https://one:6443");
  EXPECT_EQ(access.peer.ca_pem, "CA");
  EXPECT_EQ(access.peer.certificate_pem, "CERT");
  EXPECT_EQ(access.peer.key_pem, "KEY");
  EXPECT_EQ(access.peer.proxy_url, "http://proxy:3128");
  EXPECT_EQ(access.namespace_, "shop");
  EXPECT_EQ(access.impersonation, (HttpHeaders{{"Impersonate-User", "bob"}, {"Impersonate-Group", "ops"}, {"Impersonate-Group", "dev"}}));
}

TEST_F(Config, AnotherContextWithPathsRelativeToTheFile) {
  write("config", kTwo);
  flags.kubeconfig = path("config");
  flags.context = "prod";
  const ClusterAccess access = load();
  EXPECT_EQ(access.server, "https://two");
  EXPECT_EQ(access.peer.verify, Verify::kNo);
  EXPECT_EQ(access.peer.server_name, "kubernetes");
  EXPECT_EQ(access.namespace_, "default");
  EXPECT_EQ(access.token_file, path("token"));
  ASSERT_TRUE(access.exec);
  EXPECT_EQ(access.exec->command, path("./login"));
  EXPECT_THAT(access.exec->arguments, testing::ElementsAre("a", "b"));
  EXPECT_TRUE(access.exec->wants_cluster);
}

TEST_F(Config, MergesTheFilesOfKubeconfigAndTheFirstWins) {
  write("first", "current-context: c\nusers: [{name: u, user: {token: first}}]\n");
  write("second", "current-context: d\nusers: [{name: u, user: {token: second}}]\n"
                  "contexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: {server: host}}]\n");
  environment["KUBECONFIG"] = path("missing") + ":" + path("first") + ":" + path("second");
  const ClusterAccess access = load();
  EXPECT_EQ(access.server, "https://host");
  EXPECT_EQ(access.token, "first");
}

TEST_F(Config, FallsBackToHomeThenToThePod) {
  EXPECT_THAT(refused(), HasSubstr("no kubeconfig found"));
  write("account/token", "t");
  write("account/ca.crt", "CA");
  write("account/namespace", "rollouts\n");
  environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
  environment["KUBERNETES_SERVICE_PORT"] = "443";
  const ClusterAccess pod = load();
  EXPECT_EQ(pod.server, "https://10.0.0.1:443");
  EXPECT_EQ(pod.token_file, path("account/token"));
  EXPECT_EQ(pod.namespace_, "rollouts");
  EXPECT_EQ(own_namespace(surroundings), "rollouts");
  environment["HOME"] = folder.string();
  write(".kube/config", kTwo);
  write(".kube/pki/ca.crt", "CA");
  EXPECT_EQ(load().server, "https://one:6443");
}

TEST_F(Config, FlagsOverride) {
  write("config", kTwo);
  write("other.crt", "OTHER");
  flags.kubeconfig = path("config");
  flags.context = "dev";
  flags.cluster = "two";
  flags.user = "robot";
  flags.token = "mine";
  flags.server = "https://three:1";
  flags.namespace_ = "ns";
  flags.request_timeout = "1m30s";
  flags.as = "carol";
  const ClusterAccess access = load();
  EXPECT_EQ(access.server, "https://three:1");
  EXPECT_EQ(access.token, "mine");
  EXPECT_TRUE(access.token_file.empty());
  EXPECT_FALSE(access.exec);
  EXPECT_EQ(access.namespace_, "ns");
  EXPECT_EQ(access.request_timeout, Millis(90'000));
  EXPECT_TRUE(access.peer.server_name.empty()) << "the name belonged to the server that was replaced";
  EXPECT_EQ(access.impersonation, (HttpHeaders{{"Impersonate-User", "carol"}}));
}

TEST_F(Config, InsecureFlagDropsTheAuthority) {
  write("config", kTwo);
  flags.kubeconfig = path("config");
  flags.insecure_skip_tls_verify = true;
  EXPECT_EQ(load().peer.verify, Verify::kNo);
  EXPECT_TRUE(load().peer.ca_pem.empty());
}

TEST_F(Config, SaysWhatIsWrongAndWhere) {
  flags.kubeconfig = path("config");
  EXPECT_THAT(refused(), HasSubstr(path("config") + ": No such file or directory"));
  write("config", "contexts: {\n");
  EXPECT_THAT(refused(), HasSubstr("kubeconfig " + path("config")));
  write("config", "just text");
  EXPECT_THAT(refused(), HasSubstr("is not a kubeconfig file"));
  write("config", kTwo);
  EXPECT_THAT(refused(), HasSubstr("certificate-authority: " + path("pki/ca.crt") + ": No such file"));
  flags.context = "nope";
  EXPECT_THAT(refused(), HasSubstr("context \"nope\" does not exist; known are: dev, prod"));
  flags.context = "prod";
  flags.cluster = "x";
  EXPECT_THAT(refused(), HasSubstr("cluster \"x\" does not exist; known are: one, two"));
  flags.cluster.clear();
  flags.certificate_authority = path("config");
  EXPECT_THAT(refused(), HasSubstr("together with insecure-skip-tls-verify"));
  flags.certificate_authority.clear();
  flags.server = "ftp://x";
  EXPECT_THAT(refused(), HasSubstr("is not a server address"));
  flags.server.clear();
  for (const char* bad : {"soon", "-1", "5x", "1m x", "nan"}) {
    flags.request_timeout = bad;
    EXPECT_THAT(refused(), HasSubstr("--request-timeout")) << bad;
  }
}

TEST_F(Config, RefusesBrokenUsers) {
  const auto with_user = [this](const std::string& user) {
    write("config", "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
                    "clusters: [{name: k, cluster: {server: host}}]\nusers: [{name: u, user: " + user + "}]\n");
    flags.kubeconfig = path("config");
    return refused();
  };
  EXPECT_THAT(with_user("{client-certificate-data: '%%'}"), HasSubstr("client-certificate-data: is not base64"));
  EXPECT_THAT(with_user("{client-certificate-data: QQ==}"), HasSubstr("must be given together"));
  EXPECT_THAT(with_user("{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}"), HasSubstr("v1beta1"));
  EXPECT_THAT(with_user("{exec: {apiVersion: client.authentication.k8s.io/v1}}"), HasSubstr("exec.command: required"));
  EXPECT_THAT(with_user("{auth-provider: {name: gcp}}"), HasSubstr("use an exec plugin"));
}

TEST(Base64, RoundTrips) {
  const std::vector<std::string> texts = {"", "a", "ab", "abc", "abcd", std::string("\0\xff\x80", 3)};
  for (const std::string& text : texts) EXPECT_EQ(decode_base64(encode_base64(text)), text);
  EXPECT_EQ(encode_base64("hello"), "aGVsbG8=");
  EXPECT_FALSE(decode_base64("a*b"));
}

}  // namespace
}  // namespace canaria::kube
