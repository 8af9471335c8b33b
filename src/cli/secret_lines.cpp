#include "secret_lines.hpp"

#include <algorithm>

#include "failure.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMostOfLine = 4'096;  // bytes; remarks may be longer

}  // namespace

SecretLines::SecretLines(std::string name, std::size_t most, Use use)
    : name_(std::move(name)),
      left_(most),
      use_(std::move(use)),
      line_(value_of(LockedBuffer::create(kMostOfLine), "cannot keep a secret")) {}

void SecretLines::skip(std::size_t bytes, std::size_t lines) {
  if (bytes > left_) throw Failure(name_ + " is too long");
  left_ -= bytes;
  number_ += lines;
}

void SecretLines::add(View bytes) {
  skip(bytes.size(), 0);
  while (!bytes.empty()) {
    const auto end = static_cast<std::size_t>(std::ranges::find(bytes, '\n') - bytes.begin());
    extend_line(bytes.first(end));
    if (end == bytes.size()) return;
    end_line();
    bytes = bytes.subspan(end + 1);
  }
}

void SecretLines::finish() {
  if (size_ > 0) end_line();
}

void SecretLines::extend_line(View part) {
  if (size_ == 0 && !part.empty()) is_remark_ = is_remark_ || part.front() == '#';
  if (is_remark_) return;
  if (part.size() > kMostOfLine - size_) {
    throw Failure("line " + std::to_string(number_) + " of " + name_ + " is too long");
  }
  const auto copied = line_.write([&](std::span<std::uint8_t> to) {
    std::ranges::copy(part, to.begin() + static_cast<std::ptrdiff_t>(size_));
  });
  if (!copied) fail("cannot read " + name_, copied.error());
  size_ += part.size();
}

void SecretLines::end_line() {
  const auto done = line_.read([&](View all) {
    std::string_view line = text_of(all.first(size_));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (!line.empty()) use_(line, number_);
  });
  if (!done) fail("cannot read " + name_, done.error());
  size_ = 0;
  is_remark_ = false;
  ++number_;
}

}  // namespace latchkey::cli
