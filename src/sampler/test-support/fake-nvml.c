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
#include <stdint.h>
#include <stdio.h>
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

enum { SUCCESS = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7, DRIVER_NOT_LOADED = 9 };

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

int nvmlDeviceGetUtilizationRates(Device device, Utilisation *rates) {
  device->asked++;
#ifdef HANGS_AFTER
  if (device->index == 0 && device->asked > HANGS_AFTER) pause();
#endif
  *rates = (Utilisation){75 + device->index, 40};
  return answer(device, SUCCESS);
}
int nvmlDeviceGetMemoryInfo(Device device, Memory *memory) {
  *memory = (Memory){80ull << 30, 50ull << 30, 30ull << 30};
  return answer(device, SUCCESS);
}
int nvmlDeviceGetPowerUsage(Device device, unsigned int *milliwatts) {
  *milliwatts = 312500;
  return answer(device, SUPPORTED);
}
int nvmlDeviceGetEnforcedPowerLimit(Device device, unsigned int *milliwatts) {
  *milliwatts = 700000;
  return answer(device, SUPPORTED);
}
int nvmlDeviceGetTemperature(Device device, int sensor, unsigned int *celsius) {
  if (sensor != 0) return INVALID_ARGUMENT;
  *celsius = 64;
  return answer(device, SUCCESS);
}
int nvmlDeviceGetClockInfo(Device device, int clock, unsigned int *megahertz) {
  if (clock != 1 && clock != 2) return INVALID_ARGUMENT;
  *megahertz = clock == 1 ? 1755 : 2619;
  return answer(device, SUPPORTED);
}

#ifdef OLD_DRIVER
#define nvmlDeviceGetCurrentClocksEventReasons nvmlDeviceGetCurrentClocksThrottleReasons
#define nvmlDeviceGetComputeRunningProcesses_v3 nvmlDeviceGetComputeRunningProcesses_v2
#endif

int nvmlDeviceGetCurrentClocksEventReasons(Device device, unsigned long long *reasons) {
  *reasons = device->index == 0 ? 0x24 : 0x1;
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
#endif
