// Secrets in ordinary memory, sealed with a key that only this process has (session.hpp).
#include "enclave/enclave.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/try.hpp"
#include "base/wipe.hpp"
#include "encoding/integers.hpp"

namespace latchkey {

using enclave::Session;
using enclave::Ticket;
using encoding::Eight;
using internal::EnclaveBox;

namespace {

constexpr auto kAead = hpke::Aead::chacha20_poly1305;
static_assert(crypto::key_size(kAead) == Session::kKeySize);

constexpr std::uint64_t kMaxSize = crypto::max_message(kAead);

// The nonce and the associated data.
struct Bound {
  explicit Bound(const EnclaveBox& box) noexcept {
    const auto put = [](std::span<std::uint8_t, 8> to, std::uint64_t n) noexcept {
      std::ranges::copy(Eight(n).bytes, to.begin());
    };
    put(std::span(nonce).last<8>(), box.ticket.number);
    put(std::span(aad).subspan<0, 8>(), box.ticket.key);
    put(std::span(aad).subspan<8, 8>(), box.ticket.number);
    put(std::span(aad).subspan<16, 8>(), box.size);
  }

  std::array<std::uint8_t, crypto::kNonceSize> nonce{};
  std::array<std::uint8_t, 24> aad;
};

template <class Key>
Result<SealedMessage> seal_opened(const Enclave& enclave, const Key& key, View aad, View context,
                                  SealingSuite suite) noexcept {
  const auto opened = LATCHKEY_TRY(enclave.open());
  return opened.read(
      [&](View secret) noexcept { return latchkey::seal_for(key, secret, aad, context, suite); });
}

}  // namespace

Result<Enclave> Enclave::seal(View secret) noexcept {
  if (secret.size() > std::min<std::uint64_t>(kMaxSize, SIZE_MAX / 2)) return Error::too_long;
  const auto session = LATCHKEY_TRY(Session::get());
  void* const place = std::malloc(sizeof(EnclaveBox) + secret.size() + hpke::kTagSize);
  if (place == nullptr) return Error::no_memory;
  auto* const box = ::new (place) EnclaveBox{session, {}, secret.size()};
  Enclave enclave(box);
  const auto done = session->seal(box->ticket, [&](View key) noexcept {
    const Bound binding(*box);
    return crypto::aead_seal(box->bytes(), kAead, key, binding.nonce, secret, {binding.aad});
  });
  if (!done) return done.error();
  return enclave;
}

Result<Enclave> Enclave::seal(LockedBuffer secret) noexcept {
  return secret.read([](View bytes) noexcept { return Enclave::seal(bytes); });
}

void Enclave::release() noexcept {
  base::wipe(box_, sizeof(EnclaveBox) + box_->size + hpke::kTagSize);
  std::free(box_);
}

Result<LockedBuffer> Enclave::open() const noexcept {
  if (box_ == nullptr) return Error::moved_from;
  if (box_->session != Session::current()) return Error::inherited;
  auto secret = LockedBuffer::create(box_->size);
  if (!secret) return secret;
  const auto done = secret->write([&](std::span<std::uint8_t> to) noexcept {
    return box_->session->open(box_->ticket, [&](View key) noexcept {
      const Bound binding(*box_);
      return crypto::aead_open(to, kAead, key, binding.nonce, box_->bytes(), {binding.aad});
    });
  });
  if (!done) return done.error();
  LATCHKEY_TRY(secret->freeze());
  return secret;
}

Result<SealedMessage> Enclave::seal_for(const xwing::EncapsulationKey& key, View aad, View context,
                                        SealingSuite suite) const noexcept {
  return seal_opened(*this, key, aad, context, suite);
}

template <MlKem set>
Result<SealedMessage> Enclave::seal_for(const MlKemEncapsulationKey<set>& key, View aad,
                                        View context, SealingSuite suite) const noexcept {
  return seal_opened(*this, key, aad, context, suite);
}

#define LATCHKEY_INSTANTIATE(set)                                                                 \
  template Result<SealedMessage> Enclave::seal_for(const MlKemEncapsulationKey<set>&, View, View, \
                                                   SealingSuite) const noexcept
LATCHKEY_INSTANTIATE(MlKem::k512);
LATCHKEY_INSTANTIATE(MlKem::k768);
LATCHKEY_INSTANTIATE(MlKem::k1024);
#undef LATCHKEY_INSTANTIATE

std::size_t Enclave::size() const noexcept { return box_ == nullptr ? 0 : box_->size; }

bool Enclave::is_locked() const noexcept { return box_ != nullptr && box_->ticket.locked; }

void Enclave::destroy_session_key() noexcept {
  if (Session* const session = Session::current()) session->destroy_key();
}

}  // namespace latchkey
