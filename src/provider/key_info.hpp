// The keys of EVP in DER: SubjectPublicKeyInfo and PrivateKeyInfo, in the forms of forms.hpp.
#pragma once

#include "encoding/der.hpp"
#include "keyfile/algorithms.hpp"
#include "latchkey/secret_memory.hpp"
#include "provider/kem_key.hpp"

namespace latchkey::provider {

// All of a SubjectPublicKeyInfo (RFC 5280, section 4.1) but the key of K at its end.
template <class K>
inline constexpr auto kPublicPrefix =
    encoding::der::public_key_prefix<K::kEncapsulationKeySize>(keyfile::identifier_of<K>());
template <class K>
using PublicInfo = std::array<std::uint8_t, kPublicPrefix<K>.size() + K::kEncapsulationKeySize>;

// Errors: moved_from, if the key is empty.
template <class K>
[[nodiscard]] Result<void> write_public_info(PublicInfo<K>& info, const KemKey<K>& key) noexcept;

// The key's PrivateKeyInfo (RFC 5958), in the first form of ml-kem.output_formats for which the key
// has what it takes. Errors: no_seed, if there is none; those of export_seed().
template <class K>
[[nodiscard]] Result<LockedBuffer> write_private_info(const KemKey<K>& key) noexcept;

// `key` is empty yet. Errors: those of keyfile::parse_public_key_info(); encapsulation_key_length,
// not_reduced.
template <class K>
[[nodiscard]] Result<void> read_public_info(KemKey<K>& key, View der) noexcept;

// `key` is empty yet. Errors: those of keyfile::parse_private_key_info(); not_canonical, for a form
// that is unknown or that ml-kem.input_formats leaves out; seed_mismatch, public_key_mismatch, and
// those of KemKey::set_private().
template <class K>
[[nodiscard]] Result<void> read_private_info(KemKey<K>& key, View der) noexcept;

}  // namespace latchkey::provider
