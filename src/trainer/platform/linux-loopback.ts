import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { lastErrorName, type NativeLibrary } from '../../child/ffi.js'

const socketLevel = 1 // SOL_SOCKET
const attachFilter = 26 // SO_ATTACH_FILTER
const listening = '0A' // TCP_LISTEN, as /proc has it

/** Offsets from here on are into the packet's IP header (SKF_NET_OFF). */
const ipHeader = 0xfff0_0000

/** What a classic BPF filter is made of: `man 7 socket`, linux/filter.h. */
const load = 0x30 // BPF_LD | BPF_B | BPF_ABS
const and = 0x54 // BPF_ALU | BPF_AND | BPF_K
const jumpIfEqual = 0x15 // BPF_JMP | BPF_JEQ | BPF_K
const answer = 0x06 // BPF_RET | BPF_K

/** Lets packets of IPv4 in whose sender is 127.x.x.x, as no packet from a network is; drops all others. */
const fromLoopback: readonly [code: number, ifTrue: number, ifFalse: number, value: number][] = [
  [load, 0, 0, ipHeader],
  [and, 0, 0, 0xf0],
  [jumpIfEqual, 0, 3, 0x40],
  [load, 0, 0, ipHeader + 12],
  [jumpIfEqual, 0, 1, 127],
  [answer, 0, 0, 0xffff_ffff],
  [answer, 0, 0, 0],
]

const instructionBytes = 8
/** `struct sock_fprog`: a count, padding, and the address of the instructions. */
const programBytes = 16

type SetSocketOption = (
  socket: number,
  level: number,
  option: number,
  value: Uint8Array,
  byteLength: number,
) => number

/** `keepToThisMachine` by a filter on the socket, which needs no rights, and which connections inherit. */
export function createLinuxLoopback(libc: NativeLibrary): (port: number) => string | null {
  const malloc = libc.func('void *malloc(size_t length)') as (byteLength: number) => bigint
  const free = libc.func('void free(void *address)') as (address: bigint) => void
  const memcpy = libc.func('void memcpy(void *target, const uint8_t *source, size_t length)')
  const setOption = libc.func(
    'int setsockopt(int socket, int level, int option, const uint8_t *value, uint32_t length)',
  ) as SetSocketOption

  return (port) => {
    const sockets = listeningSockets(port)
    if (sockets.length === 0) return `nothing of this process listens on port ${port}`
    const instructions = encodeInstructions()
    const address = malloc(instructions.byteLength)
    try {
      memcpy(address, instructions, instructions.byteLength)
      const program = encodeProgram(address)
      const isFiltered = sockets.every(
        (socket) => setOption(socket, socketLevel, attachFilter, program, programBytes) === 0,
      )
      return isFiltered ? null : `setsockopt failed: ${lastErrorName()}`
    } finally {
      free(address)
    }
  }
}

function encodeInstructions(): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(fromLoopback.length * instructionBytes))
  for (const [index, [code, ifTrue, ifFalse, value]] of fromLoopback.entries()) {
    const at = index * instructionBytes
    bytes.setUint16(at, code, true)
    bytes.setUint8(at + 2, ifTrue)
    bytes.setUint8(at + 3, ifFalse)
    bytes.setUint32(at + 4, value, true)
  }
  return new Uint8Array(bytes.buffer)
}

function encodeProgram(instructions: bigint): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(programBytes))
  bytes.setUint16(0, fromLoopback.length, true)
  bytes.setBigUint64(8, instructions, true)
  return new Uint8Array(bytes.buffer)
}

/** Descriptors of this process that listen on a TCP port, at any address. */
function listeningSockets(port: number): number[] {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)))
  return readdirSync('/proc/self/fd').flatMap((name) => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/self/fd/${name}`)) ?? []
    return inode !== undefined && inodes.has(inode) ? [Number(name)] : []
  })
}

function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = readTable(`/proc/self/net/${table}`).split('\n').slice(1)
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return local.endsWith(suffix) && state === listening ? [inode] : []
  })
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Without IPv6 there is no table of it.
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Closed since the folder was read.
    return ''
  }
}
