// The chunks of a stream: one HPKE context, with the last chunk marked (docs/formats.md).
#include "seal/stream.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "base/wipe.hpp"
#include "seal/container.hpp"

namespace latchkey {

using hpke::internal::ScheduleAccess;
using seal::Header;

void StreamAccess::bind(internal::Stream& stream, const std::array<std::uint8_t, 32>& digest,
                        View preamble) noexcept {
  std::ranges::copy(digest, stream.header_hash_.begin());
  std::ranges::copy(preamble.last(kSealingCommitmentSize),
                    stream.header_hash_.begin() + digest.size());
}

template <class K>
Result<StreamSealer> StreamAccess::sealer(const typename K::EncapsulationKey& key,
                                          const typename K::Encapsulation& sent, View aad,
                                          View context, SealingSuite suite) noexcept {
  Result<StreamSealer> sealer(std::in_place);
  const auto preamble = std::span(sealer->header_).template first<kStreamHeader<K>>();
  const auto digest = LATCHKEY_TRY(seal::begin_container(
      sealer->context_, preamble, {seal::Kind::stream, K::kHpkeId, suite, kStreamChunk},
      sent.ciphertext, sent.secret, {key.bytes(), aad, context}));
  bind(*sealer, digest, preamble);
  sealer->header_size_ = preamble.size();
  return sealer;
}

template <class K>
Result<StreamOpener> StreamAccess::opener(const typename K::DecapsulationKey& key, View preamble,
                                          View aad, View context) noexcept {
  static_assert(kStreamHeader<K> == seal::kPreambleSize<K>);
  const View ek = key.encapsulation_key().bytes();
  if (ek.empty()) return Error::moved_from;
  const auto header = LATCHKEY_TRY(Header::read(preamble, seal::Kind::stream, K::kHpkeId));
  if (header.size != kStreamChunk) return Error::unknown_version;
  if (preamble.size() != kStreamHeader<K>) return Error::sealed_length;
  const auto secret = LATCHKEY_TRY(key.decapsulate(seal::enc_in<K>(preamble)));
  Result<StreamOpener> opener(std::in_place);
  const auto digest = LATCHKEY_TRY(
      seal::accept_container(opener->context_, preamble, header, secret, {ek, aad, context}));
  bind(*opener, digest, preamble);
  return opener;
}

Result<void> internal::Stream::crypt(bool encrypt, std::span<std::uint8_t> out, View in,
                                     Last last) noexcept {
  const bool is_last = last == Last::yes;
  // A caller may compute the chunk's size from that of a box which was cut: below zero, that is far
  // more than there is memory. So what is larger than any chunk or box is not zeroed either.
  const bool out_is_possible = out.size() <= kStreamChunk + (encrypt ? hpke::kTagSize : 0);
  if (status_) {
    const std::size_t least = !is_last ? kStreamChunk : has_begun_ ? 1 : 0;
    const std::size_t tag = encrypt ? 0 : hpke::kTagSize;
    const std::uint8_t flag[] = {is_last};
    if (in.size() < least + tag || in.size() > kStreamChunk + tag) {
      status_ = encrypt ? Error::chunk_length : Error::sealed_length;
    } else if (!out_is_possible) {
      status_ = Error::wrong_size;
    } else {
      status_ = ScheduleAccess::crypt(context_, encrypt, out, in, {flag, header_hash_});
    }
    if (status_) {
      has_begun_ = true;
      if (!is_last) return {};
      status_ = Error::stream_ended;
      end_status_ = {};
      return {};
    }
  }
  if (out_is_possible) base::wipe(out.data(), out.size());
  end_status_ = status_;
  return status_;
}

Result<void> internal::Stream::end() const noexcept {
  if (ScheduleAccess::is_empty(context_)) return Error::moved_from;
  return end_status_;
}

// ---- The two ends

Result<StreamSealer> StreamSealer::create(const xwing::EncapsulationKey& key, View aad,
                                          View context, SealingSuite suite) noexcept {
  const auto sent = LATCHKEY_TRY(key.encapsulate());
  return StreamAccess::sealer<XWing>(key, sent, aad, context, suite);
}

template <MlKem set>
Result<StreamSealer> StreamSealer::create(const MlKemEncapsulationKey<set>& key, View aad,
                                          View context, SealingSuite suite) noexcept {
  const auto sent = LATCHKEY_TRY(key.encapsulate());
  return StreamAccess::sealer<MlKemOf<set>>(key, sent, aad, context, suite);
}

std::span<const std::uint8_t> StreamSealer::header() const& noexcept {
  if (ScheduleAccess::is_empty(context_)) return {};
  return View(header_).first(header_size_);
}

Result<void> StreamSealer::seal_chunk(std::span<std::uint8_t> box, View chunk, Last last) noexcept {
  return crypt(true, box, chunk, last);
}

Result<StreamOpener> StreamOpener::create(const xwing::DecapsulationKey& key, View header, View aad,
                                          View context) noexcept {
  return StreamAccess::opener<XWing>(key, header, aad, context);
}

template <MlKem set>
Result<StreamOpener> StreamOpener::create(const MlKemDecapsulationKey<set>& key, View header,
                                          View aad, View context) noexcept {
  return StreamAccess::opener<MlKemOf<set>>(key, header, aad, context);
}

Result<void> StreamOpener::open_chunk(std::span<std::uint8_t> chunk, View box, Last last) noexcept {
  return crypt(false, chunk, box, last);
}

// StreamAccess::sealer() is for tests, too.
#define LATCHKEY_INSTANTIATE(K)                          \
  template Result<StreamSealer> StreamAccess::sealer<K>( \
      const K::EncapsulationKey&, const K::Encapsulation&, View, View, SealingSuite) noexcept
#define LATCHKEY_INSTANTIATE_SET(set)                                                         \
  LATCHKEY_INSTANTIATE(MlKemOf<set>);                                                         \
  template Result<StreamSealer> StreamSealer::create(const MlKemEncapsulationKey<set>&, View, \
                                                     View, SealingSuite) noexcept;            \
  template Result<StreamOpener> StreamOpener::create(const MlKemDecapsulationKey<set>&, View, \
                                                     View, View) noexcept
LATCHKEY_INSTANTIATE_SET(MlKem::k512);
LATCHKEY_INSTANTIATE_SET(MlKem::k768);
LATCHKEY_INSTANTIATE_SET(MlKem::k1024);
LATCHKEY_INSTANTIATE(XWing);
#undef LATCHKEY_INSTANTIATE_SET
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey
