// HPKE's contexts, by sequences of calls, against a model: the messages in their order, each box
// made by OpenSSL with the context's key and the nonce of its number, and a receiver that opens the
// one that is next and nothing else.

#include "hpke/hpke.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "keys.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

using hpke::Aead;
using hpke::Kdf;
using hpke::kTagSize;

// The AEAD of RFC 5116, with the nonce of RFC 9180, section 5.2.
Bytes box_of(Aead aead, const hpke::Secrets& secrets, std::uint64_t sequence, View message,
             View aad) {
  const auto* const cipher = aead == Aead::aes_128_gcm   ? EVP_aes_128_gcm()
                             : aead == Aead::aes_256_gcm ? EVP_aes_256_gcm()
                                                         : EVP_chacha20_poly1305();
  Bytes nonce(std::begin(secrets.base_nonce), std::end(secrets.base_nonce));
  for (std::size_t i = 11; i > 3; --i, sequence /= 256) {
    nonce[i] = static_cast<std::uint8_t>(nonce[i] ^ sequence % 256);
  }
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  Bytes box(message.size() + kTagSize);
  int size = 0;
  require(EVP_EncryptInit_ex(context.get(), cipher, nullptr, secrets.key, nonce.data()) == 1 &&
              EVP_EncryptUpdate(context.get(), nullptr, &size, aad.data(),
                                static_cast<int>(aad.size())) == 1 &&
              EVP_EncryptUpdate(context.get(), box.data(), &size, message.data(),
                                static_cast<int>(message.size())) == 1 &&
              EVP_EncryptFinal_ex(context.get(), box.data() + size, &size) == 1 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize,
                                  box.data() + message.size()) == 1,
          "OpenSSL seals");
  return box;
}

Bytes copy_of(const LockedBuffer& buffer) {
  const auto bytes = buffer.read([](View view) { return Bytes(view.begin(), view.end()); });
  require(bytes.has_value(), "a buffer can be read");
  return *bytes;
}

struct Sent {
  Bytes message, aad, box;
};

template <class K>
class Session {
 public:
  Session(const typename K::DecapsulationKey& key, hpke::Sender<K> sender,
          const hpke::Parameters& parameters)
      : sender_(std::move(sender)), aead_(parameters.aead) {
    auto receiver = hpke::setup_receiver<K>(key, sender_.enc, parameters);
    require(receiver.has_value(), "what the sender takes, the receiver takes");
    receiver_ = std::move(*receiver);
  }

  void step(Input& input) {
    switch (input.byte() % 8) {
      case 0:
      case 1:
      case 2:
        return seal(input);
      case 3:
      case 4:
        return open(input);
      case 5:
        return compare_exports(input);
      case 6:
        return jump(input);
      default:
        return refuse_wrong_size(input);
    }
  }

 private:
  void seal(Input& input) {
    const Bytes message = input.bytes(input.byte()), aad = input.bytes(input.byte() % 16);
    Bytes box(message.size() + kTagSize, 0xaa);
    const auto done = sender_.context.seal_to(box, message, aad);
    if (next_ == UINT64_MAX) {
      require(!done && done.error() == Error::sequence_overflow, "no number is used twice");
      require(box == Bytes(box.size()), "what is not sealed is zeroed");
      return;
    }
    require(done.has_value(), "a message is sealed");
    const auto expected = hpke::internal::ScheduleAccess::read(
        sender_.context, [&](const hpke::Secrets& secrets) noexcept {
          return box_of(aead_, secrets, next_, message, aad);
        });
    require(expected && box == *expected, "a box is that of its number");
    sent_.push_back({message, aad, box});
    ++next_;
  }

  // One of the boxes, or what became of it.
  void open(Input& input) {
    if (sent_.empty()) return;
    const std::size_t i = input.byte() % sent_.size();
    Bytes box = sent_[i].box, aad = sent_[i].aad;
    const std::uint8_t change = input.byte();
    if (change % 4 == 1) mutate(box, input, 2);
    if (change % 4 == 2) box.resize(input.byte());
    if (change % 4 == 3) aad.push_back(0);
    const bool same = box == sent_[i].box && aad == sent_[i].aad;
    const bool right = same && i == opened_;
    Bytes out(box.size() < kTagSize ? 0 : box.size() - kTagSize, 0xaa);
    if (change & 0x80) {
      const auto opened = receiver_.open(box, aad);
      require(opened.has_value() == right, "the next box opens, and nothing else");
      if (right) require(copy_of(*opened) == sent_[i].message, "it holds its message");
      const bool has_number = next_ - (sent_.size() - opened_) != UINT64_MAX;
      const Error error =
          has_number || box.size() < kTagSize ? Error::not_authentic : Error::sequence_overflow;
      if (!right) require(opened.error() == error, "it says why");
    } else {
      const auto done = receiver_.open_to(out, box, aad);
      require(done.has_value() == right, "the next box opens, and nothing else");
      require(out == (right ? sent_[i].message : Bytes(out.size())), "or there are zeros");
    }
    opened_ += right;
  }

  void compare_exports(Input& input) {
    const Bytes context = input.bytes(input.byte() % 32);
    const std::size_t size = input.number() % 9000;
    const auto mine = sender_.context.export_secret(context, size);
    const auto theirs = receiver_.export_secret(context, size);
    require(mine.has_value() == theirs.has_value(), "both sides export or refuse");
    if (!mine) return require(mine.error() == Error::too_long, "what is too long is refused");
    require(copy_of(*mine) == copy_of(*theirs), "both sides export the same");
  }

  // Both go on at another number: those before are lost.
  void jump(Input& input) {
    next_ = UINT64_MAX - input.byte() % 4;
    if (input.byte() % 2 == 0) next_ >>= input.byte() % 64;
    hpke::internal::ScheduleAccess::set_sequence(sender_.context, next_);
    hpke::internal::ScheduleAccess::set_sequence(receiver_, next_);
    sent_.clear();
    opened_ = 0;
  }

  void refuse_wrong_size(Input& input) {
    const Bytes message = input.bytes(input.byte() % 32);
    Bytes box(input.byte() % 64, 0xaa);
    if (box.size() == message.size() + kTagSize) return;
    const auto done = sender_.context.seal_to(box, message, {});
    require(!done && done.error() == Error::wrong_size, "a box has its size");
    require(box == Bytes(box.size()), "or there are zeros");
  }

  hpke::Sender<K> sender_;
  hpke::ReceiverContext receiver_;
  Aead aead_;
  std::vector<Sent> sent_;
  std::size_t opened_ = 0;  // of them
  std::uint64_t next_ = 0;
};

// What hpke.hpp says of parameters.
Result<void> evaluate(const hpke::Parameters& parameters) {
  if (!hpke::is_known(parameters.kdf) || !hpke::is_known(parameters.aead)) {
    return Error::unknown_version;
  }
  if (parameters.psk.empty() != parameters.psk_id.empty()) return Error::bad_psk;
  if (!parameters.psk.empty() && parameters.psk.size() < 32) return Error::bad_psk;
  return {};
}

template <class K, std::size_t Size>
void run(Input& input) {
  constexpr Kdf kKdfs[] = {Kdf::hkdf_sha256, Kdf::shake128,      Kdf::shake256,      Kdf{0x7fff},
                           Kdf::hkdf_sha384, Kdf::turboshake128, Kdf::turboshake256, Kdf{0x14}};
  constexpr Aead kAeads[] = {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305,
                             Aead{0xfffe}};
  const std::uint8_t suite = input.byte();
  const auto randomness = input.array<Size>();
  const Bytes info = input.bytes(input.byte() % 64), psk_id = input.bytes(input.byte() % 4),
              psk = input.bytes(input.byte() % 64);
  const hpke::Parameters parameters{.kdf = kKdfs[suite / 16 % 2 * 4 + suite % 4],
                                    .aead = kAeads[suite / 4 % 4],
                                    .info = info,
                                    .psk = psk,
                                    .psk_id = psk_id};
  static const auto key = K::DecapsulationKey::from_seed(Bytes(K::kSeedSize, 7));
  const auto sent = derand::encapsulate(key->encapsulation_key(), randomness);
  require(sent.has_value(), "a good key encapsulates");
  auto sender = hpke::sender_of<K>(*sent, parameters);
  const auto expected = evaluate(parameters);
  require(sender.has_value() == expected.has_value(), "parameters are checked");
  if (!sender) return require(sender.error() == expected.error(), "and it is said why");
  Session<K> session(*key, std::move(*sender), parameters);
  for (int i = 0; i < 32 && !input.empty(); ++i) session.step(input);
}

}  // namespace

void hpke_contexts(View data) {
  Input input(data);
  use_row(input);
  if (input.byte() % 2 == 0) return run<MlKem768, 32>(input);
  run<XWing, xwing::kEncapsulationSeedSize>(input);
}

}  // namespace latchkey::fuzz
