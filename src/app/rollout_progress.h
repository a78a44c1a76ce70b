// Progress of Rollouts as lines: one whenever phase, message or step of one of them changes.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "ports/object_cache.h"

namespace canaria::app {

class RolloutProgress final : public ObjectSink {
 public:
  explicit RolloutProgress(std::function<void(const std::string&)> print) : print_(std::move(print)) {}

  void begin_replace() override {}
  void put(const json::Value& object) override;
  void drop(const json::Value& object) override;
  void end_replace(const std::string&) override {}

 private:
  std::function<void(const std::string&)> print_;
  std::map<std::string, std::string> last_;  // what was printed of each
};

// "rollout default/web: Paused (CanaryPauseStep), step 1 of 3, 25 % to the new version"
std::string progress_line(const json::Value& rollout);

}  // namespace canaria::app
