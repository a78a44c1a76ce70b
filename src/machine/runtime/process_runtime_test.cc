// The process runtime with real processes: how containers start, end, are signalled, taken over and cleaned up.
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/runtime/runtime_test_world.h"

namespace canaria::machine {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class ProcessRuntimeTest : public RuntimeWorld {
 protected:
  static Task<void> start_one(ProcessRuntime* runtime, ContainerSpec wanted) {
    static_cast<void>(co_await runtime->start(std::move(wanted)));
  }
};

TEST_F(ProcessRuntimeTest, TellsExitCodesAndReasons) {
  const ContainerStatus good = run(shell("exit 0", "a"));
  EXPECT_EQ(good.state, ContainerState::kExited);
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_EQ(good.reason, "Completed");
  EXPECT_THAT(good.runtime_id, StartsWith("process://"));
  ASSERT_TRUE(good.finished_at.has_value());
  EXPECT_GE(*good.finished_at, good.started_at);

  const ContainerStatus bad = run(shell("exit 7", "b"));
  EXPECT_EQ(bad.exit_code, 7);
  EXPECT_EQ(bad.reason, "Error");
  EXPECT_EQ(bad.signal, 0);
}

TEST_F(ProcessRuntimeTest, ASignalGoesToTheMainProcessAndIsToldAs128PlusItsNumber) {
  ASSERT_TRUE(start(spec({"sleep", "100"})).has_value());
  const ContainerId id = spec({}).id;
  ASSERT_TRUE(runtime_->signal(id, SIGTERM).has_value());
  const auto ended = wait(id);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->exit_code, 143);
  EXPECT_EQ(ended->signal, SIGTERM);
  EXPECT_TRUE(runtime_->signal(id, SIGTERM).has_value()) << "an ended container takes every signal";
}

TEST_F(ProcessRuntimeTest, KillEndsEverythingInTheContainerAlsoWhatLeftItsSession) {
  ContainerSpec wanted = shell("sleep 100 & echo $! > one; setsid sh -c 'echo $$ > two; trap \"\" TERM; sleep 100' & wait");
  wanted.working_directory = folder_;
  const ContainerId id = wanted.id;
  ASSERT_TRUE(start(std::move(wanted)).has_value());
  const pid_t one = pid_in(folder_ + "/one"), two = pid_in(folder_ + "/two");
  EXPECT_TRUE(is_alive(one) && is_alive(two));
  ASSERT_TRUE(runtime_->signal(id, SIGKILL).has_value());
  const auto ended = wait(id);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->exit_code, 137);
  EXPECT_FALSE(is_alive(one));
  EXPECT_FALSE(is_alive(two));
}

TEST_F(ProcessRuntimeTest, WhatTheMainProcessLeavesBehindIsKilled) {
  ContainerSpec wanted = shell("setsid sleep 100 & echo $! > left; exit 3");
  wanted.working_directory = folder_;
  EXPECT_EQ(run(std::move(wanted)).exit_code, 3);
  EXPECT_FALSE(is_alive(pid_in(folder_ + "/left")));
}

TEST_F(ProcessRuntimeTest, GivesTheProgramItsEnvironmentAndNothingElse) {
  ::setenv("CANARIA_TEST_SECRET", "x", 1);
  ContainerSpec wanted = spec({"env"});
  wanted.environment = {{"COLOR", "blue and green"}, {"HOME", "/nowhere"}};
  const ContainerId id = wanted.id;
  run(std::move(wanted));
  EXPECT_THAT(log(id), AllOf(HasSubstr("stdout F COLOR=blue and green\n"), HasSubstr("F HOME=/nowhere\n"), HasSubstr("F PATH=/"),
                             HasSubstr("F HOSTNAME=web-1\n"), testing::Not(HasSubstr("CANARIA_TEST_SECRET"))));
}

TEST_F(ProcessRuntimeTest, TheProgramInheritsOnlyItsThreeStreams) {
  run(shell("ls /proc/self/fd"));
  // 3 is the directory that ls reads.
  EXPECT_EQ(log(spec({}).id), "stdout F 0\nstdout F 1\nstdout F 2\nstdout F 3\n");
}

TEST_F(ProcessRuntimeTest, AContainerWithoutCommandSaysWhatToDo) {
  const auto started = start(spec({}));
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, Code::kInvalid);
  EXPECT_EQ(started.error().message,
            "container \"main\" has no command: the process runtime runs commands of this machine, so the image's own entry "
            "point is unknown; set command");
  EXPECT_THAT(list(), IsEmpty());
}

TEST_F(ProcessRuntimeTest, SaysWhyAProgramCannotRunAndCanTryAgain) {
  const auto missing = start(spec({"no-such-program"}));
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, Code::kInvalid);
  EXPECT_EQ(missing.error().message, "exec: \"no-such-program\": executable file not found in $PATH");
  EXPECT_EQ(start(spec({"/no/such"})).error().message, "exec: \"/no/such\": stat /no/such: no such file or directory");
  EXPECT_EQ(start(spec({"/etc/passwd"})).error().message, "exec: \"/etc/passwd\": permission denied");

  std::ofstream(folder_ + "/empty") << "\1\2";
  std::filesystem::permissions(folder_ + "/empty", std::filesystem::perms::owner_all);
  EXPECT_EQ(start(spec({"./empty"})).error().message, "exec: \"./empty\": Exec format error");

  ContainerSpec elsewhere = shell("true");
  elsewhere.working_directory = "/no/such";
  EXPECT_EQ(start(elsewhere).error().message, "working directory \"/no/such\": no such file or directory");
  EXPECT_THAT(list(), IsEmpty());

  std::ofstream(folder_ + "/empty") << "#!/bin/sh\nexit 5\n";
  EXPECT_EQ(run(spec({"./empty"})).exit_code, 5) << "the same attempt after the program was repaired";
}

TEST_F(ProcessRuntimeTest, StartingTwiceIsHarmless) {
  ContainerSpec wanted = shell("echo run >> runs; sleep 100");
  const auto first = start(wanted), second = start(wanted);
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->runtime_id, second->runtime_id);
  close();
  open();
  const auto third = start(wanted);
  ASSERT_TRUE(third.has_value());
  EXPECT_EQ(third->runtime_id, first->runtime_id);
  ASSERT_TRUE(eventually([&] { return !read(folder_ + "/runs").empty(); }));
  ASSERT_TRUE(runtime_->signal(wanted.id, SIGKILL).has_value());
  ASSERT_TRUE(wait(wanted.id).has_value());
  const auto fourth = start(wanted);
  ASSERT_TRUE(fourth.has_value());
  EXPECT_EQ(fourth->state, ContainerState::kExited);
  EXPECT_EQ(read(folder_ + "/runs"), "run\n");
}

TEST_F(ProcessRuntimeTest, TwoStartsAtOnceAreOne) {
  ContainerSpec wanted = shell("echo run >> runs; exit 4");
  async::Scope scope(loop_);
  scope.spawn(start_one(runtime_.get(), wanted));
  scope.spawn(start_one(runtime_.get(), wanted));
  loop_.block_on(scope.join());
  EXPECT_EQ(wait(wanted.id)->exit_code, 4);
  EXPECT_EQ(read(folder_ + "/runs"), "run\n");
}

TEST_F(ProcessRuntimeTest, ANewRuntimeTakesOverWhatRunsAndWhatHasEnded) {
  const ContainerSpec long_one = shell("echo before; trap 'echo after; exit 9' TERM; while :; do sleep 0.05; done", "runs");
  const ContainerSpec short_one = shell("while [ ! -e go ]; do sleep 0.01; done; exit 6", "ends");
  const auto started = start(long_one);
  ASSERT_TRUE(started.has_value() && start(short_one).has_value());
  close();

  std::ofstream(folder_ + "/go") << "";
  ASSERT_TRUE(eventually([&] { return read_exit_record(folder_of(short_one.id)).has_value(); })) << "while nobody looks";
  open();
  std::vector<ContainerStatus> listed = list();
  ASSERT_THAT(listed, SizeIs(2));
  const std::size_t ended = listed[0].id == short_one.id ? 0 : 1;
  EXPECT_EQ(listed[ended].state, ContainerState::kExited);
  EXPECT_EQ(listed[ended].exit_code, 6);
  EXPECT_EQ(listed[1 - ended].state, ContainerState::kRunning);
  EXPECT_EQ(listed[1 - ended].runtime_id, started->runtime_id);
  EXPECT_EQ(listed[1 - ended].started_at, started->started_at);

  ASSERT_TRUE(eventually([&] { return log(long_one.id) == "stdout F before\n"; }));
  ASSERT_TRUE(runtime_->signal(long_one.id, SIGTERM).has_value());
  EXPECT_EQ(wait(long_one.id)->exit_code, 9);
  EXPECT_EQ(log(long_one.id), "stdout F before\nstdout F after\n");
}

TEST_F(ProcessRuntimeTest, AKilledShimLeavesNothingOfItsContainer) {
  ContainerSpec wanted = shell("sleep 100 & echo $! > one; wait");
  const ContainerId id = wanted.id;
  ASSERT_TRUE(start(std::move(wanted)).has_value());
  const pid_t child = pid_in(folder_ + "/one"), main = main_pid(id);
  ASSERT_EQ(::kill(shim_pid(id), SIGKILL), 0);
  const auto ended = wait(id);
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->state, ContainerState::kLost);
  EXPECT_EQ(ended->exit_code, 137);
  EXPECT_EQ(ended->reason, "ContainerStatusUnknown");
  EXPECT_TRUE(eventually([=] { return !is_alive(main) && !is_alive(child); }));
}

TEST_F(ProcessRuntimeTest, AKilledNurseryIsReplacedAndItsShimsGoOn) {
  const ContainerSpec one = spec({"sleep", "100"}, "one"), two = shell("exit 3", "two");
  ASSERT_TRUE(start(one).has_value());
  const pid_t nursery = find_process(shim_pid(one.id))->parent;
  ASSERT_EQ(::kill(nursery, SIGKILL), 0);
  ASSERT_TRUE(eventually([=] { return !is_alive(nursery); }));
  EXPECT_EQ(run(two).exit_code, 3);
  EXPECT_TRUE(is_alive(main_pid(one.id)));
  ASSERT_TRUE(runtime_->signal(one.id, SIGTERM).has_value());
  EXPECT_EQ(wait(one.id)->exit_code, 143);
}

TEST_F(ProcessRuntimeTest, ASessionIsFoundAndKilledWithoutControlGroups) {
  ContainerSpec wanted = shell("sleep 100 & echo $! > one; wait");
  const ContainerId id = wanted.id;
  ASSERT_TRUE(start(std::move(wanted)).has_value());
  const pid_t child = pid_in(folder_ + "/one");
  const StateRecord state = *read_state_record(folder_of(id));
  kill_session(state.pid, state.start_ticks + 1, state.boot_id);
  kill_session(state.pid, state.start_ticks, "another boot");
  EXPECT_TRUE(is_alive(child)) << "that was another process with the same pid";
  kill_session(state.pid, state.start_ticks, state.boot_id);
  EXPECT_TRUE(eventually([=] { return !is_alive(child); }));
}

TEST_F(ProcessRuntimeTest, AShimKilledWhileNobodyLooksIsFoundAtTheNextStart) {
  ContainerSpec wanted = shell("sleep 100 & echo $! > one; wait");
  const ContainerId id = wanted.id;
  ASSERT_TRUE(start(std::move(wanted)).has_value());
  const pid_t child = pid_in(folder_ + "/one"), shim = shim_pid(id);
  close();
  ASSERT_EQ(::kill(shim, SIGKILL), 0);
  ASSERT_TRUE(eventually([=] { return !is_alive(shim); }));
  open();
  const std::vector<ContainerStatus> listed = list();
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].state, ContainerState::kLost);
  EXPECT_TRUE(eventually([=] { return !is_alive(child); }));
  EXPECT_EQ(start(shell("true"))->state, ContainerState::kLost) << "this attempt was used up";
}

TEST_F(ProcessRuntimeTest, AFolderWithoutARunIsNoContainer) {
  const ContainerSpec wanted = shell("exit 2");
  std::filesystem::create_directories(folder_of(wanted.id));
  std::ofstream(folder_of(wanted.id) + "/spec.json") << "{\"torn";
  EXPECT_THAT(list(), IsEmpty());
  EXPECT_EQ(run(wanted).exit_code, 2);
}

TEST_F(ProcessRuntimeTest, RemoveForgetsOnlyWhatHasEnded) {
  const ContainerSpec wanted = spec({"sleep", "100"});
  ASSERT_TRUE(start(wanted).has_value());
  EXPECT_EQ(runtime_->remove(wanted.id).error().code, Code::kConflict);
  ASSERT_TRUE(runtime_->signal(wanted.id, SIGKILL).has_value());
  ASSERT_TRUE(wait(wanted.id).has_value());
  EXPECT_TRUE(runtime_->remove(wanted.id).has_value());
  EXPECT_TRUE(runtime_->remove(wanted.id).has_value());
  EXPECT_THAT(list(), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(options_.directory + "/containers"));
  EXPECT_EQ(wait(wanted.id).error().code, Code::kNotFound);
}

TEST_F(ProcessRuntimeTest, RefusesNamesThatLeaveTheFolder) {
  ContainerSpec wanted = shell("true");
  wanted.id.name = "../../x";
  EXPECT_EQ(start(wanted).error().code, Code::kInvalid);
  EXPECT_EQ(runtime_->remove(wanted.id).error().code, Code::kInvalid);
}

TEST_F(ProcessRuntimeTest, CancellingAWaitLeavesTheContainerAlone) {
  const ContainerSpec wanted = spec({"sleep", "100"});
  ASSERT_TRUE(start(wanted).has_value());
  const auto waited = loop_.block_on(async::with_timeout(runtime_->wait(wanted.id), Millis(20), "wait"));
  EXPECT_EQ(waited.error().code, Code::kTimeout);
  EXPECT_TRUE(is_alive(main_pid(wanted.id)));
}

TEST_F(ProcessRuntimeTest, ExecRunsInTheContainersSurroundings) {
  ContainerSpec wanted = spec({"sleep", "100"});
  wanted.environment = {{"COLOR", "green"}};
  wanted.working_directory = "/usr";
  const ContainerId id = wanted.id;
  ASSERT_TRUE(start(std::move(wanted)).has_value());
  const auto result = exec(id, {"sh", "-c", "echo $COLOR $PWD; echo bad >&2; exit 3"});
  ASSERT_TRUE(result.has_value()) << result.error().message;
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "green /usr\nbad\n");
  EXPECT_EQ(exec(id, {"no-such-program"}).error().message, "exec: \"no-such-program\": executable file not found in $PATH");

  const auto large = exec(id, {"sh", "-c", "head -c 1000000 /dev/zero"});
  ASSERT_TRUE(large.has_value());
  EXPECT_EQ(large->exit_code, 0);
  EXPECT_EQ(large->output.size(), std::size_t(10 << 10));

  const auto background = exec(id, {"sh", "-c", "sleep 100 & echo $!"});
  ASSERT_TRUE(background.has_value()) << "does not wait for the one in the background";
  EXPECT_EQ(::kill(std::atoi(background->output.c_str()), SIGKILL), 0);
}

TEST_F(ProcessRuntimeTest, ExecThatTakesTooLongIsKilledAsAWhole) {
  const ContainerSpec wanted = spec({"sleep", "100"});
  ASSERT_TRUE(start(wanted).has_value());
  const auto result = exec(wanted.id, {"sh", "-c", "sleep 100 & echo $! > one; wait"}, Millis(300));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, Code::kTimeout);
  const pid_t child = pid_in(folder_ + "/one");
  EXPECT_TRUE(eventually([=] { return !is_alive(child); }));
}

TEST_F(ProcessRuntimeTest, ExecInAnEndedContainerFails) {
  run(shell("true"));
  EXPECT_EQ(exec(spec({}).id, {"true"}).error().code, Code::kNotFound);
}

TEST_F(ProcessRuntimeTest, RunsAsTheWantedUser) {
  ContainerSpec wanted = shell("id -u; id -g; id -G");
  wanted.user = 12345;
  wanted.group = 54321;
  const ContainerId id = wanted.id;
  if (::geteuid() == 0) {
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    run(std::move(wanted));
    EXPECT_EQ(log(id), "stdout F 12345\nstdout F 54321\nstdout F 54321\n");
  } else {
    EXPECT_THAT(start(std::move(wanted)).error().message, HasSubstr("cannot run as user 12345"));
  }
}

// A program that starts containers is killed at some moment; the next one starts the same containers.
TEST_F(ProcessRuntimeTest, AKilledProgramLeadsNeitherToDoubleNorToLostContainers) {
  std::vector<ContainerSpec> wanted;
  for (int number = 0; number < 4; ++number) {
    const std::string text = std::to_string(number);
    wanted.push_back(shell("echo run >> runs-$ROUND-" + text + "; exec sleep 100", "kill-" + text));
  }
  for (int round = 0; round < 12; ++round) {
    for (ContainerSpec& one : wanted) {
      one.id.attempt = round;
      one.environment = {{"ROUND", std::to_string(round)}};
    }
    close();
    const pid_t program = ::fork();
    if (program == 0) {
      async::Loop loop;
      auto opened = ProcessRuntime::open(loop, options_);
      for (const ContainerSpec& one : wanted)
        if (!loop.block_on((*opened)->start(one))) ::_exit(1);
      for (;;) ::pause();
    }
    ::usleep(static_cast<useconds_t>(round) * 3'000);
    ::kill(program, SIGKILL);
    ::waitpid(program, nullptr, 0);
    open();
    list();
    for (const ContainerSpec& one : wanted) {
      const auto started = start(one);
      ASSERT_TRUE(started.has_value()) << started.error().message;
      EXPECT_EQ(started->state, ContainerState::kRunning);
      const std::string runs = folder_ + "/runs-" + std::to_string(round) + "-" + one.id.pod_uid.substr(5);
      EXPECT_TRUE(eventually([&] { return !read(runs).empty(); }));
      EXPECT_EQ(read(runs), "run\n");
    }
    EXPECT_THAT(list(), SizeIs(4));
    std::size_t shims = 0;
    for (const ProcessEntry& entry : all_processes())
      if (read("/proc/" + std::to_string(entry.pid) + "/cmdline").find(options_.directory + "/containers/") != std::string::npos)
        ++shims;
    EXPECT_EQ(shims, 4U);
    end_all();
  }
}

TEST_F(ProcessRuntimeTest, AFullDiskStopsNeitherTheContainerNorItsExitRecord) {
  const std::string disk = folder_ + "/disk";
  std::filesystem::create_directory(disk);
  if (::mount("canaria-test", disk.c_str(), "tmpfs", 0, "size=128k") != 0) GTEST_SKIP() << "only root can make a small disk";
  close();
  options_.directory = disk + "/node";
  open();
  const ContainerSpec wanted = shell("head -c 1000000 /dev/zero > disk/fill; for n in 1 2 3; do seq 10000; done; exit 5", "full");
  EXPECT_EQ(run(wanted).exit_code, 5);
  const auto refused = start(shell("true", "refused"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("no space left on device"));
  close();
  open();
  EXPECT_EQ(list().at(0).exit_code, 5) << "the record is on the disk";
  EXPECT_GT(read_exit_record(folder_of(wanted.id))->lost_log_bytes, 0);
  std::filesystem::remove(disk + "/fill");
  EXPECT_TRUE(start(shell("true", "refused")).has_value()) << "as soon as there is room";
  end_all();
  close();
  EXPECT_EQ(::umount(disk.c_str()), 0);
}

TEST_F(ProcessRuntimeTest, ATimeOfStormsIsSurvived) {
  std::vector<ContainerSpec> wanted;
  for (int number = 0; number < 20; ++number) {
    const std::string text = std::to_string(number);
    wanted.push_back(shell("exit " + text, "storm-" + text));
  }
  async::Scope scope(loop_);
  for (const ContainerSpec& one : wanted) scope.spawn(start_one(runtime_.get(), one));
  loop_.block_on(scope.join());
  for (int number = 0; number < 20; ++number) EXPECT_EQ(wait(wanted[static_cast<std::size_t>(number)].id)->exit_code, number);
}

}  // namespace
}  // namespace canaria::machine
