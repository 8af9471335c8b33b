// Inputs that are secret and outputs that were. In a build for the constant-time check the runner
// doubles as its driver; in any other these are plain copies.
#pragma once

#include <algorithm>
#include <array>

#include "base/secrecy.hpp"
#include "check.hpp"
#include "section.hpp"

namespace latchkey::kat {

// A copy of an input, marked secret. The original stays readable.
class SecretCopy {
 public:
  explicit SecretCopy(std::span<const std::uint8_t> bytes) : bytes_(bytes.begin(), bytes.end()) {
    base::mark_secret(bytes_.data(), bytes_.size());
  }
  ~SecretCopy() { base::declassify(bytes_.data(), bytes_.size()); }
  SecretCopy(const SecretCopy&) = delete;
  SecretCopy& operator=(const SecretCopy&) = delete;

  std::span<const std::uint8_t> operator*() const { return bytes_; }

 private:
  Bytes bytes_;
};

// Copies of inputs of one size, side by side as batches take them.
template <std::size_t Size>
class SecretCopies {
 public:
  explicit SecretCopies(const std::vector<Bytes>& inputs) : copies_(inputs.size()) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::ranges::copy_n(inputs[i].begin(), Size, copies_[i].begin());
    }
    base::mark_secret(copies_.data(), copies_.size() * Size);
  }
  ~SecretCopies() { base::declassify(copies_.data(), copies_.size() * Size); }
  SecretCopies(const SecretCopies&) = delete;
  SecretCopies& operator=(const SecretCopies&) = delete;

  std::span<const std::array<std::uint8_t, Size>> operator*() const { return copies_; }

 private:
  std::vector<std::array<std::uint8_t, Size>> copies_;
};

// A copy that may be compared and printed: the library's work on it is over.
inline Bytes revealed(std::span<const std::uint8_t> bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  base::declassify(copy.data(), copy.size());
  return copy;
}
inline Bytes revealed(const SharedSecret& secret) {
  const OpenSecrets open;
  return revealed(accepted(secret.expose()));
}

}  // namespace latchkey::kat
