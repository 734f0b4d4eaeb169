import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownerOfTemporary } from '../../src/core/leftovers/temporary-name.js'
import {
  childrenOf,
  eventually,
  sharedMemoryFilesOf,
  startTandem,
  stillRunning,
  type TandemProcess,
} from '../tandem-process.js'
import { describeWithPyTorch, testPython } from './pytorch.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-host-killed-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function startDdp(...more: string[]): TandemProcess {
  const data = ['--dataset', 'sample', '--stem', 'torchvision', '--per-gpu-batch-size', '16']
  const parameters = [
    'ddp',
    '--backend',
    'pytorch',
    '--python',
    testPython,
    '--devices',
    'cpu:2',
    ...data,
    ...more,
  ]
  const temporary = { TMPDIR: folder, TANDEM_DATA_DIR: join(folder, 'data') }
  return startTandem([...parameters, '--output-file', join(folder, 'results.json')], temporary)
}

const ranksOf = ({ pid }: TandemProcess): number[] => childrenOf(pid, 'pytorch/train.py')

/** The socket folders of a host. */
const socketsOf = (pid: number): string[] =>
  readdirSync(folder).filter((name) => ownerOfTemporary(name)?.pid === pid)

/** Where a process listens, as /proc has it: address and port in hexadecimal. */
function listeningAddresses(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, address = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
        const isListening = protocol.startsWith('udp') || state === '0A'
        return isListening && inodes.has(inode) ? [address] : []
      }),
  )
}

/** 127.0.0.1, in IPv6 as well; ::1. */
const loopback = /^(0100007F|0000000000000000FFFF00000100007F|00000000000000000000000001000000):/

describeWithPyTorch('DDP of PyTorch’s by the command line', () => {
  it('listens on the loopback alone, and no rank outlives a host that is killed', async () => {
    const tandem = startDdp('--epochs', '1000')
    await tandem.printed(/Epoch\s+1/i)
    const ranks = ranksOf(tandem)
    expect(ranks).toHaveLength(2)
    const addresses = ranks.flatMap(listeningAddresses)
    expect(addresses.length).toBeGreaterThan(0)
    expect(addresses.filter((address) => !loopback.test(address))).toEqual([])

    process.kill(tandem.pid, 'SIGKILL')
    await eventually('no rank is left', 20_000, () => stillRunning(ranks).length === 0)
    // What they met in stays until the next start.
    expect(sharedMemoryFilesOf(tandem.pid)).toHaveLength(1)
    const next = startDdp('--epochs', '1', '--max-steps-per-epoch', '2')
    expect(await next.ended()).toBe(0)
    expect(sharedMemoryFilesOf(tandem.pid)).toEqual([])
  })

  it('killed before its ranks are in, leaves folders that the next start removes', async () => {
    const tandem = startDdp()
    await eventually('ranks are started', 300_000, () => ranksOf(tandem).length === 2)
    process.kill(tandem.pid, 'SIGKILL')
    await eventually('no rank is left', 20_000, () => ranksOf(tandem).length === 0)
    expect(socketsOf(tandem.pid).length).toBeGreaterThan(0)
    const next = startDdp('--epochs', '1', '--max-steps-per-epoch', '2')
    expect(await next.ended()).toBe(0)
    expect(socketsOf(tandem.pid)).toEqual([])
    expect(existsSync(join(folder, 'results.json'))).toBe(true)
  })
})
