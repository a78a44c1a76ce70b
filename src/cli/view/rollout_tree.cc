#include "cli/view/rollout_tree.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "cli/view/pod_line.h"
#include "cli/view/table.h"
#include "json/codec.h"
#include "lang/duration.h"

namespace canaria::cli {
namespace {

struct Node {
  std::string kind_icon;
  std::string name;
  Color name_color = Color::kPlain;
  std::string kind;
  std::string status_icon;
  std::string status;
  std::string age;
  std::vector<std::pair<std::string, Color>> details;  // the INFO column
  std::vector<Node> children;
};

std::int64_t revision_of(const api::ObjectMeta& metadata) {
  const std::string text = metadata.annotation(api::kRevisionAnnotation);
  std::int64_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  return error == std::errc() && end == text.data() + text.size() ? revision : 0;
}

class TreeMaker {
 public:
  TreeMaker(const NamespaceObjects& objects, const api::Rollout& rollout, Time now)
      : objects_(objects), rollout_(rollout), now_(now) {}

  Node make() const {
    const plan::Phase phase = plan::shown_phase(rollout_);
    Node root{icons::kRollout,
              rollout_.metadata.name,
              Color::kPlain,
              "Rollout",
              rollout_icon(phase.phase),
              phase.phase,
              age_text(rollout_.metadata.creationTimestamp, now_),
              {},
              {}};
    const std::string& uid = rollout_.metadata.uid;
    std::map<std::int64_t, Node, std::greater<>> revisions;
    const auto revision_node = [&](const json::Value& object) -> Node& {
      const std::int64_t revision = revision_of(metadata_of(object));
      Node& node = revisions[revision];
      node.kind_icon = icons::kRevision;
      node.name = "revision:" + std::to_string(revision);
      return node;
    };
    for (const json::Value* set : sorted_sets(uid))
      revision_node(*set).children.push_back(
          replica_set_node(*set, roles_of(rollout_, metadata_of(*set).label(api::kHashLabel))));
    for (const json::Value* experiment : sorted_sets_of(objects_.experiments, uid))
      revision_node(*experiment).children.push_back(experiment_node(*experiment));
    for (const json::Value* run : sorted_runs(uid)) revision_node(*run).children.push_back(analysis_run_node(*run));
    for (auto& [revision, node] : revisions) root.children.push_back(std::move(node));
    return root;
  }

 private:
  // By creation, then name.
  std::vector<const json::Value*> sorted_sets_of(const std::vector<json::Value>& objects, const std::string& owner) const {
    auto owned = owned_by(objects, owner);
    std::ranges::sort(owned, {}, [](const json::Value* object) {
      const api::ObjectMeta metadata = metadata_of(*object);
      return std::tuple(-revision_of(metadata), metadata.creationTimestamp, metadata.name);
    });
    return owned;
  }
  std::vector<const json::Value*> sorted_sets(const std::string& owner) const {
    return sorted_sets_of(objects_.replica_sets, owner);
  }
  // Newest revision first, then oldest first, then names backwards.
  std::vector<const json::Value*> sorted_runs(const std::string& owner) const {
    auto runs = owned_by(objects_.analysis_runs, owner);
    std::ranges::sort(runs, [](const json::Value* left, const json::Value* right) {
      const api::ObjectMeta a = metadata_of(*left), b = metadata_of(*right);
      return std::tuple(-revision_of(a), a.creationTimestamp, b.name) < std::tuple(-revision_of(b), b.creationTimestamp, a.name);
    });
    return runs;
  }

  Node replica_set_node(const json::Value& object, const std::vector<std::string>& roles) const {
    const api::ReplicaSet set = api::parse_replica_set(object);
    const std::string status = replica_set_status(set);
    Node node{icons::kReplicaSet,
              set.metadata.name,
              roles.empty() ? Color::kPlain : role_color(roles.back()),
              "ReplicaSet",
              replica_set_icon(status),
              status,
              age_text(set.metadata.creationTimestamp, now_),
              {},
              {}};
    for (const std::string& role : roles) node.details.emplace_back(role, role_color(role));
    const std::string deadline = set.metadata.annotation(api::kScaleDownDeadlineAnnotation);
    if (!deadline.empty()) node.details.emplace_back("delay:" + remaining(deadline), Color::kPlain);
    for (const json::Value* pod : sorted_sets_of(objects_.pods, set.metadata.uid)) node.children.push_back(pod_node(*pod));
    return node;
  }

  std::string remaining(const std::string& deadline) const {
    const auto at = parse_time(deadline);
    if (!at) return "";
    return *at < now_ ? "passed" : lang::human_duration(std::chrono::duration_cast<Seconds>(*at - now_));
  }

  Node pod_node(const json::Value& pod) const {
    const api::ObjectMeta metadata = metadata_of(pod);
    const PodLine line = pod_line(pod);
    Node node{icons::kPod,
              metadata.name,
              Color::kPlain,
              "Pod",
              pod_icon(line.status),
              line.status,
              age_text(metadata.creationTimestamp, now_),
              {},
              {}};
    node.details.emplace_back("ready:" + std::to_string(line.ready) + "/" + std::to_string(line.containers), Color::kPlain);
    if (line.restarts > 0) node.details.emplace_back("restarts:" + std::to_string(line.restarts), Color::kPlain);
    return node;
  }

  Node experiment_node(const json::Value& experiment) const {
    const api::ObjectMeta metadata = metadata_of(experiment);
    const std::string phase(json::text_at(experiment, "status.phase"));
    Node node{icons::kExperiment,
              metadata.name,
              unfinished_color(phase),
              "Experiment",
              analysis_icon(phase),
              phase,
              age_text(metadata.creationTimestamp, now_),
              {},
              {}};
    for (const json::Value* set : sorted_sets(metadata.uid)) node.children.push_back(replica_set_node(*set, {}));
    for (const json::Value* run : sorted_runs(metadata.uid)) node.children.push_back(analysis_run_node(*run));
    return node;
  }

  Node analysis_run_node(const json::Value& run) const {
    const api::ObjectMeta metadata = metadata_of(run);
    const std::string phase(json::text_at(run, "status.phase"));
    Node node{icons::kAnalysisRun,
              metadata.name,
              unfinished_color(phase),
              "AnalysisRun",
              analysis_icon(phase),
              phase,
              age_text(metadata.creationTimestamp, now_),
              {},
              {}};
    static constexpr std::pair<const char*, const char*> kCounts[] = {
        {"successful", "✔"}, {"failed", "✖"}, {"inconclusive", "?"}, {"error", "⚠"}};
    const json::Value* results = json::find(run, "status.metricResults");
    const json::Array none;
    const json::Array& metrics = results && results->is_array() ? results->get_array() : none;
    for (const auto& [field, icon] : kCounts) {
      std::int64_t sum = 0;
      for (const json::Value& metric : metrics) sum += json::int_at(metric, field);
      if (sum > 0) node.details.emplace_back(std::string(icon) + " " + std::to_string(sum), icon_color(icon));
    }
    for (const json::Value& metric : metrics) {
      const json::Value* measurements = json::find(metric, "measurements");
      if (!measurements || !measurements->is_array()) continue;
      for (const json::Value& measurement : measurements->get_array()) add_job(measurement, node);
    }
    return node;
  }

  void add_job(const json::Value& measurement, Node& run) const {
    const json::Value* metadata = json::find(measurement, "metadata");
    if (!metadata || !metadata->is_object()) return;
    const json::Value* job = metadata->get_object().if_contains("job-name");
    if (!job || !job->is_string()) return;
    const std::string phase(json::text_at(measurement, "phase"));
    run.children.push_back({icons::kJob,
                            std::string(job->get_string()),
                            unfinished_color(phase),
                            "Job",
                            analysis_icon(phase),
                            phase,
                            age_text(parse_time(json::text_at(measurement, "startedAt")), now_),
                            {},
                            {}});
  }

  const NamespaceObjects& objects_;
  const api::Rollout& rollout_;
  Time now_;
};

void add_rows(const Node& node, const std::string& branch, const std::string& below, ColorMode colors,
              std::vector<std::vector<std::string>>& rows) {
  std::string details;
  for (const auto& [text, color] : node.details) details += (details.empty() ? "" : ",") + painted(text, color, colors);
  std::string status;
  if (!node.status_icon.empty()) status = painted(node.status_icon, icon_color(node.status_icon), colors) + " " + node.status;
  rows.push_back(
      {branch + node.kind_icon + " " + painted(node.name, node.name_color, colors), node.kind, status, node.age, details});
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    add_rows(node.children[i], below + (last ? "└──" : "├──"), below + (last ? "   " : "│  "), colors, rows);
  }
}

std::string line(std::string label, const std::string& value) {
  label.resize(std::max<std::size_t>(label.size(), 17), ' ');
  return label + value + "\n";
}

std::string header_text(const api::Rollout& rollout, const NamespaceObjects& objects, ColorMode colors) {
  const plan::Phase phase = plan::shown_phase(rollout);
  const std::string icon = rollout_icon(phase.phase);
  std::string text = line("Name:", rollout.metadata.name) + line("Namespace:", rollout.metadata.namespace_) +
                     line("Status:", painted(icon, icon_color(icon), colors) + " " + phase.phase);
  if (!phase.message.empty()) text += line("Message:", phase.message);
  text += line("Strategy:", strategy_name(rollout));
  if (rollout.canary()) {
    std::vector<api::ReplicaSet> sets;
    for (const json::Value* set : owned_by(objects.replica_sets, rollout.metadata.uid))
      sets.push_back(api::parse_replica_set(*set));
    text += line("  Step:", step_text(rollout)) + line("  SetWeight:", std::to_string(set_weight(rollout))) +
            line("  ActualWeight:", std::to_string(actual_weight(rollout, sets)));
  }
  const auto images = image_rows(rollout, objects);
  for (std::size_t i = 0; i < images.size(); ++i) {
    std::string tags;
    for (const std::string& tag : images[i].tags) tags += (tags.empty() ? "" : ", ") + painted(tag, role_color(tag), colors);
    text += line(i == 0 ? "Images:" : "", images[i].image + (tags.empty() ? "" : " (" + tags + ")"));
  }
  const api::RolloutStatus& status = rollout.status;
  return text + "Replicas:\n" + line("  Desired:", std::to_string(rollout.replicas())) +
         line("  Current:", std::to_string(status.replicas)) + line("  Updated:", std::to_string(status.updatedReplicas)) +
         line("  Ready:", std::to_string(status.readyReplicas)) + line("  Available:", std::to_string(status.availableReplicas));
}

}  // namespace

std::string age_text(std::optional<Time> since, Time now) {
  if (!since) return "<unknown>";
  return lang::human_duration(std::chrono::duration_cast<Seconds>(now - *since));
}

std::string rollout_text(const NamespaceObjects& objects, Time now, ColorMode colors) {
  const api::Rollout rollout = api::parse_rollout(objects.rollout);
  std::vector<std::vector<std::string>> rows = {{"NAME", "KIND", "STATUS", "AGE", "INFO"}};
  add_rows(TreeMaker(objects, rollout, now).make(), "", "", colors, rows);
  return header_text(rollout, objects, colors) + "\n" + table_text(rows);
}

}  // namespace canaria::cli
