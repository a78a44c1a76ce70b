// The Job's decisions as a table over its pods.
#include "plan/workload/job.h"

#include <gtest/gtest.h>

#include "plan/workload/pod_builder.h"

namespace canaria::plan::workload {
namespace {

JobState job(std::string_view spec, std::string_view status = "{}") {
  return parse_job_state(json::parse(R"({"metadata":{"name":"sum","namespace":"shop","uid":"job"},"spec":)" + std::string(spec) +
                                     R"(,"status":)" + std::string(status) + "}").value());
}

PodBuilder done(const std::string& name, const std::string& phase, int seconds = 0) {
  return PodBuilder(name).finished(phase, noon() + Seconds(seconds));
}

JobPlan plan_of(const JobState& state, const std::vector<PodState>& pods, int seconds = 3600) {
  JobSnapshot snapshot;
  snapshot.now = noon() + Seconds(seconds);
  snapshot.job = &state;
  snapshot.pods = pointers(pods);
  return plan_job(snapshot);
}

// "SuccessCriteriaMet=CompletionsReached ..." of the conditions that are true.
std::string ends(const JobPlan& plan) {
  std::string text;
  if (const json::Value* conditions = json::find(plan.status_patch, "status.conditions"))
    for (const json::Value& entry : conditions->as_array())
      if (json::text_at(entry, "status") == "True")
        text += (text.empty() ? "" : " ") + std::string(json::text_at(entry, "type")) + "=" + std::string(json::text_at(entry, "reason"));
  return text;
}

TEST(JobPlan, RunsSoManyUntilItEnds) {
  struct Row {
    const char* name;
    JobState job;
    std::vector<PodState> pods;
    int create;
    std::size_t remove;
    std::string ends;
  };
  const char* success = "SuccessCriteriaMet=CompletionsReached Complete=CompletionsReached";
  const char* given_up = "FailureTarget=BackoffLimitExceeded Failed=BackoffLimitExceeded";
  const Row rows[] = {
      {"starts", job("{}"), {}, 1, 0, ""},
      {"in parallel", job(R"({"parallelism":3,"completions":5})"), {}, 3, 0, ""},
      {"no more than is missing", job(R"({"parallelism":3,"completions":5})"), {done("a", "Succeeded"), done("b", "Succeeded"), done("c", "Succeeded"), PodBuilder("d")}, 1, 0, ""},
      {"runs", job("{}"), {PodBuilder("a")}, 0, 0, ""},
      {"is done", job("{}"), {done("a", "Succeeded")}, 0, 0, success},
      {"what was counted stays counted", job("{}", R"({"succeeded":1})"), {}, 0, 0, success},
      {"a work queue ends with its last pod", job(R"({"parallelism":2})"), {done("a", "Succeeded"), PodBuilder("b")}, 0, 0, ""},
      {"a work queue is done", job(R"({"parallelism":2})"), {done("a", "Succeeded"), done("b", "Failed")}, 0, 0, success},
      {"surplus pods go when it is done", job(R"({"parallelism":2,"completions":1})"), {done("a", "Succeeded"), PodBuilder("b")}, 0, 1, "SuccessCriteriaMet=CompletionsReached"},
      {"done only when they are gone", job(R"({"parallelism":2,"completions":1})"), {done("a", "Succeeded"), PodBuilder("b").terminating()}, 0, 0, "SuccessCriteriaMet=CompletionsReached"},
      {"tries again", job("{}"), {done("a", "Failed")}, 1, 0, ""},
      {"gives up", job(R"({"backoffLimit":1})"), {done("a", "Failed"), done("b", "Failed")}, 0, 0, given_up},
      {"gives up in place", job(R"({"backoffLimit":2,"template":{"spec":{"restartPolicy":"OnFailure"}}})"), {PodBuilder("a").restarts(2)}, 0, 1, "FailureTarget=BackoffLimitExceeded"},
      {"takes its pods along", job(R"({"backoffLimit":0,"parallelism":2,"completions":4})"), {done("a", "Failed"), PodBuilder("b")}, 0, 1, "FailureTarget=BackoffLimitExceeded"},
      {"too late", job(R"({"activeDeadlineSeconds":60})", R"({"startTime":"2026-08-01T12:00:00Z"})"), {PodBuilder("a")}, 0, 1, "FailureTarget=DeadlineExceeded"},
      {"suspended", job(R"({"suspend":true,"parallelism":2})"), {PodBuilder("a"), PodBuilder("b")}, 0, 2, "Suspended=JobSuspended"},
      {"fewer in parallel", job(R"({"parallelism":1,"completions":9})"), {PodBuilder("a"), PodBuilder("b").ready()}, 0, 1, ""},
      {"limits per index are refused", job(R"({"completionMode":"Indexed","completions":2,"backoffLimitPerIndex":1})"), {}, 0, 0, "FailureTarget=NotAvailable Failed=NotAvailable"},
      {"somebody else's", job(R"({"managedBy":"example.com/queue"})"), {}, 0, 0, ""},
      {"ended ones stay as they are", job("{}", R"({"conditions":[{"type":"Complete","status":"True"}]})"), {}, 0, 0, ""},
  };
  for (const Row& row : rows) {
    const JobPlan plan = plan_of(row.job, row.pods);
    EXPECT_EQ(plan.create, row.create) << row.name;
    EXPECT_EQ(plan.remove.size(), row.remove) << row.name;
    EXPECT_EQ(ends(plan), row.ends) << row.name;
  }
}

TEST(JobPlan, FailuresAreFollowedByLongerAndLongerPauses) {
  EXPECT_EQ(failure_delay(0), Seconds(0));
  EXPECT_EQ(failure_delay(1), Seconds(10));
  EXPECT_EQ(failure_delay(3), Seconds(40));
  EXPECT_EQ(failure_delay(7), Seconds(600));
  EXPECT_EQ(failure_delay(99), Seconds(600));
  const JobState state = job(R"({"completions":9})");
  const std::vector<PodState> pods{done("a", "Failed", 0), done("b", "Failed", 10)};
  const JobPlan early = plan_of(state, pods, 29);
  EXPECT_EQ(early.create, 0);
  EXPECT_EQ(early.wake_at, noon() + Seconds(30));
  EXPECT_EQ(plan_of(state, pods, 30).create, 1);
  std::vector<PodState> with_success = pods;
  with_success.push_back(done("c", "Succeeded", 11));
  EXPECT_EQ(plan_of(state, with_success, 12).create, 1) << "a success ends the row of failures";
}

TEST(JobPlan, FinishedJobsGoWhenTheirTimeIsOver) {
  const JobState state = job(R"({"ttlSecondsAfterFinished":60})",
                             R"({"conditions":[{"type":"Failed","status":"True","lastTransitionTime":"2026-08-01T12:00:00Z"}]})");
  EXPECT_FALSE(plan_of(state, {}, 59).removes_job);
  EXPECT_EQ(plan_of(state, {}, 59).wake_at, noon() + Seconds(60));
  EXPECT_TRUE(plan_of(state, {}, 60).removes_job);
}

TEST(JobPlan, PodsOfAFailureCountOnce) {
  const JobState state = job(R"({"backoffLimit":0,"parallelism":2,"completions":4})");
  const JobPlan first = plan_of(state, {done("a", "Failed"), PodBuilder("b")});
  EXPECT_EQ(json::int_at(first.status_patch, "status.failed"), 2);
  JobState announced = state;
  announced.status.failed = 2;
  PodCondition target;
  target.type = "FailureTarget";
  target.status = "True";
  announced.status.conditions = {target};
  EXPECT_EQ(json::int_at(plan_of(announced, {done("a", "Failed"), PodBuilder("b")}).status_patch, "status.failed", -1), -1);
}

TEST(JobPlan, EveryIndexHasToSucceedOnce) {
  const JobState state = job(R"({"completionMode":"Indexed","completions":5,"parallelism":3})", R"({"completedIndexes":"1","succeeded":1})");
  JobPlan plan = plan_of(state, {done("a", "Succeeded").index(0), PodBuilder("b").index(3), done("c", "Succeeded").index(0)});
  EXPECT_EQ(plan.create_indexes, (std::vector<std::int32_t>{2, 4}));
  EXPECT_EQ(json::text_at(plan.status_patch, "status.completedIndexes"), "0,1");
  EXPECT_EQ(json::int_at(plan.status_patch, "status.succeeded"), 2);
  const std::vector<PodState> wrong{PodBuilder("a").index(3), PodBuilder("b").index(3), PodBuilder("c"), PodBuilder("d").index(9),
                                    PodBuilder("e").index(1)};
  plan = plan_of(state, wrong);
  std::string removed;
  for (const PodState* pod : plan.remove) removed += pod->metadata.name;
  EXPECT_EQ(removed, "bcde") << "twice, without one, out of range, done";
  EXPECT_TRUE(plan.create_indexes.empty());
  plan = plan_of(state, {done("a", "Failed", 3600).index(0)}, 3605);
  EXPECT_TRUE(plan.create_indexes.empty()) << "failures are followed by a pause";
  plan = plan_of(state, {done("a", "Failed").index(0)});
  EXPECT_EQ(plan.create_indexes, (std::vector<std::int32_t>{0, 2, 3}));
  const JobState last = job(R"({"completionMode":"Indexed","completions":3})", R"({"completedIndexes":"0-1"})");
  EXPECT_EQ(ends(plan_of(last, {done("a", "Succeeded").index(2)})), "SuccessCriteriaMet=CompletionsReached Complete=CompletionsReached");
}

TEST(CompletionIndexes, AreTextAndBack) {
  for (const auto& [text, indexes] : std::vector<std::pair<std::string, IndexSet>>{
           {"", {}}, {"0", {0}}, {"0,1", {0, 1}}, {"1,3-5,7", {1, 3, 4, 5, 7}}, {"0-2", {0, 1, 2}}}) {
    EXPECT_EQ(index_text(indexes), text);
    EXPECT_EQ(parse_indexes(text, 10), indexes) << text;
  }
  EXPECT_EQ(parse_indexes("1,x,-4,2-99", 4), (IndexSet{1, 2, 3}));
}

TEST(CompletionIndexes, PodsLearnTheirs) {
  const json::Value pod = with_index(pod_of_job(job(R"({"template":{"spec":{"containers":[{"name":"c"},
    {"name":"d","env":[{"name":"JOB_COMPLETION_INDEX","value":"mine"}]}]}}})")), "sum", 7);
  EXPECT_EQ(json::text_at(pod, "metadata.generateName"), "sum-7-");
  EXPECT_EQ(json::text_at(pod, "spec.hostname"), "sum-7");
  const auto& containers = json::find(pod, "spec.containers")->as_array();
  EXPECT_EQ(json::text_at(json::find(containers[0], "env")->as_array().at(0), "valueFrom.fieldRef.fieldPath"),
            "metadata.labels['batch.kubernetes.io/job-completion-index']");
  EXPECT_EQ(json::find(containers[1], "env")->as_array().size(), 1U);
  const PodState state = parse_pod_state(pod);
  EXPECT_EQ(state.completion_index, 7);
  EXPECT_EQ(state.metadata.label(kCompletionIndex), "7");
}

TEST(JobPlan, PodsSayWhichJobTheyAreOf) {
  const json::Value pod = pod_of_job(job(R"({"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}})"));
  EXPECT_EQ(json::text_at(pod, "metadata.labels.job-name"), "sum");
  EXPECT_EQ(json::text_at(pod, "metadata.labels.a"), "b");
  EXPECT_EQ(json::text_at(pod, "metadata.generateName"), "sum-");
}

}  // namespace
}  // namespace canaria::plan::workload
