// The objects of one resource, kept up to date by list and watch while a command redraws. Objects stay JSON: a terminal
// shows one namespace, not a cluster.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/requests.h"

namespace canaria::cli {

class LiveObjects {
 public:
  LiveObjects(std::shared_ptr<ObjectClient> client, api::Resource resource, ListQuery scope, MissingResource missing);

  // The first list. Fails with the server's message.
  Task<Status> load();

  // Watches from there on until it is cancelled. Broken watches go on from the last seen version after a second; an
  // expired position is listed again. After more than 5 failures in a row it stops, and failure() says why.
  static Task<void> follow(std::shared_ptr<LiveObjects> self, Loop* loop);

  std::vector<json::Value> objects() const;
  const json::Value* find(const api::ObjectKey& key) const;
  // Whether anything has changed since this was asked last.
  bool take_changed() { return std::exchange(changed_, false); }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  void apply(WatchEvent event);

  std::shared_ptr<ObjectClient> client_;
  api::Resource resource_;
  ListQuery scope_;
  MissingResource missing_;
  std::map<api::ObjectKey, json::Value> objects_;
  std::string version_;
  bool changed_ = true;
  std::optional<Error> failure_;
};

}  // namespace canaria::cli
