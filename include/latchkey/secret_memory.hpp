// Memory for secrets: locked, so that it is never swapped out; hidden from core dumps, forked
// children and, where the kernel has memfd_secret(2), from everybody else; between guard pages and
// canaries; and wiped.
//
//   auto key = latchkey::LockedBuffer::take(password);     // and `password` is zeroed
//   if (!key) return fail(latchkey::describe(key.error()));
//   auto done = key->read([&](std::span<const std::uint8_t> bytes) { mac.update(bytes); });
//
// Latchkey's own keys and shared secrets live there too. An operation on a secret that is gone says
// why: Error::moved_from, purged (by purge()) or inherited (a child of fork() has no secrets of its
// parent, and may make new ones). Small secrets share pages that stay with the process. What an
// unprivileged process may lock is limited by RLIMIT_MEMLOCK; its soft limit is raised to the hard
// one when it is met for the first time. munlockall(2) would unlock secrets behind Latchkey's back.
//
// fork() waits until no other thread is mapping pages for secrets (pthread_atfork). The handlers
// for that are registered with the first secret. A program that has handlers of its own, which lock
// a mutex under which it also uses this library, has to make one secret before it registers them:
// otherwise fork() locks in another order than the program, and may deadlock. A raw clone(2)
// and _Fork(3) do not wait: if the child is made just then, it may see secrets that its parent
// writes later. At exit(3), after the destructors of all static objects, every secret is wiped;
// other threads then get Error::purged. When a plugin with a static copy of the library is
// unloaded, its secrets are wiped and its memory is released. Destroy all objects of that copy
// before, since they must not be used afterwards.
//
// Whoever writes beside a secret may as well read there: when a secret is freed and the canaries
// round it are not whole, every secret of the process is wiped and the process aborts.
//
// All functions may run in many threads at once. One buffer may be read by many threads, and
// changed by one that has it for itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "latchkey/export.h"
#include "latchkey/result.hpp"
#include "latchkey/secret_slot.hpp"

LATCHKEY_API_BEGIN

namespace latchkey {

// What to do if the system refuses to lock memory for secrets (mlock), or to keep it out of core
// dumps and children (madvise); and whether to use memfd_secret(2).
//
// Under best_effort, memory that the system does not lock may be swapped out. If the system refuses
// madvise(2), the memory is in core dumps, and a child of fork() has a copy of it, although the
// library does not let the child use it.
//
// Under no_memfd_secret, secrets are in ordinary locked memory, which root can read. Use it in
// sandboxes that end a process for this system call, and on systems that hibernate: the kernel
// refuses hibernation while memory of memfd_secret(2) exists. Set it before the first secret, since
// secrets that exist are not moved.
enum class Policy : std::uint8_t {
  require = 0,          // the default: an error then, memory_not_locked or memory_not_protected
  best_effort = 1,      // use ordinary memory then: is_locked() of the secret is false
  protection_keys = 2,  // may be added by |: see set_memory_policy()
  no_memfd_secret = 4,  // may be added by |: never call memfd_secret(2)
};
// Both policies together.
constexpr Policy operator|(Policy a, Policy b) noexcept {
  return static_cast<Policy>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

// From now on. With protection_keys, where CPU and kernel have them (pkeys(7)), secrets can be
// neither read nor written but inside Latchkey's own calls and where an OpenSecrets is: a stray
// pointer faults. They stay on once they are on; turn them on while no other thread is in a call.
// Where there are none, has_protection_keys() says so.
// Errors: memory_not_protected, if secrets that exist already cannot be put under the key;
// unknown_value, and no change, for a value that Policy does not have.
[[nodiscard]] Result<void> set_memory_policy(Policy policy) noexcept;

// Whether protection keys are in force.
[[nodiscard]] bool has_protection_keys() noexcept;

// With protection keys, lets this thread read secrets, or write them too, while it lives: needed
// around uses of what SharedSecret::expose() returns. Without them it does nothing. One within
// another adds rights and takes none away. Other threads and signal handlers stay closed out; a
// thread that is started meanwhile starts with the rights of its creator.
class OpenSecrets {
 public:
  // What is let: writing is reading, too.
  enum class Rights : std::uint8_t { read, write };

  // From here to the end of the scope.
  explicit OpenSecrets(Rights rights = Rights::read) noexcept;
  ~OpenSecrets();
  OpenSecrets(const OpenSecrets&) = delete;
  OpenSecrets& operator=(const OpenSecrets&) = delete;
  // Where it was made is where it ends.
  static void* operator new(std::size_t) = delete;

 private:
  std::uint32_t before_;
};

// Wipes every secret of this copy of the library in the process: keys, shared secrets, buffers.
// Their objects remain and say Error::purged. An operation that is under way in another thread says
// so too. Not for signal handlers: it waits for a mutex. Have the handler wake a thread.
void purge() noexcept;

// Keeps this process out of core dumps (RLIMIT_CORE) and away from debuggers of the same user
// (PR_SET_DUMPABLE). The library never does so by itself. Error: not_hardened.
[[nodiscard]] Result<void> harden_process() noexcept;

namespace internal {

// Types that a function which is given the bytes of a secret must not return: views of the bytes
// would outlive the call.
template <class T>
inline constexpr bool kPointsToBytes = std::is_reference_v<T> || std::is_same_v<T, std::uint8_t*> ||
                                       std::is_same_v<T, const std::uint8_t*>;
template <class T, std::size_t n>
inline constexpr bool kPointsToBytes<std::span<T, n>> = true;

}  // namespace internal

// Bytes of any number in memory for secrets. Those of more than 2400 have pages of their own, and
// end at the guard page.
class LockedBuffer {
 public:
  // `size` zeros. Errors: no_memory, memory_not_locked, memory_not_protected, no_entropy.
  [[nodiscard]] static Result<LockedBuffer> create(std::size_t size) noexcept;
  // A copy. Errors: those of create().
  [[nodiscard]] static Result<LockedBuffer> copy_of(std::span<const std::uint8_t> bytes) noexcept;
  // A copy, and zeroes the source, also on error. Errors: those of create().
  [[nodiscard]] static Result<LockedBuffer> take(std::span<std::uint8_t> bytes) noexcept;
  // Random bytes of the operating system. Errors: those of create().
  [[nodiscard]] static Result<LockedBuffer> random(std::size_t size) noexcept;

  // Zeros on pages of which each child of fork() gets a copy of its own. It is how a secret is
  // handed to a child on purpose: write it here, and fork; in the child this object works as it
  // does here. For a key that is its seed: export_seed() here, from_seed() there. What one process
  // does with its buffer, also to end, changes nothing in another one.
  //
  // In the child fork() locks the pages again, before it returns. If the system refuses that, the
  // child's copy is wiped at once, and its use is memory_not_locked; under Policy::best_effort it
  // works, and is_locked() is false. A child of clone(2) or _Fork(3) does the same when it uses the
  // first such buffer. The pages are not of memfd_secret(2), which can only share them: root can
  // read them. Each buffer takes a page, at least. purge() and exit(3) in the child wipe its copy;
  // exec(2) leaves it to the kernel, unwiped, unless the buffer is frozen since before the fork:
  // then there is one page for both until one of them writes. posix_spawn(3) and vfork(2) make no
  // copy. Errors: those of create().
  [[nodiscard]] static Result<LockedBuffer> inheritable(std::size_t size) noexcept;
  // A copy that is hidden from children, in this process or in a child. Errors: those of create();
  // those of read(); inherited, if the buffer is not an inheritable one.
  [[nodiscard]] Result<LockedBuffer> adopt() const noexcept;

  // Empty, as if moved away.
  LockedBuffer() noexcept = default;
  // Moving leaves the other one empty.
  LockedBuffer(LockedBuffer&& other) noexcept;
  LockedBuffer& operator=(LockedBuffer&& other) noexcept;

  // Calls f(std::span<const std::uint8_t>), and returns what it returns: a Result as it is,
  // anything else in one. The span may not be used afterwards, so f cannot return one. If purge()
  // wipes the bytes meanwhile, what f returns is dropped. Errors: moved_from, inherited, purged;
  // memory_not_locked, in a child (see inheritable()).
  template <class F>
  auto read(F&& f) const {
    const OpenSecrets open(OpenSecrets::Rights::read);
    return call(std::forward<F>(f), expose());
  }
  // The same with std::span<std::uint8_t>. What f wrote behind a purge() is wiped, too. Errors:
  // those of read(), and frozen.
  template <class F>
  auto write(F&& f) {
    const OpenSecrets open(OpenSecrets::Rights::write);
    return call(std::forward<F>(f), expose_for_writing());
  }

  // No writing until thaw(). Where the buffer has pages of its own, by mprotect(2): then writing
  // faults. Elsewhere write() says Error::frozen, and a stray pointer faults only with protection
  // keys. Errors: moved_from, inherited, purged, memory_not_protected.
  [[nodiscard]] Result<void> freeze() noexcept;
  // Writing again. Errors: those of freeze().
  [[nodiscard]] Result<void> thaw() noexcept;
  // Whether it is. False if moved away.
  [[nodiscard]] bool is_frozen() const noexcept { return frozen_; }

  // Succeeds if both have the same bytes: `if (a.equals(b))`. Constant-time in the contents; the
  // sizes are public. Errors: not_equal; moved_from, inherited, purged.
  [[nodiscard]] Result<void> equals(const LockedBuffer& other) const noexcept;
  [[nodiscard]] Result<void> equals(std::span<const std::uint8_t> bytes) const noexcept;

  // Zeroes the bytes. Errors: moved_from, inherited, purged, frozen.
  [[nodiscard]] Result<void> wipe() noexcept;

  // In bytes. 0 if moved away.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // False only under Policy::best_effort, if empty, or where a child has no copy.
  [[nodiscard]] bool is_locked() const noexcept;

 private:
  [[nodiscard]] static Result<LockedBuffer> create_with(std::size_t size, bool inherit) noexcept;
  [[nodiscard]] Result<std::span<const std::uint8_t>> expose() const noexcept;
  [[nodiscard]] Result<std::span<std::uint8_t>> expose_for_writing() noexcept;
  [[nodiscard]] Result<void> set_frozen(bool frozen) noexcept;

  [[nodiscard]] static Result<void> check_after_use(const internal::SecretSlot& slot,
                                                    std::span<const std::uint8_t> read) noexcept;
  [[nodiscard]] static Result<void> check_after_use(const internal::SecretSlot& slot,
                                                    std::span<std::uint8_t> written) noexcept;

  template <class T>
  struct InResult {
    static_assert(!internal::kPointsToBytes<T>,
                  "The bytes may not be used after read() or write(): copy what has to last.");
    using type = Result<T>;
  };
  template <class T>
  struct InResult<Result<T>> : InResult<T> {};

  // If purge() wiped the buffer while f ran, the bytes that f wrote are wiped, also if f throws.
  template <class Bytes>
  struct Use {
    const internal::SecretSlot& slot;
    const Bytes& bytes;
    bool ended = false;

    Result<void> end() noexcept {
      ended = true;
      return check_after_use(slot, bytes);
    }
    ~Use() {
      if (!ended) static_cast<void>(check_after_use(slot, bytes));
    }
  };

  template <class F, class Bytes>
  auto call(F&& f, const Result<Bytes>& bytes) const ->
      typename InResult<std::invoke_result_t<F, Bytes>>::type {
    if (!bytes) return bytes.error();
    Use<Bytes> use{slot_, *bytes};
    if constexpr (std::is_void_v<std::invoke_result_t<F, Bytes>>) {
      std::forward<F>(f)(*bytes);
      return use.end();
    } else {
      auto made = std::forward<F>(f)(*bytes);
      if (const auto still = use.end(); !still) return still.error();
      return made;
    }
  }

  internal::SecretSlot slot_;
  std::size_t size_ = 0;
  bool frozen_ = false;
};

}  // namespace latchkey

LATCHKEY_API_END
