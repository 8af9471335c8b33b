#include "memory/ending.hpp"

#include <atomic>
#include <cstdlib>

#include "memory/arena.hpp"
#include "memory/owned.hpp"
#include "memory/process.hpp"
#include "memory/protection.hpp"

namespace latchkey::memory {
namespace {

// exit(3) runs the handlers of atexit(3), and then the destructors of the objects in the process.
// dlclose(3) runs the destructors of one object, and among them, behind those without a priority,
// the object's own handlers of atexit(3). So whether such a handler ran before a destructor without
// a priority tells an exit from an unloading.
constinit std::atomic<bool> watching{false}, exiting{false};
constinit bool unloading = false;

void note_exit() noexcept { exiting.store(true, std::memory_order_relaxed); }

[[gnu::destructor]] void tell_exit_from_unloading() noexcept {
  if (watching.load(std::memory_order_relaxed) && !exiting.load(std::memory_order_relaxed)) {
    expect_unloading();
  }
}

// 101 is the last to run: static objects that hold secrets are gone by then.
[[gnu::destructor(101)]] void end() noexcept {
  purge();
  if (!unloading) return;
  visit_arenas(destroy_arena);
  forget_process();
  forget_protection_key();
}

}  // namespace

void expect_unloading() noexcept { unloading = true; }

void watch_for_exit() noexcept { watching.store(std::atexit(note_exit) == 0); }

}  // namespace latchkey::memory
