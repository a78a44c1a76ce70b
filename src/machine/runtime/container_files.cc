#include "machine/runtime/container_files.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "json/value.h"
#include "json/write.h"
#include "machine/runtime/descriptor.h"

namespace canaria::machine {
namespace {

Status write_all(const OwnedDescriptor& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("write " + path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status write_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  OwnedDescriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return fail_errno("create " + beside, errno);
  const Status written = write_all(file, text, beside);
  if (!written) {
    ::unlink(beside.c_str());
    return written;
  }
  file.reset();
  if (::rename(beside.c_str(), path.c_str()) != 0) return fail_errno("rename " + beside, errno);
  return {};
}

Result<std::string> read_file(const std::string& path) {
  OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(errno == ENOENT ? Code::kNotFound : Code::kUnavailable, "open " + path + ": " + errno_text(errno));
  std::string text;
  char chunk[4096];
  for (;;) {
    const ssize_t size = ::read(file.get(), chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("read " + path, errno);
    if (size == 0) return text;
    text.append(chunk, static_cast<std::size_t>(size));
  }
}

Result<json::Value> read_json(const std::string& path) {
  TRY(const std::string text, read_file(path));
  auto value = json::parse(text);
  if (!value) return wrap(path, value.error());
  return value;
}

json::Array texts_to_json(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

std::vector<std::string> texts_from_json(const json::Value* value) {
  std::vector<std::string> texts;
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::Value& item : value->get_array())
    if (item.is_string()) texts.emplace_back(item.get_string());
  return texts;
}

template <class Number>
void put_number(json::Object& object, std::string_view key, const std::optional<Number>& number) {
  if (number) object[key] = *number;
}

template <class Number>
void take_number(const json::Value& value, std::string_view key, std::optional<Number>& number) {
  if (json::find(value, key) != nullptr) number = static_cast<Number>(json::int_at(value, key));
}

std::int64_t to_millis(Time time) { return time.time_since_epoch().count(); }
Time time_at(const json::Value& value, std::string_view key) { return Time(Millis(json::int_at(value, key))); }

json::Array mounts_to_json(const std::vector<ContainerMount>& mounts) {
  json::Array array;
  for (const ContainerMount& mount : mounts)
    array.emplace_back(json::Array({mount.source, mount.target, mount.is_read_only ? "ro" : "rw"}));
  return array;
}

std::vector<ContainerMount> mounts_from_json(const json::Value* value) {
  std::vector<ContainerMount> mounts;
  if (value == nullptr || !value->is_array()) return mounts;
  for (const json::Value& item : value->get_array()) {
    std::vector<std::string> texts = texts_from_json(&item);
    if (texts.size() == 3) mounts.push_back({std::move(texts[0]), std::move(texts[1]), texts[2] == "ro"});
  }
  return mounts;
}

json::Value to_json(const LaunchRecord& record) {
  const ContainerSpec& spec = record.spec;
  json::Array environment;
  for (const auto& [name, value] : spec.environment) environment.emplace_back(json::Array({name, value}));
  json::Object object;
  object["podUid"] = spec.id.pod_uid;
  object["name"] = spec.id.name;
  object["attempt"] = spec.id.attempt;
  object["namespace"] = spec.namespace_;
  object["podName"] = spec.pod_name;
  object["image"] = spec.image;
  object["command"] = texts_to_json(spec.command);
  object["arguments"] = texts_to_json(spec.arguments);
  object["environment"] = std::move(environment);
  object["workingDirectory"] = spec.working_directory;
  object["address"] = spec.address;
  if (!spec.mounts.empty()) object["mounts"] = mounts_to_json(spec.mounts);
  put_number(object, "cpuLimitMillis", spec.cpu_limit_millis);
  put_number(object, "memoryLimitBytes", spec.memory_limit_bytes);
  put_number(object, "user", spec.user);
  put_number(object, "group", spec.group);
  object["controlGroup"] = record.control_group;
  object["logBytes"] = record.log_limits.bytes;
  object["logFiles"] = record.log_limits.files;
  object["rewriting"] = record.rewriting == AddressRewriting::kOn;
  return object;
}

LaunchRecord launch_from_json(const json::Value& value) {
  LaunchRecord record;
  ContainerSpec& spec = record.spec;
  spec.id.pod_uid = json::text_at(value, "podUid");
  spec.id.name = json::text_at(value, "name");
  spec.id.attempt = static_cast<std::int32_t>(json::int_at(value, "attempt"));
  spec.namespace_ = json::text_at(value, "namespace");
  spec.pod_name = json::text_at(value, "podName");
  spec.image = json::text_at(value, "image");
  spec.command = texts_from_json(json::find(value, "command"));
  spec.arguments = texts_from_json(json::find(value, "arguments"));
  if (const json::Value* pairs = json::find(value, "environment"); pairs != nullptr && pairs->is_array())
    for (const json::Value& pair : pairs->get_array()) {
      std::vector<std::string> texts = texts_from_json(&pair);
      if (texts.size() == 2) spec.environment.emplace_back(std::move(texts[0]), std::move(texts[1]));
    }
  spec.working_directory = json::text_at(value, "workingDirectory");
  spec.address = json::text_at(value, "address");
  spec.mounts = mounts_from_json(json::find(value, "mounts"));
  take_number(value, "cpuLimitMillis", spec.cpu_limit_millis);
  take_number(value, "memoryLimitBytes", spec.memory_limit_bytes);
  take_number(value, "user", spec.user);
  take_number(value, "group", spec.group);
  record.control_group = json::text_at(value, "controlGroup");
  record.log_limits.bytes = json::int_at(value, "logBytes", record.log_limits.bytes);
  record.log_limits.files = static_cast<int>(json::int_at(value, "logFiles", record.log_limits.files));
  const json::Value* rewriting = json::find(value, "rewriting");
  record.rewriting =
      rewriting != nullptr && rewriting->is_bool() && rewriting->get_bool() ? AddressRewriting::kOn : AddressRewriting::kOff;
  return record;
}

bool is_file_name(const std::string& text) {
  return !text.empty() && text.size() <= 253 && text != "." && text != ".." && text.find('/') == std::string::npos &&
         text.find('\0') == std::string::npos;
}

std::vector<std::string> entries(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  return names;
}

}  // namespace

std::string errno_text(int number) {
  // Go's spelling, which is what kubectl users know.
  if (number == ENOENT) return "no such file or directory";
  if (number == EACCES) return "permission denied";
  if (number == ENOSPC) return "no space left on device";
  return std::strerror(number);
}

tl::unexpected<Error> fail_errno(const std::string& what, int number) {
  return fail(Code::kUnavailable, what + ": " + errno_text(number));
}

Result<std::string> container_folder(const std::string& root, const ContainerId& id) {
  if (!is_file_name(id.pod_uid) || !is_file_name(id.name) || id.attempt < 0)
    return fail(Code::kInvalid, "container id " + id.text() + " cannot be used as a folder name");
  return root + "/containers/" + id.text();
}

std::vector<ContainerId> find_container_folders(const std::string& root) {
  std::vector<ContainerId> ids;
  const std::string top = root + "/containers";
  for (const std::string& pod : entries(top))
    for (const std::string& name : entries(top + "/" + pod))
      for (const std::string& attempt : entries(top + "/" + pod + "/" + name)) {
        ContainerId id;
        id.pod_uid = pod;
        id.name = name;
        const char* end = attempt.data() + attempt.size();
        const auto parsed = std::from_chars(attempt.data(), end, id.attempt);
        if (parsed.ec == std::errc() && parsed.ptr == end) ids.push_back(std::move(id));
      }
  return ids;
}

Status write_launch_record(const std::string& folder, const LaunchRecord& record) {
  return write_file(folder + "/" + kSpecFile, json::write(to_json(record)));
}

Result<LaunchRecord> read_launch_record(const std::string& folder) {
  TRY(const json::Value value, read_json(folder + "/" + kSpecFile));
  return launch_from_json(value);
}

Status write_state_record(const std::string& folder, const StateRecord& record) {
  json::Object object;
  object["pid"] = record.pid;
  object["startTicks"] = record.start_ticks;
  object["bootId"] = record.boot_id;
  object["startedAt"] = to_millis(record.started_at);
  object["note"] = record.note;
  return write_file(folder + "/" + kStateFile, json::write(object));
}

std::optional<StateRecord> read_state_record(const std::string& folder) {
  const auto value = read_json(folder + "/" + kStateFile);
  if (!value) return std::nullopt;
  StateRecord record;
  record.pid = static_cast<pid_t>(json::int_at(*value, "pid"));
  record.start_ticks = static_cast<std::uint64_t>(json::int_at(*value, "startTicks"));
  record.boot_id = json::text_at(*value, "bootId");
  record.started_at = time_at(*value, "startedAt");
  record.note = json::text_at(*value, "note");
  return record;
}

Status reserve_exit_record(const std::string& folder) {
  const std::string path = folder + "/" + kExitReserve;
  const OwnedDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return fail_errno("create " + path, errno);
  if (const int error = ::posix_fallocate(file.get(), 0, 512); error != 0) return fail_errno("reserve " + path, error);
  return {};
}

Status write_exit_record(const std::string& folder, const ExitRecord& record) {
  json::Object object;
  object["exitCode"] = record.exit_code;
  object["signal"] = record.signal;
  object["startedAt"] = to_millis(record.started_at);
  object["finishedAt"] = to_millis(record.finished_at);
  object["oomKilled"] = record.out_of_memory;
  object["lostLogBytes"] = record.lost_log_bytes;
  const std::string text = json::write(object);
  const std::string path = folder + "/" + kExitReserve;
  const OwnedDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!file) return fail_errno("open " + path, errno);
  // Over the reserved bytes first, cut afterwards: this needs no new block.
  CHECK_OK(write_all(file, text, path));
  if (::ftruncate(file.get(), static_cast<off_t>(text.size())) != 0) return fail_errno("cut " + path, errno);
  if (::fsync(file.get()) != 0) return fail_errno("sync " + path, errno);
  if (::rename(path.c_str(), (folder + "/" + kExitFile).c_str()) != 0) return fail_errno("rename " + path, errno);
  const OwnedDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) ::fsync(directory.get());
  return {};
}

std::optional<ExitRecord> read_exit_record(const std::string& folder) {
  const auto value = read_json(folder + "/" + kExitFile);
  if (!value) return std::nullopt;
  ExitRecord record;
  record.exit_code = static_cast<int>(json::int_at(*value, "exitCode"));
  record.signal = static_cast<int>(json::int_at(*value, "signal"));
  record.started_at = time_at(*value, "startedAt");
  record.finished_at = time_at(*value, "finishedAt");
  const json::Value* memory = json::find(*value, "oomKilled");
  record.out_of_memory = memory != nullptr && memory->is_bool() && memory->get_bool();
  record.lost_log_bytes = json::int_at(*value, "lostLogBytes");
  return record;
}

std::string log_file(const std::string& folder, int age) {
  const std::string current = folder + "/" + kLogFile;
  return age == 0 ? current : current + "." + std::to_string(age);
}

}  // namespace canaria::machine
