#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace latchkey::cli {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

constexpr milliseconds kBefore{500};  // what is done sooner shows nothing
constexpr milliseconds kBetween{100};

std::string bytes_text(double bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, kUnits[unit]);
  return text;
}

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::min(seconds + 0.5, 359'999.0));
  char text[32];
  std::snprintf(text, sizeof text, "%llu:%02llu", static_cast<unsigned long long>(whole / 60),
                static_cast<unsigned long long>(whole % 60));
  return text;
}

// Whether standard error is a terminal that can clear a line.
bool can_show() {
  const char* const kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind != nullptr && *kind != '\0' &&
         std::string_view(kind) != "dumb";
}

unsigned columns_of_terminal() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total, double seconds,
                          unsigned columns) {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string text = bytes_text(static_cast<double>(done));
  if (!total || *total == 0) {
    text += ", " + bytes_text(rate) + "/s, " + time_text(seconds);
    return text.substr(0, columns);
  }
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
  text += " of " + bytes_text(static_cast<double>(*total)) + ", " + bytes_text(rate) + "/s";
  if (rate > 0) {
    const auto left = static_cast<double>(*total) - static_cast<double>(done);
    text += ", " + time_text(std::max(left, 0.0) / rate) + " left";
  }
  char percent[8];
  std::snprintf(percent, sizeof percent, "%3.0f%% ", part * 100);
  constexpr unsigned kFrame = 8, kShortest = 10;  // "[", "] ", and a column for the cursor
  const auto used = static_cast<unsigned>(text.size()) + kFrame;
  if (columns < used + kShortest) return (percent + text).substr(0, columns);
  const unsigned width = std::min(columns - used, 40u);
  const auto filled = static_cast<unsigned>(part * width);
  return percent + ("[" + std::string(filled, '#') + std::string(width - filled, '.') + "] ") +
         text;
}

Progress::Progress(std::optional<std::uint64_t> total, bool wanted)
    : wanted_(wanted && can_show()), total_(total), start_(Clock::now()), shown_(start_) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\x1b[K", stderr);
}

void Progress::advance(std::uint64_t bytes) {
  done_ += bytes;
  if (!wanted_) return;
  const auto now = Clock::now();
  if (now - start_ >= kBefore && now - shown_ >= kBetween) show(now);
}

void Progress::show(Clock::time_point now) {
  const std::string line =
      progress_line(done_, total_, duration<double>(now - start_).count(), columns_of_terminal());
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
  std::fflush(stderr);
  shown_ = now;
  visible_ = true;
}

}  // namespace latchkey::cli
