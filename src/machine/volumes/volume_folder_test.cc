#include "machine/volumes/volume_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace canaria::machine {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class VolumeFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "canaria-volume-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    top_ = fs::canonical(pattern).string();
    folder_ = top_ + "/v";
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(top_, ignored);
  }
  Status write(std::vector<plan::VolumeFile> files) {
    plan::VolumeContent content;
    content.name = "v";
    content.files = std::move(files);
    return write_volume(folder_, content);
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    return file ? text.str() : "(none)";
  }
  std::string names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_)) found.insert(entry.path().filename().string());
    std::string text;
    for (const std::string& name : found) text += (name.starts_with("..state") ? "..state" : name) + " ";
    return text;
  }
  Result<ContainerMount> resolve(const std::string& sub_path, bool is_read_only = false) const {
    plan::LaunchMount mount;
    mount.volume = "v";
    mount.path = "/etc/v";
    mount.sub_path = sub_path;
    mount.is_read_only = is_read_only;
    return resolve_mount(top_, mount);
  }
  std::string top_, folder_;
};

TEST_F(VolumeFolder, FilesAreReplacedAllAtOnce) {
  ASSERT_TRUE(write({{"a", "1", 0644}, {"deep/b", "2", 0400}}));
  EXPECT_EQ(read("a") + read("deep/b"), "12");
  EXPECT_EQ(names(), "..data ..state a deep ");
  struct stat facts {};
  ASSERT_EQ(::stat((folder_ + "/deep/b").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0400U);
  const auto before = fs::read_symlink(folder_ + "/..data");
  ASSERT_TRUE(write({{"a", "1", 0644}, {"deep/b", "2", 0400}}));
  EXPECT_EQ(fs::read_symlink(folder_ + "/..data"), before) << "nothing has changed";
  ASSERT_TRUE(write({{"a", "new", 0644}, {"c", "3", 0644}}));
  EXPECT_EQ(read("a") + read("c") + read("deep/b"), "new3(none)");
  EXPECT_EQ(names(), "..data ..state a c ");
}

TEST_F(VolumeFolder, AnEmptyFolderKeepsWhatProgramsPutThere) {
  plan::VolumeContent content;
  content.kind = plan::VolumeContent::Kind::kFolder;
  ASSERT_TRUE(write_volume(folder_, content));
  std::ofstream(folder_ + "/work") << "done";
  ASSERT_TRUE(write_volume(folder_, content));
  EXPECT_EQ(read("work"), "done");
}

TEST_F(VolumeFolder, HostPathsAreChecked) {
  plan::VolumeContent content;
  content.kind = plan::VolumeContent::Kind::kHostPath;
  content.host_path = top_ + "/host";
  content.host_path_type = "Directory";
  const Status missing = write_volume(folder_, content);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "hostPath type check failed: " + top_ + "/host is not a directory");
  content.host_path_type = "";
  EXPECT_THAT(write_volume(folder_, content).error().message, HasSubstr("no such file or directory"));
  content.host_path_type = "DirectoryOrCreate";
  EXPECT_TRUE(write_volume(folder_, content));
  content.host_path_type = "File";
  EXPECT_THAT(write_volume(folder_, content).error().message, HasSubstr("is not a file"));
}

TEST_F(VolumeFolder, SubPathsStayInTheVolume) {
  ASSERT_TRUE(write({{"a", "1", 0644}}));
  const auto file = resolve("a", true);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(file->source, testing::MatchesRegex(".*/v/..state-[^/]*/a"));
  EXPECT_FALSE(resolve("nowhere", true));
  const auto made = resolve("x/y");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(fs::is_directory(folder_ + "/x/y"));
  fs::create_symlink("/etc", folder_ + "/out");
  const auto outside = resolve("out");
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().message, HasSubstr("leads out of the volume"));
}

TEST_F(VolumeFolder, FoldersOfPodsThatAreGoneGo) {
  fs::create_directories(top_ + "/one/v");
  fs::create_directories(top_ + "/two/v");
  remove_other_pods(top_, {"two"});
  EXPECT_FALSE(fs::exists(top_ + "/one"));
  EXPECT_TRUE(fs::exists(top_ + "/two/v"));
  remove_other_pods(top_ + "/nowhere", {});
}

}  // namespace
}  // namespace canaria::machine
