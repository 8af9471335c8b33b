#include "age/armor.hpp"

#include <algorithm>
#include <cstring>

#include "base/try.hpp"
#include "crypto/public_base64.hpp"
#include "encoding/base64.hpp"
#include "encoding/integers.hpp"

namespace latchkey::age::internal {
namespace {

constexpr std::string_view kBegin = "-----BEGIN AGE ENCRYPTED FILE-----",
                           kEnd = "-----END AGE ENCRYPTED FILE-----";

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// A whole line. What is sealed is no secret.
bool decode_full_line(std::span<std::uint8_t> bytes, std::string_view line) noexcept {
  return line.find('=') == line.npos &&
         crypto::base64_decode_vartime(bytes, line) == kArmorLineBytes;
}

}  // namespace

// ---- Writing

Result<void> ArmorWriter::flush() noexcept {
  if (text_size_ == 0) return {};
  const std::size_t size = std::exchange(text_size_, 0);
  return write_(std::span(text_).first(size));
}

Result<void> ArmorWriter::put(std::string_view text) noexcept {
  if (text.size() > text_.size() - text_size_) {
    if (const auto flushed = flush(); !flushed) return flushed;
  }
  std::memcpy(&text_[text_size_], text.data(), text.size());
  text_size_ += text.size();
  return {};
}

Result<void> ArmorWriter::put_line() noexcept {
  std::uint8_t text[kArmorLine + 1];  // libcrypto ends it by a zero
  const std::size_t size = crypto::base64_encode_vartime(text, View(line_).first(line_size_));
  text[size] = '\n';
  line_size_ = 0;
  return put(text_of(View(text).first(size + 1)));
}

Result<void> ArmorWriter::operator()(std::span<const std::uint8_t> bytes) noexcept {
  if (!std::exchange(begun_, true)) {
    for (const std::string_view text : {kBegin, std::string_view("\n")}) {
      if (const auto done = put(text); !done) return done;
    }
  }
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kArmorLineBytes - line_size_));
    std::memcpy(&line_[line_size_], part.data(), part.size());
    line_size_ += part.size();
    bytes = bytes.subspan(part.size());
    if (line_size_ == kArmorLineBytes) {
      if (const auto done = put_line(); !done) return done;
    }
  }
  return {};
}

Result<void> ArmorWriter::finish() noexcept {
  if (line_size_ > 0) {
    if (const auto done = put_line(); !done) return done;
  }
  for (const std::string_view text : {kEnd, std::string_view("\n")}) {
    if (const auto done = put(text); !done) return done;
  }
  return flush();
}

// ---- Reading

// What is left moves to the front, and more is put behind it.
Result<void> ArmorReader::refill() noexcept {
  std::memmove(text_.data(), text_.data() + text_begin_, text_end_ - text_begin_);
  text_end_ -= std::exchange(text_begin_, 0);
  const auto room = std::span(text_).subspan(text_end_);
  const auto size = LATCHKEY_TRY(read_(room));
  if (size > room.size()) return Error::read_failed;
  text_end_ += size;
  at_end_ = size == 0;
  return {};
}

// Without its end. Empty where nothing is left.
Result<std::string_view> ArmorReader::next_line() noexcept {
  constexpr std::size_t kLongest = kArmorLine + 2;
  for (;;) {
    const std::string_view text(reinterpret_cast<const char*>(text_.data() + text_begin_),
                                text_end_ - text_begin_);
    const std::size_t size = text.substr(0, kLongest).find('\n');
    if (size != text.npos || at_end_) {
      std::string_view line = text.substr(0, std::min(size, text.size()));
      text_begin_ += std::min(line.size() + 1, text.size());
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.size() > kLongest) return Error::bad_header;
      return line;
    }
    if (text.size() >= kLongest) return Error::bad_header;
    if (const auto done = refill(); !done) return done.error();
  }
}

Result<void> ArmorReader::begin() noexcept {
  while (text_begin_ < text_end_ || !at_end_) {
    if (text_begin_ == text_end_) {
      if (const auto done = refill(); !done) return done;
    } else if (is_space(static_cast<char>(text_[text_begin_]))) {
      ++text_begin_;
    } else {
      break;
    }
  }
  const auto line = LATCHKEY_TRY(next_line());
  if (line != kBegin) return Error::bad_header;
  state_ = State::lines;
  return {};
}

Result<void> ArmorReader::decode_line() noexcept {
  const auto line = LATCHKEY_TRY(next_line());
  line_begin_ = line_end_ = 0;
  if (line == kEnd) {
    state_ = State::behind;
    return end();
  }
  if (line.empty()) return at_end_ ? Error::sealed_length : Error::bad_header;
  // Without its end, it was cut.
  const Error fault =
      at_end_ && text_begin_ == text_end_ ? Error::sealed_length : Error::bad_header;
  if (state_ == State::last_line || line.size() > kArmorLine) return fault;
  if (line.size() == kArmorLine && decode_full_line(line_, line)) {
    line_end_ = kArmorLineBytes;
    return {};
  }
  state_ = State::last_line;
  const auto size = encoding::base64_decode(line_, bytes_of(line), encoding::Padding::required);
  if (!size) return fault;
  line_end_ = *size;
  return {};
}

Result<void> ArmorReader::end() noexcept {
  for (;;) {
    for (; text_begin_ < text_end_; ++text_begin_) {
      if (!is_space(static_cast<char>(text_[text_begin_]))) return Error::sealed_length;
    }
    if (at_end_) return {};
    if (const auto done = refill(); !done) return done;
  }
}

Result<std::size_t> ArmorReader::operator()(std::span<std::uint8_t> to) noexcept {
  if (state_ == State::before) {
    if (const auto begun = begin(); !begun) return begun.error();
  }
  if (failure_) return *failure_;
  std::size_t written = 0;
  while (written < to.size()) {
    if (line_begin_ == line_end_) {
      if (state_ == State::behind) break;
      if (const auto decoded = decode_line(); !decoded) {
        failure_ = decoded.error();
        break;
      }
      continue;
    }
    const std::size_t size = std::min(to.size() - written, line_end_ - line_begin_);
    std::memcpy(&to[written], &line_[line_begin_], size);
    line_begin_ += size;
    written += size;
  }
  if (written == 0 && failure_) return *failure_;
  return written;
}

}  // namespace latchkey::age::internal
