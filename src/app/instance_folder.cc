#include "app/instance_folder.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <utility>

#include "json/value.h"
#include "json/write.h"

namespace canaria::app {
namespace {

constexpr const char* kSettings = "machine.json";

std::string because() { return std::strerror(errno); }

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::string text_of(const json::Value& object, const char* key) { return std::string(json::text_at(object, key)); }

}  // namespace

Result<InstanceFolder> InstanceFolder::take(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) return fail(Code::kUnavailable, "create " + path + ": " + failed.message());
  const std::string file_name = path + "/lock";
  const int file = open(file_name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(Code::kUnavailable, "open " + file_name + ": " + because());
  InstanceFolder folder(path, file);
  if (Status locked = folder.lock_again(); !locked) return fail(locked.error());
  return folder;
}

Status InstanceFolder::lock_again() {
  struct flock lock = whole_file(F_WRLCK);
  if (fcntl(file_, F_SETLK, &lock) == 0) return {};
  struct flock other = whole_file(F_WRLCK);
  const bool is_known = fcntl(file_, F_GETLK, &other) == 0 && other.l_type != F_UNLCK;
  return fail(Code::kUnavailable, "another machine runs in " + path_ +
                                      (is_known ? " (process " + std::to_string(other.l_pid) + ")" : "") +
                                      ": stop it with `canaria down --data " + path_ + "`, or choose another folder with --data");
}

pid_t InstanceFolder::holder(const std::string& path) {
  const int file = open((path + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock = whole_file(F_WRLCK);
  const bool is_held = fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(file);
  return is_held ? lock.l_pid : 0;
}

InstanceFolder::InstanceFolder(InstanceFolder&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

InstanceFolder& InstanceFolder::operator=(InstanceFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  return *this;
}

InstanceFolder::~InstanceFolder() {
  if (file_ >= 0) close(file_);
}

Result<InstanceSettings> InstanceFolder::settings() const {
  std::ifstream file(below(kSettings), std::ios::binary);
  if (!file) return InstanceSettings();
  std::ostringstream text;
  text << file.rdbuf();
  const auto parsed = json::parse(text.str());
  if (!parsed)
    return fail(Code::kInvalid, below(kSettings) + " is damaged (" + parsed.error().message +
                                    "): remove it, and the machine gets a new port, token and addresses");
  InstanceSettings settings;
  settings.port = static_cast<std::uint16_t>(json::int_at(*parsed, "port"));
  settings.block = static_cast<std::uint8_t>(json::int_at(*parsed, "block"));
  settings.token = text_of(*parsed, "token");
  settings.certificate = text_of(*parsed, "certificate");
  settings.key = text_of(*parsed, "key");
  settings.authority = text_of(*parsed, "authority");
  settings.metrics = text_of(*parsed, "metrics");
  return settings;
}

Status InstanceFolder::save(const InstanceSettings& settings) const {
  const json::Object object{{"port", settings.port},      {"block", settings.block},
                            {"token", settings.token},    {"certificate", settings.certificate},
                            {"key", settings.key},        {"authority", settings.authority},
                            {"metrics", settings.metrics}};
  return write_private(kSettings, json::write(object));
}

Status InstanceFolder::write_private(const std::string& name, const std::string& text) const {
  const std::string target = below(name);
  const std::string draft = target + ".new";
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return fail(Code::kUnavailable, "write " + draft + ": " + because());
  const bool is_written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  const std::string problem = is_written ? "" : because();
  close(file);
  if (!is_written) return fail(Code::kUnavailable, "write " + draft + ": " + problem);
  if (rename(draft.c_str(), target.c_str()) != 0) return fail(Code::kUnavailable, "write " + target + ": " + because());
  return {};
}

std::string default_instance_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state && *state) return std::string(state) + "/canaria/machine";
  return (home && *home ? std::string(home) : "/tmp") + "/.local/state/canaria/machine";
}

// The claim is an abstract socket name, which the system gives back when the process ends, however it ends.
Result<std::uint8_t> claim_address_block(std::uint8_t wanted) {
  const int claim = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (claim < 0) return fail(Code::kUnavailable, "claim loopback addresses: " + because());
  std::random_device random;
  std::uniform_int_distribution<int> any_block(16, 250);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const int block = attempt == 0 && wanted != 0 ? wanted : any_block(random);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = "canaria/127." + std::to_string(block);
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (bind(claim, reinterpret_cast<const sockaddr*>(&address), size) == 0) return static_cast<std::uint8_t>(block);
  }
  close(claim);
  return fail(Code::kUnavailable, "claim loopback addresses: every block 127.16.0.0/16 to 127.250.0.0/16 is in use");
}

}  // namespace canaria::app
