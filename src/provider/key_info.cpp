#include "provider/key_info.hpp"

#include <algorithm>
#include <optional>

#include "base/stack.hpp"
#include "base/try.hpp"
#include "base/wipe.hpp"
#include "encoding/der.hpp"
#include "encoding/der_reader.hpp"
#include "keyfile/private_key_info.hpp"
#include "keyfile/public_key_info.hpp"

namespace latchkey::provider {
namespace {

namespace der = encoding::der;
using encoding::only_value;

template <class K>
using Seed = base::Scrubbed<std::array<std::uint8_t, K::kSeedSize>>;

// Writes from the front to the back.
struct Writer {
  std::span<std::uint8_t> rest;

  template <std::size_t N>
  void add(const der::Octets<N>& bytes) noexcept {
    base::copy(take<N>(), std::span(bytes));
  }
  template <std::size_t N>
  std::span<std::uint8_t, N> take() noexcept {
    const auto front = rest.template first<N>();
    rest = rest.subspan(N);
    return front;
  }
};

// A PrivateKeyInfo of `Rest` bytes behind `first`, which fill() writes.
template <class K, std::size_t Rest, std::size_t N, class F>
Result<LockedBuffer> info_of(const der::Octets<N>& first, F fill) noexcept {
  // Lengths have as many octets whatever `first` holds.
  const auto prefix = der::private_key_prefix<Rest>(keyfile::identifier_of<K>(), first);
  auto info = LATCHKEY_TRY(LockedBuffer::create(prefix.size() + Rest));
  LATCHKEY_TRY(info.write([&](std::span<std::uint8_t> all) noexcept -> Result<void> {
    Writer writer{all};
    writer.add(prefix);
    return fill(writer);
  }));
  return info;
}

template <class K>
Result<LockedBuffer> write_form(const KemKey<K>& key, Form form) noexcept {
  constexpr std::size_t kSeed = K::kSeedSize, kPrivate = KemKey<K>::kPrivateSize,
                        kPublic = K::kEncapsulationKeySize;
  const auto add_seed = [&](Writer& writer) noexcept {
    return key.export_seed(writer.take<kSeed>());
  };
  const auto add_private = [&](Writer& writer) noexcept {
    return key.export_private(writer.take<kPrivate>());
  };
  constexpr auto kPrivateHeader = der::header<kPrivate>(der::kOctetString);
  switch (form) {
    case Form::seed_priv: {
      constexpr auto kSeedHeader = der::header<kSeed>(der::kOctetString);
      constexpr std::size_t kRest = kSeed + kPrivateHeader.size() + kPrivate;
      constexpr auto kFirst =
          der::joined(der::header<kSeedHeader.size() + kRest>(der::kSequence), kSeedHeader);
      return info_of<K, kRest>(kFirst, [&](Writer& writer) noexcept -> Result<void> {
        LATCHKEY_TRY(add_seed(writer));
        writer.add(kPrivateHeader);
        return add_private(writer);
      });
    }
    case Form::priv_only:
      return info_of<K, kPrivate>(kPrivateHeader, add_private);
    case Form::seed_only:
      return info_of<K, kSeed>(der::header<kSeed>(der::kContext0), add_seed);
    case Form::oqskeypair:
      return info_of<K, kPrivate + kPublic>(
          der::header<kPrivate + kPublic>(der::kOctetString),
          [&](Writer& writer) noexcept -> Result<void> {
            LATCHKEY_TRY(add_private(writer));
            base::copy(writer.take<kPublic>(), key.public_bytes().template first<kPublic>());
            return {};
          });
    case Form::bare_seed:
      return info_of<K, kSeed>(der::Octets<0>{}, add_seed);
    case Form::bare_priv:
      return info_of<K, kPrivate>(der::Octets<0>{}, add_private);
  }
  return Error::unknown_value;  // there is no such form
}

// What a key's OCTET STRING holds. Views are empty for what it does not hold.
struct Parts {
  Form form;
  View seed, expanded, pub;
};

// Nothing, for what is none of the forms.
template <class K>
std::optional<Parts> parts_of(View key) noexcept {
  constexpr std::size_t kPrivate = KemKey<K>::kPrivateSize;
  if (key.size() == K::kSeedSize) return Parts{Form::bare_seed, key, {}, {}};
  if (key.size() == kPrivate) return Parts{Form::bare_priv, {}, key, {}};
  if (const auto seed = only_value(key, der::kContext0)) {
    return Parts{Form::seed_only, *seed, {}, {}};
  }
  if (const auto one = only_value(key, der::kOctetString)) {
    if (one->size() != kPrivate + K::kEncapsulationKeySize) {
      return Parts{Form::priv_only, {}, *one, {}};
    }
    return Parts{Form::oqskeypair, {}, one->first(kPrivate), one->subspan(kPrivate)};
  }
  const auto both = only_value(key, der::kSequence);
  if (!both) return std::nullopt;
  encoding::DerReader reader(*both);
  const auto seed = reader.take(der::kOctetString), expanded = reader.take(der::kOctetString);
  if (!seed || !expanded || !reader.at_end()) return std::nullopt;
  return Parts{Form::seed_priv, *seed, *expanded, {}};
}

template <class K>
Result<void> set_parts(KemKey<K>& key, const Parts& parts) noexcept {
  const Settings& settings = key.context().settings;
  if (parts.form == Form::seed_priv) {
    if (!settings.prefer_seed) return key.set_private(parts.expanded);
    return key.set_both(parts.seed, parts.expanded);
  }
  return parts.seed.empty() ? key.set_private(parts.expanded) : key.set_seed(parts.seed);
}

// Whether a file's public key is the one that its private key has. Empty: the file has none.
template <class K>
Result<void> check_public(const KemKey<K>& key, View pub) noexcept {
  if (!pub.empty() && !std::ranges::equal(pub, key.public_bytes())) {
    return Error::public_key_mismatch;
  }
  return {};
}

template <class K>
constexpr auto kAlgorithm = std::is_same_v<K, MlKem512>    ? keyfile::Algorithm::mlkem512
                            : std::is_same_v<K, MlKem768>  ? keyfile::Algorithm::mlkem768
                            : std::is_same_v<K, MlKem1024> ? keyfile::Algorithm::mlkem1024
                                                           : keyfile::Algorithm::xwing;

}  // namespace

template <class K>
Result<void> write_public_info(PublicInfo<K>& info, const KemKey<K>& key) noexcept {
  if (!key.has_public()) return Error::moved_from;
  const std::span all(info);
  base::copy(all.template first<kPublicPrefix<K>.size()>(), std::span(kPublicPrefix<K>));
  base::copy(all.template last<K::kEncapsulationKeySize>(),
             key.public_bytes().template first<K::kEncapsulationKeySize>());
  return {};
}

template <class K>
Result<LockedBuffer> write_private_info(const KemKey<K>& key) noexcept {
  if constexpr (!KemKey<K>::kHasExpanded) {
    return write_form(key, Form::bare_seed);
  } else {
    Seed<K> seed;
    const auto has_seed = key.export_seed(*seed);
    if (!has_seed && has_seed.error() != Error::no_seed) return has_seed.error();
    for (const Form form : key.context().settings.output) {
      const bool needs_seed =
          form == Form::seed_priv || form == Form::seed_only || form == Form::bare_seed;
      if (has_seed || !needs_seed) return write_form(key, form);
    }
    return Error::no_seed;
  }
}

template <class K>
Result<void> read_public_info(KemKey<K>& key, View der) noexcept {
  const auto info = LATCHKEY_TRY(keyfile::parse_public_key_info(der));
  if (info.algorithm != kAlgorithm<K>) return Error::other_algorithm;
  return key.set_public(info.key);
}

template <class K>
Result<void> read_private_info(KemKey<K>& key, View der) noexcept {
  const auto info = LATCHKEY_TRY(keyfile::parse_private_key_info(der));
  if (info.algorithm != kAlgorithm<K>) return Error::other_algorithm;
  if constexpr (!KemKey<K>::kHasExpanded) {
    return key.set_seed(info.key);
  } else {
    const auto parts = parts_of<K>(info.key);
    if (!parts || !key.context().settings.input.has(parts->form)) return Error::not_canonical;
    LATCHKEY_TRY(set_parts(key, *parts));
    LATCHKEY_TRY(check_public(key, parts->pub));
    return check_public(key, info.public_key.value_or(View()));
  }
}

#define LATCHKEY_INSTANTIATE(K)                                                       \
  template Result<void> write_public_info(PublicInfo<K>&, const KemKey<K>&) noexcept; \
  template Result<LockedBuffer> write_private_info(const KemKey<K>&) noexcept;        \
  template Result<void> read_public_info(KemKey<K>&, View) noexcept;                  \
  template Result<void> read_private_info(KemKey<K>&, View) noexcept
LATCHKEY_INSTANTIATE(MlKem512);
LATCHKEY_INSTANTIATE(MlKem768);
LATCHKEY_INSTANTIATE(MlKem1024);
LATCHKEY_INSTANTIATE(XWing);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey::provider
