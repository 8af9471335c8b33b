// Riders: hashes that use one lane of Keccak each, whatever the other lanes do.
//
// Expanding A_hat takes two to four lanes at a time, and others would be idle. A rider uses one: it
// is fed before every permutation and read after it. How many permutations there are depends on rho
// alone, which is public, and so does all control flow here.
#pragma once

#include "mlkem/noise.hpp"
#include "mlkem/sponge.hpp"

namespace latchkey::mlkem {

// Hashes a message: H(ek), J(z || c), G(m || h).
template <Backend B, class Message, std::size_t DigestSize>
class HashRider {
 public:
  using Keccak4 = typename B::Keccak4;

  HashRider(unsigned lane, Message message, Out<DigestSize> digest) noexcept
      : lane_(lane), message_(message), digest_(digest), final_blocks_(message.blocks()) {}

  // How many blocks of the message are written and final so far. Default: all.
  void set_final_blocks(std::size_t blocks) noexcept { final_blocks_ = blocks; }

  // Before a permutation. Returns the lanes that need it.
  unsigned feed(Keccak4& keccak) noexcept {
    if (next_ == final_blocks_) {
      // The lane is about to be permuted without a block: put the state aside.
      if (next_ > 0 && next_ < message_.blocks()) put_aside(keccak);
      return 0;
    }
    if (next_ == 0) keccak.clear(lane_);
    if (aside_) keccak.load(lane_, state_.words);
    aside_ = false;
    keccak.template absorb<Message::kRate>(lane_, message_.block(next_, scratch_));
    fed_ = true;
    return 1u << lane_;
  }

  // After that permutation.
  void collect(const Keccak4& keccak) noexcept {
    if (!fed_) return;
    fed_ = false;
    if (++next_ == message_.blocks()) keccak.extract_lane(lane_, digest_);
  }

  // Absorbs the remaining blocks alone, and gives the digest. At least one is left.
  void finish(const Keccak4& keccak) noexcept {
    if (next_ == 0) {
      state_ = {};
    } else {
      put_aside(keccak);
    }
    absorb_from<B>(state_, next_, message_);
    extract_bytes(digest_.data(), state_.words, digest_.size());
  }

 private:
  void put_aside(const Keccak4& keccak) noexcept {
    if (!aside_) keccak.save(lane_, state_.words);
    aside_ = true;
  }

  unsigned lane_;
  Message message_;
  Out<DigestSize> digest_;
  std::size_t final_blocks_;
  std::size_t next_ = 0;
  bool fed_ = false;
  bool aside_ = false;
  KeccakState state_;
  std::array<std::uint8_t, Message::kRate> scratch_;
};

template <Backend B>
using GRider = HashRider<B, GMessage, 64>;
template <Backend B>
using HRider = HashRider<B, HMessage, 32>;
template <Backend B>
using JRider = HashRider<B, JMessage, 32>;

// PRF_eta (section 4.1): SHAKE256(seed || nonce), 64 eta bytes, for every `step`-th nonce. `Noise`
// is KeyNoise or EncryptionNoise.
template <Backend B, class Noise>
class PrfRider {
 public:
  using Keccak4 = typename B::Keccak4;

  PrfRider(unsigned lane, Noise& noise, In<32> seed, std::size_t first_nonce = 0,
           std::size_t step = 1) noexcept
      : lane_(lane), noise_(&noise), seed_(seed), nonce_(first_nonce), step_(step) {}

  [[nodiscard]] bool is_done() const noexcept { return nonce_ >= Noise::kCount; }

  unsigned feed(Keccak4& keccak) noexcept {
    if (is_done()) return 0;
    if (extracted_ == 0) {
      const std::uint8_t nonce[] = {static_cast<std::uint8_t>(nonce_)};
      std::array<std::uint8_t, kShake256Rate> scratch;
      keccak.clear(lane_);
      keccak.template absorb<kShake256Rate>(lane_, JMessage(seed_, nonce).block(0, scratch));
    }
    fed_ = true;
    return 1u << lane_;
  }

  void collect(const Keccak4& keccak) noexcept {
    if (!fed_) return;
    fed_ = false;
    const auto rest = noise_->output(nonce_).subspan(extracted_);
    const std::size_t size = std::min(rest.size(), kShake256Rate);
    keccak.extract_lane(lane_, rest.first(size));
    extracted_ += size;
    if (size < rest.size()) return;  // a block is left
    extracted_ = 0;
    nonce_ += step_;
  }

 private:
  unsigned lane_;
  Noise* noise_;
  In<32> seed_;
  std::size_t nonce_;
  std::size_t step_;
  std::size_t extracted_ = 0;  // of this nonce's bytes
  bool fed_ = false;
};

}  // namespace latchkey::mlkem
