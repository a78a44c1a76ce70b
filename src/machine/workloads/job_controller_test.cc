// Jobs on a real store.
#include "machine/workloads/workload_world.h"

namespace canaria::machine {
namespace {

const api::Resource& kJobs() { return api::resources::jobs(); }

class JobsTest : public WorkloadWorld {
 protected:
  json::Value job(const std::string& name, std::string_view spec) {
    json::Value object = parsed(spec);
    object.get_object()["template"] = parsed(R"({"spec":{"restartPolicy":"Never","containers":[{"name":"a","image":"a:1"}]}})");
    return json::Object{{"metadata", {{"name", name}}}, {"spec", object}};
  }
  std::vector<std::string> running() {
    std::vector<std::string> names;
    for (const json::Value& pod : pods())
      if (json::text_at(pod, "status.phase") == "Running") names.emplace_back(json::text_at(pod, "metadata.name"));
    return names;
  }
  void end(const std::string& pod, const std::string& phase) {
    json::Value status = pod_status(phase, "False");
    json::Array containers;
    containers.push_back(json::Object{{"name", "a"}, {"state", {{"terminated", {{"finishedAt", format_time(clock.now())}}}}}});
    status.get_object()["containerStatuses"] = std::move(containers);
    set_pod_status(pod, std::move(status));
  }
  bool has(const std::string& type, const std::string& name = "sum") {
    const json::Value object = get(kJobs(), name);
    if (const json::Value* conditions = json::find(object, "status.conditions"))
      for (const json::Value& entry : conditions->as_array())
        if (json::text_at(entry, "type") == type && json::text_at(entry, "status") == "True") return true;
    return false;
  }
};

TEST_F(JobsTest, RunsToItsEnd) {
  start_controllers();
  create(kJobs(), job("sum", R"({"completions":3,"parallelism":2})"));
  int ended = 0;
  ASSERT_TRUE(comes_true([&] {
    if (has("Complete")) return true;
    EXPECT_LE(running().size(), 2U);
    for (const std::string& name : running()) {
      end(name, "Succeeded");
      ++ended;
    }
    return false;
  }));
  EXPECT_EQ(ended, 3);
  const json::Value object = get(kJobs(), "sum");
  EXPECT_EQ(json::int_at(object, "status.succeeded"), 3);
  EXPECT_EQ(json::int_at(object, "status.active"), 0);
  EXPECT_TRUE(has("SuccessCriteriaMet"));
  EXPECT_FALSE(json::text_at(object, "status.startTime").empty());
  EXPECT_FALSE(json::text_at(object, "status.completionTime").empty());
  EXPECT_EQ(events.messages("Completed"), std::vector<std::string>{"Job completed"});
  let_settle();
  EXPECT_EQ(pods().size(), 3U);
}

TEST_F(JobsTest, RunsEveryIndexOnce) {
  start_controllers();
  create(kJobs(), job("sum", R"({"completions":4,"parallelism":2,"completionMode":"Indexed"})"));
  std::multiset<std::string> ended;
  bool has_failed = false;
  ASSERT_TRUE(comes_true([&] {
    if (has("Complete")) return true;
    for (const json::Value& pod : pods()) {
      if (json::text_at(pod, "status.phase") != "Running") continue;
      const auto* labels = json::find(pod, "metadata.labels");
      const std::string own(labels->as_object().at(workload::kCompletionIndex).as_string());
      if (own == "1" && !std::exchange(has_failed, true)) {
        end(std::string(json::text_at(pod, "metadata.name")), "Failed");
        clock.time += Seconds(60);
        continue;
      }
      ended.insert(own);
      EXPECT_TRUE(json::text_at(pod, "metadata.name").starts_with("sum-" + own + "-"));
      end(std::string(json::text_at(pod, "metadata.name")), "Succeeded");
    }
    return false;
  }));
  EXPECT_EQ(ended, (std::multiset<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(json::text_at(get(kJobs(), "sum"), "status.completedIndexes"), "0-3");
  EXPECT_EQ(json::int_at(get(kJobs(), "sum"), "status.failed"), 1);
}

TEST_F(JobsTest, GivesUpAndTakesItsPodsAlong) {
  start_controllers();
  create(kJobs(), job("sum", R"({"completions":4,"parallelism":2,"backoffLimit":0})"));
  ASSERT_TRUE(comes_true([this] { return running().size() == 2; }));
  end(running()[0], "Failed");
  ASSERT_TRUE(comes_true([this] { return has("Failed"); }));
  EXPECT_TRUE(running().empty());
  EXPECT_EQ(events.messages("BackoffLimitExceeded")[0], "Job has reached the specified backoff limit");
  EXPECT_EQ(json::int_at(get(kJobs(), "sum"), "status.failed"), 2);
}

TEST_F(JobsTest, SuspendsAndResumes) {
  start_controllers();
  create(kJobs(), job("sum", R"({"completions":2,"parallelism":2})"));
  ASSERT_TRUE(comes_true([this] { return running().size() == 2; }));
  patch(kJobs(), "sum", R"({"spec":{"suspend":true}})");
  ASSERT_TRUE(comes_true([this] { return pods().empty() && has("Suspended"); }));
  EXPECT_TRUE(json::text_at(get(kJobs(), "sum"), "status.startTime").empty());
  patch(kJobs(), "sum", R"({"spec":{"suspend":false}})");
  ASSERT_TRUE(comes_true([this] { return running().size() == 2 && !has("Suspended"); }));
}

TEST_F(JobsTest, GoesWithItsPodsAfterItsTime) {
  start_controllers();
  create(kJobs(), job("sum", R"({"ttlSecondsAfterFinished":1})"));
  ASSERT_TRUE(comes_true([this] { return running().size() == 1; }));
  end(running()[0], "Succeeded");
  ASSERT_TRUE(comes_true([this] { return has("Complete"); }));
  clock.time += Seconds(1);
  EXPECT_TRUE(comes_true([this] { return get(kJobs(), "sum").is_null() && pods().empty(); }));
}

TEST_F(JobsTest, SameEndAfterADeathBeforeEveryWrite) {
  for (int lives = 0; lives < 12; ++lives) {
    const std::string name = "sum" + std::to_string(lives);
    create(kJobs(), job(name, R"({"completions":2,"parallelism":2})"));
    client->writes_left = lives;
    start_controllers();
    let_settle();
    stop_controllers();
    client->writes_left = lives % 3;
    start_controllers();
    for (const std::string& pod : running()) end(pod, "Succeeded");
    let_settle();
    stop_controllers();
    client->writes_left = -1;
    start_controllers();
    ASSERT_TRUE(comes_true([&] {
      for (const std::string& pod : running()) end(pod, "Succeeded");
      return has("Complete", name);
    })) << "after " << lives << " writes";
    let_settle();
    EXPECT_EQ(pods("job-name=" + name).size(), 2U) << "after " << lives << " writes";
    stop_controllers();
  }
}

}  // namespace
}  // namespace canaria::machine
