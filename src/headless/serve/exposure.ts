import { TandemError } from '../../shared/errors.js'
import { isLoopback } from './host-names.js'

/**
 * Throws `address-exposed` for an address that other machines reach, unless that was asked for in so many words.
 */
export function assertExposureIsMeant(host: string, allowRemote: boolean): void {
  if (isLoopback(host) || allowRemote) return
  throw new TandemError({
    code: 'address-exposed',
    message: `--host ${host}: other machines could reach the dashboard, unencrypted: whoever listens in can log in, start and stop benchmarks, name folders of this machine as data, and read every run`,
    hint: 'Leave --host out and use an SSH tunnel (ssh -L 6017:127.0.0.1:6017), or add --allow-remote in a network you trust.',
  })
}
