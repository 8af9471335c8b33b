#include "memory/entropy.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/wipe.hpp"

namespace latchkey::memory {
namespace {

// Calls read_some until `out` is full. An interrupted call is repeated, a short one continued. On
// failure errno says why.
template <class F>
bool fill(std::span<std::uint8_t> out, F read_some) noexcept {
  while (!out.empty()) {
    const ssize_t got = read_some(out.data(), out.size());
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EIO;  // no error of its own: the caller must not see an older one
    if (got <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

// A thread that is cancelled in here would leave the seeds of keys on its stack: no destructor runs
// in a library without exceptions. These are its only calls at which a thread can be.
class NotCancelled {
 public:
  NotCancelled() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~NotCancelled() { pthread_setcancelstate(before_, nullptr); }
  NotCancelled(const NotCancelled&) = delete;
  NotCancelled& operator=(const NotCancelled&) = delete;

 private:
  int before_ = PTHREAD_CANCEL_ENABLE;
};

// For kernels before 3.17 and sandboxes without the system call. /dev/urandom gives bytes before it
// is seeded; /dev/random becomes readable when it is, so wait for that first.
bool from_device(std::span<std::uint8_t> out) noexcept {
  const int random = open("/dev/random", O_RDONLY | O_CLOEXEC);
  if (random < 0) return false;
  pollfd seeded = {random, POLLIN, 0};
  int ready;
  do {
    ready = poll(&seeded, 1, -1);
  } while (ready < 0 && errno == EINTR);
  close(random);
  if (ready != 1 || (seeded.revents & POLLIN) == 0) return false;

  const int urandom = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (urandom < 0) return false;
  const bool filled =
      fill(out, [=](void* to, std::size_t size) { return read(urandom, to, size); });
  close(urandom);
  return filled;
}

}  // namespace

bool random_bytes(std::span<std::uint8_t> out) noexcept {
  const NotCancelled whole;
  // Without flags the call blocks until the generator is seeded and never says EAGAIN; should a
  // filter say so all the same, it is an error like any other.
  bool filled = fill(out, [](void* to, std::size_t size) { return getrandom(to, size, 0); });
  if (!filled && errno == ENOSYS) filled = from_device(out);
  if (!filled) base::wipe(out.data(), out.size());
  return filled;
}

}  // namespace latchkey::memory
