// Sealed messages, written as docs/formats.md has them, then changed: one opens if and only if
// nothing of it, of aad and of context was changed, and then it holds its message.

#include <algorithm>

#include "keys.hpp"
#include "latchkey/seal.hpp"
#include "seal/plain_container.hpp"
#include "sealed_header.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

struct Message {
  SealingSuite suite;
  Bytes plain, aad, context;
};

template <class K, std::size_t Size>
Bytes sealed(const typename K::EncapsulationKey& key, const Message& message,
             const std::array<std::uint8_t, Size>& randomness) {
  const auto sent = derand::encapsulate(key, randomness);
  require(sent.has_value(), "a good key encapsulates");
  const std::size_t size = message.plain.size() + hpke::kTagSize;
  auto made = test::plain_container<K>(key.bytes(), *sent,
                                       {.kind = SealedKind::message,
                                        .size = size,
                                        .aad = message.aad,
                                        .context = message.context,
                                        .suite = message.suite});
  Bytes all = made.preamble;
  all.resize(made.preamble.size() + size);
  require(made.context
              .seal_to(std::span(all).subspan(made.preamble.size()), message.plain,
                       made.message_aad(message.aad))
              .has_value(),
          "a message is sealed");
  return all;
}

// The bytes, aad or context changed, or all of it replaced.
void change(Bytes& bytes, Message& message, Input& input) {
  switch (input.byte() % 8) {
    case 0:
      return;
    case 1:
      bytes = input.rest();
      return;
    case 2:
      bytes.resize(input.number());
      return;
    case 3:
      return mutate(message.aad, input, 1);
    case 4:
      return mutate(message.context, input, 1);
    case 5:
      message.aad.push_back(0);
      return;
    case 6:
      return mutate(std::span(bytes).first(kHeaderSize), input, 2);
    default:
      return mutate(bytes, input, 8);
  }
}

// What docs/formats.md and seal.hpp say of bytes that are not a good message. Its X25519 half is at
// the end of enc, where that was changed it may be of low order.
template <class K>
Error error_of(View bytes, View good, Error error) {
  constexpr std::size_t kEncEnd = kHeaderSize + K::kCiphertextSize;
  constexpr std::size_t kPreamble = kEncEnd + kSealingCommitmentSize;
  if (const auto fault = fault_of_head(bytes, 1, K::kHpkeId)) return *fault;
  if (bytes.size() < kPreamble + hpke::kTagSize ||
      number_in(bytes.subspan(16, 8)) != bytes.size() - kPreamble) {
    return Error::sealed_length;
  }
  const bool other_point =
      K::kHpkeId == XWing::kHpkeId &&
      !std::ranges::equal(bytes.subspan(kEncEnd - 32, 32), good.subspan(kEncEnd - 32, 32));
  return other_point && error == Error::low_order ? error : Error::not_authentic;
}

template <class K, std::size_t Size>
void run(Input& input) {
  constexpr hpke::Kdf kKdfs[] = {hpke::Kdf::hkdf_sha256, hpke::Kdf::shake128, hpke::Kdf::shake256};
  constexpr hpke::Aead kAeads[] = {hpke::Aead::aes_128_gcm, hpke::Aead::aes_256_gcm,
                                   hpke::Aead::chacha20_poly1305};
  static const auto key = K::DecapsulationKey::from_seed(Bytes(K::kSeedSize, 7));
  const std::uint8_t suite = input.byte();
  const auto randomness = input.array<Size>();
  Message message{{kKdfs[suite % 3], kAeads[suite / 3 % 3]}, {}, {}, {}};
  message.plain = input.bytes(input.byte());
  message.aad = input.bytes(1 + input.byte() % 16);
  message.context = input.bytes(1 + input.byte() % 16);
  const Message before = message;
  Bytes bytes = sealed<K>(key->encapsulation_key(), message, randomness);
  const Bytes good = bytes;
  change(bytes, message, input);
  const bool same = bytes == good && message.aad == before.aad && message.context == before.context;
  const auto opened = open_sealed(*key, bytes, message.aad, message.context);
  require(opened.has_value() == same, "what was not changed opens, and nothing else");
  if (!opened) {
    return require(opened.error() == error_of<K>(bytes, good, opened.error()), "it says why");
  }
  require(opened->equals(before.plain).has_value(), "it holds its message");
}

}  // namespace

void sealed_message(View data) {
  Input input(data);
  use_row(input);
  with_kem_of(input.byte(), [&](auto kem) {
    using K = decltype(kem);
    run<K, kEncapsulationSeed<K>>(input);
  });
}

}  // namespace latchkey::fuzz
