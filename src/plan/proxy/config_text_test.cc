// The configuration as text, and what is said to a running proxy instead of writing it anew.
#include "plan/proxy/config_text.h"

#include <gmock/gmock.h>

#include "plan/proxy/latencies.h"
#include "plan/proxy/listener_text.h"
#include "plan/proxy/runtime_commands.h"

namespace canaria::plan::proxy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Endpoint pod(int number, EndpointState state = EndpointState::kReady) {
  return {"127.9.0." + std::to_string(number), 8000, "pod-" + std::to_string(number), state};
}
Backend backend(const std::string& service, std::vector<Endpoint> endpoints) {
  return {"shop." + service + ":80", {"shop", service}, 80, Protocol::kHttp, std::move(endpoints)};
}

ProxyModel model(std::int32_t stable, std::int32_t canary) {
  ProxyModel result;
  for (Backend made : {backend("stable", {pod(1)}), backend("canary", {pod(2)})}) result.backends.emplace(made.name, made);
  Listener listener;
  listener.name = "gateway.shop.edge:80";
  listener.place = {"127.9.192.1", 80};
  Rule header, split;
  header.key = "shop/shop/0";
  header.shares = {{"shop.canary:80", kWholeSplit}};
  split.key = "shop/shop/1";
  split.shares = {{"shop.stable:80", stable}, {"shop.canary:80", canary}};
  listener.rules = {header, split};
  RequestMatch with_header, any;
  with_header.headers = {{"Exact", "X-Canary", "it's"}};
  with_header.path.value = "/shop/";
  with_header.host = "shop.test";
  any.rule = 1;
  listener.matches = {with_header, any};
  result.listeners.push_back(listener);
  return result;
}

TEST(ConfigText, IsWhatHaproxyReads) {
  const ProxyModel made = model(9500, 500);
  ProxySettings settings;
  settings.generation = 7;
  const std::string text = config_text(made, seat_all({}, made), settings);
  EXPECT_THAT(text, testing::StartsWith("# canaria generation 7;"));
  EXPECT_THAT(text, HasSubstr("stats socket unix@control-7.sock mode 600 level admin"));
  EXPECT_THAT(text, HasSubstr(R"(
frontend gateway.shop.edge:80
    bind 127.9.192.1:80
    mode http
    option idle-close-on-response
    http-request disable-l7-retry unless { method GET HEAD OPTIONS PUT DELETE TRACE }
    http-request set-var(txn.host) req.hdr(host),host_only,lower
    http-request set-var(txn.rule) int(2)
    acl path0 path -m str -- '/shop'
    acl path0 path -m beg -- '/shop/'
    http-request set-var(txn.rule) int(1) if { var(txn.host) -m str -- 'shop.test' } path0 { req.fhdr(X-Canary) -m str -- 'it'\''s' }
    http-request set-var(txn.dice) rand(10000)
    use_backend shop.canary:80 if { var(txn.rule) -m int 1 }
    use_backend shop.stable:80 if { var(txn.rule) -m int 2 } { str('shop/shop/1'),map_str(weights.map),sub(txn.dice) gt 0 }
    use_backend shop.canary:80 if { var(txn.rule) -m int 2 }
)"));
  EXPECT_THAT(text, HasSubstr(R"(
backend shop.canary:80
    mode http
    balance roundrobin
    retry-on conn-failure empty-response
)" + latency_rules() + R"(    server s1 127.9.0.2:8000
    server s2 127.0.0.1:1 disabled
    server s3 127.0.0.1:1 disabled
    server s4 127.0.0.1:1 disabled
)"));
  EXPECT_EQ(weights_text(made), "shop/shop/1 9500\n");
  EXPECT_EQ(generation_in(text), 7);
  EXPECT_THAT(listen_places_in(text), ElementsAre(ListenPlace{"127.9.192.1", 80}));
}

TEST(ConfigText, WeightsAndEndpointsAreNotStructure) {
  ProxyModel one = model(9500, 500), other = model(0, 10000);
  other.backends.at("shop.canary:80").endpoints = {pod(3), pod(4)};
  EXPECT_EQ(structure_text(one, seat_all({}, one)), structure_text(other, seat_all({}, other)));
  other.backends.at("shop.canary:80").endpoints = {pod(3), pod(4), pod(5), pod(6), pod(7)};
  EXPECT_NE(structure_text(one, seat_all({}, one)), structure_text(other, seat_all({}, other)));
}

TEST(ConfigText, OneRuleForEverythingIsNotChosen) {
  ProxyModel made = model(1, 1);
  Listener& listener = made.listeners[0];
  listener.rules.erase(listener.rules.begin());
  listener.rules[0].shares.push_back({"shop.third:80", 0});
  listener.matches.erase(listener.matches.begin());
  listener.matches[0].rule = 0;
  EXPECT_THAT(listener_text(listener, "w"), HasSubstr(R"(
    http-request set-var(txn.dice) rand(10000)
    http-request set-var(txn.split) str('shop/shop/1'),map_str(w)
    use_backend shop.stable:80 if { var(txn.split),field(1,:),sub(txn.dice) gt 0 }
    use_backend shop.canary:80 if { var(txn.split),field(2,:),sub(txn.dice) gt 0 }
    use_backend shop.third:80
)"));
}

TEST(ConfigText, RequestsThatFitNoRuleAreNotFound) {
  ProxyModel made = model(1, 1);
  made.listeners[0].matches.pop_back();
  EXPECT_THAT(listener_text(made.listeners[0], "w"), HasSubstr("return status 404"));
  EXPECT_THAT(listener_text(model(1, 1).listeners[0], "w"), Not(HasSubstr("404")));
}

TEST(ConfigText, QuotesWhateverPeopleWrite) {
  EXPECT_EQ(quoted("a b$c\"d\\e#"), "'a b$c\"d\\e#'");
  EXPECT_EQ(quoted("it's"), "'it'\\''s'");
  ProxyModel made = model(1, 1);
  made.listeners[0].matches[0].headers[0].value = "}";
  EXPECT_THAT(listener_text(made.listeners[0], "w"), HasSubstr("{ req.fhdr(X-Canary) -m reg -- '^[}]$' }"));
}

TEST(RuntimeCommands, ChangedWeightIsOneEntry) {
  Rule rule;
  rule.shares = {{"a", 2000}, {"b", 3000}, {"c", 5000}};
  EXPECT_EQ(split_text(rule), "2000:5000");
  const ProxyModel before = model(9500, 500), after = model(5000, 5000);
  const SlotTable slots = seat_all({}, before);
  const CommandPlan plan = commands_between({slots, split_table(before)}, {slots, split_table(after)}, "weights.map");
  EXPECT_THAT(plan.commands, ElementsAre("set map weights.map shop/shop/1 5000"));
  EXPECT_FALSE(plan.needs_reload);
}

TEST(RuntimeCommands, ArrivalsComeBeforeWeightsAndDeparturesAfter) {
  ProxyModel before = model(10000, 0), after = model(0, 10000);
  before.backends.at("shop.canary:80").endpoints.clear();
  after.backends.at("shop.stable:80").endpoints.clear();
  const SlotTable old_slots = seat_all({}, before), new_slots = seat_all(old_slots, after);
  const CommandPlan plan = commands_between({old_slots, split_table(before)}, {new_slots, split_table(after)}, "weights.map");
  EXPECT_THAT(plan.commands,
              ElementsAre("set server shop.canary:80/s1 addr 127.9.0.2 port 8000", "set server shop.canary:80/s1 state ready",
                          "set map weights.map shop/shop/1 0", "set server shop.stable:80/s1 state maint"));
}

TEST(RuntimeCommands, WhollyReplacedBackendIsNeverWithoutAReadyServer) {
  const Slots before = seat_anew({pod(1), pod(2)}), after = seat(before, {pod(2, EndpointState::kDraining), pod(3)});
  EXPECT_THAT(commands_between({{{"b", before}}, {}}, {{{"b", after}}, {}}, "w").commands,
              ElementsAre("set server b/s3 addr 127.9.0.3 port 8000", "set server b/s3 state ready", "set server b/s1 state maint",
                          "set server b/s2 state drain"));
}

TEST(RuntimeCommands, SlotOfAnotherEndpointIsNotReused) {
  const Slots before = seat_anew({pod(1)}), after = seat_anew({pod(2)});
  EXPECT_TRUE(commands_between({{{"b", before}}, {}}, {{{"b", after}}, {}}, "w").needs_reload);
}

TEST(RuntimeCommands, DrainingIsAStateAndBackAgain) {
  const Slots ready = seat_anew({pod(1)}), draining = seat(ready, {pod(1, EndpointState::kDraining)});
  EXPECT_THAT(commands_between({{{"b", ready}}, {}}, {{{"b", draining}}, {}}, "w").commands,
              ElementsAre("set server b/s1 state drain"));
  EXPECT_THAT(commands_between({{{"b", draining}}, {}}, {{{"b", ready}}, {}}, "w").commands,
              ElementsAre("set server b/s1 state ready"));
  EXPECT_THAT(commands_between({{{"b", ready}}, {}}, {{{"b", ready}}, {}}, "w").commands, IsEmpty());
}

TEST(RuntimeCommands, WhatHasNoPlaceNeedsAReload) {
  EXPECT_TRUE(commands_between({{}, {}}, {{{"b", seat_anew({pod(1)})}}, {}}, "w").needs_reload);
  EXPECT_TRUE(commands_between({{}, {}}, {{}, {{"new/rule/0", "1"}}}, "w").needs_reload);
}

TEST(ServerSlots, HaveRoomForAsManyMore) {
  EXPECT_EQ(seat_anew({}).size(), 8U);
  std::vector<Endpoint> five;
  for (int i = 1; i <= 5; ++i) five.push_back(pod(i));
  EXPECT_EQ(seat_anew(five).size(), 16U);
}

TEST(ServerSlots, WhoLeavesStaysSeatedUntilTheProxyIsThroughWithIt) {
  const auto statistics = [](const std::string& of_first) {
    return "# pxname,svname,scur,used_conn_cur,idle_conn_cur,safe_conn_cur,\nb,s1," + of_first +
           ",\nb,s2,0,0,0,0,\nb,BACKEND,1,,,,\nother,s1,0,0,0,0,\n";
  };
  SlotTable slots = {{"b", seat_anew({pod(1), pod(2)})}};
  free_slots(slots, statistics("0,0,0,0"));
  EXPECT_EQ(slots["b"][0]->pod, "pod-1") << "it has not left";
  slots["b"] = seat(slots["b"], {pod(2), pod(3)});
  EXPECT_EQ(slots["b"][0]->state, EndpointState::kGone);
  EXPECT_EQ(slots["b"][1]->pod, "pod-2");
  EXPECT_EQ(slots["b"][2]->pod, "pod-3");
  for (const char* used : {"1,0,0,0", "0,1,0,0", "0,0,1,0", "0,0,0,1"}) {
    free_slots(slots, statistics(used));
    EXPECT_TRUE(slots["b"][0]) << used;
  }
  free_slots(slots, statistics("0,0,0,0"));
  EXPECT_FALSE(slots["b"][0]);
  EXPECT_EQ(slots["b"][1]->pod, "pod-2");
  EXPECT_EQ(seat(slots["b"], {pod(2), pod(3), pod(4)})[0]->pod, "pod-4");
}

TEST(ServerSlots, WhoComesBackGetsItsSlotBack) {
  const Slots gone = seat(seat_anew({pod(1)}), {});
  EXPECT_EQ(seat(gone, {pod(1)})[0]->state, EndpointState::kReady);
  EXPECT_EQ(seat(gone, {pod(1, EndpointState::kDraining)})[0]->state, EndpointState::kGone);
  EXPECT_FALSE(seat(gone, {pod(2, EndpointState::kDraining)})[1]) << "it gets nothing new, so it needs no slot";
}

TEST(ServerSlots, AreToldWhenTheyDoNotSuffice) {
  ProxyModel made = model(1, 1);
  SlotTable slots = seat_all_anew(made);
  EXPECT_TRUE(are_seated(slots, made));
  auto& endpoints = made.backends.at("shop.stable:80").endpoints;
  endpoints.clear();
  for (int i = 11; i < 19; ++i) endpoints.push_back(pod(i));
  slots = seat_all(slots, made);
  EXPECT_FALSE(are_seated(slots, made)) << "eight slots, one of them just left";
  EXPECT_TRUE(are_seated(seat_all_anew(made), made));
}

}  // namespace
}  // namespace canaria::plan::proxy
