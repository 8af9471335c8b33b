#include "seal/pieces.hpp"

#include <algorithm>

namespace latchkey::seal {

Result<std::size_t> fill(std::span<std::uint8_t> to, const StreamSource& read) noexcept {
  std::size_t size = 0;
  while (size < to.size()) {
    const auto more = read(to.subspan(size));
    if (!more) return more.error();
    if (*more > to.size() - size) return Error::read_failed;
    if (*more == 0) break;
    size += *more;
  }
  return size;
}

Result<std::size_t> Ahead::operator()(std::span<std::uint8_t> to) noexcept {
  if (bytes.empty()) return at_end ? Result<std::size_t>(0) : read(to);
  const auto part = bytes.first(std::min(bytes.size(), to.size()));
  std::ranges::copy(part, to.begin());
  bytes = bytes.subspan(part.size());
  return part.size();
}

}  // namespace latchkey::seal
