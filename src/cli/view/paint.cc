#include "cli/view/paint.h"

#include <algorithm>
#include <array>
#include <utility>

namespace canaria::cli {
namespace {

using Entry = std::pair<std::string_view, const char*>;

template <std::size_t N>
const char* find_icon(const std::array<Entry, N>& entries, std::string_view status) {
  for (const auto& [word, icon] : entries)
    if (word == status) return icon;
  return nullptr;
}

}  // namespace

std::string rollout_icon(std::string_view phase) {
  static constexpr std::array<Entry, 8> kIcons = {{{"Progressing", "◌"},
                                                   {"Paused", "॥"},
                                                   {"Healthy", "✔"},
                                                   {"Degraded", "✖"},
                                                   {"Error", "⚠"},
                                                   {"InvalidSpec", "⚠"},
                                                   {"Unknown", "?"},
                                                   {"ScaledDown", "•"}}};
  const char* icon = find_icon(kIcons, phase);
  return icon ? icon : " ";
}

std::string replica_set_icon(std::string_view status) {
  static constexpr std::array<Entry, 4> kIcons = {
      {{"Progressing", "◌"}, {"Healthy", "✔"}, {"ReplicaFailure", "✖"}, {"ScaledDown", "•"}}};
  const char* icon = find_icon(kIcons, status);
  return icon ? icon : " ";
}

std::string pod_icon(std::string_view status) {
  if (status.starts_with("Init:")) return "◌";
  if (status.starts_with("Signal:") || status.starts_with("ExitCode:")) return "✖";
  if (status.ends_with("Error") || status.starts_with("Err")) return "⚠";
  static constexpr std::array<Entry, 11> kIcons = {{{"Pending", "◌"},
                                                    {"Terminating", "◌"},
                                                    {"ContainerCreating", "◌"},
                                                    {"Running", "✔"},
                                                    {"Completed", "✔"},
                                                    {"Unknown", "?"},
                                                    {"Failed", "✖"},
                                                    {"InvalidImageName", "✖"},
                                                    {"CrashLoopBackOff", "✖"},
                                                    {"ImagePullBackOff", "⚠"},
                                                    {"RegistryUnavailable", "⚠"}}};
  const char* icon = find_icon(kIcons, status);
  return icon ? icon : " ";
}

std::string analysis_icon(std::string_view phase) {
  static constexpr std::array<Entry, 6> kIcons = {
      {{"Successful", "✔"}, {"Failed", "✖"}, {"Error", "⚠"}, {"Inconclusive", "?"}, {"Running", "◌"}, {"Pending", "◷"}}};
  const char* icon = find_icon(kIcons, phase);
  return icon ? icon : " ";
}

Color icon_color(std::string_view icon) {
  if (icon == "◷" || icon == "?") return Color::kYellow;
  if (icon == "◌") return Color::kBlue;
  if (icon == "⚠" || icon == "✖") return Color::kRed;
  if (icon == "✔") return Color::kGreen;
  return Color::kPlain;
}

Color role_color(std::string_view role) {
  if (role == "canary") return Color::kYellow;
  if (role == "preview" || role == "ping" || role == "pong") return Color::kBlue;
  if (role == "stable" || role == "active") return Color::kGreen;
  return Color::kPlain;
}

Color unfinished_color(std::string_view phase) { return phase == "Pending" || phase == "Running" ? Color::kBlue : Color::kPlain; }

std::string painted(std::string_view text, Color color, ColorMode mode) {
  if (mode == ColorMode::kOff) return std::string(text);
  const char* code = "0";
  switch (color) {
    case Color::kPlain: break;
    case Color::kRed: code = "31"; break;
    case Color::kGreen: code = "32"; break;
    case Color::kYellow: code = "33"; break;
    case Color::kBlue: code = "94"; break;
  }
  return std::string("\033[") + code + "m" + std::string(text) + "\033[0m";
}

std::size_t visible_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0x1b) {
      while (i < text.size() && text[i] != 'm') ++i;
    } else if ((byte & 0xC0U) != 0x80U) {
      ++width;
    }
  }
  return width;
}

}  // namespace canaria::cli
