#include "memory/block.hpp"

#include <cstring>

#include "base/mask.hpp"
#include "memory/arena.hpp"
#include "memory/owned.hpp"
#include "memory/poison.hpp"
#include "memory/slots.hpp"

namespace latchkey::memory {
namespace {

// Random, and another one for each place.
struct Canary {
  std::uint8_t bytes[kCanarySize];

  Canary(const Arena& arena, const std::uint8_t* place) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(place);
    base::store_le64(bytes, arena.canary[0] ^ address);
    base::store_le64(bytes + 8, arena.canary[1] + address);
  }
};

}  // namespace

Chunk* make_chunk(Arena& arena, const Mapping& mapping, const SlotLayout& layout, Fork fork,
                  bool single) noexcept {
  const std::size_t slots = single ? 1 : layout.count_in(mapping.size);
  const std::size_t blocks = (slots + Block::kSlots - 1) / Block::kSlots;
  auto* chunk = allocate<Chunk>();
  auto* array = allocate_array<Block>(blocks);
  if (chunk == nullptr || array == nullptr) {
    release(chunk);
    std::free(array);
    return nullptr;
  }
  *chunk = {mapping, layout, fork, single, false, false, array, blocks};
  for (std::size_t i = 0; i < slots; ++i) {
    Block& block = array[i / Block::kSlots];
    const auto index = static_cast<std::uint32_t>(i % Block::kSlots);
    if (index == 0) {
      block.release = release_slot;
      block.arena = &arena;
      block.chunk = chunk;
      block.first = mapping.data + layout.first + i * layout.stride;
    }
    block.all |= bit_of(index);
    block.free.store(block.all, std::memory_order_relaxed);
    std::uint8_t* const place = slot(block, index);
    const Canary canary(arena, place);
    std::memcpy(place - kCanarySize, canary.bytes, kCanarySize);
    std::memcpy(place + layout.size, canary.bytes, layout.tail);
    poison(place, layout.size);
  }
  return chunk;
}

void destroy_chunk(Chunk* chunk) noexcept {
  std::free(chunk->blocks);
  release(chunk);
}

bool is_whole(const Block& block, std::uint32_t index) noexcept {
  const SlotLayout& layout = block.chunk->layout;
  const std::uint8_t* const place = slot(block, index);
  const Canary canary(*block.arena, place);
  return (base::difference(canary.bytes, place - kCanarySize, kCanarySize) |
          base::difference(canary.bytes, place + layout.size, layout.tail)) == 0;
}

}  // namespace latchkey::memory
