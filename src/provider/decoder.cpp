#include "provider/decoder.hpp"

#include <openssl/core_object.h>

#include <algorithm>

#include "base/try.hpp"
#include "crypto/clean.hpp"
#include "encoding/der.hpp"
#include "keyfile/algorithms.hpp"
#include "latchkey/secret_memory.hpp"
#include "provider/core_bio.hpp"
#include "provider/key_info.hpp"
#include "provider/keymgmt_kem.hpp"

namespace latchkey::provider {
namespace {

// The largest key has 4,823 bytes: both forms of ML-KEM-1024, and its public key. The rest is for
// attributes.
constexpr std::size_t kMaxSize = 16 * 1024;
// How deep reading a key goes, in bytes of stack.
constexpr std::size_t kDepth = 20 * 1024;

// The first bytes of a DER object, which say whose it is.
template <class K, bool is_private>
class Head {
 public:
  // Reads them. False if this is no key of K.
  bool read(const Context& context, OSSL_CORE_BIO* in) noexcept {
    if (!read_header(context, in)) return false;
    const std::size_t version = is_private ? 3 : 0;  // the INTEGER in front of the algorithm
    const std::size_t begin = size_, end = begin + version + kAlgorithm.size();
    if (total_ < end || total_ > kMaxSize) return false;
    size_ += read_some(context, in, std::span(bytes_).subspan(begin, end - begin));
    return size_ == end && std::ranges::equal(bytes().last(kAlgorithm.size()), kAlgorithm);
  }

  [[nodiscard]] View bytes() const noexcept { return View(bytes_).first(size_); }
  // Of the whole object.
  [[nodiscard]] std::size_t total() const noexcept { return total_; }

 private:
  static constexpr auto kAlgorithm = keyfile::identifier_of<K>();

  // A SEQUENCE, and its length in at most two octets.
  bool read_header(const Context& context, OSSL_CORE_BIO* in) noexcept {
    size_ = read_some(context, in, std::span(bytes_).first(2));
    if (size_ != 2 || bytes_[0] != encoding::der::kSequence) return false;
    std::size_t length = bytes_[1];
    if (length > 0x7f) {
      const std::size_t octets = length - 0x80;
      if (octets < 1 || octets > 2) return false;
      size_ += read_some(context, in, std::span(bytes_).subspan(2, octets));
      if (size_ != 2 + octets) return false;
      length = bytes_[2];
      if (octets == 2) length = length << 8 | bytes_[3];
    }
    total_ = size_ + length;
    return true;
  }

  std::array<std::uint8_t, 32> bytes_{};
  std::size_t size_ = 0, total_ = 0;
};

template <class K, bool is_private>
struct Functions {
  using Key = KemKey<K>;

  static int does_selection(void*, int selection) noexcept {
    if (selection == 0) return 1;  // anything that is there
    if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) return is_private;
    return (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0 && !is_private;
  }

  // Reads what follows the head. Errors: not_canonical, if it ends too early, and those of
  // read_public_info() and read_private_info().
  static Result<void> read(Key& key, const Head<K, is_private>& head, OSSL_CORE_BIO* in) noexcept {
    auto object = LATCHKEY_TRY(LockedBuffer::create(head.total()));
    LATCHKEY_TRY(object.write([&](std::span<std::uint8_t> to) noexcept -> Result<void> {
      const View begin = head.bytes();
      std::ranges::copy(begin, to.begin());
      const auto rest = to.subspan(begin.size());
      if (read_some(key.context(), in, rest) != rest.size()) return Error::not_canonical;
      return {};
    }));
    return object.read([&](View der) noexcept {
      return crypto::cleanly<kDepth>([&]() noexcept {
        return is_private ? read_private_info(key, der) : read_public_info(key, der);
      });
    });
  }

  static int give(Key*& key, OSSL_CALLBACK* callback, void* argument) noexcept {
    int type = OSSL_OBJECT_PKEY;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_OBJECT_PARAM_TYPE, &type),
        OSSL_PARAM_construct_utf8_string(OSSL_OBJECT_PARAM_DATA_TYPE, const_cast<char*>(Key::kName),
                                         0),
        OSSL_PARAM_construct_octet_string(OSSL_OBJECT_PARAM_REFERENCE, &key, sizeof(Key*)),
        OSSL_PARAM_construct_end()};
    return callback(params, argument);
  }

  // What is no key of K is left to other decoders: that is no error.
  static int decode(void* provider, OSSL_CORE_BIO* in, int, OSSL_CALLBACK* callback, void* argument,
                    OSSL_PASSPHRASE_CALLBACK*, void*) noexcept {
    const auto& context = *static_cast<const Context*>(provider);
    Head<K, is_private> head;
    if (!head.read(context, in)) return 1;
    Key* key = make<Key>(context);
    if (key == nullptr) return fail(context, Error::no_memory);
    const auto done = read(*key, head, in);
    const int taken = done ? give(key, callback, argument) : fail(context, done.error());
    destroy(key);  // null, if it was taken
    return taken;
  }

  static int export_object(void*, const void* reference, std::size_t size, OSSL_CALLBACK* callback,
                           void* argument) noexcept {
    if (reference == nullptr || size != sizeof(Key*)) return 0;
    const Key* const key = *static_cast<Key* const*>(reference);
    const int selection = is_private ? OSSL_KEYMGMT_SELECT_KEYPAIR : OSSL_KEYMGMT_SELECT_PUBLIC_KEY;
    return key == nullptr ? 0 : KemKeyFunctions<K>::export_key(*key, selection, callback, argument);
  }
};

// A decoder has nothing to remember: its context is the provider's.
void* create(void* provider) noexcept { return provider; }
void release(void*) noexcept {}

template <class K, bool is_private>
const OSSL_DISPATCH kTable[] = {
    row(OSSL_FUNC_DECODER_NEWCTX, create),
    row(OSSL_FUNC_DECODER_FREECTX, release),
    row(OSSL_FUNC_DECODER_DOES_SELECTION, Functions<K, is_private>::does_selection),
    row(OSSL_FUNC_DECODER_DECODE, Functions<K, is_private>::decode),
    row(OSSL_FUNC_DECODER_EXPORT_OBJECT, Functions<K, is_private>::export_object),
    kEndOfTable,
};

}  // namespace

template <class K, bool is_private>
const OSSL_DISPATCH* decoder_table() noexcept {
  return kTable<K, is_private>;
}

#define LATCHKEY_INSTANTIATE(K)                                    \
  template const OSSL_DISPATCH* decoder_table<K, true>() noexcept; \
  template const OSSL_DISPATCH* decoder_table<K, false>() noexcept
LATCHKEY_INSTANTIATE(MlKem512);
LATCHKEY_INSTANTIATE(MlKem768);
LATCHKEY_INSTANTIATE(MlKem1024);
LATCHKEY_INSTANTIATE(XWing);
#undef LATCHKEY_INSTANTIATE

}  // namespace latchkey::provider
