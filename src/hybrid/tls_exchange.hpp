// Both sides of a TLS group as templates: single use of a client share, locked memory. The file
// that instantiates them defines Halves<group>, the computation of the two halves.
#pragma once

#include "base/bytes.hpp"
#include "base/secrecy.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "hybrid/tls_layout.hpp"
#include "latchkey/derand.hpp"
#include "latchkey/derand_hybrid.hpp"
#include "memory/entropy.hpp"

namespace latchkey::tls {

// What the file that instantiates a group defines for it:
//
//   // Whether a scalar is one of the curve.
//   static bool is_scalar(In<scalar> scalar) noexcept;
//   // The curve's public key. Errors: those of the curve.
//   static Result<void> public_key(Out<share> pub, In<scalar> scalar) noexcept;
//   // The server's share and the secret, from m || scalar. Errors: those of the curve.
//   static Result<void> encapsulate(Out<server> share, Out<secret> secret, const
//       MlKemEncapsulationKey<set>& pk_M, In<share> pk_C, In<32 + scalar> randomness) noexcept;
//   // The secret from a server's share. Errors: moved_from, inherited, purged; those of the curve.
//   static Result<void> decapsulate(Out<secret> secret, const MlKemDecapsulationKey<set>& sk_M,
//       In<scalar> scalar, In<server> share) noexcept;
template <Group group>
struct Halves;

struct ExchangeAccess {
  template <Group group>
  using Client = typename derand::TlsRandomness<group>::Client;
  template <Group group>
  using Server = typename derand::TlsRandomness<group>::Server;

  // Fills `randomness`, which ends with a scalar of the group.
  template <Group group>
  static bool draw(std::span<std::uint8_t> randomness) noexcept {
    constexpr std::size_t kScalar = Layout<group>::kCurve.scalar;
    if (!memory::random_bytes(randomness)) return false;
    base::mark_secret(randomness.data(), randomness.size());
    const auto scalar = randomness.last<kScalar>();
    // P-256 rejects one random scalar in 2^32. If every one is rejected, this is no randomness.
    for (int tries = 1; !Halves<group>::is_scalar(scalar); ++tries) {
      if (tries == 8 || !memory::random_bytes(scalar)) return false;
      base::mark_secret(scalar.data(), scalar.size());
    }
    return true;
  }

  template <Group group>
  static Result<ClientShareOf<group>> begin(Client<group> randomness) noexcept {
    using L = Layout<group>;
    Result<ClientShareOf<group>> client(std::in_place);
    const auto scalar = randomness.template last<L::kCurve.scalar>();
    if (!Halves<group>::is_scalar(scalar)) return Error::bad_scalar;
    auto sk_M = LATCHKEY_TRY(derand::keygen<L::kSet>(randomness.template first<32>(),
                                                     randomness.template subspan<32, 32>()));
    const std::span share(client->bytes_);
    std::memcpy(L::template mlkem_half<L::kCurve.share>(share).data(),
                sk_M.encapsulation_key().bytes().data(), L::kMlKem.encapsulation_key);
    LATCHKEY_TRY(Halves<group>::public_key(L::template curve_half<L::kCurve.share>(share), scalar));
    if constexpr (L::kCurve.scalar != 0)
      client->scalar_ = LATCHKEY_TRY(LockedBuffer::copy_of(scalar));
    client->mlkem_ = std::move(sk_M);
    return client;
  }

  template <Group group>
  static Result<LockedBuffer> finish(const ClientShareOf<group>& mine,
                                     base::In<sizes_of(group).server> share) noexcept {
    auto secret = LATCHKEY_TRY(LockedBuffer::create(sizes_of(group).secret));
    const auto with = [&](std::span<const std::uint8_t> scalar) noexcept {
      return secret.write([&](std::span<std::uint8_t> out) noexcept {
        return Halves<group>::decapsulate(out.first<sizes_of(group).secret>(), mine.mlkem_,
                                          scalar.first<Layout<group>::kCurve.scalar>(), share);
      });
    };
    if constexpr (Layout<group>::kCurve.scalar == 0) {
      LATCHKEY_TRY(with({}));
    } else {
      LATCHKEY_TRY(mine.scalar_.read(with));
    }
    return secret;
  }

  template <Group group>
  static Result<ServerShareOf<group>> answer(std::span<const std::uint8_t> client_share,
                                             Server<group> randomness) noexcept {
    using L = Layout<group>;
    if (client_share.size() != L::kSizes.client) return Error::encapsulation_key_length;
    const auto whole = client_share.first<L::kSizes.client>();
    const auto scalar = randomness.template last<L::kCurve.scalar>();
    if (!Halves<group>::is_scalar(scalar)) return Error::bad_scalar;
    const auto pk_M = LATCHKEY_TRY(
        MlKemEncapsulationKey<L::kSet>::parse(L::template mlkem_half<L::kCurve.share>(whole)));
    Result<ServerShareOf<group>> server(std::in_place);
    auto secret = LATCHKEY_TRY(LockedBuffer::create(L::kSizes.secret));
    LATCHKEY_TRY(secret.write([&](std::span<std::uint8_t> out) noexcept {
      return Halves<group>::encapsulate(server->share, out.first<L::kSizes.secret>(), pk_M,
                                        L::template curve_half<L::kCurve.share>(whole), randomness);
    }));
    server->secret = std::move(secret);
    return server;
  }
};

template <Group group>
Result<ClientShareOf<group>> ClientShareOf<group>::generate() noexcept {
  base::Scrubbed<std::array<std::uint8_t, ExchangeAccess::Client<group>::extent>> randomness;
  if (!ExchangeAccess::draw<group>(*randomness)) return Error::no_entropy;
  return ExchangeAccess::begin<group>(*randomness);
}

template <Group group>
std::span<const std::uint8_t> ClientShareOf<group>::bytes() const& noexcept {
  if (mlkem_.encapsulation_key().bytes().empty()) return {};
  return bytes_;
}

template <Group group>
Result<LockedBuffer> ClientShareOf<group>::secret(
    std::span<const std::uint8_t> server_share) && noexcept {
  const ClientShareOf mine = std::move(*this);
  if (mine.mlkem_.encapsulation_key().bytes().empty()) return Error::moved_from;
  if (server_share.size() != sizes_of(group).server) return Error::ciphertext_length;
  return ExchangeAccess::finish<group>(mine, server_share.first<sizes_of(group).server>());
}

template <Group group>
bool ClientShareOf<group>::is_locked() const noexcept {
  return mlkem_.is_locked() && (curve_sizes_of(group).scalar == 0 || scalar_.is_locked());
}

template <Group group>
Result<ServerShareOf<group>> answer(std::span<const std::uint8_t> client_share) noexcept {
  base::Scrubbed<std::array<std::uint8_t, ExchangeAccess::Server<group>::extent>> randomness;
  if (!ExchangeAccess::draw<group>(*randomness)) return Error::no_entropy;
  return ExchangeAccess::answer<group>(client_share, *randomness);
}

}  // namespace latchkey::tls

namespace latchkey::derand {

template <tls::Group group>
Result<tls::ClientShareOf<group>> tls_client_share(
    typename TlsRandomness<group>::Client randomness) noexcept {
  return tls::ExchangeAccess::begin<group>(randomness);
}

template <tls::Group group>
Result<tls::ServerShareOf<group>> tls_answer(
    std::span<const std::uint8_t> client_share,
    typename TlsRandomness<group>::Server randomness) noexcept {
  return tls::ExchangeAccess::answer<group>(client_share, randomness);
}

}  // namespace latchkey::derand

// The functions of a group that its library instantiates, beside the class in its header.
#define LATCHKEY_TLS_GROUP(group)                                                              \
  template class latchkey::tls::ClientShareOf<group>;                                          \
  template latchkey::Result<latchkey::tls::ServerShareOf<group>> latchkey::tls::answer<group>( \
      std::span<const std::uint8_t>) noexcept;                                                 \
  template latchkey::Result<latchkey::tls::ClientShareOf<group>>                               \
      latchkey::derand::tls_client_share<group>(                                               \
          latchkey::derand::TlsRandomness<group>::Client) noexcept;                            \
  template latchkey::Result<latchkey::tls::ServerShareOf<group>>                               \
      latchkey::derand::tls_answer<group>(                                                     \
          std::span<const std::uint8_t>, latchkey::derand::TlsRandomness<group>::Server) noexcept;
