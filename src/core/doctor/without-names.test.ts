import { describe, expect, it } from 'vitest'
import { namesHere, withoutNames } from './without-names.js'

const names = {
  hosts: ['mira-desk.lab.example', 'MIRA-DESK'],
  users: ['mira', 'jo.doe'],
  homes: ['/home/mira', '/data/homes/mira'],
}

describe('withoutNames', () => {
  it.each([
    ['/home/mira/.cache/tandem/engine', '~/.cache/tandem/engine'],
    ['/data/homes/mira/torch', '~/torch'],
    ['C:\\Users\\Someone\\tandem', 'C:\\Users\\<user>\\tandem'],
    [
      'C:\\Users\\Jane Doe\\AppData\\torch.dll is missing',
      'C:\\Users\\<user>\\AppData\\torch.dll is missing',
    ],
    ['"C:\\\\Users\\\\Jane Doe\\\\torch"', '"C:\\\\Users\\\\<user>\\\\torch"'],
    ['/Users/other/x and /home/third', '/Users/<user>/x and /home/<user>'],
    ['/var/home/other/x, /mnt/c/Users/other/x', '/var/home/<user>/x, /mnt/c/Users/<user>/x'],
    ['/run/media/other/disk', '/run/media/<user>/disk'],
    ['mira-desk.lab.example refused', '<host> refused'],
    ['MIRA-DESK refused mira', '<host> refused <user>'],
    ['mira@mira-desk:~', '<user>@<host>:~'],
    [
      'process 4711 (python /scratch/mira/train.py --owner=jo.doe)',
      'process 4711 (python /scratch/<user>/train.py --owner=<user>)',
    ],
    ['conda environment mira_env', 'conda environment <user>_env'],
    ['connect to [192.168.1.20]:41234 failed', 'connect to [<address>]:41234 failed'],
    ['10.0.0.7:29500 refused', '<address>:29500 refused'],
    ['127.0.0.1:29500 refused', '127.0.0.1:29500 refused'],
    ['cuDNN 9.1.0.70, driver 570.86.15', 'cuDNN 9.1.0.70, driver 570.86.15'],
    ['admiral miranda', 'admiral miranda'],
  ])('makes %j %j', (text, clean) => expect(withoutNames(text, names)).toBe(clean))

  it('leaves words that name nobody', () => {
    const ordinary = { hosts: ['localhost'], users: ['root', 'dev'], homes: ['/'] }
    expect(withoutNames('root of / on localhost, /dev/shm', ordinary)).toBe(
      'root of / on localhost, /dev/shm',
    )
  })

  it('knows the person behind sudo, and the host as the environment names it', () => {
    const { users, hosts } = namesHere({ SUDO_USER: 'mira', COMPUTERNAME: 'MIRA-DESK' })
    expect(users).toContain('mira')
    expect(hosts).toContain('MIRA-DESK')
  })
})
