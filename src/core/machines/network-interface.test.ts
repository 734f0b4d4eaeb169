import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { ownAddressTowards } from './network-interface.js'

const loopback = Object.entries(networkInterfaces()).find(([, addresses]) =>
  addresses?.some(({ address }) => address === '127.0.0.1'),
)?.[0]

describe('the way to another machine', () => {
  it('is the interface that has the address, where it is one of this machine', async () => {
    expect(await ownAddressTowards('127.0.0.1', null)).toEqual({
      address: '127.0.0.1',
      interfaceName: loopback,
    })
  })

  it('is by the system’s route for any other address', async () => {
    // All of 127/8 is this machine’s, and only its first address stands at the interface.
    expect(await ownAddressTowards('127.1.2.3', null)).toMatchObject({ interfaceName: loopback })
  })

  it('is the interface that was named', async () => {
    expect(await ownAddressTowards('127.0.0.1', loopback ?? '')).toMatchObject({ interfaceName: loopback })
    await expect(ownAddressTowards('127.0.0.1', 'no-such0')).rejects.toMatchObject({
      code: 'interface-unknown',
      message: expect.stringContaining('--interface no-such0') as string,
    })
  })

  it('is not known for a name that nobody has', async () => {
    await expect(ownAddressTowards('no-such-host.invalid', null)).rejects.toMatchObject({
      code: 'interface-unknown',
    })
  })
})
