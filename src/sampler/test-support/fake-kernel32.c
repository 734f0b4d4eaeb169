// What the sampler asks of Windows, for one process of number 4242 and one, 4243, that has ended.
#include <stdint.h>
#include <string.h>

typedef struct { uint32_t low, high; } FileTime;

typedef struct {
  uint32_t size, page_faults;
  uint64_t peak_working_set, working_set, others[6];
} MemoryCounters;

static int open_handles = 0;
static int running, ended;

void *OpenProcess(uint32_t access, int inherit, uint32_t pid) {
  if (access != 0x1000 || inherit || (pid != 4242 && pid != 4243)) return 0;
  open_handles++;
  return pid == 4242 ? &running : &ended;
}

int CloseHandle(void *handle) {
  open_handles--;
  return 1;
}

int GetProcessTimes(void *process, FileTime *created, FileTime *exited, FileTime *kernel, FileTime *user) {
  *created = (FileTime){7, 1};
  *exited = (FileTime){process == &ended ? 9 : 0, 0};
  *kernel = (FileTime){5000000, 0};
  *user = (FileTime){0, 1}; // 2^32 units of 100 ns
  return 1;
}

int K32GetProcessMemoryInfo(void *process, MemoryCounters *counters, uint32_t size) {
  if (size != sizeof(MemoryCounters)) return 0;
  memset(counters, 0, size);
  counters->working_set = 6ull << 30;
  return 1;
}

int fake_open_handles(void) { return open_handles; }
