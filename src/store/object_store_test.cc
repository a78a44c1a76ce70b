// The store as a whole, on a real database in a directory of its own, on a real loop; time stands still unless it is moved.
#include "store/object_store.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "async/loop.h"
#include "async/timers.h"
#include "store/collector.h"

namespace canaria::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct ManualClock : Clock {
  Time time = *parse_time("2026-08-01T12:00:00Z");
  Time now() const override { return time; }
};

const api::Resource& kRollouts() { return api::resources::rollouts(); }
const api::Resource& kPods() { return api::resources::pods(); }

json::Value rollout(const std::string& name, int replicas = 1) {
  return json::Object{{"metadata", {{"name", name}, {"labels", {{"app", name}}}}}, {"spec", {{"replicas", replicas}}}};
}
json::Value merge_replicas(int replicas) { return json::Object{{"spec", {{"replicas", replicas}}}}; }

struct Directory {
  Directory() {
    std::string pattern = testing::TempDir() + "canaria-store-XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

class ObjectStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.directory = directory_.path;
    open();
  }
  void TearDown() override {
    close();
  }
  void open() {
    auto opened = ObjectStore::open(loop_, clock_, options_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void close() {
    if (!store_) return;
    loop_.block_on(store_->stop());
    store_.reset();
  }
  void reopen() {
    close();
    open();
  }

  json::Value created(const api::Resource& resource, json::Value object) {
    return value(loop_.block_on(store_->create(resource, {"shop", ""}, std::move(object), WriteOptions())));
  }
  Result<json::Value> patched(const std::string& name, json::Value patch, WriteOptions options = {}) {
    return loop_.block_on(store_->patch(kRollouts(), {"shop", name}, PatchKind::kMerge, std::move(patch), std::move(options)));
  }
  Result<json::Value> got(const std::string& name) { return loop_.block_on(store_->get(kRollouts(), {"shop", name})); }
  ObjectList listed(ListQuery query, const api::Resource& resource = kRollouts()) {
    auto result = loop_.block_on(store_->list(resource, std::move(query)));
    EXPECT_TRUE(result) << result.error().message;
    return result ? *result : ObjectList();
  }
  static std::vector<std::string> names(const ObjectList& list) {
    std::vector<std::string> result;
    for (const json::Value& item : list.items) result.emplace_back(json::text_at(item, "metadata.name"));
    return result;
  }
  static json::Value value(Result<json::Value> result) {
    EXPECT_TRUE(result) << result.error().message;
    return result ? *std::move(result) : json::Value();
  }
  static std::string version(const json::Value& object) { return std::string(json::text_at(object, "metadata.resourceVersion")); }

  // Lets everything that is ready run.
  void settle() { loop_.block_on(async::sleep_for(Millis(5))); }

  async::Loop loop_;
  ManualClock clock_;
  Directory directory_;
  StoreOptions options_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_F(ObjectStoreTest, WritesAndReadsAndRemembersAcrossAReopen) {
  const json::Value made = created(kRollouts(), rollout("web"));
  EXPECT_EQ(version(made), "2");
  EXPECT_EQ(json::int_at(made, "metadata.generation"), 1);
  const json::Value changed = value(patched("web", merge_replicas(3)));
  EXPECT_EQ(version(changed), "3");
  EXPECT_EQ(json::int_at(changed, "metadata.generation"), 2);
  reopen();
  EXPECT_EQ(*got("web"), changed);
  EXPECT_EQ(got("shop").error().message, "rollouts.argoproj.io \"shop\" not found");
  EXPECT_EQ(got("shop").error().code, Code::kNotFound);
  EXPECT_EQ(version(created(kRollouts(), rollout("shop"))), "4");
}

TEST_F(ObjectStoreTest, RefusesASecondObjectOfANameAndAnOldVersion) {
  json::Value made = created(kRollouts(), rollout("web"));
  const auto again = loop_.block_on(store_->create(kRollouts(), {"shop", ""}, rollout("web"), WriteOptions()));
  EXPECT_EQ(again.error().code, Code::kAlreadyExists);
  EXPECT_EQ(again.error().message, "rollouts.argoproj.io \"web\" already exists");
  value(patched("web", merge_replicas(3)));
  const auto stale = loop_.block_on(store_->update(kRollouts(), {"shop", "web"}, made, WriteOptions()));
  EXPECT_EQ(stale.error().code, Code::kConflict);
}

TEST_F(ObjectStoreTest, WhatChangesNothingHasNoRevisionAndNoTransaction) {
  const json::Value made = created(kRollouts(), rollout("web"));
  EXPECT_EQ(value(patched("web", merge_replicas(1))), made);
  WriteOptions dry_run;
  dry_run.dry_run = DryRun::kYes;
  EXPECT_EQ(json::int_at(value(patched("web", merge_replicas(9), dry_run)), "spec.replicas"), 9);
  EXPECT_EQ(*got("web"), made);
  EXPECT_EQ(store_->counts().transactions, 1U);
  EXPECT_EQ(listed({}).resource_version, "2");
}

TEST_F(ObjectStoreTest, ListsBySelectorsAndInPagesOfOneRevision) {
  for (const char* name : {"a", "b", "c", "d", "e"}) created(kRollouts(), rollout(name));
  ListQuery by_label;
  by_label.label_selector = "app in (b,d)";
  EXPECT_THAT(names(listed(by_label)), ElementsAre("b", "d"));
  ListQuery by_field;
  by_field.field_selector = "metadata.name=c";
  EXPECT_THAT(names(listed(by_field)), ElementsAre("c"));
  ListQuery query;
  query.limit = 2;
  const ObjectList first = listed(query);
  EXPECT_THAT(names(first), ElementsAre("a", "b"));
  ASSERT_FALSE(first.continue_.empty());
  // None of this is to be seen on the later pages.
  EXPECT_TRUE(loop_.block_on(store_->remove(kRollouts(), {"shop", "c"}, Propagation::kBackground)));
  created(kRollouts(), rollout("cc"));
  value(patched("d", merge_replicas(7)));
  query.continue_ = first.continue_;
  const ObjectList second = listed(query);
  EXPECT_THAT(names(second), ElementsAre("c", "d"));
  EXPECT_EQ(json::int_at(second.items[1], "spec.replicas"), 1);
  EXPECT_EQ(second.resource_version, first.resource_version);
  query.continue_ = second.continue_;
  const ObjectList third = listed(query);
  EXPECT_THAT(names(third), ElementsAre("e"));
  EXPECT_EQ(third.continue_, "");
  query.continue_ = "nonsense";
  EXPECT_EQ(loop_.block_on(store_->list(kRollouts(), query)).error().code, Code::kInvalid);
}

// One watch in the background: a line per event.
struct Watched {
  std::vector<std::string> lines;
  std::optional<Status> ended;
};

Task<void> record_watch(ObjectStore& store, api::Resource resource, WatchQuery query, Watched& watched) {
  WatchSink sink = [&watched](const WatchEvent& event) {
    static constexpr std::array<const char*, 4> kKinds = {"added", "modified", "deleted", "bookmark"};
    const std::string name(json::text_at(event.object, "metadata.name"));
    watched.lines.push_back(std::string(kKinds[static_cast<std::size_t>(event.kind)]) + (name.empty() ? "" : " " + name) + " " +
                            std::string(json::text_at(event.object, "metadata.resourceVersion")));
  };
  const Status ended = co_await store.watch(std::move(resource), std::move(query), std::move(sink));
  watched.ended = ended;
}

TEST_F(ObjectStoreTest, WatchesFromTheStartFromARevisionAndBySelector) {
  created(kRollouts(), rollout("web"));
  async::Scope scope(loop_);
  Watched from_start, streaming, from_here, selected;
  WatchQuery query;
  scope.spawn(record_watch(*store_, kRollouts(), query, from_start));
  query.initial = InitialEvents::kYes;
  scope.spawn(record_watch(*store_, kRollouts(), query, streaming));
  query.initial = InitialEvents::kNo;
  query.resource_version = "2";
  scope.spawn(record_watch(*store_, kRollouts(), query, from_here));
  query.label_selector = "tier=gold";
  scope.spawn(record_watch(*store_, kRollouts(), query, selected));
  settle();
  value(patched("web", *json::parse(R"({"metadata":{"labels":{"tier":"gold"}}})")));
  value(patched("web", *json::parse(R"({"metadata":{"labels":{"tier":"iron"}}})")));
  EXPECT_TRUE(loop_.block_on(store_->remove(kRollouts(), {"shop", "web"}, Propagation::kBackground)));
  settle();
  EXPECT_THAT(from_start.lines, ElementsAre("added web 2", "modified web 3", "modified web 4", "deleted web 5"));
  EXPECT_THAT(streaming.lines, ElementsAre("added web 2", "bookmark 2", "modified web 3", "modified web 4", "deleted web 5"));
  EXPECT_THAT(from_here.lines, ElementsAre("modified web 3", "modified web 4", "deleted web 5"));
  EXPECT_THAT(selected.lines, ElementsAre("added web 3", "deleted web 4"));
  loop_.block_on(scope.stop());
}

TEST_F(ObjectStoreTest, AWatchGoesOnAfterAReopenAndEndsWithABookmark) {
  created(kRollouts(), rollout("web"));
  created(kRollouts(), rollout("shop"));
  value(patched("web", merge_replicas(2)));
  created(kPods(), *json::parse(R"({"metadata":{"name":"pod"}})"));
  reopen();
  Watched watched;
  WatchQuery query;
  query.resource_version = "2";
  query.timeout = Seconds(0);
  loop_.block_on(record_watch(*store_, kRollouts(), query, watched));
  EXPECT_THAT(watched.lines, ElementsAre("added shop 3", "modified web 4", "bookmark 5"));
  EXPECT_TRUE(watched.ended->has_value());
}

TEST_F(ObjectStoreTest, WhatHasLeftTheWindowIsExpired) {
  close();
  options_.history.count = 3;
  open();
  for (int i = 0; i < 6; ++i) created(kRollouts(), rollout("r" + std::to_string(i)));
  WatchQuery query;
  query.timeout = Seconds(0);
  for (const auto& [position, code] : std::vector<std::pair<std::string, std::optional<Code>>>{
           {"2", Code::kExpired}, {"3", std::nullopt}, {"7", std::nullopt}, {"99", Code::kExpired}, {"x", Code::kInvalid}}) {
    Watched watched;
    query.resource_version = position;
    loop_.block_on(record_watch(*store_, kRollouts(), query, watched));
    EXPECT_EQ(watched.ended->has_value(), !code.has_value()) << position;
    if (code && !*watched.ended) {
      EXPECT_EQ(watched.ended->error().code, *code) << watched.ended->error().message;
    }
  }
  clock_.time += Seconds(601);
  loop_.block_on(store_->sweep());
  ListQuery page;
  page.continue_ = "5:shop/r1";
  page.limit = 1;
  EXPECT_EQ(loop_.block_on(store_->list(kRollouts(), page)).error().code, Code::kExpired);
}

Task<void> write_many(ObjectStore& store, std::string prefix, int count, std::set<std::string>& versions) {
  for (int i = 0; i < count; ++i) {
    json::Value object = rollout(prefix + "-" + std::to_string(i));
    api::ObjectKey key{"shop", ""};
    WriteOptions options;
    const auto made = co_await store.create(kRollouts(), std::move(key), std::move(object), std::move(options));
    if (made) versions.insert(std::string(json::text_at(*made, "metadata.resourceVersion")));
  }
}

TEST_F(ObjectStoreTest, ManyWritersShareTransactions) {
  async::Scope scope(loop_);
  std::set<std::string> versions;
  for (int writer = 0; writer < 32; ++writer) scope.spawn(write_many(*store_, "w" + std::to_string(writer), 10, versions));
  loop_.block_on(scope.join());
  EXPECT_EQ(versions.size(), 320U) << "every write has a revision of its own";
  EXPECT_EQ(store_->counts().changes, 320U);
  EXPECT_LE(store_->counts().transactions, 40U);
  reopen();
  EXPECT_EQ(listed({}).items.size(), 320U);
  EXPECT_EQ(listed({}).resource_version, "321");
}

Task<void> write_named(ObjectStore& store, std::string name, int& successes, std::vector<Error>& errors) {
  json::Value object = rollout(name);
  api::ObjectKey key{"shop", ""};
  WriteOptions options;
  const auto made = co_await store.create(kRollouts(), std::move(key), std::move(object), std::move(options));
  if (made) ++successes;
  else errors.push_back(made.error());
}

TEST_F(ObjectStoreTest, WritesOfOneBatchSeeEachOther) {
  async::Scope scope(loop_);
  int successes = 0;
  std::vector<Error> errors;
  for (int i = 0; i < 5; ++i) scope.spawn(write_named(*store_, "same", successes, errors));
  loop_.block_on(scope.join());
  EXPECT_EQ(successes, 1);
  ASSERT_EQ(errors.size(), 4U);
  EXPECT_EQ(errors[0].code, Code::kAlreadyExists);
}

TEST_F(ObjectStoreTest, ManyWatchesAllSeeEveryChangeOnce) {
  async::Scope scope(loop_);
  std::vector<Watched> watches(50);
  WatchQuery query;
  query.resource_version = "1";
  for (Watched& watched : watches) scope.spawn(record_watch(*store_, kRollouts(), query, watched));
  std::set<std::string> versions;
  loop_.block_on(write_many(*store_, "w", 20, versions));
  settle();
  for (const Watched& watched : watches) {
    EXPECT_EQ(watched.lines.size(), 20U);
    EXPECT_EQ(watched.lines, watches[0].lines);
  }
  loop_.block_on(scope.stop());
}

TEST_F(ObjectStoreTest, StoppingAnswersWhatWasGivenAndEndsTheWatches) {
  async::Scope scope(loop_);
  Watched watched;
  scope.spawn(record_watch(*store_, kRollouts(), WatchQuery(), watched));
  int successes = 0;
  std::vector<Error> errors;
  scope.spawn(write_named(*store_, "last", successes, errors));
  settle();
  loop_.block_on(store_->stop());
  loop_.block_on(scope.join());
  EXPECT_EQ(successes, 1);
  EXPECT_TRUE(watched.ended->has_value());
  scope.spawn(write_named(*store_, "late", successes, errors));
  loop_.block_on(scope.join());
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].code, Code::kUnavailable);
}

TEST_F(ObjectStoreTest, EventsGoAfterAnHour) {
  created(api::resources::events(), *json::parse(R"({"metadata":{"name":"old"},"involvedObject":{"name":"web"}})"));
  clock_.time += Seconds(1800);
  created(api::resources::events(), *json::parse(R"({"metadata":{"name":"new"},"involvedObject":{"name":"web"}})"));
  clock_.time += Seconds(1800);
  loop_.block_on(store_->sweep());
  ListQuery query;
  query.field_selector = "involvedObject.name=web";
  EXPECT_THAT(names(listed(query, api::resources::events())), ElementsAre("new"));
}

TEST_F(ObjectStoreTest, AFullDatabaseRefusesWritesAndLosesNothing) {
  close();
  options_.journal.pages_max = 40;
  open();
  int written = 0;
  Error error;
  for (;; ++written) {
    json::Value object = rollout("r" + std::to_string(written));
    object.as_object()["padding"] = std::string(2000, 'x');
    const auto made = loop_.block_on(store_->create(kRollouts(), {"shop", ""}, std::move(object), WriteOptions()));
    if (made) continue;
    error = made.error();
    break;
  }
  EXPECT_GT(written, 5);
  EXPECT_EQ(error.code, Code::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("nothing was written: " + directory_.path + "/store.db cannot grow"));
  EXPECT_EQ(listed({}).items.size(), static_cast<std::size_t>(written));
  EXPECT_EQ(got("r" + std::to_string(written)).error().code, Code::kNotFound);
  options_.journal.pages_max = 0;
  reopen();
  EXPECT_EQ(listed({}).items.size(), static_cast<std::size_t>(written));
  EXPECT_EQ(version(created(kRollouts(), rollout("more"))), std::to_string(written + 2));
}

TEST_F(ObjectStoreTest, AnInputOutputErrorRefusesTheWriteAndTheNextOneWorks) {
  created(kRollouts(), rollout("before"));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit normal{};
  ::getrlimit(RLIMIT_FSIZE, &normal);
  rlimit tight = normal;
  tight.rlim_cur = 4096;  // smaller than the log already is
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto refused = loop_.block_on(store_->create(kRollouts(), {"shop", ""}, rollout("during"), WriteOptions()));
  ::setrlimit(RLIMIT_FSIZE, &normal);
  std::signal(SIGXFSZ, SIG_DFL);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable) << refused.error().message;
  created(kRollouts(), rollout("after"));
  reopen();
  EXPECT_THAT(names(listed({})), ElementsAre("after", "before"));
}

TEST_F(ObjectStoreTest, NobodyElseCanReadTheFiles) {
  created(kRollouts(), rollout("web"));
  for (const char* name : {"store.db", "store.db-wal", "lock"}) {
    const auto mode = std::filesystem::status(directory_.path + "/" + name).permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write) << name;
  }
}

TEST_F(ObjectStoreTest, ASecondProcessIsRefused) {
  const auto second = ObjectStore::open(loop_, clock_, options_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "the data directory " + directory_.path + " is in use by process " + std::to_string(::getpid()) +
                                        ": stop that process, or choose another directory");
}

TEST_F(ObjectStoreTest, ANewerOrForeignDatabaseIsRefused) {
  close();
  auto database = Database::open(directory_.path + "/store.db");
  ASSERT_TRUE(database->execute("PRAGMA user_version = 7"));
  EXPECT_THAT(ObjectStore::open(loop_, clock_, options_).error().message,
              HasSubstr("store.db was written by a newer version of this program (schema 7, this one knows 1): use that version"));
  ASSERT_TRUE(database->execute("PRAGMA application_id = 5"));
  EXPECT_THAT(ObjectStore::open(loop_, clock_, options_).error().message, HasSubstr("belongs to another program"));
}

// Writes until it is killed; every acknowledged name goes through the pipe before the next write.
[[noreturn]] void write_until_killed(const std::string& directory, int pipe, int round) {
  async::Loop loop;
  ManualClock clock;
  StoreOptions options;
  options.directory = directory;
  auto store = ObjectStore::open(loop, clock, options);
  if (!store) ::_exit(3);
  for (int i = 0;; ++i) {
    const std::string name = "r" + std::to_string(round) + "-" + std::to_string(i);
    const auto made = loop.block_on((*store)->create(kRollouts(), {"shop", ""}, rollout(name), WriteOptions()));
    const std::string line = name + "\n";
    if (!made || ::write(pipe, line.data(), line.size()) < 0) ::_exit(4);
  }
}

TEST_F(ObjectStoreTest, EveryAcknowledgedWriteSurvivesAKill) {
  close();
  std::set<std::string> acknowledged;
  for (int round = 0; round < 10; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(directory_.path, ends[1], round);
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> bytes{};
    // Killed after a different number of writes in each round, at whatever it is doing then.
    while (std::count(text.begin(), text.end(), '\n') < 3 + round * 7) {
      const ssize_t size = ::read(ends[0], bytes.data(), bytes.size());
      ASSERT_GT(size, 0) << "the child ended by itself";
      text.append(bytes.data(), static_cast<std::size_t>(size));
    }
    ::kill(child, SIGKILL);
    for (ssize_t size; (size = ::read(ends[0], bytes.data(), bytes.size())) > 0;)
      text.append(bytes.data(), static_cast<std::size_t>(size));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
      acknowledged.insert(text.substr(begin, text.find('\n', begin) - begin));
  }
  open();
  const std::vector<std::string> all = names(listed({}));
  const std::set<std::string> stored(all.begin(), all.end());
  for (const std::string& name : acknowledged) EXPECT_TRUE(stored.contains(name)) << name;
  EXPECT_LE(stored.size(), acknowledged.size() + 10) << "at most the one write that was under way at each kill";
}

class CollectorTest : public ObjectStoreTest {
 protected:
  void SetUp() override {
    ObjectStoreTest::SetUp();
    collector_.emplace(loop_, *store_, clock_);
    collector_->start();
  }
  void TearDown() override {
    loop_.block_on(collector_->stop());
    close();
  }
  json::Value pod(const std::string& name, const json::Value& owner) {
    json::Value reference = json::Object{{"apiVersion", "argoproj.io/v1alpha1"}, {"kind", "Rollout"},
                                         {"name", json::text_at(owner, "metadata.name")}, {"uid", json::text_at(owner, "metadata.uid")},
                                         {"blockOwnerDeletion", true}};
    return json::Object{{"metadata", {{"name", name}, {"ownerReferences", json::Array{std::move(reference)}}}}};
  }
  Status removed(const std::string& name, Propagation propagation) {
    return loop_.block_on(store_->remove(kRollouts(), {"shop", name}, propagation));
  }
  void wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) loop_.block_on(async::sleep_for(Millis(2)));
    EXPECT_TRUE(condition());
  }
  std::optional<Collector> collector_;
};

TEST_F(CollectorTest, BackgroundDeletionTakesTheDependentsAlong) {
  const json::Value owner = created(kRollouts(), rollout("web"));
  created(kPods(), pod("a", owner));
  created(kPods(), pod("b", owner));
  EXPECT_TRUE(removed("web", Propagation::kBackground));
  wait_for([&] { return listed({}, kPods()).items.empty(); });
}

TEST_F(CollectorTest, ForegroundDeletionEndsWithTheOwner) {
  const json::Value owner = created(kRollouts(), rollout("web"));
  created(kPods(), pod("a", owner));
  EXPECT_TRUE(removed("web", Propagation::kForeground));
  wait_for([&] { return !got("web"); });
  EXPECT_THAT(listed({}, kPods()).items, IsEmpty());
}

TEST_F(CollectorTest, OrphansStayWithoutAnOwner) {
  const json::Value owner = created(kRollouts(), rollout("web"));
  created(kPods(), pod("a", owner));
  EXPECT_TRUE(removed("web", Propagation::kOrphan));
  wait_for([&] { return !got("web"); });
  const ObjectList pods = listed({}, kPods());
  ASSERT_EQ(pods.items.size(), 1U);
  EXPECT_EQ(json::find(pods.items[0], "metadata.ownerReferences"), nullptr);
}

TEST_F(CollectorTest, WhatWasLeftByAStopIsCollectedAtTheNextStart) {
  const json::Value owner = created(kRollouts(), rollout("web"));
  created(kPods(), pod("a", owner));
  loop_.block_on(collector_->stop());
  EXPECT_TRUE(removed("web", Propagation::kBackground));
  EXPECT_EQ(listed({}, kPods()).items.size(), 1U);
  close();
  collector_.reset();
  open();
  collector_.emplace(loop_, *store_, clock_);
  collector_->start();
  wait_for([&] { return listed({}, kPods()).items.empty(); });
}

}  // namespace
}  // namespace canaria::store
