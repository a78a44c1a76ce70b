// A Kubernetes-style object store in this process: ObjectClient on a durable directory instead of an API server.
//
// The life of a write: it waits in a queue; when the disk is idle, the writer takes all that wait as one batch, judges them
// in order (write_batch.h), commits their changes in one transaction on the blocking thread (journal.h), and only then makes
// them visible (catalog.h), answers them and wakes the watches. A write that was answered is on disk; one that fails on disk
// has changed nothing. Reads and watches come from memory.
//
// Everything but the commit happens on the loop. Schemas, defaults, admission and HTTP are not here.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "async/blocking.h"
#include "async/event.h"
#include "async/scope.h"
#include "ports/clock.h"
#include "ports/object_client.h"
#include "store/catalog.h"
#include "store/directory_lock.h"
#include "store/journal.h"
#include "store/object_rules.h"
#include "store/random_names.h"
#include "store/write_batch.h"

namespace canaria::store {

struct StoreOptions {
  std::string directory;  // made when it does not exist
  PolicyDoor policies = default_policy;
  WriteRules rules;       // content rules and Namespaces; what they point at outlives the store
  HistoryLimits history;
  JournalOptions journal;
  std::size_t queue_max = 10'000;  // writes that wait; more are refused with kTooManyRequests
  std::size_t batch_max = 128;     // writes in one transaction
  Seconds bookmark_interval{60};
  Seconds sweep_interval{60};      // how often objects past their time to live are looked for
};

struct StoreCounts {
  std::size_t transactions = 0;
  std::size_t changes = 0;
  std::size_t failed_transactions = 0;
};

// What a watch sees, before it becomes JSON: a server sends the text as it is, once for all its clients.
struct StoredEvent {
  WatchEventKind kind = WatchEventKind::kAdded;
  ObjectPointer object;
};
using StoredSink = std::function<void(const StoredEvent&)>;
using StoredPause = std::function<Task<Status>()>;

class ObjectStore : public ObjectClient {
 public:
  // Opens or creates the store and reads it into memory; blocks. Fails when another process has it open, the directory
  // cannot be used, or the database is damaged or of a newer version.
  static Result<std::unique_ptr<ObjectStore>> open(async::Loop& loop, const Clock& clock, StoreOptions options);
  ~ObjectStore() override;  // REQUIRES: stopped, or the loop will never run again

  // Answers the writes that have been given, ends the watches, takes nothing more.
  Task<void> stop();

  Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) override;
  Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) override;
  Task<Status> watch(api::Resource resource, WatchQuery query, WatchSink sink) override;
  Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions options) override;
  Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions options) override;
  Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                  WriteOptions options) override;
  Task<Status> remove(api::Resource resource, api::ObjectKey key, Propagation propagation) override;
  Task<Status> remove_now(api::Resource resource, api::ObjectKey key, std::string uid) override;

  // remove() with preconditions, grace period and dry run; returns the object as it is now, or was at last.
  Task<Result<json::Value>> remove_object(api::Resource resource, api::ObjectKey key, DeleteOptions options);

  // The stored text, without a copy; null when there is none.
  ObjectPointer find(const api::Resource& resource, const api::ObjectKey& key);
  Result<Page> page(const api::Resource& resource, const ListQuery& query);
  // watch() without JSON. Bookmarks and the objects that leave a selection are made for this watch. `pause` is awaited
  // whenever everything that is known now has been given to the sink, and in between: whoever sends events on waits there,
  // and nothing is queued for him meanwhile. The watch ends with the error of the pause.
  Task<Status> watch_stored(api::Resource resource, WatchQuery query, StoredSink sink, StoredPause pause = {});

  // Called on the loop for every committed change, in order, before its writer is answered.
  using Listener = std::function<void(const Change&)>;
  void on_change(Listener listener) { listeners_.push_back(std::move(listener)); }

  // Resource definitions have changed: the policies are asked for again.
  void refresh_policies() { catalog_.refresh_policies(); }
  // Deletes what is past its time to live now, and forgets old history.
  Task<void> sweep();

  const Catalog& catalog() const { return catalog_; }
  const StoreCounts& counts() const { return counts_; }

 private:
  struct Waiting;
  struct Cursor;
  ObjectStore(async::Loop& loop, const Clock& clock, StoreOptions options, DirectoryLock lock, Journal journal);

  Task<Result<json::Value>> submit(WriteRequest request);
  Task<void> write_batches();
  Task<void> write_one_batch();
  Task<Status> commit(const WriteBatch& batch);
  void publish(const std::vector<Change>& changes);
  Task<void> sweep_regularly();

  Result<Cursor> begin_watch(const api::Resource& resource, const WatchQuery& query);
  Task<Status> send_initial(Cursor* cursor, StoredSink sink, StoredPause pause);
  Task<Status> follow(Cursor* cursor, StoredSink sink, StoredPause pause);
  Status send_changes(Cursor& cursor, const StoredSink& sink) const;
  static void send_change(const Cursor& cursor, const Change& change, const StoredSink& sink);

  const Clock& clock_;
  StoreOptions options_;
  DirectoryLock lock_;
  Catalog catalog_;
  RandomNames names_;
  std::vector<Listener> listeners_;
  std::deque<std::shared_ptr<Waiting>> queue_;
  async::Event queue_changed_;
  async::Event changed_;  // pulsed at every publication; waiters look for themselves what it brought
  bool closing_ = false;
  StoreCounts counts_;
  // Last, in this order: the thread ends before the journal that it works on, the coroutines before everything.
  Journal journal_;
  async::Blocking blocking_;
  async::Scope scope_;
  async::Event stopping_;
};

}  // namespace canaria::store
