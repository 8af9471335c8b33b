// The ASCII armor of age's files: the strict form of RFC 7468, around what is read or written.
#pragma once

#include <optional>

#include "seal/pieces.hpp"

namespace latchkey::age::internal {

inline constexpr std::size_t kArmorLine = 64;       // characters
inline constexpr std::size_t kArmorLineBytes = 48;  // that they stand for
inline constexpr std::size_t kArmorBuffer = 8'192;  // characters

// A StreamSink. Call finish() behind the last of it.
class ArmorWriter {
 public:
  explicit ArmorWriter(const StreamSink& write) noexcept : write_(write) {}
  Result<void> operator()(std::span<const std::uint8_t> bytes) noexcept;
  Result<void> finish() noexcept;

 private:
  Result<void> put_line() noexcept;
  Result<void> put(std::string_view text) noexcept;
  Result<void> flush() noexcept;

  const StreamSink& write_;
  bool begun_ = false;
  std::size_t line_size_ = 0, text_size_ = 0;
  std::array<std::uint8_t, kArmorLineBytes> line_;
  std::array<std::uint8_t, kArmorBuffer> text_;
};

// A StreamSource. White space may stand before and behind the armor; lines may end in CR LF.
// Errors: those of read; bad_header, for anything that encoding would not give; sealed_length, if
// it has no end, or something follows it. The content before the error is returned first.
class ArmorReader {
 public:
  explicit ArmorReader(const StreamSource& read) noexcept : read_(read) {}
  Result<std::size_t> operator()(std::span<std::uint8_t> to) noexcept;

 private:
  Result<std::string_view> next_line() noexcept;
  Result<void> refill() noexcept;
  Result<void> begin() noexcept;
  Result<void> decode_line() noexcept;
  Result<void> end() noexcept;

  enum class State : std::uint8_t { before, lines, last_line, behind };

  const StreamSource& read_;
  State state_ = State::before;
  bool at_end_ = false;
  std::optional<Error> failure_;
  std::size_t text_begin_ = 0, text_end_ = 0;
  std::size_t line_begin_ = 0, line_end_ = 0;
  std::array<std::uint8_t, kArmorLineBytes + 3> line_;
  std::array<std::uint8_t, kArmorBuffer> text_;
};

}  // namespace latchkey::age::internal
