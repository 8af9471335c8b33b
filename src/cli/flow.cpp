#include "flow.hpp"

#include <algorithm>

#include "failure.hpp"

namespace latchkey::cli {

Flow::Flow(Input& input, std::span<const std::uint8_t> ahead, Output& output, Quiet quiet)
    : input_(input),
      ahead_(ahead),
      output_(output),
      progress_(input.size(), quiet == Quiet::no && !input.is_terminal() && !output.is_terminal()) {
}

Result<std::size_t> Flow::Read::operator()(std::span<std::uint8_t> to) noexcept {
  if (!flow.ahead_.empty()) {
    const auto part = flow.ahead_.first(std::min(flow.ahead_.size(), to.size()));
    std::ranges::copy(part, to.begin());
    flow.ahead_ = flow.ahead_.subspan(part.size());
    return part.size();
  }
  try {
    const std::size_t size = flow.input_.read(to);
    flow.progress_.advance(size);
    return size;
  } catch (...) {
    flow.kept_ = std::current_exception();
    return Error::read_failed;
  }
}

Result<void> Flow::Write::operator()(std::span<const std::uint8_t> bytes) noexcept {
  try {
    flow.output_.write(bytes);
    return {};
  } catch (...) {
    flow.kept_ = std::current_exception();
    return Error::write_failed;
  }
}

void Flow::check(const Result<void>& done, const char* what) const {
  if (kept_) std::rethrow_exception(kept_);
  if (!done) fail(std::string(what) + " " + input_.name(), done.error());
}

}  // namespace latchkey::cli
