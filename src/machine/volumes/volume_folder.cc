#include "machine/volumes/volume_folder.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "machine/runtime/container_files.h"
#include "machine/runtime/descriptor.h"

namespace canaria::machine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCurrent = "..data";
constexpr const char* kNext = "..data_tmp";

Status make_folder(const std::string& path, mode_t mode) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail_errno("make folder " + path, error.value());
  if (::chmod(path.c_str(), mode) != 0 && errno != EPERM) return fail_errno("make folder " + path, errno);
  return {};
}

Status write_one(const std::string& path, const plan::VolumeFile& file) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return fail_errno("write " + path, error.value());
  const OwnedDescriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!out) return fail_errno("write " + path, errno);
  for (std::size_t at = 0; at < file.content.size();) {
    const ssize_t size = ::write(out.get(), file.content.data() + at, file.content.size() - at);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("write " + path, errno);
    at += static_cast<std::size_t>(size);
  }
  if (::fchmod(out.get(), file.mode) != 0) return fail_errno("write " + path, errno);
  return {};
}

bool holds(const std::string& path, const plan::VolumeFile& file) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) || (facts.st_mode & 0777U) != file.mode) return false;
  if (facts.st_size != static_cast<off_t>(file.content.size())) return false;
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()) == file.content;
}

bool is_up_to_date(const std::string& folder, const std::vector<plan::VolumeFile>& files) {
  std::error_code error;
  const fs::path current = fs::path(folder) / kCurrent;
  if (!fs::exists(current, error)) return false;
  std::size_t count = 0;
  for (fs::recursive_directory_iterator at(current, error), end; !error && at != end; at.increment(error))
    if (!at->is_directory(error)) ++count;
  if (error || count != files.size()) return false;
  for (const plan::VolumeFile& file : files)
    if (!holds(folder + "/" + kCurrent + "/" + file.path, file)) return false;
  return true;
}

std::string first_part(const std::string& path) { return path.substr(0, path.find('/')); }

// Every name that programs see is a link through "..data"; names that are no longer wanted go.
Status link_names(const std::string& folder, const std::vector<plan::VolumeFile>& files) {
  std::set<std::string> names;
  for (const plan::VolumeFile& file : files) names.insert(first_part(file.path));
  std::error_code error;
  for (const std::string& name : names) {
    const fs::path link = fs::path(folder) / name;
    if (fs::is_symlink(fs::symlink_status(link, error))) continue;
    fs::create_symlink(fs::path(kCurrent) / name, link, error);
    if (error) return fail_errno("link " + link.string(), error.value());
  }
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("..") && !names.contains(name)) fs::remove(entry.path(), error);
  }
  return {};
}

Status replace_files(const std::string& folder, const std::vector<plan::VolumeFile>& files) {
  std::string fresh = folder + "/..state-XXXXXX";
  if (::mkdtemp(fresh.data()) == nullptr) return fail_errno("make folder " + fresh, errno);
  ::chmod(fresh.c_str(), 0755);
  std::error_code error;
  for (const plan::VolumeFile& file : files) {
    const Status written = write_one(fresh + "/" + file.path, file);
    if (written) continue;
    fs::remove_all(fresh, error);
    return written;
  }
  const fs::path current = fs::path(folder) / kCurrent, next = fs::path(folder) / kNext;
  fs::remove(next, error);
  fs::create_symlink(fs::path(fresh).filename(), next, error);
  if (!error) fs::rename(next, current, error);
  if (error) {
    const int number = error.value();
    fs::remove_all(fresh, error);
    return fail_errno("replace " + current.string(), number);
  }
  CHECK_OK(link_names(folder, files));
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("..state-") && entry.path() != fs::path(fresh)) fs::remove_all(entry.path(), error);
  }
  return {};
}

struct HostPathType {
  const char* name;
  const char* what;  // "a directory"
  mode_t format;
};
constexpr HostPathType kHostPathTypes[] = {{"Directory", "a directory", S_IFDIR},
                                           {"DirectoryOrCreate", "a directory", S_IFDIR},
                                           {"File", "a file", S_IFREG},
                                           {"FileOrCreate", "a file", S_IFREG},
                                           {"Socket", "a socket file", S_IFSOCK},
                                           {"CharDevice", "a character device", S_IFCHR},
                                           {"BlockDevice", "a block device", S_IFBLK}};

Status check_host_path(const plan::VolumeContent& content) {
  const std::string& path = content.host_path;
  if (content.host_path_type.ends_with("OrCreate") && ::access(path.c_str(), F_OK) != 0) {
    if (content.host_path_type.starts_with("Directory")) return make_folder(path, 0755);
    const OwnedDescriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!made) return fail_errno("hostPath type check failed: make " + path, errno);
  }
  struct stat facts {};
  const bool exists = ::stat(path.c_str(), &facts) == 0;
  for (const HostPathType& type : kHostPathTypes)
    if (content.host_path_type == type.name && (!exists || (facts.st_mode & S_IFMT) != type.format))
      return fail(Code::kInvalid, "hostPath type check failed: " + path + " is not " + type.what);
  if (!exists) return fail_errno("hostPath " + path, errno);
  return {};
}

std::optional<std::string> real_path(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return std::nullopt;
  std::string result = resolved;
  std::free(resolved);
  return result;
}

}  // namespace

Status write_volume(const std::string& folder, const plan::VolumeContent& content) {
  using Kind = plan::VolumeContent::Kind;
  if (content.kind == Kind::kHostPath) return check_host_path(content);
  if (content.kind == Kind::kFolder) return make_folder(folder, 0777);
  CHECK_OK(make_folder(folder, 0755));
  if (is_up_to_date(folder, content.files)) return {};
  return replace_files(folder, content.files);
}

Result<ContainerMount> resolve_mount(const std::string& pod_folder, const plan::LaunchMount& mount) {
  const std::string base = mount.host_path.empty() ? pod_folder + "/" + mount.volume : mount.host_path;
  const auto root = real_path(base);
  if (!root) return fail_errno("volume \"" + mount.volume + "\": " + base, errno);
  ContainerMount result;
  result.source = *root;
  result.target = mount.path;
  result.is_read_only = mount.is_read_only;
  if (mount.sub_path.empty()) return result;
  const std::string wanted = *root + "/" + mount.sub_path;
  auto source = real_path(wanted);
  if (!source && errno == ENOENT && !mount.is_read_only) {
    std::error_code error;
    fs::create_directories(wanted, error);
    source = real_path(wanted);
  }
  if (!source) return fail_errno("failed to prepare subPath for volumeMount \"" + mount.volume + "\": " + mount.sub_path, errno);
  if (*source != *root && !source->starts_with(*root + "/"))
    return fail(Code::kInvalid, "failed to prepare subPath for volumeMount \"" + mount.volume + "\": " + mount.sub_path +
                                    " leads out of the volume");
  result.source = *source;
  return result;
}

void remove_other_pods(const std::string& root, const std::set<std::string>& uids) {
  std::error_code error;
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (!uids.contains(at->path().filename().string())) fs::remove_all(at->path(), ignored);
  }
}

}  // namespace canaria::machine
