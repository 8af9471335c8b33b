// Reading and writing what libcrypto gives encoders and decoders: an OSSL_CORE_BIO.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "provider/context.hpp"

namespace latchkey::provider {

// Whether all of it was written.
[[nodiscard]] bool write_all(const Context& context, OSSL_CORE_BIO* out, View bytes) noexcept;

// Fills `to`, as far as there is something. The number of bytes.
[[nodiscard]] std::size_t read_some(const Context& context, OSSL_CORE_BIO* in,
                                    std::span<std::uint8_t> to) noexcept;

}  // namespace latchkey::provider
