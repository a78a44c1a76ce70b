// Opening, reading and writing; object_watch.cc has the watches.
#include "store/object_store.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>

#include "async/timers.h"

namespace canaria::store {

struct ObjectStore::Waiting {
  WriteRequest request;
  Result<json::Value> answer = fail(Code::kInternal, "not answered");
  async::Event answered;
};

namespace {

Status make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) return {};
  return fail(Code::kUnavailable,
              fmt::format("the data directory {} cannot be made ({}): choose another one", directory, error.message()));
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(async::Loop& loop, const Clock& clock, StoreOptions options) {
  CHECK_OK(make_directory(options.directory));
  TRY(DirectoryLock lock, DirectoryLock::take(options.directory));
  TRY(Journal journal, Journal::open(options.directory + "/store.db", options.journal));
  TRY(StoredState state, journal.load());
  std::unique_ptr<ObjectStore> store(new ObjectStore(loop, clock, std::move(options), std::move(lock), std::move(journal)));
  CHECK_OK(store->catalog_.load(std::move(state)));
  store->scope_.spawn(store->write_batches());
  store->scope_.spawn(store->sweep_regularly());
  return store;
}

ObjectStore::ObjectStore(async::Loop& loop, const Clock& clock, StoreOptions options, DirectoryLock lock, Journal journal)
    : clock_(clock),
      options_(std::move(options)),
      lock_(std::move(lock)),
      catalog_(options_.policies, options_.history),
      journal_(std::move(journal)),
      blocking_(loop),
      scope_(loop) {}

ObjectStore::~ObjectStore() = default;

Task<void> ObjectStore::stop() {
  closing_ = true;
  queue_changed_.set();
  stopping_.set();
  changed_.set();
  return scope_.join();
}

Task<Result<json::Value>> ObjectStore::get(api::Resource resource, api::ObjectKey key) {
  const ObjectPointer object = find(resource, key);
  if (!object) co_return fail(not_found(resource, key));
  co_return json::parse(object->text);
}

ObjectPointer ObjectStore::find(const api::Resource& resource, const api::ObjectKey& key) {
  const ResourceEntry& entry = catalog_.entry(resource);
  if (entry.resource.scope == api::Scope::kCluster) return catalog_.find(entry.id, {"", key.name});
  return catalog_.find(entry.id, key);
}

Result<Page> ObjectStore::page(const api::Resource& resource, const ListQuery& query) {
  const ResourceEntry& entry = catalog_.entry(resource);
  TRY(const Revision wanted, parse_revision(query.resource_version));
  if (wanted > catalog_.revision())
    return fail(Code::kTimeout, fmt::format("Too large resource version: {}, current: {}", wanted, catalog_.revision()));
  const std::string namespace_ = entry.resource.scope == api::Scope::kCluster ? "" : query.namespace_;
  TRY(const auto selection, ObjectSelection::make(entry.policy, namespace_, query.label_selector, query.field_selector));
  return catalog_.page(entry.id, selection, static_cast<std::size_t>(std::max(0, query.limit)), query.continue_);
}

Task<Result<ObjectList>> ObjectStore::list(api::Resource resource, ListQuery query) {
  CO_TRY(const Page found, page(resource, query));
  ObjectList result;
  result.resource_version = std::to_string(found.revision);
  result.continue_ = found.continue_;
  result.items.reserve(found.objects.size());
  for (const KeyedObject& keyed : found.objects) {
    CO_TRY(json::Value object, json::parse(keyed.object->text));
    result.items.push_back(std::move(object));
  }
  co_return result;
}

Task<Result<json::Value>> ObjectStore::create(api::Resource resource, api::ObjectKey key, json::Value object,
                                              WriteOptions options) {
  WriteRequest request;
  request.verb = Verb::kCreate;
  request.resource = std::move(resource);
  request.key = std::move(key);
  request.body = std::move(object);
  request.options = std::move(options);
  return submit(std::move(request));
}

Task<Result<json::Value>> ObjectStore::update(api::Resource resource, api::ObjectKey key, json::Value object,
                                              WriteOptions options) {
  WriteRequest request;
  request.verb = Verb::kUpdate;
  request.resource = std::move(resource);
  request.key = std::move(key);
  request.body = std::move(object);
  request.options = std::move(options);
  return submit(std::move(request));
}

Task<Result<json::Value>> ObjectStore::patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                             WriteOptions options) {
  WriteRequest request;
  request.verb = Verb::kPatch;
  request.resource = std::move(resource);
  request.key = std::move(key);
  request.patch = kind;
  request.body = std::move(body);
  request.options = std::move(options);
  return submit(std::move(request));
}

Task<Result<json::Value>> ObjectStore::remove_object(api::Resource resource, api::ObjectKey key, DeleteOptions options) {
  WriteRequest request;
  request.verb = Verb::kDelete;
  request.resource = std::move(resource);
  request.key = std::move(key);
  request.deletion = std::move(options);
  return submit(std::move(request));
}

Task<Status> ObjectStore::remove(api::Resource resource, api::ObjectKey key, Propagation propagation) {
  DeleteOptions options;
  options.propagation = propagation;
  const auto removed = co_await remove_object(std::move(resource), std::move(key), std::move(options));
  if (!removed) co_return fail(removed.error());
  co_return Status();
}

Task<Status> ObjectStore::remove_now(api::Resource resource, api::ObjectKey key, std::string uid) {
  DeleteOptions options;
  options.uid = std::move(uid);
  options.grace_period = Seconds(0);
  const auto removed = co_await remove_object(std::move(resource), std::move(key), std::move(options));
  if (!removed) co_return fail(removed.error());
  co_return Status();
}

Task<Result<json::Value>> ObjectStore::submit(WriteRequest request) {
  if (closing_) co_return fail(Code::kUnavailable, "the store is closing: try again after the next start");
  if (queue_.size() >= options_.queue_max) {
    Error busy{Code::kTooManyRequests, fmt::format("{} writes are waiting for the disk: try again later", queue_.size()),
               Seconds(1)};
    co_return fail(std::move(busy));
  }
  const auto waiting = std::make_shared<Waiting>();
  waiting->request = std::move(request);
  queue_.push_back(waiting);
  queue_changed_.set();
  co_await waiting->answered.wait();
  co_return std::move(waiting->answer);
}

Task<void> ObjectStore::write_batches() {
  for (;;) {
    while (!queue_.empty()) co_await write_one_batch();
    if (closing_) co_return;
    queue_changed_.reset();
    co_await queue_changed_.wait();
  }
}

// While the disk works on one batch, the next one gathers: the slower the disk, the larger the batches.
Task<void> ObjectStore::write_one_batch() {
  std::vector<std::shared_ptr<Waiting>> taken;
  WriteBatch batch(catalog_, names_, options_.rules, clock_.now());
  while (!queue_.empty() && taken.size() < options_.batch_max) {
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
    taken.back()->answer = batch.apply(std::move(taken.back()->request));
  }
  const Status committed = co_await commit(batch);
  if (committed) publish(batch.changes());
  for (const auto& waiting : taken) {
    // Also the refused ones: what they were refused for may never have come to be.
    if (!committed) waiting->answer = fail(committed.error());
    waiting->answered.set();
  }
}

Task<Status> ObjectStore::commit(const WriteBatch& batch) {
  if (batch.changes().empty()) co_return Status();
  // The work owns copies, because the thread may outlive a cancelled writer.
  const auto changes = std::make_shared<const std::vector<Change>>(batch.changes());
  const auto outcome = std::make_shared<Status>();
  const Revision floor = catalog_.floor();
  std::function<void()> work = [this, changes, outcome, floor, resources = batch.resources()] {
    *outcome = journal_.commit(*changes, resources, floor);
  };
  co_await blocking_.run(std::move(work));
  ++(outcome->has_value() ? counts_.transactions : counts_.failed_transactions);
  if (!*outcome) co_return wrap("nothing was written", outcome->error());
  counts_.changes += changes->size();
  co_return Status();
}

void ObjectStore::publish(const std::vector<Change>& changes) {
  if (changes.empty()) return;
  // Before, not after: what is published now must reach the watches, however large it is.
  catalog_.trim_history(clock_.now());
  catalog_.publish(changes);
  for (const Change& change : changes)
    for (const Listener& listener : listeners_) listener(change);
  changed_.set();
  if (!closing_) changed_.reset();
}

Task<void> ObjectStore::sweep_regularly() {
  while (!closing_) {
    co_await stopping_.wait_for(options_.sweep_interval);
    if (!closing_) co_await sweep();
  }
}

Task<void> ObjectStore::sweep() {
  catalog_.trim_history(clock_.now());
  for (std::size_t id = 0; id < catalog_.resource_count(); ++id) {
    const auto resource_id = static_cast<ResourceId>(id);
    const std::vector<KeyedObject> expired = catalog_.expired(resource_id, clock_.now());
    const api::Resource resource = catalog_.entry(resource_id).resource;
    for (const KeyedObject& keyed : expired) {
      DeleteOptions options;
      options.resource_version = std::to_string(keyed.object->revision);
      // Whoever wrote or deleted it meanwhile was right; a full disk is met again at the next sweep.
      const auto removed = co_await remove_object(resource, keyed.key, std::move(options));
      static_cast<void>(removed);
    }
  }
}

}  // namespace canaria::store
