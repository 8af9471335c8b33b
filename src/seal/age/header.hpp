// The header of age's files: the file key, wrapped for each recipient, under a MAC.
#pragma once

#include <cstdlib>
#include <memory>

#include "latchkey/age.hpp"

namespace latchkey::seal::age {

using View = std::span<const std::uint8_t>;

inline constexpr std::size_t kFileKeySize = 16;  // bytes

// Bytes that are no secret, on the heap.
class Text {
 public:
  // `size` bytes, of any value. Errors: no_memory.
  [[nodiscard]] static Result<Text> create(std::size_t size) noexcept;
  // The same, with room for `size`. What is there remains. Errors: no_memory.
  [[nodiscard]] Result<void> grow(std::size_t size) noexcept;

  [[nodiscard]] std::span<std::uint8_t> bytes() const noexcept { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::uint8_t* data) const noexcept { std::free(data); }
  };
  std::unique_ptr<std::uint8_t[], Free> data_;
  std::size_t size_ = 0;
};

// Errors: those of age::seal().
[[nodiscard]] Result<Text> write_header(
    const LockedBuffer& file_key,
    std::span<const xwing::EncapsulationKey* const> recipients) noexcept;

// Finds where a header ends while it is read, and looks at each byte of it once.
class HeaderScan {
 public:
  // The size of the header that `beginning` begins with, with its MAC; 0, if its end is not there
  // yet: then to be called again, with more behind the same bytes.
  // Errors: not_sealed, unknown_version, bad_header, if no more of it can mend that.
  [[nodiscard]] Result<std::size_t> size_in(View beginning) noexcept;

 private:
  enum class Line : std::uint8_t { version, stanza, body };

  Line kind_ = Line::version;  // of the line whose end is not there yet
  std::size_t line_ = 0;       // where it begins
  std::size_t searched_ = 0;   // up to where its end is not
};

// The file key, by the first of the keys that unwraps it, and a MAC that fits.
// Errors: bad_header, no_recipient, not_authentic, those of decapsulation.
[[nodiscard]] Result<LockedBuffer> read_header(
    View header, std::span<const xwing::DecapsulationKey* const> identities) noexcept;

}  // namespace latchkey::seal::age
