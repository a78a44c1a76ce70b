// Visitors of a web application, for the demo: they ask for its front page at a steady rate, count which version answered and
// now and then say how they liked it.
#pragma once

#include <map>
#include <string>

#include "async/loop.h"
#include "async/scope.h"
#include "ports/http_client.h"

namespace canaria::app {

// What has been seen since the last take().
struct VisitCounts {
  std::map<std::string, int> answers;  // by version; failures included
  int failures = 0;                    // no answer, or one of status 500 and above
  std::map<std::string, int> likes;    // feedback given, by version
  std::map<std::string, int> dislikes;

  int total() const;
};

class Visitors {
 public:
  // The client must outlive them. `per_second` requests are begun each second, whatever the answers take.
  Visitors(async::Loop& loop, HttpClient& http, std::string url, int per_second);

  void start() { scope_.spawn(arrive()); }
  Task<void> stop() { return scope_.stop(); }
  VisitCounts take();

 private:
  Task<void> arrive();
  Task<void> visit(bool says_something);
  Task<void> say(std::string version, bool liked);

  HttpClient& http_;
  std::string url_;
  int per_second_;
  VisitCounts counts_;
  async::Scope scope_;
};

// "1.0" of a page that says "version 1.0"; empty when it does not.
std::string version_in(const std::string& page);

}  // namespace canaria::app
