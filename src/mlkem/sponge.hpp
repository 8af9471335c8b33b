// SHA-3 and SHAKE (FIPS 202) on one state, and messages cut into padded blocks.
#pragma once

#include <algorithm>
#include <array>

#include "mlkem/backend.hpp"
#include "mlkem/keccak.hpp"

namespace latchkey::mlkem {

// A message of two parts, as the padded blocks of a sponge.
template <std::size_t Rate, std::uint8_t Domain>
class Message {
 public:
  using Bytes = std::span<const std::uint8_t>;
  static constexpr std::size_t kRate = Rate;

  [[gnu::always_inline]] explicit Message(Bytes first, Bytes second = {}) noexcept
      : first_(first), second_(second) {}

  // Padding always adds at least a byte, so a message of whole blocks has one more.
  [[gnu::always_inline]] std::size_t blocks() const noexcept {
    return base::quotient<Rate>(first_.size() + second_.size()) + 1;
  }

  // The block itself where it lies whole in one part, else a copy of it in `scratch`.
  [[gnu::always_inline]] const std::uint8_t* block(std::size_t index,
                                                   Out<Rate> scratch) const noexcept {
    const std::size_t begin = index * Rate, end = begin + Rate;
    if (end <= first_.size()) return first_.data() + begin;
    if (begin >= first_.size() && end <= first_.size() + second_.size()) {
      return second_.data() + (begin - first_.size());
    }
    assemble(begin, scratch);
    return scratch.data();
  }

 private:
  [[gnu::always_inline]] void assemble(std::size_t begin, Out<Rate> out) const noexcept {
    std::size_t filled = take(first_, begin, out.data(), Rate);
    filled += take(second_, begin + filled - first_.size(), out.data() + filled, Rate - filled);
    if (filled == Rate) return;
    std::memset(out.data() + filled, 0, Rate - filled);
    out[filled] = Domain;
    out[Rate - 1] |= 0x80;
  }

  // Up to `room` bytes of `part` from `begin` on; nothing if that lies outside.
  [[gnu::always_inline]] static std::size_t take(Bytes part, std::size_t begin, std::uint8_t* to,
                                                 std::size_t room) noexcept {
    if (begin >= part.size()) return 0;
    const std::size_t size = std::min(room, part.size() - begin);
    std::memcpy(to, part.data() + begin, size);
    return size;
  }

  Bytes first_, second_;
};

// XORs a block into the first words of a state.
template <std::size_t Rate>
[[gnu::always_inline]] inline void absorb_block(std::uint64_t* words,
                                                const std::uint8_t* block) noexcept {
  for (std::size_t i = 0; i < Rate / 8; ++i) words[i] ^= base::load_le64(block + 8 * i);
}

[[gnu::always_inline]] inline void extract_bytes(std::uint8_t* to, const std::uint64_t* words,
                                                 std::size_t size) noexcept {
  for (std::size_t i = 0; i < size / 8; ++i) base::store_le64(to + 8 * i, words[i]);
}

struct KeccakState {
  alignas(32) std::uint64_t words[kKeccakWords];
};

// Absorbs blocks `from` and on into a state that has absorbed those before.
template <Backend B, std::size_t Rate, std::uint8_t Domain>
[[gnu::always_inline]] inline void absorb_from(KeccakState& state, std::size_t from,
                                               const Message<Rate, Domain>& message) noexcept {
  std::array<std::uint8_t, Rate> block;
  for (std::size_t i = from; i < message.blocks(); ++i) {
    absorb_block<Rate>(state.words, message.block(i, block));
    B::keccak_f1600(state.words);
  }
}

// The digest of first || second. Here every digest fits in one block.
template <Backend B, std::size_t Rate, std::uint8_t Domain, std::size_t Size>
void hash(Out<Size> digest, Message<Rate, Domain> message) noexcept {
  static_assert(Size <= Rate);
  KeccakState state = {};
  absorb_from<B>(state, 0, message);
  extract_bytes(digest.data(), state.words, Size);
}

// FIPS 203, section 4.1: G = SHA3-512, H = SHA3-256, J = SHAKE256 with 32 bytes.
using GMessage = Message<kSha3_512Rate, kSha3Domain>;
using HMessage = Message<kSha3_256Rate, kSha3Domain>;
using JMessage = Message<kShake256Rate, kShakeDomain>;

}  // namespace latchkey::mlkem
