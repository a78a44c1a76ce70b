// Keeps an ObjectSink equal to what the server has: list, watch, resume, and list again when the position is too old.
//
//   no position --(watch with initial events, or pages)--> position --(watch)--> position ...
//   410 Expired --> no position        any other error --> wait with back-off, go on from where it was
//
// A deletion is never lost: it is either an event after a position that was whole, or missing from the next whole list.
#pragma once

#include <functional>
#include <random>
#include <string>

#include "async/event.h"
#include "async/task.h"
#include "ports/object_cache.h"
#include "ports/object_client.h"

namespace canaria::kube {

struct WatcherOptions {
  api::Resource resource;
  std::string namespace_;     // empty: all
  std::string label_selector;
  std::string field_selector;
  int page_limit = 500;       // objects per page where the server cannot send initial events
  Millis first_delay{200};    // back-off after a failure, doubled up to the longest, with jitter
  Millis longest_delay{10'000};
  Seconds watch_time{300};    // each watch lasts this long to twice as long
  unsigned seed = 1;
  // Called for every failure with the time until the next attempt; expired positions are not failures.
  std::function<void(const Error&, Millis)> on_failure;
};

class Watcher {
 public:
  // Both must outlive run().
  Watcher(ObjectClient& client, ObjectSink& sink, WatcherOptions options);

  // Runs until cancelled.
  Task<void> run();

  // Set once the first list is in the sink.
  async::Event& synced() { return synced_; }

 private:
  Task<Status> step();
  Task<Status> start_streaming();
  Task<Status> start_with_pages();
  Task<Status> follow();
  WatchQuery query();
  void take(const WatchEvent& event);
  void finish_list(const std::string& resource_version);
  Millis next_delay();

  ObjectClient& client_;
  ObjectSink& sink_;
  WatcherOptions options_;
  std::minstd_rand random_;
  async::Event synced_;
  std::string position_;       // empty: list first
  bool can_stream_ = true;     // the server sends initial events
  bool listing_ = false;       // between begin_replace and end_replace
  std::size_t progress_ = 0;   // events and pages taken in so far
  unsigned failures_ = 0;
};

}  // namespace canaria::kube
