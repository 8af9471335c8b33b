/* Loads and unloads plugins with static copies of the library, for unload_test.py:
 *
 *   load cycles COUNT PLUGIN    loads, uses and unloads it so many times
 *   load protected COUNT PLUGIN the same with protection keys, of which a process has 15
 *   load many PLUGIN...         loads all, uses each, and unloads all
 *   load alive PLUGIN           unloads it while secrets live
 *   load fork PLUGIN            forks after it is gone
 *   load exit PLUGIN            exits while it is loaded
 *   load threads PLUGIN         exits while other threads use it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int work(void);
typedef int hold(int* unwiped, int* unmapped);

static void* load(const char* path) {
  void* object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (object != NULL) return object;
  printf("%s\n", dlerror());
  exit(1);
}

/* ISO C has no way from an object's address to a function. */
static void find(void* object, const char* name, void* to) {
  void* found = dlsym(object, name);
  if (found == NULL) exit(2);
  memcpy(to, &found, sizeof found);
}

static int call(void* object, const char* name) {
  work* function;
  find(object, name, &function);
  return function();
}

static void must(int done, const char* what) {
  if (done) return;
  printf("%s\n", what);
  exit(3);
}

/* Lines of /proc/self/maps, and KiB of locked memory. */
static void measure(long* mappings, long* locked) {
  char line[512];
  FILE* file = fopen("/proc/self/maps", "r");
  *mappings = *locked = 0;
  while (fgets(line, sizeof line, file) != NULL) ++*mappings;
  fclose(file);
  file = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, file) != NULL) sscanf(line, "VmLck: %ld", locked);
  fclose(file);
}

static void cycles(int count, const char* path, int protect) {
  long mappings[2], locked[2];
  int protected = 0;
  for (int i = 0; i < count; ++i) {
    void* plugin = load(path);
    if (protect) protected += call(plugin, "plugin_protect");
    must(call(plugin, "plugin_work") == 0, "a copy cannot work");
    must(dlclose(plugin) == 0, "dlclose");
    must(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == NULL, "the plugin is still loaded");
    if (i == 0) measure(&mappings[0], &locked[0]);
  }
  measure(&mappings[1], &locked[1]);
  if (protected != 0 && protected != count) printf("%d protected, ", protected);
  printf("%ld mappings and %ld KiB more\n", mappings[1] - mappings[0], locked[1] - locked[0]);
}

static void many(int count, char** paths) {
  void* plugins[64];
  for (int i = 0; i < count; ++i) plugins[i] = load(paths[i]);
  for (int i = 0; i < count; ++i) must(call(plugins[i], "plugin_work") == 0, "work");
  for (int i = 0; i < count; ++i) must(dlclose(plugins[i]) == 0, "dlclose");
  printf("%d copies\n", count);
}

static void alive(const char* path) {
  int unwiped = 0, unmapped = 0;
  hold* function;
  void* plugin = load(path);
  find(plugin, "plugin_hold", &function);
  must(function(&unwiped, &unmapped) == 0, "hold");
  must(dlclose(plugin) == 0, "dlclose");
  printf("%d unwiped bytes, %s unmapped\n", unwiped, unmapped >= 4 ? "all" : "not all");
}

static void fork_without(const char* path) {
  int status = 1;
  void* plugin = load(path);
  must(call(plugin, "plugin_work") == 0, "work");
  must(dlclose(plugin) == 0, "dlclose");
  const pid_t child = fork();
  if (child == 0) _exit(0);
  must(waitpid(child, &status, 0) == child && status == 0, "fork");
  puts("forked");
}

static void* forever(void* plugin) {
  work* function;
  find(plugin, "plugin_work", &function);
  for (;;) function();
  return NULL;
}

static void with_threads(const char* path) {
  void* plugin = load(path);
  for (int i = 0; i < 4; ++i) {
    pthread_t thread;
    must(pthread_create(&thread, NULL, forever, plugin) == 0, "thread");
  }
  usleep(20000);
  puts("exits");
}

int main(int argc, char** argv) {
  const char* task = argc > 2 ? argv[1] : "";
  if (strcmp(task, "cycles") == 0) cycles(atoi(argv[2]), argv[3], 0);
  if (strcmp(task, "protected") == 0) cycles(atoi(argv[2]), argv[3], 1);
  if (strcmp(task, "many") == 0) many(argc - 2, argv + 2);
  if (strcmp(task, "alive") == 0) alive(argv[2]);
  if (strcmp(task, "fork") == 0) fork_without(argv[2]);
  if (strcmp(task, "exit") == 0) must(call(load(argv[2]), "plugin_use_at_the_end") == 0, "hold");
  if (strcmp(task, "threads") == 0) with_threads(argv[2]);
  return 0;
}
