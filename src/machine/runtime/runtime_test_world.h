// A process runtime with real processes in a temporary directory, for tests. The shim is the test program itself; see
// shim_entry_test.cc.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/timers.h"
#include "machine/runtime/process_runtime.h"
#include "machine/runtime/process_table.h"

namespace canaria::machine {

class RuntimeWorld : public testing::Test {
 protected:
  static constexpr Millis kPatience{20'000};

  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "canaria-runtime-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    options_.directory = folder_ + "/node";
    options_.working_directory = folder_;
    open();
  }
  void TearDown() override {
    end_all();
    close();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }

  void open() {
    auto opened = ProcessRuntime::open(loop_, options_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    runtime_ = std::move(*opened);
  }
  // What the death of the program does: nothing is told to the containers.
  void close() {
    if (!runtime_) return;
    loop_.block_on(runtime_->stop());
    runtime_.reset();
  }
  void end_all() {
    if (!runtime_) return;
    for (const ContainerStatus& status : list()) {
      static_cast<void>(runtime_->signal(status.id, SIGKILL));
      static_cast<void>(wait(status.id));
      static_cast<void>(runtime_->remove(status.id));
    }
  }

  ContainerSpec spec(std::vector<std::string> command, const std::string& pod = "pod-1") const {
    ContainerSpec result;
    result.id.pod_uid = pod;
    result.id.name = "main";
    result.pod_name = "web-1";
    result.command = std::move(command);
    return result;
  }
  ContainerSpec shell(const std::string& script, const std::string& pod = "pod-1") const {
    return spec({"/bin/sh", "-c", script}, pod);
  }

  Result<ContainerStatus> start(ContainerSpec wanted) { return loop_.block_on(runtime_->start(std::move(wanted))); }
  Result<ContainerStatus> wait(ContainerId id) {
    return loop_.block_on(async::with_timeout(runtime_->wait(std::move(id)), kPatience, "wait"));
  }
  std::vector<ContainerStatus> list() {
    auto listed = loop_.block_on(runtime_->list());
    EXPECT_TRUE(listed.has_value()) << (listed ? "" : listed.error().message);
    return listed ? *listed : std::vector<ContainerStatus>();
  }
  ContainerStatus run(ContainerSpec wanted) {
    const ContainerId id = wanted.id;
    const auto started = start(std::move(wanted));
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().message);
    const auto ended = wait(id);
    EXPECT_TRUE(ended.has_value()) << (ended ? "" : ended.error().message);
    return ended.value_or(ContainerStatus());
  }
  Result<ExecResult> exec(const ContainerId& id, std::vector<std::string> command, Millis limit = kPatience) {
    return loop_.block_on(runtime_->exec(id, std::move(command), limit));
  }

  // The container's output without times: "stdout F hello\n...".
  std::string log(const ContainerId& id) const {
    std::string result;
    for (const std::string& path : runtime_->log_files(id)) {
      std::istringstream lines(read(path));
      for (std::string line; std::getline(lines, line);) result += line.substr(std::min(line.find(' ') + 1, line.size())) + "\n";
    }
    return result;
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
  }
  // Turns the loop until it is so.
  bool eventually(const std::function<bool()>& is_so) {
    for (const auto deadline = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < deadline;) {
      if (is_so()) return true;
      loop_.block_on(async::sleep_for(Millis(5)));
    }
    return false;
  }
  static bool is_alive(pid_t pid) {
    const auto entry = find_process(pid);
    return entry && entry->state != 'Z' && entry->state != 'X';
  }
  pid_t pid_in(const std::string& path) {
    EXPECT_TRUE(eventually([&path] { return read(path).ends_with("\n"); })) << path << " was not written";
    return static_cast<pid_t>(std::atoi(read(path).c_str()));
  }
  pid_t main_pid(const ContainerId& id) const { return read_state_record(folder_of(id))->pid; }
  pid_t shim_pid(const ContainerId& id) const { return find_process(main_pid(id))->parent; }
  std::string folder_of(const ContainerId& id) const { return *container_folder(options_.directory, id); }

  std::string folder_;
  async::Loop loop_;
  ProcessRuntimeOptions options_;
  std::unique_ptr<ProcessRuntime> runtime_;
};

}  // namespace canaria::machine
