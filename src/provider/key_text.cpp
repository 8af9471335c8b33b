#include "provider/key_text.hpp"

#include <algorithm>
#include <string_view>

#include "base/stack.hpp"
#include "base/wipe.hpp"
#include "provider/core_bio.hpp"

namespace latchkey::provider {
namespace {

// Lines of 15 bytes in hexadecimal, with colons between bytes.
constexpr std::size_t kLine = 15;

constexpr std::uint8_t hex_digit(unsigned value) noexcept {
  // Without a table: the value is secret.
  return static_cast<std::uint8_t>('0' + value + ((9 - value) >> 8 & ('a' - '0' - 10)));
}

bool write_label(const Context& context, OSSL_CORE_BIO* out, std::string_view text) noexcept {
  return write_all(context, out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

bool write_hex(const Context& context, OSSL_CORE_BIO* out, View bytes) noexcept {
  base::Scrubbed<std::array<std::uint8_t, 4 + 3 * kLine + 1>> line;
  while (!bytes.empty()) {
    const View now = bytes.first(std::min(kLine, bytes.size()));
    bytes = bytes.subspan(now.size());
    std::uint8_t* at = line->data();
    for (int i = 0; i < 4; ++i) *at++ = ' ';
    for (const std::uint8_t& byte : now) {
      *at++ = hex_digit(byte >> 4);
      *at++ = hex_digit(byte & 15);
      if (&byte != &now.back() || !bytes.empty()) *at++ = ':';
    }
    *at++ = '\n';
    if (!write_all(context, out, {line->data(), at})) return false;
  }
  return true;
}

}  // namespace

template <class K>
int write_text(const KemKey<K>& key, OSSL_CORE_BIO* out, bool with_private) noexcept {
  const Context& context = key.context();
  const bool is_private = with_private && key.has_private();
  bool done = write_label(context, out, KemKey<K>::kName) &&
              write_label(context, out, is_private ? " Private-Key:\n" : " Public-Key:\n");
  if (is_private) {
    base::Scrubbed<std::array<std::uint8_t, K::kSeedSize>> seed;
    if (const auto known = key.export_seed(*seed)) {
      done = done && write_label(context, out, "seed:\n") && write_hex(context, out, *seed);
    } else if (known.error() != Error::no_seed) {
      return fail(context, known.error());
    }
    if constexpr (KemKey<K>::kHasExpanded) {
      base::Scrubbed<std::array<std::uint8_t, KemKey<K>::kPrivateSize>> bytes;
      if (const auto read = key.export_private(*bytes); !read) return fail(context, read.error());
      done = done && write_label(context, out, "dk:\n") && write_hex(context, out, *bytes);
    }
  }
  done = done && write_label(context, out, "ek:\n") && write_hex(context, out, key.public_bytes());
  return done ? 1 : fail(context, Error::write_failed);
}

template int write_text(const KemKey<MlKem512>&, OSSL_CORE_BIO*, bool) noexcept;
template int write_text(const KemKey<MlKem768>&, OSSL_CORE_BIO*, bool) noexcept;
template int write_text(const KemKey<MlKem1024>&, OSSL_CORE_BIO*, bool) noexcept;
template int write_text(const KemKey<XWing>&, OSSL_CORE_BIO*, bool) noexcept;

}  // namespace latchkey::provider
