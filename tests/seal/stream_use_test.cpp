// Streams held wrong: sizes, order, empty objects, and input and output that fail.

#include "seal/stream.hpp"
#include "seal/stream_support.hpp"

namespace latchkey::test {
namespace {

const Bytes kPainted(kBox, 7);

// Calls f with a painted output of that size, and then finds it zeroed.
template <class F>
void require_refused(std::size_t size, Error error, F f) {
  Bytes out(kPainted.begin(), kPainted.begin() + static_cast<std::ptrdiff_t>(size));
  require_error(f(std::span(out)), error);
  REQUIRE(out == Bytes(size));
}

void require_seal_refused(StreamSealer& sealer, std::size_t size, Last last, Error error) {
  const Bytes content(size);
  require_refused(std::min(size + 16, kBox), error, [&](std::span<std::uint8_t> box) {
    return sealer.seal_chunk(box, content, last);
  });
}

void seal_one(StreamSealer& sealer, std::size_t size, Last last) {
  Bytes box(size + hpke::kTagSize);
  REQUIRE(sealer.seal_chunk(box, Bytes(size), last).has_value());
}

TEST_CASE("A sealer takes chunks of the sizes of their places, and ends with the first other one") {
  Random random;
  const XWingRecipient recipient(random);
  const auto refused = [&](std::size_t before, std::size_t size, Last last) {
    CAPTURE(before, size);
    auto sealer = recipient.sealer();
    for (std::size_t i = 0; i < before; ++i) seal_one(sealer, kStreamChunk, Last::no);
    require_seal_refused(sealer, size, last, Error::chunk_length);
    require_seal_refused(sealer, kStreamChunk, last, Error::chunk_length);  // as it would be right
  };
  for (const std::size_t before : {0u, 1u, 2u}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kStreamChunk - 1}) {
      refused(before, size, Last::no);
    }
    refused(before, kStreamChunk + 1, Last::no);
    refused(before, kStreamChunk + 1, Last::yes);
    if (before > 0) refused(before, 0, Last::yes);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kStreamChunk}) {
    auto sealer = recipient.sealer();
    seal_one(sealer, size, Last::yes);
    require_seal_refused(sealer, kStreamChunk, Last::no, Error::stream_ended);
    require_seal_refused(sealer, 1, Last::yes, Error::stream_ended);
  }
}

// A box of 5 bytes has no chunk, whose size would be 5 - 16; nor is any chunk or box that long.
TEST_CASE("A stream does not write to a span that is longer than any chunk or box") {
  Random random;
  const XWingRecipient recipient(random);
  Bytes memory(kBox + 1, 7);
  const auto painted = memory;
  const std::span<std::uint8_t> below(memory.data(), std::size_t{5} - hpke::kTagSize);
  const auto header = recipient.seal(Bytes(1));
  auto opener = recipient.opener(View(header).first(kStreamHeader<XWing>));
  require_error(opener.open_chunk(below, Bytes(5), Last::yes), Error::sealed_length);
  require_error(opener.open_chunk(below, Bytes(30), Last::yes), Error::sealed_length);
  opener = recipient.opener(View(header).first(kStreamHeader<XWing>));
  require_error(opener.open_chunk(std::span(memory).first(kStreamChunk + 1), Bytes(30), Last::yes),
                Error::wrong_size);
  auto sealer = recipient.sealer();
  require_error(sealer.seal_chunk(below, Bytes(5), Last::yes), Error::wrong_size);
  require_error(sealer.seal_chunk(memory, Bytes(5), Last::yes), Error::wrong_size);
  REQUIRE(memory == painted);
}

TEST_CASE("A sealer wants boxes 16 bytes longer than their chunks") {
  Random random;
  const XWingRecipient recipient(random);
  for (const std::size_t size : {0u, 10u, 25u, 27u, 100u}) {
    auto sealer = recipient.sealer();
    require_refused(size, Error::wrong_size, [&](std::span<std::uint8_t> box) {
      return sealer.seal_chunk(box, Bytes(10), Last::yes);
    });
  }
}

// What an opener says of a box of zeros, or of a right one, in the place behind `before` chunks.
struct Opening {
  explicit Opening(const XWingRecipient& recipient, std::size_t before)
      : sealed(recipient.seal(Bytes((before + 1) * kStreamChunk))),
        opener(recipient.opener(View(sealed).first(kStreamHeader<XWing>))),
        box(View(sealed).last(kBox)) {
    Bytes chunk(kStreamChunk);
    for (std::size_t i = 0; i < before; ++i) {
      const View from = View(sealed).subspan(kStreamHeader<XWing> + i * kBox, kBox);
      REQUIRE(opener.open_chunk(chunk, from, Last::no).has_value());
    }
  }

  Bytes sealed;
  StreamOpener opener;
  View box;  // the last
};

TEST_CASE("An opener takes boxes of the sizes of their places, and ends with the first bad one") {
  Random random;
  const XWingRecipient recipient(random);
  const auto refused = [&](std::size_t before, View box, std::size_t chunk_size, Last last,
                           Error error) {
    CAPTURE(before, box.size(), chunk_size);
    Opening opening(recipient, before);
    require_refused(chunk_size, error, [&](std::span<std::uint8_t> chunk) {
      return opening.opener.open_chunk(chunk, box, last);
    });
    require_refused(kStreamChunk, error, [&](std::span<std::uint8_t> chunk) {
      return opening.opener.open_chunk(chunk, opening.box, Last::yes);  // as it would be right
    });
  };
  const Bytes zeros(kBox + 1);
  const auto first = [&](std::size_t size) { return View(zeros).first(size); };
  for (const std::size_t before : {0u, 1u}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{15}, std::size_t{16}, kBox - 1}) {
      refused(before, first(size), size < 16 ? 0 : size - 16, Last::no, Error::sealed_length);
    }
    refused(before, zeros, kStreamChunk, Last::no, Error::sealed_length);
    refused(before, zeros, kStreamChunk, Last::yes, Error::sealed_length);
    refused(before, first(15), 5, Last::yes, Error::sealed_length);
    refused(before, first(16), 0, Last::yes,
            before == 0 ? Error::not_authentic : Error::sealed_length);
    refused(before, first(17), 1, Last::yes, Error::not_authentic);
    refused(before, first(kBox), kStreamChunk, Last::no, Error::not_authentic);
    refused(before, first(kBox), kStreamChunk, Last::yes, Error::not_authentic);
    refused(before, first(30), 13, Last::yes, Error::wrong_size);
    refused(before, first(30), 15, Last::yes, Error::wrong_size);
    // The right box, with the wrong flag.
    refused(before, Opening(recipient, before).box, kStreamChunk, Last::no, Error::not_authentic);
  }
  Opening opening(recipient, 1);
  Bytes chunk(kStreamChunk);
  require_error(opening.opener.end(), Error::sealed_length);  // it was cut between two boxes
  REQUIRE(opening.opener.open_chunk(chunk, opening.box, Last::yes).has_value());
  REQUIRE(opening.opener.end().has_value());
  for (const Last last : {Last::no, Last::yes}) {
    require_refused(kStreamChunk, Error::stream_ended, [&](std::span<std::uint8_t> to) {
      return opening.opener.open_chunk(to, opening.box, last);
    });
    require_error(opening.opener.end(), Error::stream_ended);  // something followed it
  }
}

TEST_CASE("An empty last chunk behind others is refused, though its tag be right") {
  Random random;
  const XWingRecipient recipient(random);
  // What a sealer would make that has forgotten what it sealed before.
  auto sealer = recipient.sealer();
  Bytes box(kBox), tag(hpke::kTagSize), sealed = copy_of(sealer.header());
  REQUIRE(sealer.seal_chunk(box, Bytes(kStreamChunk), Last::no).has_value());
  sealed.insert(sealed.end(), box.begin(), box.end());
  StreamAccess::forget_begin(sealer);
  REQUIRE(sealer.seal_chunk(tag, {}, Last::yes).has_value());
  sealed.insert(sealed.end(), tag.begin(), tag.end());
  require_stopped(recipient.open(sealed), Error::sealed_length, Bytes(kStreamChunk), 1);
}

TEST_CASE("A stream without a number left refuses to go on") {
  Random random;
  const XWingRecipient recipient(random);
  auto sealer = recipient.sealer();
  auto opener = recipient.opener(sealer.header());
  StreamAccess::set_sequence(sealer, UINT64_MAX - 1);
  StreamAccess::set_sequence(opener, UINT64_MAX - 1);
  Bytes box(kBox), chunk(kStreamChunk);
  REQUIRE(sealer.seal_chunk(box, chunk, Last::no).has_value());
  REQUIRE(opener.open_chunk(chunk, box, Last::no).has_value());
  require_seal_refused(sealer, kStreamChunk, Last::yes, Error::sequence_overflow);
  require_refused(kStreamChunk, Error::sequence_overflow, [&](std::span<std::uint8_t> to) {
    return opener.open_chunk(to, box, Last::yes);
  });
}

TEST_CASE("Empty, moved and purged streams say so") {
  Random random;
  const XWingRecipient recipient(random);
  StreamSealer empty;
  REQUIRE(empty.header().empty());
  require_seal_refused(empty, 5, Last::yes, Error::moved_from);
  auto sealer = recipient.sealer();
  const Bytes header = copy_of(sealer.header());
  StreamSealer moved = std::move(sealer);
  REQUIRE(copy_of(moved.header()) == header);
  REQUIRE(sealer.header().empty());  // NOLINT: on purpose
  require_seal_refused(sealer, 5, Last::yes, Error::moved_from);
  seal_one(moved, kStreamChunk, Last::no);
  sealer = std::move(moved);
  seal_one(sealer, kStreamChunk, Last::no);

  StreamOpener opener = recipient.opener(header), taken = std::move(opener);
  const auto open_in = [](StreamOpener& from) {
    return [&from](std::span<std::uint8_t> chunk) {
      return from.open_chunk(chunk, Bytes(16), Last::yes);
    };
  };
  require_refused(0, Error::moved_from, open_in(opener));
  require_error(opener.end(), Error::moved_from);
  require_error(taken.end(), Error::sealed_length);
  purge();
  require_refused(0, Error::purged, open_in(taken));
  require_error(taken.end(), Error::purged);
  require_seal_refused(sealer, 5, Last::yes, Error::purged);
}

TEST_CASE("Streams say what they cannot begin with") {
  Random random;
  const XWingRecipient recipient(random);
  const auto sealer = recipient.sealer();
  const auto header = sealer.header();
  const Bytes context(kMaxSealingContext + 1);
  const auto& key = recipient.key.encapsulation_key();
  REQUIRE(StreamSealer::create(key, {}, View(context).first(kMaxSealingContext)).has_value());
  require_error(StreamSealer::create(key, {}, context), Error::too_long);
  require_error(StreamOpener::create(recipient.key, header, {}, context), Error::too_long);
  require_error(StreamSealer::create(xwing::EncapsulationKey(), {}, {}), Error::moved_from);
  require_error(StreamOpener::create(xwing::DecapsulationKey(), header, {}, {}), Error::moved_from);
  SealingSuite unknown;
  unknown.aead = static_cast<hpke::Aead>(4);
  require_error(StreamSealer::create(key, {}, {}, unknown), Error::unknown_version);
}

// Counts its calls, and fails in the one that is asked for.
struct Failing {
  int fails_at;
  int calls = 0;

  [[nodiscard]] bool fails() { return calls++ == fails_at; }
};

TEST_CASE("What reading and writing say is passed on, and neither is called again") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes content = random.vector(2 * kStreamChunk + 1), sealed = recipient.seal(content);
  const auto run = [&](bool seal, Failing& read, Failing& write) {
    auto from = reading(seal ? content : sealed, 40'000);
    Bytes to;
    auto into = appending_to(to);
    const auto source = [&](std::span<std::uint8_t> bytes) -> Result<std::size_t> {
      if (read.fails()) return Error::read_failed;
      return from(bytes);
    };
    const auto sink = [&](View bytes) -> Result<void> {
      if (write.fails()) return Error::write_failed;
      return into(bytes);
    };
    return seal ? seal_stream(recipient.key.encapsulation_key(), source, sink, recipient.aad,
                              recipient.context)
                : open_stream(recipient.key, source, sink, recipient.aad, recipient.context);
  };
  for (const bool seal : {true, false}) {
    Failing read{-1}, write{-1};
    REQUIRE(run(seal, read, write).has_value());
    const int reads = read.calls, writes = write.calls;
    REQUIRE(reads >= 6);
    REQUIRE(writes == (seal ? 4 : 3));
    for (int i = 0; i < reads; ++i) {
      Failing now{i}, never{-1};
      require_error(run(seal, now, never), Error::read_failed);
      REQUIRE(now.calls == i + 1);
    }
    for (int i = 0; i < writes; ++i) {
      Failing now{i}, never{-1};
      require_error(run(seal, never, now), Error::write_failed);
      REQUIRE(now.calls == i + 1);
    }
  }
}

TEST_CASE("What reads is not called again behind the end") {
  Random random;
  const XWingRecipient recipient(random);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kStreamChunk, kStreamChunk + 1}) {
    CAPTURE(size);
    const Bytes content = random.vector(size), sealed = recipient.seal(content);
    for (const bool seal : {true, false}) {
      auto from = reading(seal ? content : sealed);
      int ends = 0;
      const auto read = [&](std::span<std::uint8_t> to) {
        auto some = from(to);
        if (*some == 0) ++ends;
        return some;
      };
      const auto write = [](View) -> Result<void> { return {}; };
      const auto done =
          seal ? seal_stream(recipient.key.encapsulation_key(), read, write, {}, {})
               : open_stream(recipient.key, read, write, recipient.aad, recipient.context);
      REQUIRE(done.has_value());
      REQUIRE(ends == 1);
    }
  }
}

TEST_CASE("A reader that says it put more than there was room is refused") {
  Random random;
  const XWingRecipient recipient(random);
  const auto write = [](View) -> Result<void> { return {}; };
  for (const std::size_t too_much : {std::size_t{1}, SIZE_MAX}) {
    const auto read = [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
      return too_much == 1 ? to.size() + 1 : SIZE_MAX;
    };
    require_error(seal_stream(recipient.key.encapsulation_key(), read, write, {}, {}),
                  Error::read_failed);
    require_error(open_stream(recipient.key, read, write, {}, {}), Error::read_failed);
  }
}

TEST_CASE("purge() ends the streams that are under way") {
  Random random;
  const XWingRecipient recipient(random);
  const Bytes content(3 * kStreamChunk), sealed = recipient.seal(content);
  Bytes released;
  auto source = reading(sealed);
  const auto done = open_stream(
      recipient.key, source,
      [&](View bytes) -> Result<void> {
        released.insert(released.end(), bytes.begin(), bytes.end());
        purge();
        return {};
      },
      recipient.aad, recipient.context);
  require_error(done, Error::purged);
  REQUIRE(released.size() == kStreamChunk);
}

}  // namespace
}  // namespace latchkey::test
