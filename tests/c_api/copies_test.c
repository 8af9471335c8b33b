/* Two shared objects, each linked with the static library, in one process: copies-test A B. Each
 * has secrets of its own, however they are loaded, and one can go while the other stays. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "copy.h"
#include "require.h"

struct copy {
  void* object;
  copy_key* (*make)(void);
  int (*use)(const copy_key*);
  void (*purge)(void);
  void (*free)(copy_key*);
};

/* ISO C has no way from an object's address to a function. */
static void find(void* object, const char* name, void* to) {
  void* found = dlsym(object, name);
  REQUIRE(found != NULL);
  memcpy(to, &found, sizeof found);
}

static struct copy load(const char* path, int scope) {
  struct copy copy;
  copy.object = dlopen(path, RTLD_NOW | scope);
  if (copy.object == NULL) printf("%s\n", dlerror());
  REQUIRE(copy.object != NULL);
  find(copy.object, "copy_make", &copy.make);
  find(copy.object, "copy_use", &copy.use);
  find(copy.object, "copy_purge", &copy.purge);
  find(copy.object, "copy_free", &copy.free);
  return copy;
}

static void test(const char* first, const char* second, int scope) {
  struct copy a = load(first, scope), b = load(second, scope);
  copy_key *key_of_a = a.make(), *key_of_b = b.make();
  int status = 0;
  REQUIRE(key_of_a != NULL && key_of_b != NULL);
  REQUIRE(a.use(key_of_a) == LATCHKEY_OK);
  REQUIRE(b.use(key_of_b) == LATCHKEY_OK);
  a.purge();
  REQUIRE(a.use(key_of_a) == LATCHKEY_E_PURGED);
  REQUIRE(b.use(key_of_b) == LATCHKEY_OK);
  a.free(key_of_a);
  REQUIRE(dlclose(a.object) == 0);
  REQUIRE(b.use(key_of_b) == LATCHKEY_OK);
  /* What the first one wanted to be told of forks went with it. */
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(b.use(key_of_b) == LATCHKEY_E_INHERITED ? 0 : 1);
  REQUIRE(waitpid(child, &status, 0) == child && status == 0);
  b.free(key_of_b);
  REQUIRE(dlclose(b.object) == 0);
}

int main(int argc, char** argv) {
  REQUIRE(argc == 3);
  test(argv[1], argv[2], RTLD_LOCAL);
  test(argv[1], argv[2], RTLD_GLOBAL);
  puts("two copies keep to themselves");
  return 0;
}
