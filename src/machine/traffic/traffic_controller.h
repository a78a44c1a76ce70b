// The traffic of one machine: watches Services, EndpointSlices, HTTPRoutes, Gateways and Ingresses and makes HAProxy do what
// they say. Everything is decided in plan/proxy; here is the observing and applying.
//
// One coroutine does all the work, pass after pass from the current state, a few milliseconds after something has changed, so
// that what changes together is applied together. A pass is: give addresses to Gateways and the Ingresses, plan, try the new
// ports, tell the proxy (or start or reload it), write the statuses that differ, tell about ports in Events.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "async/event.h"
#include "async/loop.h"
#include "async/scope.h"
#include "machine/addresses.h"
#include "machine/traffic/proxy_driver.h"
#include "machine/traffic/proxy_process.h"
#include "plan/proxy/traffic_status.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_client.h"
#include "ports/watch_order.h"

namespace canaria::machine {

struct TrafficOptions {
  AddressBlock addresses{77};
  std::string folder;               // for HAProxy's files
  std::string program = "haproxy";
  Millis fold{15};                  // how long a change waits for others
};

// Where something can be reached, for people.
struct RouteAddress {
  std::string url;     // "http://127.77.192.1:8080/"
  std::string host;    // the Host header that the rule asks for; empty: any
  std::string target;  // "HTTPRoute shop/checkout", "Service shop/checkout"
};

class TrafficController {
 public:
  TrafficController(async::Loop& loop, ObjectClient& client, const Clock& clock, EventRecorder& events, StartWatch start_watch,
                    TrafficOptions options);

  // Finds HAProxy or fails with the package to install; takes over the one that an earlier program left running.
  Task<Status> open();
  // Starts the watches and the work. REQUIRES: open() has succeeded.
  void start();
  // Ends HAProxy too.
  Task<void> stop();

  // Ends the work but leaves HAProxy serving, for the next program to take over.
  Task<void> abandon() { return scope_.stop(); }

  // What is reachable now, in order of address.
  std::vector<RouteAddress> addresses() const;
  // Prometheus text; the names are in plan/proxy/traffic_counters.h.
  Task<std::string> metrics_text();

  const ProxyDriver& driver() const { return driver_; }
  // Passes without error so far.
  int passes() const { return passes_; }
  // Whether everything that the watches have told is applied.
  bool is_settled() const { return passes_ > 0 && !is_passing_ && !wake_.is_set(); }

 private:
  Task<void> run();
  Task<void> watch_process();
  Task<Status> pass();
  Task<void> make_gateway_class();
  plan::proxy::TrafficObjects objects() const;
  plan::proxy::GivenAddresses give_addresses(const plan::proxy::TrafficObjects& objects);
  Task<void> try_patterns(std::vector<std::string> patterns);
  Task<Status> write_statuses(std::vector<plan::proxy::StatusWrite> writes);
  void tell_problems(const plan::proxy::TrafficObjects& objects, const std::map<std::string, std::string>& problems);
  void changed();
  void note_sync();

  ObjectClient& client_;
  const Clock& clock_;
  EventRecorder& events_;
  StartWatch start_watch_;
  TrafficOptions options_;

  ObjectCache<plan::proxy::Service> services_{plan::proxy::parse_traffic_object<plan::proxy::Service>};
  ObjectCache<plan::proxy::EndpointSlice> slices_{plan::proxy::parse_traffic_object<plan::proxy::EndpointSlice>};
  ObjectCache<plan::proxy::HttpRoute> routes_{plan::proxy::parse_traffic_object<plan::proxy::HttpRoute>};
  ObjectCache<plan::proxy::Gateway> gateways_{plan::proxy::parse_traffic_object<plan::proxy::Gateway>};
  ObjectCache<plan::proxy::Ingress> ingresses_{plan::proxy::parse_traffic_object<plan::proxy::Ingress>};

  ProxyProcess process_;
  ProxyDriver driver_;
  plan::proxy::GivenAddresses given_;
  plan::proxy::RefusedPatterns refused_patterns_;
  std::set<std::string> tried_patterns_;
  plan::proxy::ProxyModel model_;  // of the last pass
  std::map<std::string, std::string> problems_;
  bool has_class_ = false;
  bool must_retry_ports_ = false;
  bool is_passing_ = false;
  int passes_ = 0;
  async::Event synced_;
  async::Event wake_;
  async::Event started_;  // the proxy runs
  async::Scope scope_;
};

}  // namespace canaria::machine
