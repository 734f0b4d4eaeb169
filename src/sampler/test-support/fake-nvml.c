// NVML as its API reference describes it, for two made-up GPUs. How it misbehaves is decided when it is compiled:
//   INIT_STATUS       what nvmlInit_v2 returns
//   HANDLE_STATUS     what asking for GPU 1 returns
//   HANGS_AFTER       asking for GPU 0's utilisation hangs after so many times
//   VANISHES_AFTER    GPU 1 answers everything with VANISH_STATUS after so many times
//   SUPPORTS_LITTLE   power, clocks and processes are not supported
//   OLD_DRIVER        the newest functions have their older names
//   BARE              nothing but what finds GPUs
//   EMPTY             nothing at all
//   PROCESSES         so many compute on GPU 0
//   SENTINELS         every figure has all its bits set, which is how drivers say nothing
//   MEMORY_STATUS     what asking for GPU 1's memory returns
//   MIG               GPU 1 is also the instance MIG-00011111
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef INIT_STATUS
#define INIT_STATUS 0
#endif
#ifndef HANDLE_STATUS
#define HANDLE_STATUS 0
#endif
#ifndef VANISH_STATUS
#define VANISH_STATUS 15
#endif
#ifndef PROCESSES
#define PROCESSES 1
#endif
#ifndef MEMORY_STATUS
#define MEMORY_STATUS 0
#endif

enum { SUCCESS = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, DRIVER_NOT_LOADED = 9 };

#ifdef SUPPORTS_LITTLE
#define SUPPORTED NOT_SUPPORTED
#else
#define SUPPORTED SUCCESS
#endif

typedef struct { unsigned int index, asked; } *Device;
typedef struct { unsigned int gpu, memory; } Utilisation;
typedef struct { unsigned long long total, free, used; } Memory;
typedef struct {
  unsigned int pid;
  unsigned long long used_memory;
  unsigned int gpu_instance, compute_instance;
} ProcessInfo;

#ifndef EMPTY
static unsigned int gpus[2][2] = {{0, 0}, {1, 0}};

const char *nvmlErrorString(int status) {
  return status == DRIVER_NOT_LOADED ? "Driver Not Loaded" : status == 15 ? "GPU is lost" : "Unknown Error";
}
int nvmlInit_v2(void) { return INIT_STATUS; }
int nvmlShutdown(void) { return SUCCESS; }
int nvmlDeviceGetCount_v2(unsigned int *count) {
  *count = 2;
  return SUCCESS;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned int index, Device *device) {
  if (index > 1) return INVALID_ARGUMENT;
  *device = (Device)gpus[index];
  return index == 1 ? HANDLE_STATUS : SUCCESS;
}
#ifdef MIG
int nvmlDeviceGetHandleByUUID(const char *uuid, Device *device) {
  if (strncmp(uuid, "MIG-00011111", 12) != 0) return NOT_FOUND;
  *device = (Device)gpus[1];
  return SUCCESS;
}
#endif
int nvmlDeviceGetUUID(Device device, char *text, unsigned int length) {
  snprintf(text, length, "GPU-%04u1111-2222-3333-4444-555555555555", device->index);
  return SUCCESS;
}
int nvmlDeviceGetName(Device device, char *text, unsigned int length) {
  snprintf(text, length, "NVIDIA Pretend %u", device->index);
  return SUCCESS;
}
#endif

#if !defined(BARE) && !defined(EMPTY)
static int answer(Device device, int status) {
#ifdef VANISHES_AFTER
  if (device->index == 1 && device->asked > VANISHES_AFTER) return VANISH_STATUS;
#endif
  return status;
}
#ifdef SENTINELS
#define FIGURE(value) ((void)(value), ~0u)
#define WIDE(value) ((void)(value), ~0ull)
#else
#define FIGURE(value) (value)
#define WIDE(value) (value)
#endif

int nvmlDeviceGetUtilizationRates(Device device, Utilisation *rates) {
  device->asked++;
#ifdef HANGS_AFTER
  if (device->index == 0 && device->asked > HANGS_AFTER) pause();
#endif
  *rates = (Utilisation){FIGURE(75 + device->index), 40};
  return answer(device, SUCCESS);
}
int nvmlDeviceGetMemoryInfo(Device device, Memory *memory) {
  *memory = (Memory){WIDE(80ull << 30), 50ull << 30, WIDE(30ull << 30)};
  return answer(device, device->index == 1 ? MEMORY_STATUS : SUCCESS);
}
int nvmlDeviceGetPowerUsage(Device device, unsigned int *milliwatts) {
  *milliwatts = FIGURE(312500);
  return answer(device, SUPPORTED);
}
int nvmlDeviceGetEnforcedPowerLimit(Device device, unsigned int *milliwatts) {
  *milliwatts = FIGURE(700000);
  return answer(device, SUPPORTED);
}
int nvmlDeviceGetTemperature(Device device, int sensor, unsigned int *celsius) {
  if (sensor != 0) return INVALID_ARGUMENT;
  *celsius = FIGURE(64);
  return answer(device, SUCCESS);
}
int nvmlDeviceGetClockInfo(Device device, int clock, unsigned int *megahertz) {
  if (clock != 1 && clock != 2) return INVALID_ARGUMENT;
  *megahertz = FIGURE(clock == 1 ? 1755 : 2619);
  return answer(device, SUPPORTED);
}

#ifdef OLD_DRIVER
#define nvmlDeviceGetCurrentClocksEventReasons nvmlDeviceGetCurrentClocksThrottleReasons
#define nvmlDeviceGetComputeRunningProcesses_v3 nvmlDeviceGetComputeRunningProcesses_v2
#define nvmlDeviceGetGraphicsRunningProcesses_v3 nvmlDeviceGetGraphicsRunningProcesses_v2
#endif

int nvmlDeviceGetCurrentClocksEventReasons(Device device, unsigned long long *reasons) {
  *reasons = WIDE(device->index == 0 ? 0x24ull : 0x1ull);
  return answer(device, SUPPORTED);
}
int nvmlDeviceGetComputeRunningProcesses_v3(Device device, unsigned int *count, ProcessInfo *processes) {
  unsigned int room = *count, present = device->index == 0 ? PROCESSES : 0;
  *count = present;
  if (room < present) return INSUFFICIENT_SIZE;
  for (unsigned int i = 0; i < present; i++) {
    // The last one's memory is NVML_VALUE_NOT_AVAILABLE where there are several.
    processes[i] = (ProcessInfo){1000 + i, i > 0 && i == present - 1 ? ~0ull : (5ull << 30) + i, ~0u, ~0u};
  }
  return answer(device, SUPPORTED);
}
// What a desktop draws with: somebody else's process.
int nvmlDeviceGetGraphicsRunningProcesses_v3(Device device, unsigned int *count, ProcessInfo *processes) {
  if (*count < 1) return INSUFFICIENT_SIZE;
  *count = 1;
  processes[0] = (ProcessInfo){1, 5ull << 20, ~0u, ~0u};
  return answer(device, SUPPORTED);
}
#endif
