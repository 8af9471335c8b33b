// What `latchkey inspect` says of files that are sealed.
#include <algorithm>
#include <array>

#include "finding.hpp"
#include "latchkey/seal.hpp"
#include "latchkey/stream.hpp"
#include "sealed_error.hpp"

namespace latchkey::cli {
namespace {

// What comes through a pipe has to be read to its end.
std::uint64_t size_of(Input& input, std::size_t read) {
  if (input.size()) return std::max<std::uint64_t>(*input.size(), read);
  std::array<std::uint8_t, 4'096> more;
  std::uint64_t size = read;
  while (const std::size_t next = input.read(more)) size += next;
  return size;
}

// Whether a stream can have so many bytes behind its header: whole chunks, of which the last may be
// shorter, and is not empty unless it is the first.
bool can_be_stream(std::uint64_t content) {
  const std::uint64_t rest = content % (kStreamChunk + hpke::kTagSize);
  return content == hpke::kTagSize ||
         (content > hpke::kTagSize && (rest == 0 || rest > hpke::kTagSize));
}

}  // namespace

std::optional<Finding> inspect_sealed_file(View first_bytes, Input& input) {
  const auto info = inspect_sealed(first_bytes);
  if (!info && info.error() == Error::not_sealed) return std::nullopt;
  Finding finding("sealed file");
  if (!info) {
    finding.fails(info.error());
    finding.reason = describe_sealed(info.error(), first_bytes);
    return finding;
  }
  const bool is_stream = info->kind == SealedKind::stream;
  finding.kind = is_stream ? "sealed stream" : "sealed message";
  finding.add("recipient", kem_of(*info).name);
  finding.add("kdf", hpke::name_of(info->suite.kdf));
  finding.add("aead", hpke::name_of(info->suite.aead));
  const std::uint64_t size = size_of(input, first_bytes.size());
  const std::uint64_t content = size - std::min<std::uint64_t>(size, info->preamble_size);
  const bool is_whole = is_stream ? info->size == kStreamChunk && can_be_stream(content)
                                  : info->size == content && content >= hpke::kTagSize;
  if (!is_whole) finding.fails(Error::sealed_length);
  return finding;
}

}  // namespace latchkey::cli
