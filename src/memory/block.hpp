// Slots for secrets, side by side in a mapping, and which of them are free.
//
//   | guard page | padding | C | secret | C | unused | C | secret | C | unused | ... | guard page |
//                          ^ first slot - 16         ^ one stride later
//
// C is a canary of 16 bytes: random for the process, and different in each place. The guard pages
// are inaccessible. A block (below) describes up to 32 slots; a chunk is a mapping with its blocks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "memory/mapping.hpp"

namespace latchkey::memory {

// In bytes. There is one before and one after each secret.
inline constexpr std::size_t kCanarySize = 16;

constexpr std::size_t round_up(std::size_t size, std::size_t unit) noexcept {
  return (size + unit - 1) / unit * unit;
}

struct SlotLayout {
  std::size_t size;    // of the secret
  std::size_t first;   // where the first slot of a mapping begins
  std::size_t stride;  // from slot to slot
  std::size_t tail;    // of the canary behind the secret

  // As many as fit into a mapping that has room for one.
  [[nodiscard]] constexpr std::size_t count_in(std::size_t bytes) const noexcept {
    return (bytes - (first + size + tail)) / stride + 1;
  }
};

constexpr SlotLayout slots_of(std::size_t size, std::size_t alignment) noexcept {
  return {size, alignment, round_up(size + 2 * kCanarySize, alignment), kCanarySize};
}

// For shared secrets, seeds, what is between, precomputed decapsulation keys of ML-KEM-768 (or 512)
// and 1024, which are read with vectors, and an expanded one of ML-KEM-768.
inline constexpr SlotLayout kSlotSizes[] = {slots_of(32, 16),   slots_of(64, 16),
                                            slots_of(256, 16),  slots_of(1600, 64),
                                            slots_of(2112, 64), slots_of(2400, 16)};
inline constexpr std::size_t kSlotSizeCount = std::size(kSlotSizes);
inline constexpr std::size_t kLargestSlot = kSlotSizes[kSlotSizeCount - 1].size;
static_assert(kSlotSizes[0].stride == 64, "a cache line each");

// Which of them has room for so many bytes, at most kLargestSlot.
constexpr std::size_t kind_of_slot(std::size_t size) noexcept {
  std::size_t kind = 0;
  while (kSlotSizes[kind].size < size) ++kind;
  return kind;
}

struct Arena;
struct Chunk;

// Which slots are free is known outside of them: no stray write into a slot can redirect an
// allocation. A block fills a cache line, so threads with a block each do not meet.
struct alignas(64) Block {
  static constexpr std::uint32_t kSlots = 32;

  // That of the copy of the library which this block is of. First in all versions: in a process
  // with two copies, a slot of one may end in the other one's code.
  void (*release)(Block& block, std::uint32_t index) noexcept = nullptr;
  std::atomic<std::uint64_t> free{0};    // a bit a slot
  std::atomic<std::uint64_t> purged{0};  // a bit a slot: wiped while it was in use
  std::atomic<Block*> next{nullptr};     // of this size
  Arena* arena = nullptr;
  Chunk* chunk = nullptr;
  std::uint8_t* first = nullptr;
  std::uint64_t all = 0;  // a bit for each slot that there is
};

// A mapping and its blocks. Kept, with them, on the ordinary heap.
struct Chunk {
  Mapping mapping;
  SlotLayout layout;
  Fork fork;
  bool single;  // one secret on pages of its own
  bool frozen;  // these are read-only; changed by the holder of the arena's mutex
  bool lost;    // a copy that this process could not lock, and wiped
  Block* blocks;
  std::size_t block_count;
  Chunk* next = nullptr;
  Chunk* previous = nullptr;
};

static_assert(sizeof(Block) == 64 && offsetof(Block, release) == 0);

constexpr std::uint64_t bit_of(std::uint32_t index) noexcept { return std::uint64_t{1} << index; }

[[nodiscard]] inline std::uint8_t* slot(const Block& block, std::uint32_t index) noexcept {
  return block.first + index * block.chunk->layout.stride;
}

// Describes a mapping, and writes its canaries. All slots are free. Null if there is no memory; the
// mapping stays the caller's.
[[nodiscard]] Chunk* make_chunk(Arena& arena, const Mapping& mapping, const SlotLayout& layout,
                                Fork fork, bool single) noexcept;
// The mapping stays the caller's.
void destroy_chunk(Chunk* chunk) noexcept;

// Whether nobody wrote before or behind the slot. Constant-time.
[[nodiscard]] bool is_whole(const Block& block, std::uint32_t index) noexcept;

}  // namespace latchkey::memory
