// `list rollouts`: one row per Rollout; with --watch a new row whenever its cells change.
#include <ostream>

#include "cli/commands/commands.h"
#include "cli/live_objects.h"
#include "cli/view/rollout_rows.h"
#include "cli/view/table.h"

namespace canaria::cli {
namespace {

using Row = std::vector<std::string>;

struct Columns {
  bool timestamps = false;
  bool namespaces = false;
};

Row header_row(Columns columns) {
  Row row = {"NAME", "STRATEGY", "STATUS", "STEP", "SET-WEIGHT", "READY", "DESIRED", "UP-TO-DATE", "AVAILABLE"};
  if (columns.namespaces) row.insert(row.begin(), "NAMESPACE");
  if (columns.timestamps) row.insert(row.begin(), "TIMESTAMP");
  return row;
}

std::vector<std::size_t> widths_min(Columns columns) {
  std::vector<std::size_t> widths = {10, 9, 12, 4, 10, 5, 7, 10, 9};
  if (columns.namespaces) widths.insert(widths.begin(), 9);
  if (columns.timestamps) widths.insert(widths.begin(), 20);
  return widths;
}

// Without the timestamp, so that rows can be compared.
Row row_of(const json::Value& object, Columns columns) {
  const api::Rollout rollout = api::parse_rollout(object);
  const auto or_dash = [](std::string text) { return text.empty() ? std::string("-") : text; };
  const std::string strategy = strategy_name(rollout);
  const api::RolloutStatus& status = rollout.status;
  Row row = {rollout.metadata.name,
             strategy.empty() ? "unknown" : strategy,
             plan::shown_phase(rollout).phase,
             or_dash(step_text(rollout)),
             rollout.canary() ? std::to_string(set_weight(rollout)) : "-",
             std::to_string(status.readyReplicas) + "/" + std::to_string(status.replicas),
             std::to_string(rollout.replicas()),
             std::to_string(status.updatedReplicas),
             std::to_string(status.availableReplicas)};
  if (columns.namespaces) row.insert(row.begin(), rollout.metadata.namespace_);
  return row;
}

Row stamped(Row row, Columns columns, Time now) {
  if (columns.timestamps) row.insert(row.begin(), format_time(now));
  return row;
}

Task<Outcome> watch(const Call* call, std::shared_ptr<LiveObjects> live, Columns columns) {
  Loop& loop = call->environment->loop;
  loop.hold_interrupts();
  auto followed = LiveObjects::follow(live, &loop);
  loop.spawn(std::move(followed));
  std::map<std::string, Row> shown;
  std::vector<Row> rows = {header_row(columns)};
  while (!loop.is_interrupted()) {
    if (live->failure()) co_return fail(*live->failure());
    if (live->take_changed()) {
      for (const json::Value& object : live->objects()) {
        Row row = row_of(object, columns);
        Row& before = shown[metadata_of(object).key().text()];
        if (before == row) continue;
        rows.push_back(stamped(row, columns, call->now()));
        before = std::move(row);
      }
    }
    if (!rows.empty()) call->out() << table_text(rows, widths_min(columns));
    call->out().flush();
    rows.clear();
    co_await loop.sleep(Millis(500));
  }
  co_return 0;
}

Task<Outcome> run(const Call* call) {
  CO_TRY(Connection connection, co_await connect(call));
  const Arguments& arguments = call->arguments;
  const Columns columns{arguments.is_on("timestamps"), arguments.is_on("all-namespaces")};
  ListQuery scope;
  if (!columns.namespaces) scope.namespace_ = connection.namespace_;
  if (const std::string name = arguments.text("name"); !name.empty()) scope.field_selector = "metadata.name=" + name;
  auto live =
      std::make_shared<LiveObjects>(connection.client, api::resources::rollouts(), std::move(scope), MissingResource::kIsError);
  CO_CHECK(co_await live->load());
  if (arguments.is_on("watch")) co_return co_await watch(call, std::move(live), columns);
  std::vector<Row> rows = {header_row(columns)};
  for (const json::Value& object : live->objects()) rows.push_back(stamped(row_of(object, columns), columns, call->now()));
  if (rows.size() == 1) call->err() << "No resources found.\n";
  else call->out() << table_text(rows, widths_min(columns));
  co_return 0;
}

}  // namespace

Command list_rollouts_command() {
  Command command;
  command.name = "rollouts";
  command.aliases = {"ro", "rollout"};
  command.summary = "List rollouts";
  command.example = "list rollouts\nlist rollouts --all-namespaces --watch";
  command.flags = {{"name", 0, FlagKind::kText, "", "only the rollout with this name", ""},
                   {"all-namespaces", 'A', FlagKind::kSwitch, "false", "in every namespace", ""},
                   {"watch", 'w', FlagKind::kSwitch, "false", "print a row whenever one changes", ""},
                   {"timestamps", 0, FlagKind::kSwitch, "false", "print the time in front of each row", ""}};
  command.words_max = kAnyNumber;
  command.run = run;
  return command;
}

}  // namespace canaria::cli
