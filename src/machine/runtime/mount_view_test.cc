// Mounts with real containers. Where this system does not allow mount namespaces the tests say so and are skipped.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/runtime/mount_view.h"
#include "machine/runtime/runtime_test_world.h"

namespace canaria::machine {
namespace {

using testing::HasSubstr;

class MountViews : public RuntimeWorld {
 protected:
  void SetUp() override {
    RuntimeWorld::SetUp();
    std::filesystem::create_directories(folder_ + "/volume");
    std::ofstream(folder_ + "/volume/file") << "inside\n";
    const auto probe = start(mounting("true", {{folder_ + "/volume", "/mnt"}}, "probe"));
    if (!probe) GTEST_SKIP() << probe.error().message;
  }
  ContainerSpec mounting(const std::string& script, std::vector<ContainerMount> mounts, const std::string& pod = "pod-1") {
    ContainerSpec wanted = shell(script, pod);
    wanted.mounts = std::move(mounts);
    wanted.address = "127.88.0.1";
    return wanted;
  }
  std::string output(const std::string& script, std::vector<ContainerMount> mounts) {
    const ContainerSpec wanted = mounting(script + " 2>&1", std::move(mounts));
    run(wanted);
    std::string text = log(wanted.id);
    for (std::size_t at = 0; (at = text.find("stdout F ")) != std::string::npos;) text.erase(at, 9);
    return text;
  }
};

TEST_F(MountViews, AMountPointNeedNotExist) {
  const std::string volume = folder_ + "/volume";
  // In a folder of the machine, in a new top folder, in a folder that is a mount itself, and as a single file.
  EXPECT_EQ(output("cat /etc/canaria/app/file /canaria-data/file /canaria-data/deep/file /etc/canaria.conf; ls /etc/passwd; pwd; "
                   "test -e /proc/self && echo proc",
                   {{volume, "/canaria-data/deep"},
                    {volume, "/etc/canaria/app", true},
                    {volume, "/canaria-data"},
                    {volume + "/file", "/etc/canaria.conf", true}}),
            "inside\ninside\ninside\ninside\n/etc/passwd\n" + folder_ + "\nproc\n");
  EXPECT_FALSE(std::filesystem::exists("/etc/canaria"));
  EXPECT_FALSE(std::filesystem::exists("/canaria-data"));
}

TEST_F(MountViews, ReadOnlyIsHonoured) {
  const std::string volume = folder_ + "/volume";
  EXPECT_EQ(output("(echo x > /canaria-ro/new) 2> /dev/null || echo refused; echo y > /canaria-rw/new; cat /canaria-rw/new",
                   {{volume, "/canaria-ro", true}, {volume, "/canaria-rw"}}),
            "refused\ny\n");
  EXPECT_EQ(read(volume + "/new"), "y\n");
}

TEST_F(MountViews, ProgramsInVolumesRunAndCommandsShareTheView) {
  std::ofstream(folder_ + "/volume/run.sh") << "#!/bin/sh\necho from a volume > /canaria-data/out\nexec sleep 1000\n";
  std::filesystem::permissions(folder_ + "/volume/run.sh", std::filesystem::perms(0755));
  ContainerSpec wanted = mounting("", {{folder_ + "/volume", "/canaria-data"}});
  wanted.command = {"/canaria-data/run.sh"};
  wanted.working_directory = "/canaria-data";
  const auto started = start(wanted);
  ASSERT_TRUE(started) << started.error().message;
  ASSERT_TRUE(eventually([&] { return read(folder_ + "/volume/out") == "from a volume\n"; }));
  const auto seen = exec(wanted.id, {"cat", "/canaria-data/out"});
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->output, "from a volume\n");
  EXPECT_EQ(seen->exit_code, 0);
}

TEST_F(MountViews, ASourceThatIsGoneIsNamed) {
  const auto started = start(mounting("true", {{folder_ + "/nowhere", "/canaria-data"}}));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message, "mount a volume at /canaria-data: no such file or directory");
}

TEST(MountPaths, LeadToTheMachine) {
  const std::vector<ContainerMount> mounts = {{"/v/a", "/etc/a"}, {"/v/b", "/etc/a/b"}};
  EXPECT_EQ(path_on_machine(mounts, "/etc/a/x"), "/v/a/x");
  EXPECT_EQ(path_on_machine(mounts, "/etc/a/b"), "/v/b");
  EXPECT_EQ(path_on_machine(mounts, "/etc/ab"), "/etc/ab");
}

TEST(MountFailures, SayWhatToDo) {
  const std::vector<ContainerMount> mounts = {{"/v/a", "/etc/a"}};
  EXPECT_THAT(describe_mount_failure(mounts, {-1, EPERM}),
              testing::AllOf(HasSubstr("volumes cannot be mounted at /etc/a"), HasSubstr("run canaria as root")));
  EXPECT_EQ(describe_mount_failure(mounts, {0, ENOENT}), "mount a volume at /etc/a: no such file or directory");
}

// The same as a normal user, when we are root.
TEST(MountViewOfAUser, IsMadeInAUserNamespace) {
  const std::string volume = ::testing::TempDir() + "canaria-user-volume",
                    scratch = ::testing::TempDir() + "canaria-user-scratch";
  for (const std::string& folder : {volume, scratch}) {
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms(0777));
  }
  std::ofstream(volume + "/file") << "inside\n";
  std::fflush(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::geteuid() == 0 && (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)) ::_exit(3);
    ::prctl(PR_SET_DUMPABLE, 1);  // as a program that this user has started
    const MountFailure failure = make_mount_view({{volume, "/etc/canaria-user", true}, {volume, "/canaria-user"}}, scratch);
    if (failure.error != 0) ::_exit(failure.mount < 0 ? 2 : 1);
    const bool is_right = ::access("/etc/canaria-user/file", R_OK) == 0 && ::access("/canaria-user/file", W_OK) != 0 &&
                          ::access("/etc/canaria-user", W_OK) != 0 && ::access("/canaria-user", W_OK) == 0 &&
                          ::access("/etc/passwd", R_OK) == 0 && ::access("/proc/self/stat", R_OK) == 0;
    ::_exit(is_right ? 0 : 4);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::filesystem::remove_all(volume);
  std::filesystem::remove_all(scratch);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "this system has no mount namespaces for users";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace canaria::machine
