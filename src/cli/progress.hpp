// A bar on the terminal's stderr while a long file is read; nothing where stderr is none, or where
// the terminal (TERM) takes no escape sequences.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace latchkey::cli {

class Progress {
 public:
  // `total` in bytes, where it is known. Unwanted where the terminal has other uses.
  Progress(std::optional<std::uint64_t> total, bool wanted);
  // The line is cleared.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // That so many bytes more are done.
  void advance(std::uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;

  void show(Clock::time_point now);

  bool wanted_;
  std::optional<std::uint64_t> total_;
  std::uint64_t done_ = 0;
  Clock::time_point start_, shown_;
  bool visible_ = false;
};

// The text of the bar, for `columns` of a terminal.
std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total, double seconds,
                          unsigned columns);

}  // namespace latchkey::cli
