#include "provider/core_bio.hpp"

namespace latchkey::provider {

bool write_all(const Context& context, OSSL_CORE_BIO* out, View bytes) noexcept {
  while (!bytes.empty()) {
    std::size_t written = 0;
    if (context.upcalls.write == nullptr ||
        context.upcalls.write(out, bytes.data(), bytes.size(), &written) != 1 || written == 0 ||
        written > bytes.size()) {
      return false;
    }
    bytes = bytes.subspan(written);
  }
  return true;
}

std::size_t read_some(const Context& context, OSSL_CORE_BIO* in,
                      std::span<std::uint8_t> to) noexcept {
  std::size_t size = 0;
  while (size < to.size()) {
    std::size_t read = 0;
    if (context.upcalls.read == nullptr ||
        context.upcalls.read(in, to.data() + size, to.size() - size, &read) != 1 || read == 0 ||
        read > to.size() - size) {
      break;
    }
    size += read;
  }
  return size;
}

}  // namespace latchkey::provider
