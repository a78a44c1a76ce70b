// The order of work in a queue, as pure data: which keys wait until when, which are running, how often each has failed.
//
// A key is in here at most once, with its earliest due time. A key that is added while it runs waits until it has finished,
// so one key never runs twice at once. Failures back off exponentially per key. Time is an argument; nothing waits here.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/time.h"

namespace canaria::async {

struct BackOff {
  Millis first{1};
  Millis limit{10'000};

  // 1 ms doubled for every failure before this one, at most the limit.
  Millis after(unsigned failures) const {
    if (failures > 30) return limit;
    const Millis delay = first * (std::int64_t{1} << failures);
    return delay < limit ? delay : limit;
  }
};

template <class Key>
class Schedule {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  struct Taken {
    Key key;
    Instant due;  // since when it could have run
  };

  explicit Schedule(BackOff back_off = {}) : back_off_(back_off) {}

  // Returns whether this is a new entry (false: the key was already waiting, perhaps now for an earlier time).
  bool add(const Key& key, Instant due) {
    Entry& entry = entries_[key];
    if (entry.due && *entry.due <= due) return false;
    const bool is_new = !entry.due;
    if (entry.due) waiting_.erase({*entry.due, key});
    entry.due = due;
    if (!entry.running) waiting_.insert({due, key});
    return is_new;
  }

  // The key that is due first, now marked as running; empty when none is due.
  std::optional<Taken> take(Instant now) {
    if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
    auto node = waiting_.extract(waiting_.begin());
    Taken taken{std::move(node.value().second), node.value().first};
    Entry& entry = entries_[taken.key];
    entry.due.reset();
    entry.running = true;
    ++running_;
    return taken;
  }

  // Ends the run that take() began. A key added meanwhile becomes ready.
  void finish(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || !found->second.running) return;
    found->second.running = false;
    --running_;
    if (found->second.due) waiting_.insert({*found->second.due, key});
    forget_if_idle(found);
  }

  // Counts a failure and says how long to wait before the next attempt.
  Millis count_failure(const Key& key) { return back_off_.after(entries_[key].failures++); }
  void count_success(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    found->second.failures = 0;
    forget_if_idle(found);
  }

  std::optional<Instant> next_due() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin()->first;
  }
  // Keys that could run now but do not.
  std::size_t ready(Instant now) const {
    std::size_t count = 0;
    for (auto at = waiting_.begin(); at != waiting_.end() && at->first <= now; ++at) ++count;
    return count;
  }
  std::size_t running() const { return running_; }
  // Keys it knows anything about; returns to zero when all is done.
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::optional<Instant> due;
    unsigned failures = 0;
    bool running = false;
  };
  using Entries = std::map<Key, Entry>;

  void forget_if_idle(typename Entries::iterator entry) {
    if (!entry->second.running && !entry->second.due && entry->second.failures == 0) entries_.erase(entry);
  }

  BackOff back_off_;
  Entries entries_;
  std::set<std::pair<Instant, Key>> waiting_;
  std::size_t running_ = 0;
};

}  // namespace canaria::async
