// Executes one instruction: `instruction popcnt|bmi1|bmi2|avx|avx2|adx`. A control for emulated
// CPUs.

#include <cstring>

int main(int argc, char** argv) {
  const char* set = argc == 2 ? argv[1] : "";
  if (std::strcmp(set, "popcnt") == 0) {
    asm volatile("popcnt %%rax, %%rax" ::: "rax", "cc");
  } else if (std::strcmp(set, "bmi1") == 0) {
    asm volatile("andn %%rax, %%rax, %%rax" ::: "rax", "cc");
  } else if (std::strcmp(set, "bmi2") == 0) {
    asm volatile("rorx $1, %%rax, %%rax" ::: "rax");
  } else if (std::strcmp(set, "avx") == 0) {
    asm volatile("vpxor %%xmm0, %%xmm0, %%xmm0" ::: "xmm0");
  } else if (std::strcmp(set, "avx2") == 0) {
    asm volatile("vpxor %%ymm0, %%ymm0, %%ymm0" ::: "xmm0");
  } else if (std::strcmp(set, "adx") == 0) {
    asm volatile("adcx %%rax, %%rax" ::: "rax", "cc");
  } else {
    return 2;
  }
}
