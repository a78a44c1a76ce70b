// Writing and reading container logs together: what the writer puts into files, the reader gives back as kubectl shows it.
#include "machine/logs/log_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/mount.h>

#include "async/loop.h"
#include "async/scope.h"
#include "async/timers.h"
#include "machine/runtime/log_writer.h"

namespace canaria::machine {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "canaria-log-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  LogFileList files() const {
    return [folder = folder_] {
      std::vector<std::string> paths;
      for (int age = 9; age >= 0; --age)
        if (std::filesystem::exists(log_file(folder, age))) paths.push_back(log_file(folder, age));
      return paths;
    };
  }
  std::string read(LogSelection selection = {}) const {
    LogReader reader(files(), std::move(selection));
    std::string all;
    for (std::string text = reader.next(); !text.empty(); text = reader.next()) all += text;
    return all;
  }
  std::string tail(std::int64_t lines) const {
    LogSelection selection;
    selection.tail_lines = lines;
    return read(selection);
  }
  std::string raw(int age = 0) const {
    std::ifstream file(log_file(folder_, age));
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  void put(const std::string& text, int age = 0) const { std::ofstream(log_file(folder_, age)) << text; }

  std::string folder_;
};

TEST_F(LogTest, LinesAreWrittenInTheCriFormat) {
  LogWriter writer(folder_, LogLimits());
  writer.write(OutputStream::kOut, "one\n\ntw");
  writer.write(OutputStream::kError, "bad\n");
  writer.write(OutputStream::kOut, "o\nrest");
  writer.finish();
  EXPECT_THAT(raw(), MatchesRegex("[-0-9]{10}T[:0-9]{8}\\.[0-9]{9}Z stdout F one\n"
                                  "[^ ]* stdout F \n"
                                  "[^ ]* stderr F bad\n"
                                  "[^ ]* stdout F two\n"
                                  "[^ ]* stdout P rest\n"));
  EXPECT_EQ(read(), "one\n\nbad\ntwo\nrest");
}

TEST_F(LogTest, LongLinesAreWrittenInPiecesAndReadAsOne) {
  LogWriter writer(folder_, LogLimits());
  const std::string line(100'000, 'x');
  writer.write(OutputStream::kOut, line + "\nnext\n");
  EXPECT_THAT(raw(), HasSubstr(" stdout P xxx"));
  EXPECT_EQ(read(), line + "\nnext\n");
  LogSelection selection;
  selection.has_timestamps = true;
  EXPECT_EQ(read(selection).size(), line.size() + 1 + 5 + 2 * (30 + 1)) << "one time per line, not per piece";
}

TEST_F(LogTest, TurnsTheFileOverAndKeepsTheWantedNumber) {
  LogLimits limits;
  limits.bytes = 1000;
  limits.files = 3;
  LogWriter writer(folder_, limits);
  for (int number = 0; number < 100; ++number) writer.write(OutputStream::kOut, "line " + std::to_string(number) + "\n");
  EXPECT_LE(raw(0).size(), 1000U);
  EXPECT_LE(raw(2).size(), 1000U);
  EXPECT_FALSE(std::filesystem::exists(log_file(folder_, 3)));
  const std::string text = read();
  EXPECT_THAT(text, EndsWith("line 98\nline 99\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("line 10\n")));
  const std::string all = raw(0) + raw(1) + raw(2);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), std::count(all.begin(), all.end(), '\n'));
}

TEST_F(LogTest, TailCountsFromTheEndAcrossFiles) {
  put("2026-01-01T00:00:00.000000000Z stdout F a\n2026-01-01T00:00:01.000000000Z stdout F b\n", 1);
  put("2026-01-01T00:00:02.000000000Z stdout F c\n2026-01-01T00:00:03.000000000Z stderr F d\n", 0);
  EXPECT_EQ(tail(0), "");
  EXPECT_EQ(tail(1), "d\n");
  EXPECT_EQ(tail(2), "c\nd\n");
  EXPECT_EQ(tail(3), "b\nc\nd\n");
  EXPECT_EQ(tail(4), "a\nb\nc\nd\n");
  EXPECT_EQ(tail(500), "a\nb\nc\nd\n");
}

TEST_F(LogTest, TailOfMoreThanOnePiece) {
  std::string text, wanted;
  for (int number = 0; number < 5000; ++number) {
    text += "2026-01-01T00:00:00.000000000Z stdout F line " + std::to_string(number) + "\n";
    if (number >= 1000) wanted += "line " + std::to_string(number) + "\n";
  }
  put(text);
  EXPECT_EQ(tail(4000), wanted);
}

TEST_F(LogTest, SinceTimestampsAndLimit) {
  put("2026-01-01T00:00:00.500000000Z stdout F a\n2026-01-01T00:00:01.250000000Z stdout F b\n");
  LogSelection since;
  since.since = *parse_time("2026-01-01T00:00:01.25Z");
  EXPECT_EQ(read(since), "b\n");
  since.since = *since.since + Millis(1);
  EXPECT_EQ(read(since), "");
  LogSelection stamped;
  stamped.has_timestamps = true;
  EXPECT_EQ(read(stamped), "2026-01-01T00:00:00.500000000Z a\n2026-01-01T00:00:01.250000000Z b\n");
  LogSelection limited;
  limited.limit_bytes = 3;
  EXPECT_EQ(read(limited), "a\nb");
}

TEST_F(LogTest, MalformedLinesAreLeftOut) {
  put("rubbish\n\n2026-01-01T00:00:00.000000000Z stdout F good\nx stdin F bad\nx stdout Q bad\nx stdout F\n"
      "x stdout P:y end\nunfinished");
  EXPECT_EQ(read(), "good\n\nend");
}

TEST_F(LogTest, NoFilesAreAnEmptyLog) { EXPECT_EQ(read(), ""); }

TEST_F(LogTest, FollowsAcrossRotationWithoutLosingALine) {
  LogLimits limits;
  limits.bytes = 4000;
  limits.files = 50;
  LogWriter writer(folder_, limits);
  LogFileList all = [folder = folder_] {
    std::vector<std::string> paths;
    for (int age = 50; age >= 0; --age)
      if (std::filesystem::exists(log_file(folder, age))) paths.push_back(log_file(folder, age));
    return paths;
  };
  async::Loop loop;
  bool is_running = true;
  std::string got, wanted;
  LogSink sink = [&got](std::string text) -> Task<Status> {
    got += text;
    co_return Status();
  };
  async::Scope scope(loop);
  const auto follow = [](LogFileList list, bool* running, LogSink into) -> Task<void> {
    LogSelection selection;
    std::function<bool()> asks = [running] { return *running; };
    Task<Status> reading = read_log(std::move(list), selection, std::move(asks), std::move(into));
    static_cast<void>(co_await std::move(reading));
  };
  scope.spawn(follow(all, &is_running, sink));
  for (int round = 0; round < 5; ++round) {
    for (int number = 0; number < 100; ++number) {
      const std::string line = std::to_string(round) + "/" + std::to_string(number) + "\n";
      writer.write(OutputStream::kOut, line);
      wanted += line;
    }
    loop.block_on(async::sleep_for(Millis(110)));
  }
  writer.write(OutputStream::kOut, "last");
  writer.finish();
  is_running = false;
  loop.block_on(scope.join());
  EXPECT_EQ(got, wanted + "last");
}

TEST_F(LogTest, AFailingSinkEndsTheReading) {
  put("2026-01-01T00:00:00.000000000Z stdout F a\n");
  async::Loop loop;
  LogSink sink = [](std::string) -> Task<Status> { co_return fail(Code::kUnavailable, "gone"); };
  LogSelection selection;
  const Status status = loop.block_on(read_log(files(), selection, [] { return true; }, sink));
  EXPECT_EQ(status.error().message, "gone");
}

TEST_F(LogTest, AFullDiskLosesLinesAndSaysSoAfterwards) {
  const std::string disk = folder_ + "/disk";
  std::filesystem::create_directory(disk);
  if (::mount("canaria-test", disk.c_str(), "tmpfs", 0, "size=64k") != 0) GTEST_SKIP() << "only root can make a small disk";
  {
    LogWriter writer(disk, LogLimits());
    const std::string line = std::string(999, 'x') + "\n";
    for (int number = 0; number < 200; ++number) writer.write(OutputStream::kOut, line);
    EXPECT_GT(writer.lost_bytes(), 100'000);
    EXPECT_EQ(std::filesystem::file_size(log_file(disk, 0)) % (1000 + 40), 0U) << "whole lines only";
    std::filesystem::resize_file(log_file(disk, 0), 0);
    writer.write(OutputStream::kOut, "there is room\n");
  }
  std::string text;
  {
    std::ifstream file(log_file(disk, 0));
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  ASSERT_EQ(::umount(disk.c_str()), 0);
  EXPECT_THAT(text, HasSubstr(" stderr F canaria: "));
  EXPECT_THAT(text, HasSubstr(" bytes of output were lost: no room on the disk\n"));
  EXPECT_THAT(text, EndsWith(" stdout F there is room\n"));
}

}  // namespace
}  // namespace canaria::machine
