// X25519MLKEM768 (RFC 10024). Unlike in its name, the half of ML-KEM-768 comes first everywhere.
#include "latchkey/tls.hpp"

#include "base/secrecy.hpp"
#include "base/wipe.hpp"
#include "latchkey/derand.hpp"
#include "memory/entropy.hpp"
#include "seal/hybrid.hpp"

namespace latchkey::tls {

using base::In;
using base::Scrubbed;
using seal::kX25519Size;
using seal::X25519Key;

static_assert(kClientShareSize == seal::kHybridKeySize &&
              kServerShareSize == seal::kHybridCiphertextSize &&
              kSecretSize == seal::kHybridSecretSize &&
              derand::kTlsServerRandomnessSize == seal::kHybridRandomnessSize);

struct Exchange {
  static Result<ClientShare> begin(In<derand::kTlsClientRandomnessSize> randomness) noexcept;
  static Result<ServerShare> answer(std::span<const std::uint8_t> client_share,
                                    In<derand::kTlsServerRandomnessSize> randomness) noexcept;
};

// ---- The client

Result<ClientShare> Exchange::begin(In<derand::kTlsClientRandomnessSize> randomness) noexcept {
  Result<ClientShare> client(std::in_place);
  auto sk_M = latchkey::derand::keygen(randomness.first<32>(), randomness.subspan<32, 32>());
  if (!sk_M) return sk_M.error();
  const auto sk_X = randomness.last<kX25519Size>();
  const auto pair_X = X25519Key::secret_key(sk_X);
  if (!pair_X) return pair_X.error();
  const auto share = std::span(client->bytes_);
  std::memcpy(share.data(), sk_M->encapsulation_key().bytes().data(), kEncapsulationKeySize);
  if (const auto done = pair_X->write_public(share.last<kX25519Size>()); !done) return done.error();
  auto kept = LockedBuffer::copy_of(sk_X);
  if (!kept) return kept.error();
  client->mlkem_ = std::move(*sk_M);
  client->x25519_ = std::move(*kept);
  return client;
}

Result<ClientShare> ClientShare::generate() noexcept {
  Scrubbed<std::array<std::uint8_t, derand::kTlsClientRandomnessSize>> randomness;
  if (!memory::random_bytes(*randomness)) return Error::no_entropy;
  base::mark_secret(randomness->data(), randomness->size());
  return Exchange::begin(*randomness);
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
  const auto pk_X = std::span(mine.bytes_).last<kX25519Size>();
  const auto done = mine.x25519_.read([&](std::span<const std::uint8_t> sk_X) noexcept {
    return secret->write([&](std::span<std::uint8_t> out) noexcept {
      return seal::decapsulate_both(out.first<kSecretSize>(), mine.mlkem_,
                                    sk_X.first<kX25519Size>(), pk_X,
                                    server_share.first<kServerShareSize>());
    });
  });
  if (!done) return done.error();
  return secret;
}

bool ClientShare::is_locked() const noexcept { return x25519_.is_locked() && mlkem_.is_locked(); }

// ---- The server

Result<ServerShare> Exchange::answer(std::span<const std::uint8_t> client_share,
                                     In<derand::kTlsServerRandomnessSize> randomness) noexcept {
  const auto client = seal::HybridPublicKey::parse(client_share);
  if (!client) return client.error();
  Result<ServerShare> server(std::in_place);
  auto secret = LockedBuffer::create(kSecretSize);
  if (!secret) return secret.error();
  const auto done = secret->write([&](std::span<std::uint8_t> out) noexcept {
    return seal::encapsulate_both(server->share, out.first<kSecretSize>(), *client, randomness);
  });
  if (!done) return done.error();
  server->secret = std::move(*secret);
  return server;
}

Result<ServerShare> answer(std::span<const std::uint8_t> client_share) noexcept {
  Scrubbed<std::array<std::uint8_t, derand::kTlsServerRandomnessSize>> randomness;
  if (!memory::random_bytes(*randomness)) return Error::no_entropy;
  base::mark_secret(randomness->data(), randomness->size());
  return Exchange::answer(client_share, *randomness);
}

}  // namespace latchkey::tls

namespace latchkey {

Result<tls::ClientShare> derand::tls_client_share(
    std::span<const std::uint8_t, kTlsClientRandomnessSize> randomness) noexcept {
  return tls::Exchange::begin(randomness);
}

Result<tls::ServerShare> derand::tls_answer(
    std::span<const std::uint8_t> client_share,
    std::span<const std::uint8_t, kTlsServerRandomnessSize> randomness) noexcept {
  return tls::Exchange::answer(client_share, randomness);
}

}  // namespace latchkey
