import { afterEach, describe, expect, it } from 'vitest'
import { linkText, slowestLinkBytesPerSecond } from '../../shared/machine/link.js'
import { madeUpSystem } from '../conditions/system-folders.fixture.js'
import { readLink } from './read-link.js'

const removals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

/** @param files below /sys/class/net */
async function linkWith(files: Record<string, string>, name = 'eth0') {
  const entries = Object.entries(files).map(([path, text]) => [`sys/class/net/${path}`, text])
  const system = await madeUpSystem(Object.fromEntries(entries))
  removals.push(system.remove)
  return await readLink(name, system)
}

const card = { 'eth0/type': '1', 'eth0/device/vendor': '0x15b3' }

describe('the link of a network interface', () => {
  it('has the speed that its driver says', async () => {
    const link = await linkWith({ ...card, 'eth0/speed': '25000' })
    expect(link).toEqual({ interfaceName: 'eth0', bitsPerSecond: 25e9, note: null })
    expect(linkText(link)).toBe('eth0, 25 Gbit/s')
  })

  it.each(['-1', '4294967295', '', '0', 'fast'])('is not known where the driver says %j', async (speed) => {
    expect(await linkWith({ ...card, 'eth0/speed': speed })).toMatchObject({ bitsPerSecond: null })
  })

  it('is not known of what is virtual: a veth says 10 Gbit/s whatever it lies on', async () => {
    const link = await linkWith({ 'eth0/type': '1', 'eth0/speed': '10000' })
    expect(link.bitsPerSecond).toBeNull()
    expect(linkText(link)).toBe('eth0, speed not known (virtual)')
  })

  it('is that of what a VLAN lies on, and of a bond all its cards together', async () => {
    const files = { ...card, 'eth0/speed': '1000', 'vlan7/lower_eth0': '', 'vlan7/speed': '10000' }
    expect(await linkWith(files, 'vlan7')).toMatchObject({ bitsPerSecond: 1e9 })
    const bond = { 'bond0/lower_eth0': '', 'bond0/lower_eth1': '', 'bond0/speed': '50000' }
    expect(await linkWith(bond, 'bond0')).toMatchObject({ bitsPerSecond: 50e9 })
  })

  it('does not go round in circles', async () => {
    const files = { 'a/lower_b': '', 'b/lower_a': '' }
    expect(await linkWith(files, 'a')).toMatchObject({ bitsPerSecond: null })
  })

  // What `cat /sys/class/infiniband/mlx5_0/ports/1/rate` says on machines with these cards.
  it.each([
    ['100 Gb/sec (4X EDR)', 100e9, 'InfiniBand, 4X EDR'],
    ['56 Gb/sec (4X FDR)', 56e9, 'InfiniBand, 4X FDR'],
    ['400 Gb/sec (4X NDR)', 400e9, 'InfiniBand, 4X NDR'],
    ['2.5 Gb/sec (1X SDR)', 2.5e9, 'InfiniBand, 1X SDR'],
  ])('is InfiniBand’s rate: %s', async (rate, bitsPerSecond, note) => {
    const port = 'ib1/device/infiniband/mlx5_0/ports'
    const files = {
      'ib1/type': '32',
      'ib1/dev_port': '1',
      [`${port}/1/rate`]: '10 Gb/sec (4X)',
      [`${port}/2/rate`]: rate,
    }
    expect(await linkWith(files, 'ib1')).toEqual({ interfaceName: 'ib1', bitsPerSecond, note })
  })

  it('over Ethernet of a card that knows RDMA is that of Ethernet', async () => {
    const files = {
      ...card,
      'eth0/speed': '100000',
      'eth0/device/infiniband/mlx5_0/ports/1/rate': '100 Gb/sec (4X EDR)',
    }
    expect(await linkWith(files)).toEqual({ interfaceName: 'eth0', bitsPerSecond: 100e9, note: null })
  })

  it('is not known of an interface that is not there, or of a name that is a path', async () => {
    expect((await linkWith(card, 'eth9')).bitsPerSecond).toBeNull()
    expect((await linkWith({ ...card, 'eth0/speed': '1000' }, '../net/eth0')).bitsPerSecond).toBeNull()
  })

  it('of several machines counts as the slowest, where all are known', () => {
    const link = (bitsPerSecond: number | null) => ({ interfaceName: 'eth0', bitsPerSecond, note: null })
    expect(slowestLinkBytesPerSecond([link(25e9), link(10e9)])).toBe(1.25e9)
    expect(slowestLinkBytesPerSecond([link(25e9), link(null)])).toBeNull()
    expect(slowestLinkBytesPerSecond([])).toBeNull()
  })
})
