#include "app/progress_bar.hh"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "report/decimal.hh"

namespace weft {
namespace {

constexpr int columns = 24;  // of the bar itself

std::string seconds_text(double seconds) {
  const auto whole = static_cast<long>(std::min(seconds + 0.5, 1e8));
  if (whole < 100) return std::to_string(whole) + " s";
  if (whole < 6000) return std::to_string(whole / 60) + " min";
  return std::to_string(whole / 3600) + " h";
}

}  // namespace

std::string ProgressBar::line(const Progress& progress) {
  double share = progress.flows == 0 ? 0 : static_cast<double>(progress.flows_done) / static_cast<double>(progress.flows);
  if (progress.expected_packet_hops > 0) share = std::max(share, static_cast<double>(progress.packet_hops) / progress.expected_packet_hops);
  if (duration_) { share = std::max(share, static_cast<double>(progress.simulated.ps) / static_cast<double>(duration_->ps)); }
  share_ = std::max(share_, std::min(share, 0.99));
  const int filled = static_cast<int>(share_ * columns);
  std::string text = std::to_string(static_cast<int>(share_ * 100)) + " %";
  text = std::string(5 - std::min<std::size_t>(text.size(), 5), ' ') + text + " [" + std::string(static_cast<std::size_t>(filled), '=') +
         std::string(static_cast<std::size_t>(columns - filled), ' ') + "] " + duration_text(progress.simulated.ps) + " simulated";
  if (progress.elapsed_s > 0) {
    text += ", " + count_text(static_cast<double>(progress.packet_hops) / progress.elapsed_s) + " hops/s";
    if (share_ > 0.01) text += ", " + seconds_text(progress.elapsed_s * (1 - share_) / share_) + " left";
  }
  return text.substr(0, 79);
}

bool standard_error_is_terminal() { return isatty(STDERR_FILENO) == 1; }

}  // namespace weft
