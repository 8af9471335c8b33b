// A program or shared object with a copy of the static library of its own: it makes secrets, frees
// them, and looks at what is left. copies_test.py compiles it in several ways.
#include <latchkey/mlkem768.hpp>

#include <optional>
#include <utility>

namespace {

constexpr int kCount = 100;

bool is_zero(const std::uint8_t* place) {
  std::uint8_t all = 0;
  for (int i = 0; i < 32; ++i) all |= place[i];
  return all == 0;
}

}  // namespace

// Shared secrets in objects that are moved, and freed by implicit members of classes and Results.
extern "C" int plugin_unwiped() {
  const auto key = latchkey::DecapsulationKey::generate();
  if (!key) return -1;
  const std::uint8_t* places[kCount];
  {
    std::optional<latchkey::Result<latchkey::Encapsulation>> sent[kCount];
    latchkey::SharedSecret moved[kCount];
    for (int i = 0; i < kCount; ++i) {
      sent[i].emplace(key->encapsulation_key().encapsulate());
      if (!*sent[i]) return -1;
      const latchkey::SharedSecret& secret = (*sent[i])->secret;
      const auto bytes = secret.expose();
      if (!bytes || is_zero(bytes->data())) return -1;
      places[i] = bytes->data();
      if (i % 2 == 0) moved[i] = std::move((*sent[i])->secret);
    }
  }
  int left = 0;
  for (const std::uint8_t* place : places) left += !is_zero(place);
  return left;
}

// Buffers, whose members are templates.
extern "C" int plugin_buffers() {
  const std::uint8_t* places[kCount];
  {
    latchkey::LockedBuffer buffers[kCount];
    for (int i = 0; i < kCount; ++i) {
      auto made = latchkey::LockedBuffer::random(32);
      if (!made) return -1;
      buffers[i] = std::move(*made);
      const auto read = buffers[i].read([&](auto bytes) { places[i] = bytes.data(); });
      if (!read || is_zero(places[i])) return -1;
    }
  }
  int left = 0;
  for (const std::uint8_t* place : places) left += !is_zero(place);
  return left;
}
