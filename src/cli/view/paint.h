// Symbols and colors of the tree: which icon stands for a status, and which color a text has.
//
// Compat: there is no ASCII mode, and colors do not depend on whether the output is a terminal; scripts rely on both.
#pragma once

#include <string>
#include <string_view>

namespace canaria::cli {

namespace icons {
inline constexpr const char* kRollout = "⟳";
inline constexpr const char* kRevision = "#";
inline constexpr const char* kReplicaSet = "⧉";
inline constexpr const char* kPod = "□";
inline constexpr const char* kJob = "⊞";
inline constexpr const char* kExperiment = "Σ";
inline constexpr const char* kAnalysisRun = "α";
}  // namespace icons

// One character; a blank for an unknown status.
std::string rollout_icon(std::string_view phase);
std::string replica_set_icon(std::string_view status);
std::string pod_icon(std::string_view status);
std::string analysis_icon(std::string_view phase);  // AnalysisRun, Job and Experiment

enum class Color { kPlain, kRed, kGreen, kYellow, kBlue };
enum class ColorMode { kOn, kOff };

Color icon_color(std::string_view icon);
// Of "stable", "canary", "active", "preview", "ping", "pong"; plain for anything else.
Color role_color(std::string_view role);
// Names of AnalysisRuns, Jobs and Experiments stand out while they run.
Color unfinished_color(std::string_view phase);

// The text between the escape codes of its color; plain text gets codes too. Unchanged when colors are off.
std::string painted(std::string_view text, Color color, ColorMode mode);

// Columns a text takes on a terminal: runes, without escape codes.
std::size_t visible_width(std::string_view text);

}  // namespace canaria::cli
