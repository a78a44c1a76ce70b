// Releases on paper: which rows, which times, and where they stop.
#include "plan/rollout/preview.h"

#include <gmock/gmock.h>

#include "plan/rollout/rollout_builder.h"

namespace canaria::plan {
namespace {

// `old` runs with all replicas and is settled; the spec already asks for the next image.
Snapshot changed(RolloutBuilder builder) {
  Snapshot world;
  world.now = *parse_time("2026-08-01T12:00:00Z");
  api::Rollout& rollout = builder.rollout();
  const std::int32_t count = rollout.replicas();
  builder.stable("old").current("old").counted(count, count, count).at_step(rollout.step_count());
  rollout.status.phase = "Healthy";
  rollout.metadata.generation = 2;
  api::ReplicaSet set = make_set("web-old", "old", count, count);
  set.pod_template = template_of("web", "web:1");
  set.metadata.labels["app"] = "web";
  set.metadata.annotations[api::kRevisionAnnotation] = "1";
  set.metadata.annotations[api::kDesiredReplicasAnnotation] = std::to_string(count);
  set.metadata.ownerReferences.push_back({"argoproj.io/v1alpha1", "Rollout", "web", "web-uid", true, true});
  set.spec.minReadySeconds = rollout.spec.minReadySeconds;
  world.rollout = builder.image("web:2").build();
  world.sets.push_back(std::move(set));
  return world;
}

std::string text(const Preview& preview) {
  std::string result;
  for (const PreviewStep& step : preview.steps)
    result += std::to_string(step.index) + " " + step.text + " " + std::to_string(step.pods.canary) + "+" +
              std::to_string(step.pods.stable) + " " + std::to_string(step.weight) + "% " + std::to_string(step.after.count()) +
              "s" + (step.waits_for_person ? " person" : "") + "\n";
  result += "end " + std::to_string(preview.pods_at_end) + " " + std::to_string(preview.shortest.count()) + "s";
  return preview.stopped.empty() ? result : result + " stopped: " + preview.stopped;
}

TEST(Preview, CountsPausesInFullWhereverInASecondItStarts) {
  Snapshot world = changed(RolloutBuilder("web").replicas(2).steps({set_weight(50), pause_step(40), set_weight(60), pause_step(20)}));
  world.now += Millis(700);
  EXPECT_EQ(preview(world).shortest, Seconds(60));
}

TEST(Preview, WalksAllStepsAndTakesWaitsAsPromoted) {
  const Preview seen = preview(changed(RolloutBuilder("web").replicas(4).max_surge(1).max_unavailable(0).steps(
      {set_weight(25), pause_step(3), set_weight(50), pause_step(), set_weight(75), pause_step("1m")})));
  EXPECT_EQ(text(seen),
            "0 setWeight: 25 1+3 25% 0s\n"
            "1 pause: 3 1+3 25% 3s\n"
            "2 setWeight: 50 2+2 50% 3s\n"
            "3 pause 2+2 50% 3s person\n"
            "4 setWeight: 75 3+1 75% 3s\n"
            "5 pause: 1m 3+1 75% 63s\n"
            "end 4 63s");
  EXPECT_EQ(seen.waits_for_person, 1);
  ASSERT_FALSE(seen.actions.empty());
  EXPECT_THAT(seen.actions.front().text, testing::StartsWith("create ReplicaSet web-"));
}

TEST(Preview, CountsMinReadySecondsWhereverPodsAreAdded) {
  RolloutBuilder builder("web");
  builder.replicas(2).max_surge(1).max_unavailable(0).steps({set_weight(50)});
  builder.rollout().spec.minReadySeconds = 10;
  EXPECT_EQ(text(preview(changed(builder))), "0 setWeight: 50 1+1 50% 10s\nend 2 20s");
}

TEST(Preview, WithoutStepsThereAreNoRows) {
  EXPECT_EQ(text(preview(changed(RolloutBuilder("web").replicas(3)))), "end 3 0s");
}

TEST(Preview, StepsThatChangeNoSizeAreListedToo) {
  EXPECT_EQ(text(preview(changed(RolloutBuilder("web").replicas(2).steps({set_weight(0), pause_step(5)})))),
            "0 setWeight: 0 0+2 0% 0s\n1 pause: 5 0+2 0% 5s\nend 2 5s");
}

TEST(Preview, FirstReleaseHasNoSteps) {
  Snapshot world = changed(RolloutBuilder("web").replicas(3).steps({set_weight(50), pause_step()}));
  world.rollout.status = {};
  world.sets.clear();
  const Preview seen = preview(std::move(world));
  EXPECT_TRUE(seen.is_first_release);
  EXPECT_EQ(text(seen), "end 3 0s");
}

TEST(Preview, StopsAtAnInvalidSpec) {
  const Preview seen = preview(changed(RolloutBuilder("web").replicas(2).steps({set_weight(120)})));
  EXPECT_THAT(seen.stopped, testing::HasSubstr("InvalidSpec"));
}

TEST(Preview, AnUnchangedRolloutDoesNothing) {
  Snapshot world = changed(RolloutBuilder("web").replicas(2).steps({set_weight(50)}));
  world.rollout.pod_template = template_of("web", "web:1");
  const Preview seen = preview(std::move(world));
  EXPECT_THAT(seen.steps, testing::IsEmpty());
  EXPECT_THAT(seen.actions, testing::IsEmpty());
}

}  // namespace
}  // namespace canaria::plan
