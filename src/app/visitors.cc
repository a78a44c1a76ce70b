#include "app/visitors.h"

#include "async/timers.h"

namespace canaria::app {
namespace {

constexpr int kOneInSpeaks = 5;
constexpr Millis kPatience{3'000};

std::shared_ptr<const HttpPeer> direct_peer() {
  static const auto peer = [] {
    auto made = std::make_shared<HttpPeer>();
    made->proxy = ProxyUse::kNever;
    return std::shared_ptr<const HttpPeer>(std::move(made));
  }();
  return peer;
}

}  // namespace

int VisitCounts::total() const {
  int sum = 0;
  for (const auto& [version, count] : answers) sum += count;
  return sum;
}

std::string version_in(const std::string& page) {
  static const std::string kMark = "version ";
  const auto at = page.find(kMark);
  if (at == std::string::npos) return "";
  const auto begin = at + kMark.size();
  return page.substr(begin, page.find_first_of(" <\n", begin) - begin);
}

Visitors::Visitors(async::Loop& loop, HttpClient& http, std::string url, int per_second)
    : http_(http), url_(std::move(url)), per_second_(per_second), scope_(loop) {}

VisitCounts Visitors::take() { return std::exchange(counts_, VisitCounts()); }

Task<void> Visitors::arrive() {
  auto next = std::chrono::steady_clock::now();
  for (int count = 0;; ++count) {
    scope_.spawn(visit(count % kOneInSpeaks == 0));
    next += std::chrono::microseconds(1'000'000 / per_second_);
    const auto now = std::chrono::steady_clock::now();
    co_await async::sleep_for(next > now ? next - now : std::chrono::steady_clock::duration(0));
  }
}

Task<void> Visitors::visit(bool says_something) {
  HttpRequest request;
  request.url = url_;
  request.peer = direct_peer();
  request.timeout = kPatience;
  const auto response = co_await http_.send(std::move(request));
  const std::string version = response ? version_in(response->body) : "";
  ++counts_.answers[version.empty() ? "nobody" : version];
  const bool has_failed = !response || response->status >= 500;
  counts_.failures += has_failed ? 1 : 0;
  if (says_something && !version.empty()) co_await say(version, !has_failed);
}

Task<void> Visitors::say(std::string version, bool liked) {
  HttpRequest request;
  request.method = "POST";
  request.url = url_ + "feedback";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = liked ? R"({"liked":"yes"})" : R"({"liked":"no","comment":"it did not work"})";
  request.peer = direct_peer();
  request.timeout = kPatience;
  const auto response = co_await http_.send(std::move(request));
  if (response && response->status < 300) ++(liked ? counts_.likes : counts_.dislikes)[version];
}

}  // namespace canaria::app
