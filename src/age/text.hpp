// Bytes that are not secret, on the heap, without exceptions.
#pragma once

#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/try.hpp"
#include "latchkey/result.hpp"

namespace latchkey::age::internal {

class Text {
 public:
  // `size` bytes, of any value. Errors: no_memory.
  [[nodiscard]] static Result<Text> create(std::size_t size) noexcept {
    Text text;
    LATCHKEY_TRY(text.grow(size));
    return text;
  }
  // Room for `size` bytes. What is there stays. Errors: no_memory.
  [[nodiscard]] Result<void> grow(std::size_t size) noexcept {
    auto* const data = static_cast<std::uint8_t*>(std::realloc(data_.get(), size));
    if (data == nullptr) return Error::no_memory;
    static_cast<void>(data_.release());
    data_.reset(data);
    size_ = size;
    return {};
  }

  [[nodiscard]] std::span<std::uint8_t> bytes() const noexcept { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(std::uint8_t* data) const noexcept { std::free(data); }
  };
  std::unique_ptr<std::uint8_t[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace latchkey::age::internal
