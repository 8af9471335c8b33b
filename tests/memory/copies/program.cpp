// A process with several copies of the library: program FUNCTION PLUGIN... calls that function of
// its own copy, if it is compiled with one, and of each plugin, and prints what each returns.
#include <dlfcn.h>

#include <cstdio>
#include <cstring>

#ifdef WITH_COPY
extern "C" int plugin_unwiped();
extern "C" int plugin_buffers();
#endif

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  int (*functions[16])();
  int count = 0;
#ifdef WITH_COPY
  functions[count++] = std::strcmp(argv[1], "buffers") == 0 ? plugin_buffers : plugin_unwiped;
#endif
  char name[64];
  std::snprintf(name, sizeof name, "plugin_%s", argv[1]);
  for (int i = 2; i < argc && count < 16; ++i) {
    void* const object = dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL);
    void* const found = object != nullptr ? dlsym(object, name) : nullptr;
    if (found == nullptr) {
      std::printf("%s\n", dlerror());
      return 1;
    }
    std::memcpy(&functions[count++], &found, sizeof found);
  }
  for (int i = 0; i < count; ++i) std::printf("%d\n", functions[i]());
  return 0;
}
