// Input and output as the streams of the library take them, with a bar for whoever waits.
#pragma once

#include <exception>

#include "latchkey/stream.hpp"
#include "output.hpp"
#include "progress.hpp"

namespace latchkey::cli {

// The library calls back without exceptions: what a read or a write throws is kept until it is
// done.
class Flow {
 public:
  enum class Quiet : bool { no, yes };  // yes: no progress bar

  // What was read before comes first.
  Flow(Input& input, std::span<const std::uint8_t> ahead, Output& output, Quiet quiet);

  [[nodiscard]] const std::string& input_name() const { return input_.name(); }
  StreamSource source() { return read_; }
  StreamSink sink() { return write_; }

  // Throws what was kept, or a Failure that says what could not be done, and to which input.
  void check(const Result<void>& done, const char* what) const;

 private:
  struct Read {
    Flow& flow;
    Result<std::size_t> operator()(std::span<std::uint8_t> to) noexcept;
  };
  struct Write {
    Flow& flow;
    Result<void> operator()(std::span<const std::uint8_t> bytes) noexcept;
  };

  Input& input_;
  std::span<const std::uint8_t> ahead_;
  Output& output_;
  Progress progress_;
  std::exception_ptr kept_;
  Read read_{*this};
  Write write_{*this};
};

}  // namespace latchkey::cli
