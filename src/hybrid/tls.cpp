// X25519MLKEM768 (RFC 10024). Unlike in its name, the half of ML-KEM-768 comes first everywhere.
#include "latchkey/tls.hpp"

#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "hybrid/hybrid.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "memory/entropy.hpp"

namespace latchkey::tls {

using base::In;
using base::Scrubbed;
using hybrid::kSize;

static_assert(kClientShareSize == hybrid::kHybridKeySize &&
              kServerShareSize == hybrid::kHybridCiphertextSize &&
              kSecretSize == hybrid::kHybridSecretSize &&
              derand::kTlsServerRandomnessSize == hybrid::kHybridRandomnessSize);

struct ExchangeAccess {
  static Result<ClientShare> begin(In<derand::kTlsClientRandomnessSize> randomness) noexcept;
  static Result<ServerShare> answer(std::span<const std::uint8_t> client_share,
                                    In<derand::kTlsServerRandomnessSize> randomness) noexcept;
};

// ---- The client

Result<ClientShare> ExchangeAccess::begin(
    In<derand::kTlsClientRandomnessSize> randomness) noexcept {
  Result<ClientShare> client(std::in_place);
  auto sk_M =
      LATCHKEY_TRY(latchkey::derand::keygen(randomness.first<32>(), randomness.subspan<32, 32>()));
  const auto sk_X = randomness.last<kSize>();
  const auto share = std::span(client->bytes_);
  std::memcpy(share.data(), sk_M.encapsulation_key().bytes().data(), kEncapsulationKeySize);
  hybrid::public_key(share.last<kSize>(), sk_X);
  auto kept = LATCHKEY_TRY(LockedBuffer::copy_of(sk_X));
  client->mlkem_ = std::move(sk_M);
  client->x25519_ = std::move(kept);
  return client;
}

Result<ClientShare> ClientShare::generate() noexcept {
  Scrubbed<std::array<std::uint8_t, derand::kTlsClientRandomnessSize>> randomness;
  if (!memory::random_bytes(*randomness)) return Error::no_entropy;
  base::mark_secret(randomness->data(), randomness->size());
  return ExchangeAccess::begin(*randomness);
}

std::span<const std::uint8_t> ClientShare::bytes() const& noexcept {
  if (x25519_.size() == 0) return {};
  return bytes_;
}

Result<LockedBuffer> ClientShare::secret(std::span<const std::uint8_t> server_share) && noexcept {
  const ClientShare mine = std::move(*this);
  if (mine.x25519_.size() == 0) return Error::moved_from;
  if (server_share.size() != kServerShareSize) return Error::ciphertext_length;
  auto secret = LockedBuffer::create(kSecretSize);
  if (!secret) return secret;
  const auto done = mine.x25519_.read([&](std::span<const std::uint8_t> sk_X) noexcept {
    return secret->write([&](std::span<std::uint8_t> out) noexcept {
      return hybrid::decapsulate_both(out.first<kSecretSize>(), mine.mlkem_, sk_X.first<kSize>(),
                                      server_share.first<kServerShareSize>());
    });
  });
  if (!done) return done.error();
  return secret;
}

bool ClientShare::is_locked() const noexcept { return x25519_.is_locked() && mlkem_.is_locked(); }

// ---- The server

Result<ServerShare> ExchangeAccess::answer(
    std::span<const std::uint8_t> client_share,
    In<derand::kTlsServerRandomnessSize> randomness) noexcept {
  if (client_share.size() != kClientShareSize) return Error::encapsulation_key_length;
  const auto pk_M =
      LATCHKEY_TRY(EncapsulationKey::parse(client_share.first<kEncapsulationKeySize>()));
  Result<ServerShare> server(std::in_place);
  auto secret = LATCHKEY_TRY(LockedBuffer::create(kSecretSize));
  const auto done = secret.write([&](std::span<std::uint8_t> out) noexcept {
    return hybrid::encapsulate_both(server->share, out.first<kSecretSize>(), pk_M,
                                    client_share.last<kSize>(), randomness);
  });
  if (!done) return done.error();
  server->secret = std::move(secret);
  return server;
}

Result<ServerShare> answer(std::span<const std::uint8_t> client_share) noexcept {
  Scrubbed<std::array<std::uint8_t, derand::kTlsServerRandomnessSize>> randomness;
  if (!memory::random_bytes(*randomness)) return Error::no_entropy;
  base::mark_secret(randomness->data(), randomness->size());
  return ExchangeAccess::answer(client_share, *randomness);
}

}  // namespace latchkey::tls

namespace latchkey {

Result<tls::ClientShare> derand::tls_client_share(
    std::span<const std::uint8_t, kTlsClientRandomnessSize> randomness) noexcept {
  return tls::ExchangeAccess::begin(randomness);
}

Result<tls::ServerShare> derand::tls_answer(
    std::span<const std::uint8_t> client_share,
    std::span<const std::uint8_t, kTlsServerRandomnessSize> randomness) noexcept {
  return tls::ExchangeAccess::answer(client_share, randomness);
}

}  // namespace latchkey
