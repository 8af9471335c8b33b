#include "age/file_key.hpp"

#include "age/mac.hpp"
#include "age/passphrase.hpp"
#include "age/x25519.hpp"
#include "base/try.hpp"

namespace latchkey::age::internal {
namespace {

// Tries each key with each stanza of its kind, and counts the attempts, which are limited
// (kMaxAttempts).
class Attempts {
 public:
  explicit Attempts(const Identities& identities) noexcept : identities_(identities) {}

  // Errors: not_authentic where the stanza is for somebody else; too_costly; those of
  // decapsulation and of X25519.
  Result<LockedBuffer> unwrap(const Stanza& stanza) noexcept {
    if (stanza.kind == Stanza::Kind::x25519) {
      return try_each(identities_.x25519, [&](const X25519Identity& identity) noexcept {
        return unwrap_by_x25519(stanza, identity);
      });
    }
    if (stanza.kind != Stanza::Kind::hybrid) return Error::not_authentic;
    const auto enc = LATCHKEY_TRY(enc_of(stanza));
    return try_each(identities_.hybrid,
                    [&](const xwing::DecapsulationKey& key) noexcept -> Result<LockedBuffer> {
                      auto receiver =
                          LATCHKEY_TRY(hpke::setup_receiver<XWing>(key, enc, hybrid_parameters()));
                      return receiver.open(stanza.body, {});
                    });
  }

 private:
  template <class Key, class Unwrap>
  Result<LockedBuffer> try_each(std::span<const Key* const> keys, Unwrap unwrap) noexcept {
    for (const Key* key : keys) {
      if (count_++ == latchkey::age::kMaxAttempts) return Error::too_costly;
      auto file_key = unwrap(*key);
      if (file_key || file_key.error() != Error::not_authentic) return file_key;
    }
    return Error::not_authentic;
  }

  Identities identities_;
  std::size_t count_ = 0;
};

// The error for a file that none of the keys opens.
Error reason_of(const Header& header) noexcept {
  Stanzas stanzas(header);
  while (const auto stanza = stanzas.next()) {
    switch (stanza->kind) {
      case Stanza::Kind::hybrid:
      case Stanza::Kind::x25519:
        return Error::no_recipient;
      case Stanza::Kind::scrypt:
        return Error::passphrase_file;
      case Stanza::Kind::other:
      case Stanza::Kind::grease:
        break;
    }
  }
  return Error::unsupported_recipient;
}

Result<LockedBuffer> checked(Result<LockedBuffer> file_key, const Header& header) noexcept {
  if (!file_key) return file_key;
  LATCHKEY_TRY(check_mac(header, *file_key));
  return file_key;
}

}  // namespace

Result<LockedBuffer> file_key_of(const Header& header, const Identities& identities) noexcept {
  Attempts attempts(identities);
  Stanzas stanzas(header);
  while (const auto stanza = stanzas.next()) {
    auto file_key = attempts.unwrap(*stanza);
    if (file_key || file_key.error() != Error::not_authentic) {
      return checked(std::move(file_key), header);
    }
  }
  return reason_of(header);
}

Result<LockedBuffer> file_key_of(const Header& header, View passphrase) noexcept {
  Stanzas stanzas(header);
  const auto stanza = stanzas.next();  // which is the only one, if it is of this kind
  if (!stanza || stanza->kind != Stanza::Kind::scrypt) return Error::no_recipient;
  return checked(unwrap_by_passphrase(*stanza, passphrase), header);
}

}  // namespace latchkey::age::internal
