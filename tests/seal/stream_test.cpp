// Streams as they should be: what is sealed opens, in the format that docs/formats.md states.

#include "seal/stream.hpp"
#include "latchkey/derand_hybrid.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "keyfile/encoding.hpp"
#include "seal/plain_container.hpp"
#include "seal/stream_support.hpp"

namespace latchkey::test {
namespace {

using hpke::Aead;
using hpke::Kdf;

int temporary_file() {
  const int file = ::open(P_tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  REQUIRE(file >= 0);
  return file;
}

template <class K>
void require_round_trips(Random& random) {
  const Recipient<typename K::DecapsulationKey> recipient(random);
  for (const Kdf kdf : {Kdf::hkdf_sha256, Kdf::shake128, Kdf::shake256}) {
    for (const Aead aead : {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305}) {
      for (const std::size_t size : {0u, 1u, 65'535u, 65'536u, 65'537u, 196'608u, 200'000u}) {
        CAPTURE(size);
        const Bytes content = random.vector(size);
        const Bytes sealed =
            recipient.seal(content, {kdf, aead}, random.between<std::size_t>(1000, 100'000));
        const std::size_t chunks = size == 0 ? 1 : (size + kStreamChunk - 1) / kStreamChunk;
        REQUIRE(sealed.size() == kStreamHeader<K> + size + chunks * hpke::kTagSize);
        const auto opened = recipient.open(sealed, random.between<std::size_t>(1000, 100'000));
        REQUIRE(opened.done.has_value());
        REQUIRE(opened.released == content);
      }
    }
  }
}

TEST_CASE("What is sealed as a stream, the key opens, of whatever size") {
  Random random;
  require_round_trips<XWing>(random);
  require_round_trips<MlKem512>(random);
  require_round_trips<MlKem768>(random);
  require_round_trips<MlKem1024>(random);
}

TEST_CASE("A stream may be read byte by byte") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes content = random.vector(70'000);
  const auto opened = recipient.open(recipient.seal(content, {}, 1), 1);
  REQUIRE(opened.done.has_value());
  REQUIRE(opened.released == content);
}

TEST_CASE("Chunks sealed and opened one by one are those of whole streams, in place or not") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes content = random.vector(2 * kStreamChunk);
  for (const bool in_place : {false, true}) {
    auto sealer = recipient.sealer();
    Bytes stream = copy_of(sealer.header());
    for (const Last last : {Last::no, Last::yes}) {
      const View chunk = View(content).subspan(last == Last::yes ? kStreamChunk : 0, kStreamChunk);
      Bytes box = in_place ? copy_of(chunk) : Bytes();
      box.resize(kBox);
      const View from = in_place ? View(box).first(kStreamChunk) : chunk;
      REQUIRE(sealer.seal_chunk(box, from, last).has_value());
      stream = stream + box;
    }
    const auto whole = recipient.open(stream);
    REQUIRE(whole.done.has_value());
    REQUIRE(whole.released == content);

    Bytes sealed = recipient.seal(content), released;
    auto opener = recipient.opener(View(sealed).first(kStreamHeader<XWing>));
    for (const Last last : {Last::no, Last::yes}) {
      const auto box =
          std::span(sealed).subspan(kStreamHeader<XWing> + (last == Last::yes ? kBox : 0), kBox);
      Bytes apart(kStreamChunk);
      const auto chunk = in_place ? box.first(kStreamChunk) : std::span(apart);
      REQUIRE(opener.open_chunk(chunk, box, last).has_value());
      released = released + chunk;
    }
    REQUIRE(released == content);
  }
}

// As docs/formats.md has it.
template <class K>
Bytes expected_stream(const typename K::EncapsulationKey& key,
                      const typename K::Encapsulation& sent, View content, View aad, View context,
                      SealingSuite suite) {
  auto made = plain_container<K>(key.bytes(), sent,
                                 {.kind = SealedKind::stream,
                                  .size = 65'536,
                                  .aad = copy_of(aad),
                                  .context = copy_of(context),
                                  .suite = suite});
  Bytes stream = made.preamble;
  do {
    const View chunk = content.first(std::min<std::size_t>(content.size(), 65'536));
    content = content.subspan(chunk.size());
    Bytes encrypted(chunk.size() + 16);
    REQUIRE(made.context.seal_to(encrypted, chunk, made.chunk_aad(content.empty())).has_value());
    stream = stream + encrypted;
  } while (!content.empty());
  return stream;
}

template <class K>
Bytes own_stream(const typename K::EncapsulationKey& key, const typename K::Encapsulation& sent,
                 View content, View aad, View context, SealingSuite suite) {
  auto sealer = StreamAccess::sealer<K>(key, sent, aad, context, suite).value();
  Bytes stream = copy_of(sealer.header());
  for (bool more = true; more;) {
    const View chunk = content.first(std::min(content.size(), kStreamChunk));
    content = content.subspan(chunk.size());
    more = !content.empty();
    Bytes box(chunk.size() + hpke::kTagSize);
    REQUIRE(sealer.seal_chunk(box, chunk, more ? Last::no : Last::yes).has_value());
    stream = stream + box;
  }
  return stream;
}

// Everything 0, 1, 2, ...: the seed of the key, the randomness, the content, aad and context.
template <class K, std::size_t EncapsulationSeed>
void require_vector(SealingSuite suite, std::string_view sha3_256) {
  Bytes counting(100'000);
  for (std::size_t i = 0; i < counting.size(); ++i) counting[i] = i & 0xff;
  const View all(counting);
  const auto key = K::DecapsulationKey::from_seed(all.first(K::kSeedSize));
  const auto& ek = key->encapsulation_key();
  const auto sent = derand::encapsulate(ek, all.first<EncapsulationSeed>());
  const Bytes stream = own_stream<K>(ek, *sent, all, all.first(10), all.first(20), suite);
  REQUIRE(stream == expected_stream<K>(ek, *sent, all, all.first(10), all.first(20), suite));
  REQUIRE(Catch::StringMaker<Bytes>::convert(h(stream)) == sha3_256);
  REQUIRE(open_stream(
              *key, reading(stream), [](View) -> Result<void> { return {}; }, all.first(10),
              all.first(20))
              .has_value());
}

TEST_CASE("A stream is what docs/formats.md says, and stays so") {
  require_vector<XWing, 64>({Kdf::hkdf_sha256, Aead::chacha20_poly1305},
                            "64f9d9f20f04e0396f8bca6a8231e76fb076cae9dc00229ab91ea57386691984");
  require_vector<MlKem768, 32>({Kdf::shake256, Aead::aes_256_gcm},
                               "89fbc34c9c9979896eb3f3956f612dc7d8b0b7d0ce27623ca47c814220287007");
}

TEST_CASE("The example in stream.hpp seals what it reads from a file to another") {
  Random random;
  const XWingRecipient owner(random);
  const auto& my_key = owner.key;
  const auto& recipient = my_key.encapsulation_key();
  const Bytes &aad = owner.aad, &context = owner.context, content = random.vector(100'000);
  const int in = temporary_file(), out = temporary_file();
  REQUIRE(::write(in, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  REQUIRE(lseek(in, 0, SEEK_SET) == 0);
#include "stream_example.inc"
  REQUIRE(sealed.has_value());
  require_error(opened, Error::not_sealed);  // the file was read to its end already
  Bytes written(static_cast<std::size_t>(lseek(out, 0, SEEK_CUR)));
  REQUIRE(pread(out, written.data(), written.size(), 0) == static_cast<ssize_t>(written.size()));
  REQUIRE(owner.open(written).released == content);
  close(in);
  close(out);
}

}  // namespace
}  // namespace latchkey::test
