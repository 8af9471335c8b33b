// What is behind the two ends of a stream.
#pragma once

#include "hpke/hpke.hpp"
#include "latchkey/stream.hpp"

namespace latchkey {

struct StreamAccess {
  // What create() makes, once the secret is there: for vectors with their own randomness.
  // K is no concept: newer compilers make that part of the symbol's name, and older ones do not.
  template <class K>
  [[nodiscard]] static Result<StreamSealer> sealer(const typename K::EncapsulationKey& key,
                                                   const typename K::Encapsulation& sent,
                                                   hpke::View aad, hpke::View context,
                                                   SealingSuite suite) noexcept;
  template <class K>
  [[nodiscard]] static Result<StreamOpener> opener(const typename K::DecapsulationKey& key,
                                                   hpke::View preamble, hpke::View aad,
                                                   hpke::View context) noexcept;

  // What each chunk is bound to: the digest of header, enc and aad, and the commitment.
  static void bind(internal::Stream& stream, const std::array<std::uint8_t, 32>& digest,
                   hpke::View preamble) noexcept;

  // Ends a stream with an error that its caller made, unless it has ended before. Returns with
  // which error.
  static Result<void> stop(internal::Stream& stream, Error why) noexcept {
    if (stream.status_) stream.status_ = why;
    stream.end_status_ = stream.status_;
    return stream.status_;
  }

  // For tests and measurements.
  static void set_sequence(internal::Stream& stream, std::uint64_t sequence) noexcept {
    hpke::internal::ScheduleAccess::set_sequence(stream.context_, sequence);
  }
  static void forget_begin(internal::Stream& stream) noexcept { stream.has_begun_ = false; }
};

}  // namespace latchkey
