#include "age/file_key.hpp"

#include "age/mac.hpp"
#include "age/passphrase.hpp"
#include "base/try.hpp"

namespace latchkey::age::internal {
namespace {

// Tries each key with each stanza, and counts the attempts, which are limited (kMaxAttempts).
class Attempts {
 public:
  explicit Attempts(std::span<const xwing::DecapsulationKey* const> identities) noexcept
      : identities_(identities) {}

  // Errors: not_authentic where the stanza is for somebody else; too_costly; those of
  // decapsulation.
  Result<LockedBuffer> unwrap(const Stanza& stanza) noexcept {
    const auto enc = LATCHKEY_TRY(enc_of(stanza));
    for (const xwing::DecapsulationKey* identity : identities_) {
      if (count_++ == latchkey::age::kMaxAttempts) return Error::too_costly;
      auto receiver =
          LATCHKEY_TRY(hpke::setup_receiver<XWing>(*identity, enc, hybrid_parameters()));
      auto file_key = receiver.open(stanza.body, {});
      if (file_key || file_key.error() != Error::not_authentic) return file_key;
    }
    return Error::not_authentic;
  }

 private:
  std::span<const xwing::DecapsulationKey* const> identities_;
  std::size_t count_ = 0;
};

// The error for a file without a stanza for X-Wing keys.
Error reason_of(const Header& header) noexcept {
  Stanzas stanzas(header);
  while (const auto stanza = stanzas.next()) {
    if (stanza->kind == Stanza::Kind::hybrid) return Error::no_recipient;
    if (stanza->kind == Stanza::Kind::scrypt) return Error::passphrase_file;
  }
  return Error::unsupported_recipient;
}

Result<LockedBuffer> checked(Result<LockedBuffer> file_key, const Header& header) noexcept {
  if (!file_key) return file_key;
  LATCHKEY_TRY(check_mac(header, *file_key));
  return file_key;
}

}  // namespace

Result<LockedBuffer> file_key_of(
    const Header& header, std::span<const xwing::DecapsulationKey* const> identities) noexcept {
  Attempts attempts(identities);
  Stanzas stanzas(header);
  while (const auto stanza = stanzas.next()) {
    if (stanza->kind != Stanza::Kind::hybrid) continue;
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
