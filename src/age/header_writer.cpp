#include "age/header_writer.hpp"

#include <cstring>

#include "age/mac.hpp"
#include "base/try.hpp"
#include "encoding/base64.hpp"

namespace latchkey::age::internal {
namespace {

constexpr std::size_t kOurStanza = kStanzaBegin.size() + kHybridType.size() + 1 +
                                   unpadded(xwing::kCiphertextSize) + 1 + unpadded(kWrappedSize) +
                                   1;

class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> to) noexcept : to_(to) {}
  void add(std::string_view text) noexcept {
    std::memcpy(&to_[at_], text.data(), text.size());
    at_ += text.size();
  }
  // The last characters of a group are padding, which is written over.
  template <std::size_t Size>
  void add_base64(std::span<const std::uint8_t, Size> bytes) noexcept {
    std::array<std::uint8_t, encoding::base64_size(Size)> text;
    encoding::base64_encode(text, bytes);
    add(text_of(View(text).first(unpadded(Size))));
  }
  [[nodiscard]] View written() const noexcept { return to_.first(at_); }

 private:
  std::span<std::uint8_t> to_;
  std::size_t at_ = 0;
};

Result<void> add_stanza(Writer& writer, const LockedBuffer& file_key,
                        const xwing::EncapsulationKey& recipient) noexcept {
  auto sender = LATCHKEY_TRY(hpke::setup_sender<XWing>(recipient, hybrid_parameters()));
  std::array<std::uint8_t, kWrappedSize> body;
  const auto done =
      file_key.read([&](View bytes) noexcept { return sender.context.seal_to(body, bytes, {}); });
  if (!done) return done;
  writer.add(kStanzaBegin);
  writer.add(kHybridType);
  writer.add(" ");
  writer.add_base64(std::span<const std::uint8_t, xwing::kCiphertextSize>(sender.enc));
  writer.add("\n");
  writer.add_base64(std::span<const std::uint8_t, kWrappedSize>(body));
  writer.add("\n");
  return {};
}

}  // namespace

Result<Text> write_header(const LockedBuffer& file_key,
                          std::span<const xwing::EncapsulationKey* const> recipients) noexcept {
  if (recipients.empty()) return Error::not_a_key;
  if (recipients.size() > latchkey::age::kMaxRecipients) return Error::too_long;
  auto header = Text::create(kVersionLine.size() + recipients.size() * kOurStanza + kMacLine);
  if (!header) return header;
  Writer writer(header->bytes());
  writer.add(kVersionLine);
  for (const xwing::EncapsulationKey* recipient : recipients) {
    if (const auto added = add_stanza(writer, file_key, *recipient); !added) return added.error();
  }
  writer.add(kMacBegin);
  std::array<std::uint8_t, kMacSize> mac;
  LATCHKEY_TRY(compute_mac(mac, file_key, writer.written()));
  writer.add(" ");
  writer.add_base64(std::span<const std::uint8_t, kMacSize>(mac));
  writer.add("\n");
  return header;
}

}  // namespace latchkey::age::internal
