// Streams, cut up and put together in other ways: a chunk opens if and only if it is the next one,
// unchanged and with its mark, and what a whole stream releases is how its content begins.

#include <algorithm>

#include "keys.hpp"
#include "seal/stream.hpp"
#include "sealed_header.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

using hpke::kTagSize;

// A stream and what it holds.
struct Known {
  Bytes header, content, aad, context;
  std::vector<Bytes> boxes;

  [[nodiscard]] View chunk(std::size_t i) const {
    const View rest = View(content).subspan(i * kStreamChunk);
    return rest.first(std::min(rest.size(), kStreamChunk));
  }
};

template <class K, std::size_t Size>
Known make_stream(const typename K::DecapsulationKey& key, Input& input) {
  constexpr hpke::Kdf kKdfs[] = {hpke::Kdf::hkdf_sha256, hpke::Kdf::shake128, hpke::Kdf::shake256};
  constexpr hpke::Aead kAeads[] = {hpke::Aead::aes_128_gcm, hpke::Aead::aes_256_gcm,
                                   hpke::Aead::chacha20_poly1305};
  const std::uint8_t suite = input.byte();
  const auto randomness = input.array<Size>();
  Known known;
  known.aad = input.bytes(1 + input.byte() % 8);
  known.context = input.bytes(1 + input.byte() % 8);
  const std::size_t full = input.byte() % 3;
  known.content.resize(full * kStreamChunk + input.number());
  for (std::size_t i = 0; i < known.content.size(); ++i) {
    known.content[i] = static_cast<std::uint8_t>(i ^ i >> 8 ^ i >> 16);
  }
  const auto sent = derand::encapsulate(key.encapsulation_key(), randomness);
  require(sent.has_value(), "a good key encapsulates");
  auto sealer = StreamAccess::sealer<K>(key.encapsulation_key(), *sent, known.aad, known.context,
                                        {kKdfs[suite % 3], kAeads[suite / 3 % 3]});
  require(sealer.has_value(), "a stream begins");
  known.header.assign(sealer->header().begin(), sealer->header().end());
  const std::size_t count =
      std::max<std::size_t>((known.content.size() + kStreamChunk - 1) / kStreamChunk, 1);
  for (std::size_t i = 0; i < count; ++i) {
    known.boxes.emplace_back(known.chunk(i).size() + kTagSize);
    require(sealer->seal_chunk(known.boxes[i], known.chunk(i), Last{i + 1 == count}).has_value(),
            "a chunk is sealed");
  }
  return known;
}

// One box, perhaps changed, and whether it is said to be the last.
struct Piece {
  std::size_t index;
  Bytes box;
  Last last;
  bool good;
};

Piece next_piece(const Known& known, Input& input) {
  const std::size_t i = input.byte() % known.boxes.size();
  Piece piece{i, known.boxes[i], Last{i + 1 == known.boxes.size()}, true};
  const std::uint8_t change = input.byte();
  if (change % 8 == 1) mutate(piece.box, input, 1);
  if (change % 8 == 2) piece.box.resize(input.number() + change / 8);
  piece.good = piece.box == known.boxes[i];
  if (change % 8 == 3) {
    piece.last = Last{piece.last == Last::no};
    piece.good = false;
  }
  return piece;
}

// What stream.hpp says of opening them one by one.
void open_pieces(StreamOpener& opener, const Known& known, const std::vector<Piece>& pieces) {
  std::size_t next = 0;
  Result<void> state;
  for (const Piece& piece : pieces) {
    const std::size_t least = piece.last == Last::no ? kStreamChunk : next > 0 ? 1 : 0;
    if (state &&
        (piece.box.size() < least + kTagSize || piece.box.size() > kStreamChunk + kTagSize)) {
      state = Error::sealed_length;
    } else if (state && !(piece.good && piece.index == next)) {
      state = Error::not_authentic;
    }
    Bytes chunk(std::max(piece.box.size(), kTagSize) - kTagSize, 0xaa);
    const auto opened = opener.open_chunk(chunk, piece.box, piece.last);
    require(opened.has_value() == state.has_value(), "the next chunk opens, and nothing else");
    if (opened) {
      require(std::ranges::equal(chunk, known.chunk(next)), "it is what was sealed");
      if (++next == known.boxes.size()) state = Error::stream_ended;
    } else {
      require(opened.error() == state.error(), "it says why");
      // What is longer than any chunk is as it was.
      const std::uint8_t left = chunk.size() <= kStreamChunk ? 0 : 0xaa;
      require(chunk == Bytes(chunk.size(), left), "and releases nothing");
    }
  }
}

// The pieces one behind the other.
template <class Key>
void open_whole(const Key& key, const Known& known, const std::vector<Piece>& pieces, Bytes bytes,
                const Known& said, std::size_t most) {
  Bytes sealed = known.header;
  const auto append = [](Bytes& to, const Bytes& box) {
    to.insert(to.end(), box.begin(), box.end());
  };
  for (const Bytes& box : known.boxes) append(sealed, box);
  for (const Piece& piece : pieces) append(bytes, piece.box);
  const bool good = said.aad == known.aad && said.context == known.context && bytes == sealed;
  View left = bytes;
  Bytes released;
  const auto read = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
    const std::size_t size = std::min({to.size(), left.size(), most});
    std::ranges::copy(left.first(size), to.begin());
    left = left.subspan(size);
    return size;
  };
  const auto write = [&](View chunk) -> Result<void> {
    released.insert(released.end(), chunk.begin(), chunk.end());
    return {};
  };
  const auto opened = open_stream(key, read, write, said.aad, said.context);
  require(opened.has_value() == good, "a stream opens if it is the one that was sealed");
  require(released.size() <= known.content.size() &&
              std::equal(released.begin(), released.end(), known.content.begin()),
          "what is released is how the content begins");
  if (good) require(released == known.content, "all of it, where it opens");
}

// What stream.hpp says of a header. `authentic`: neither the header nor aad and context were
// changed. Where enc's X25519 half was changed it may be of low order.
template <class K>
void check_beginning(const Result<StreamOpener>& opener, View header, View good, bool authentic) {
  auto fault = fault_of_head(header, 2, K::kHpkeId);
  if (!fault && number_in(header.subspan(16, 8)) != kStreamChunk) fault = Error::unknown_version;
  if (!fault && header.size() != kStreamHeader<K>) fault = Error::sealed_length;
  if (fault) return require(!opener && opener.error() == *fault, "a bad header is refused");
  require(opener.has_value() == authentic, "a stream begins for its key, aad and context alone");
  if (opener) return;
  constexpr std::size_t kPoint = kHeaderSize + K::kCiphertextSize - 32;
  const bool other_point =
      K::kHpkeId == XWing::kHpkeId &&
      !std::ranges::equal(header.subspan(kPoint, 32), good.subspan(kPoint, 32));
  require(
      opener.error() == Error::not_authentic || (other_point && opener.error() == Error::low_order),
      "it says why");
}

template <class K, std::size_t Size>
void run(Input& input) {
  static const auto key = K::DecapsulationKey::from_seed(Bytes(K::kSeedSize, 7));
  const Known known = make_stream<K, Size>(*key, input);
  Known said{known.header, {}, known.aad, known.context, {}};
  const std::uint8_t change = input.byte();
  if (change % 8 == 1) mutate(said.header, input, 2);
  if (change % 8 == 2) mutate(said.aad, input, 1);
  if (change % 8 == 3) mutate(said.context, input, 1);
  if (change % 8 == 4) said.header.resize(input.number());
  const bool authentic =
      said.header == known.header && said.aad == known.aad && said.context == known.context;
  std::vector<Piece> pieces;
  for (int i = 0; i < 6 && !input.empty(); ++i) pieces.push_back(next_piece(known, input));
  auto opener = StreamOpener::create(*key, said.header, said.aad, said.context);
  check_beginning<K>(opener, said.header, known.header, authentic);
  if (opener) open_pieces(*opener, known, pieces);
  open_whole(*key, known, pieces, said.header, said, 1 + change * std::size_t{300});
}

}  // namespace

void stream_chunks(View data) {
  Input input(data);
  use_row(input);
  with_kem_of(input.byte(), [&](auto kem) {
    using K = decltype(kem);
    run<K, kEncapsulationSeed<K>>(input);
  });
}

}  // namespace latchkey::fuzz
