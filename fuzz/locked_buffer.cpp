// Sequences of operations on locked buffers, against vectors of bytes that do the same.

#include <algorithm>
#include <utility>

#include "latchkey/secret_memory.hpp"
#include "support.hpp"
#include "targets.hpp"

namespace latchkey::fuzz {
namespace {

// What a buffer should be.
struct Model {
  enum class State { empty, alive, purged } state = State::empty;
  Bytes bytes;
  bool frozen = false;
  bool shared = false;  // inheritable

  [[nodiscard]] bool readable() const { return state == State::alive; }
  [[nodiscard]] Error error() const {
    if (state != State::alive) return state == State::empty ? Error::moved_from : Error::purged;
    return Error::frozen;
  }
  void move_to(Model& other) {
    Model taken = std::exchange(*this, Model());
    other = std::move(taken);
  }
};

struct Pair {
  LockedBuffer buffer;
  Model model;
};

constexpr std::size_t kPairs = 6;
constexpr std::size_t kMostBytes = 12'000;

// Often at the edges of what the arena has slots and pages for.
std::size_t read_size(Input& input) {
  constexpr std::size_t kEdges[] = {0, 16, 32, 64, 256, 1600, 2400, 4064, 4080, 4096, 8176, 8192};
  const std::uint8_t choice = input.byte();
  if (choice < 64) return input.number() % kMostBytes;
  const std::size_t edge = kEdges[choice % std::size(kEdges)];
  return choice < 128 ? edge : edge + choice % 3;
}

template <class T>
void require_error(const Result<T>& result, Error expected) {
  require(!result && result.error() == expected, "an operation that cannot be done says why");
}

void check(const Pair& pair) {
  const Model& model = pair.model;
  require(pair.buffer.size() == model.bytes.size(), "a buffer has its size");
  require(pair.buffer.is_frozen() == model.frozen, "a buffer knows whether it is frozen");
  require(pair.buffer.is_locked() == (model.state != Model::State::empty), "it is locked");
  if (!model.readable()) {
    require_error(pair.buffer.read([](View) {}), model.error());
    return;
  }
  bool same = false;
  const auto done =
      pair.buffer.read([&](View bytes) { same = std::ranges::equal(bytes, model.bytes); });
  require(done && same, "a buffer has its bytes");
}

void put(Pair& pair, Result<LockedBuffer> made, Bytes bytes, bool shared = false) {
  require(made.has_value(), "a buffer is made");
  pair.buffer = std::move(*made);
  pair.model = {Model::State::alive, std::move(bytes), false, shared};
}

void create(Pair& pair, Input& input) {
  const std::size_t size = read_size(input);
  switch (input.byte() % 6) {
    case 0:
      put(pair, LockedBuffer::create(size), Bytes(size));
      break;
    case 1: {
      const Bytes bytes(size, input.byte());
      put(pair, LockedBuffer::copy_of(bytes), bytes);
      break;
    }
    case 2: {
      Bytes bytes(size, input.byte());
      const Bytes before = bytes;
      put(pair, LockedBuffer::take(bytes), before);
      require(bytes == Bytes(size), "what was taken is zeroed");
      break;
    }
    case 3: {
      auto made = LockedBuffer::random(size);
      Bytes bytes;
      const auto copied =
          made->read([&](View random) { bytes.assign(random.begin(), random.end()); });
      require(copied && bytes.size() == size, "random bytes are as many as asked for");
      require(size < 16 || bytes != Bytes(size), "they are not zeros");
      put(pair, std::move(made), bytes);
      break;
    }
    case 4:
      put(pair, LockedBuffer::inheritable(size), Bytes(size), true);
      break;
    default:
      require_error(LockedBuffer::create(SIZE_MAX - size), Error::no_memory);
  }
}

void write(Pair& pair, Input& input) {
  const std::uint8_t value = input.byte();
  const std::size_t begin = input.number(), count = input.number();
  const auto set = [&](std::span<std::uint8_t> bytes) {
    const auto rest = bytes.subspan(std::min(begin, bytes.size()));
    std::ranges::fill(rest.first(std::min(count, rest.size())), value);
  };
  const auto done = pair.buffer.write([&](std::span<std::uint8_t> bytes) { set(bytes); });
  if (pair.model.readable() && !pair.model.frozen) {
    require(done.has_value(), "a buffer is written");
    set(pair.model.bytes);
  } else {
    require_error(done, pair.model.error());
  }
}

void wipe(Pair& pair) {
  const auto done = pair.buffer.wipe();
  if (pair.model.readable() && !pair.model.frozen) {
    require(done.has_value(), "a buffer is wiped");
    std::ranges::fill(pair.model.bytes, std::uint8_t{0});
  } else {
    require_error(done, pair.model.error());
  }
}

void set_frozen(Pair& pair, bool frozen) {
  const auto done = frozen ? pair.buffer.freeze() : pair.buffer.thaw();
  if (pair.model.readable()) {
    require(done.has_value(), "a buffer is frozen or thawed");
    pair.model.frozen = frozen;
  } else {
    require_error(done, pair.model.error());
  }
}

void move(Pair& from, Pair& to) {
  to.buffer = std::move(from.buffer);
  if (&from != &to) from.model.move_to(to.model);
}

void compare(const Pair& a, const Pair& b) {
  const auto same = a.buffer.equals(b.buffer), same_bytes = a.buffer.equals(b.model.bytes);
  const auto require_truth = [&](const Result<void>& result) {
    if (a.model.bytes != b.model.bytes) return require_error(result, Error::not_equal);
    require(result.has_value(), "equal buffers have equal bytes and sizes");
  };
  if (!b.model.readable()) {
    require_error(same, b.model.error());
  } else if (!a.model.readable()) {
    require_error(same, a.model.error());
  } else {
    require_truth(same);
  }
  if (!a.model.readable()) return require_error(same_bytes, a.model.error());
  require_truth(same_bytes);
}

// By the process that made it, which sees its own pages.
void adopt(const Pair& from, Pair& to) {
  auto adopted = from.buffer.adopt();
  if (from.model.state == Model::State::empty) {
    require_error(adopted, Error::moved_from);
  } else if (!from.model.shared) {
    require_error(adopted, Error::inherited);
  } else if (from.model.state == Model::State::purged) {
    require_error(adopted, Error::purged);
  } else {
    const Bytes bytes = from.model.bytes;
    put(to, std::move(adopted), bytes);
  }
}

void purge_all(std::span<Pair> pairs) {
  purge();
  for (auto& [buffer, model] : pairs) {
    if (model.state == Model::State::alive) model.state = Model::State::purged;
  }
}

void step(std::span<Pair> pairs, Input& input) {
  const std::uint8_t choice = input.byte();
  Pair& pair = pairs[choice / 16 % kPairs];
  Pair& other = pairs[input.byte() % kPairs];
  switch (choice % 16) {
    case 0:
    case 1:
    case 2:
      return create(pair, input);
    case 3:
    case 4:
      return write(pair, input);
    case 5:
      return wipe(pair);
    case 6:
      return set_frozen(pair, true);
    case 7:
      return set_frozen(pair, false);
    case 8:
      return move(pair, other);
    case 9: {
      Pair middle{std::move(pair.buffer), {}};  // by the constructor, and back
      pair.model.move_to(middle.model);
      check(pair);
      check(middle);
      return move(middle, other);
    }
    case 10:
      return compare(pair, other);
    case 11:
      return adopt(pair, other);
    case 12:
      pair = Pair();
      return;
    case 13:
      return purge_all(pairs);
    default: {
      const auto policy = choice & 16 ? Policy::best_effort : Policy::require;
      require(set_memory_policy(policy).has_value(), "a policy is set");
    }
  }
}

}  // namespace

// Protection keys would stay on for the inputs that come after: tests/memory has them.
void locked_buffer(View data) {
  constexpr int kSteps = 64;
  require(set_memory_policy(Policy::require).has_value(), "a policy is set");
  Input input(data);
  std::vector<Pair> pairs(kPairs);
  for (int i = 0; i < kSteps && !input.empty(); ++i) {
    step(pairs, input);
    for (const auto& pair : pairs) check(pair);
  }
}

}  // namespace latchkey::fuzz
