#include "seal/refusals.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sys/types.h>

#include <cstdlib>

namespace {

bool refused() noexcept { return latchkey::test::is_due(latchkey::test::Trouble::refusal); }

}  // namespace

// A function that stands between, and fails with `refusal`.
#define LATCHKEY_REFUSABLE(type, name, parameters, arguments, refusal) \
  extern "C" type __real_##name parameters;                            \
  extern "C" type __wrap_##name parameters { return refused() ? refusal : __real_##name arguments; }

LATCHKEY_REFUSABLE(void*, malloc, (std::size_t size), (size), nullptr)
LATCHKEY_REFUSABLE(void*, realloc, (void* memory, std::size_t size), (memory, size), nullptr)
LATCHKEY_REFUSABLE(void*, aligned_alloc, (std::size_t alignment, std::size_t size),
                   (alignment, size), nullptr)
LATCHKEY_REFUSABLE(ssize_t, getrandom, (void* to, std::size_t size, unsigned flags),
                   (to, size, flags), 0)
LATCHKEY_REFUSABLE(int, EVP_CipherUpdate,
                   (EVP_CIPHER_CTX * context, unsigned char* out, int* written,
                    const unsigned char* in, int size),
                   (context, out, written, in, size), 0)
LATCHKEY_REFUSABLE(int, EVP_CIPHER_CTX_ctrl,
                   (EVP_CIPHER_CTX * context, int type, int number, void* pointer),
                   (context, type, number, pointer), 0)
LATCHKEY_REFUSABLE(int, EVP_MAC_final,
                   (EVP_MAC_CTX * context, unsigned char* out, std::size_t* size,
                    std::size_t out_size),
                   (context, out, size, out_size), 0)

namespace latchkey::test {
namespace {

// Before libcrypto allocates anything, or it takes no such functions any more.
const bool installed = CRYPTO_set_mem_functions(
                           [](std::size_t size, const char*, int) {
                             return is_due(Trouble::refusal) ? nullptr : std::malloc(size);
                           },
                           [](void* memory, std::size_t size, const char*, int) {
                             return is_due(Trouble::refusal) ? nullptr : std::realloc(memory, size);
                           },
                           [](void* memory, const char*, int) { std::free(memory); }) == 1;

}  // namespace

void forget_errors_of_libcrypto() { ERR_clear_error(); }

bool refusals_are_installed() { return installed; }

}  // namespace latchkey::test
