#include "kube/leader_elector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/scope.h"
#include "kube/fake_api_server.h"
#include "kube/http_object_client.h"
#include "net/http_client.h"

namespace canaria::kube {
namespace {

using testing::HasSubstr;

struct SystemClock final : Clock {
  Time now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
};

constexpr const char* kLease = "/apis/coordination.k8s.io/v1/namespaces/argo/leases/lock";

class Election : public testing::Test {
 protected:
  Election() : http(loop, net::HttpClientOptions()), server(loop) {
    ClusterAccess access;
    access.server = server.open();
    credentials = std::make_unique<Credentials>(access, clock);
    ObjectClientOptions options;
    options.most_waits = 0;
    client = std::make_unique<HttpObjectClient>(http, *credentials, options);
  }
  ~Election() override {
    loop.block_on(scope.stop());
    loop.block_on(server.stop());
  }
  LeaderOptions options(const std::string& identity) {
    LeaderOptions result;
    result.lease = {"argo", "lock"};
    result.identity = identity;
    result.lease_duration = Millis(1000);
    result.renew_deadline = Millis(300);
    result.retry_period = Millis(20);
    result.on_new_leader = [this, identity](const std::string& holder) { seen.push_back(identity + " sees " + holder); };
    return result;
  }
  std::string holder() const {
    const json::Object* lease = server.find(kLease);
    return lease ? std::string(json::text_at(*lease, "spec.holderIdentity")) : "(none)";
  }

  async::Loop loop;
  net::CurlHttpClient http;
  FakeApiServer server;
  SystemClock clock;
  std::unique_ptr<Credentials> credentials;
  std::unique_ptr<HttpObjectClient> client;
  std::vector<std::string> seen;
  async::Scope scope{loop};
};

Task<void> note_end(LeaderElector& elector, std::vector<std::string>& ends) {
  const Error why = co_await elector.hold();
  ends.push_back(why.message);
}
Task<void> note_acquired(LeaderElector& elector, bool& acquired) {
  co_await elector.acquire();
  acquired = true;
}

TEST_F(Election, CreatesTheLeaseAndRenewsItWithOneRequestEach) {
  LeaderElector one(*client, clock, options("one"));
  loop.block_on(one.acquire());
  EXPECT_EQ(holder(), "one");
  std::vector<std::string> ends;
  scope.spawn(note_end(one, ends));
  server.log.clear();
  const std::string before(json::text_at(*server.find(kLease), "spec.renewTime"));
  loop.block_on(async::sleep_for(Millis(150)));
  EXPECT_NE(json::text_at(*server.find(kLease), "spec.renewTime"), before);
  EXPECT_THAT(server.log, testing::Each(testing::StartsWith("PUT")));
  EXPECT_TRUE(ends.empty());
  EXPECT_TRUE(one.is_leader());
  loop.block_on(scope.stop());  // it refers to the elector of this test
}

TEST_F(Election, AStandbyWaitsUntilTheLeaseHasNotChangedForItsDuration) {
  LeaderElector one(*client, clock, options("one"));
  loop.block_on(one.acquire());
  bool acquired = false;
  LeaderElector two(*client, clock, options("two"));
  const auto begin = std::chrono::steady_clock::now();
  scope.spawn(note_acquired(two, acquired));
  while (!acquired) loop.block_on(async::sleep_for(Millis(5)));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Millis(950));
  EXPECT_EQ(holder(), "two");
  EXPECT_EQ(json::int_at(*server.find(kLease), "spec.leaseTransitions"), 1);
  EXPECT_THAT(seen, testing::ElementsAre("one sees one", "two sees one", "two sees two"));
}

TEST_F(Election, ReleaseLetsASuccessorInAtOnce) {
  LeaderElector one(*client, clock, options("one"));
  loop.block_on(one.acquire());
  loop.block_on(one.release());
  LeaderElector two(*client, clock, options("two"));
  const auto begin = std::chrono::steady_clock::now();
  loop.block_on(two.acquire());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Millis(900));
}

TEST_F(Election, StopsWellBeforeAnotherMayLead) {
  LeaderElector one(*client, clock, options("one"));
  loop.block_on(one.acquire());
  const auto begin = std::chrono::steady_clock::now();
  loop.block_on(server.stop());
  const Error why = loop.block_on(one.hold());
  EXPECT_EQ(why.code, Code::kTimeout);
  EXPECT_THAT(why.message, HasSubstr("lease argo/lock could not be renewed in time"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, Millis(900));
  EXPECT_FALSE(one.is_leader());
}

TEST_F(Election, NoticesThatAnotherTookTheLease) {
  LeaderElector one(*client, clock, options("one"));
  loop.block_on(one.acquire());
  server.put(kLease, json::Object{{"spec", json::Object{{"holderIdentity", "thief"}, {"leaseDurationSeconds", 15}}}});
  const Error why = loop.block_on(one.hold());
  EXPECT_EQ(why.message, "the lease argo/lock was taken by thief");
}

TEST_F(Election, SurvivesFaultsWithinTheDeadline) {
  LeaderElector one(*client, clock, options("one"));
  loop.block_on(one.acquire());
  std::vector<std::string> ends;
  for (int i = 0; i < 4; ++i) server.answer_next(500, "");
  scope.spawn(note_end(one, ends));
  loop.block_on(async::sleep_for(Millis(400)));
  EXPECT_TRUE(ends.empty()) << ends[0];
  loop.block_on(scope.stop());
}

TEST(Identity, NamesTheHost) {
  EXPECT_THAT(make_identity(), testing::MatchesRegex(".+_[0-9a-f-]{36}"));
  EXPECT_NE(make_identity(), make_identity());
  EXPECT_EQ(lease_name(""), "argo-rollouts-controller-lock");
  EXPECT_EQ(lease_name("a"), "argo-rollouts-controller-lock-a");
}

}  // namespace
}  // namespace canaria::kube
