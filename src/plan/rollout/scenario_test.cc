// Plays the transcripts of tests/scenario: each is a manifest and a list of commands with what happened after each. Rewrites them
// when CANARIA_UPDATE is set; the diff is then to be reviewed like code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

#include "json/yaml.h"
#include "plan/rollout/simulation.h"

namespace canaria::plan {
namespace {

namespace fs = std::filesystem;

fs::path folder() { return fs::path(CANARIA_SOURCE_DIR) / "tests" / "scenario"; }

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool is_ready(const api::ReplicaSet& set) { return set.pod_template.find("bad") == std::string::npos; }

// One transcript being played: commands in, text out.
class Player {
 public:
  explicit Player(const std::string& manifest)
      : simulation_(json::parse_yaml(manifest).value(), *parse_time("2026-08-01T12:00:00Z")) {}

  std::string play(const std::string& command) {
    run(command);
    std::string text;
    for (const std::string& line : simulation_.take_log()) text += "  " + line + "\n";
    return text + "= " + simulation_.summary() + "\n";
  }

 private:
  void run(const std::string& command) {
    std::stringstream words(command);
    std::string verb;
    words >> verb;
    std::string rest;
    std::getline(words >> std::ws, rest);
    if (verb == "image") set_image(rest);
    else if (verb == "patch") simulation_.patch(json::parse_yaml(rest).value());
    else if (verb == "status") simulation_.patch_status(json::parse_yaml(rest).value());
    else if (verb == "abort") simulation_.patch_status(json::parse(R"({"abort":true})").value());
    else if (verb == "retry") simulation_.patch_status(json::parse(R"({"abort":false})").value());
    else if (verb == "promote") promote(rest);
    else if (verb == "wait") return simulation_.advance(Seconds(std::stoi(rest)), is_ready);
    else if (verb == "reconcile") return static_cast<void>(simulation_.reconcile());
    else if (verb != "settle" && verb != "apply") ADD_FAILURE() << "unknown command: " << command;
    simulation_.settle(is_ready);
  }

  void set_image(const std::string& image) {
    simulation_.patch(json::parse_yaml(fmt::format(
        "{{spec: {{template: {{spec: {{containers: [{{name: main, image: '{}'}}]}}}}}}}}", image)).value());
  }

  // What `promote` of the command line sends.
  void promote(const std::string& mode) {
    const api::Rollout& rollout = simulation_.world().rollout;
    if (mode == "--full") return simulation_.patch_status(json::parse(R"({"promoteFull":true})").value());
    json::Object changes{{"pauseConditions", nullptr}};
    if (rollout.status.pauseConditions.empty() && rollout.step_count() > 0)
      changes["currentStepIndex"] = std::min(rollout.step_index() + 1, rollout.step_count());
    simulation_.patch_status(changes);
  }

  Simulation simulation_;
};

std::string replay(const std::string& transcript) {
  std::stringstream lines(transcript);
  std::string result, manifest, line;
  while (std::getline(lines, line) && line != "---") {
    result += line + "\n";
    manifest += line + "\n";
  }
  result += "---\n";
  Player player(manifest);
  while (std::getline(lines, line)) {
    if (line.starts_with("#")) result += line + "\n";
    if (!line.starts_with("> ")) continue;
    result += line + "\n" + player.play(line.substr(2)) + "\n";
  }
  return result;
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, HappensAsWritten) {
  const fs::path path = folder() / (GetParam() + ".txt");
  const std::string written = read(path);
  const std::string happened = replay(written);
  if (std::getenv("CANARIA_UPDATE")) {
    std::ofstream(path) << happened;
    return;
  }
  EXPECT_EQ(happened, written) << "run with CANARIA_UPDATE=1 to rewrite " << path << ", then review the diff";
}

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder()))
    if (entry.path().extension() == ".txt") found.push_back(entry.path().stem().string());
  std::sort(found.begin(), found.end());
  return found;
}

std::string test_name(const testing::TestParamInfo<std::string>& scenario) {
  std::string name = scenario.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Scenario, testing::ValuesIn(names()), test_name);

}  // namespace
}  // namespace canaria::plan
