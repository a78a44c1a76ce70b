// The folder of one machine (`canaria up`): its lock, and what has to stay the same from one run to the next: port, address
// block, token and certificate, so that kubeconfigs and addresses stay valid.
//
//   lock          held as long as it runs; the system names the holder to whoever comes second, and to `canaria down`
//   machine.json  port, block, token, certificate, address of the metrics       kubeconfig     for kubectl and the command line
//   store/ pods/ proxy/ log                             belong to others
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/result.h"

namespace canaria::app {

struct InstanceSettings {
  std::uint16_t port = 0;      // 0: not chosen yet
  std::uint8_t block = 0;      // second octet of the loopback addresses; 0: not chosen yet
  std::string token;
  std::string certificate;     // PEM
  std::string key;             // PEM
  std::string authority;       // PEM of who signed the certificate
  std::string metrics;         // where metrics are offered now: "http://127.77.224.1:9090"
};

class InstanceFolder {
 public:
  // Makes the folder where it is missing and takes the lock. Fails with kUnavailable when another process runs there.
  static Result<InstanceFolder> take(const std::string& path);
  // The process that runs there; 0 when none does.
  static pid_t holder(const std::string& path);

  InstanceFolder(InstanceFolder&& other) noexcept;
  InstanceFolder& operator=(InstanceFolder&& other) noexcept;
  ~InstanceFolder();

  const std::string& path() const { return path_; }
  std::string below(const std::string& name) const { return path_ + "/" + name; }

  // The settings of the runs before; all empty in a new folder. Fails when the file is damaged.
  Result<InstanceSettings> settings() const;
  // Replaces the file as a whole; only its owner may read it.
  Status save(const InstanceSettings& settings) const;
  Status write_private(const std::string& name, const std::string& text) const;
  // After a fork the child has to take the lock again, because it belongs to the process.
  Status lock_again();

 private:
  InstanceFolder(std::string path, int file) : path_(std::move(path)), file_(file) {}
  std::string path_;
  int file_ = -1;
};

// Where a machine lives when no folder is named: $XDG_STATE_HOME/canaria/machine or ~/.local/state/canaria/machine.
std::string default_instance_folder();

// A block of loopback addresses (127.B.0.0/16) that no other machine on this computer uses now: `wanted` if it is free. The
// claim lasts until the process ends.
Result<std::uint8_t> claim_address_block(std::uint8_t wanted);

}  // namespace canaria::app
