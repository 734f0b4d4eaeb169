import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { measuredResults } from '../core/results/measured-results.fixture.js'
import { formatResults } from '../core/results/results-file.js'
import { archiveDirectory, recordBytes, splitFiles } from '../shared/data/cifar10.js'
import { commandLine } from './command-line.fixture.js'

const text = formatResults(measuredResults())

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-given-'))
  await mkdir(join(folder, 'data'))
})
afterEach(() => rm(folder, { recursive: true }))

const path = () => join(folder, 'given.json')
const tandem = (args: string[]) => commandLine(args, { folder: join(folder, 'data') })

/** Files as people have them, by what is said of each. */
const kinds: [kind: string, says: string, make: () => Promise<unknown> | unknown][] = [
  ['UTF-16', 'it is UTF-16 text: save it as UTF-8', () => writeFile(path(), `\ufeff${text}`, 'utf16le')],
  ['UTF-16 without a mark', 'it is UTF-16 text: save it as UTF-8', () => writeFile(path(), text, 'utf16le')],
  [
    'gzip',
    'it is compressed (gzip, as in .gz and .tar.gz): unpack it first',
    () => writeFile(path(), gzipSync(text)),
  ],
  ['ZIP', 'it is a ZIP archive: unpack it first', () => writeFile(path(), `PK\u0003\u0004${text}`)],
  [
    'tar.gz',
    'it is compressed (gzip, as in .gz and .tar.gz): unpack it first',
    async () => {
      await writeFile(join(folder, 'results.json'), text)
      await create({ gzip: true, file: path(), cwd: folder }, ['results.json'])
    },
  ],
  ['a folder', 'it is a folder', () => mkdir(path())],
  [
    'a loop of links',
    'its links lead in a circle',
    async () => {
      await symlink(path(), join(folder, 'other'))
      await symlink(join(folder, 'other'), path())
    },
  ],
  [
    'too large a file',
    'it has 600.0 MiB; 400.0 MiB are read at most',
    async () => {
      await writeFile(path(), `${' '.repeat(600)}{}`)
      await truncate(path(), 600 * 2 ** 20)
    },
  ],
  ['an empty file', 'it is empty', () => writeFile(path(), '')],
  ['no text', 'it is not text', () => writeFile(path(), Buffer.alloc(600))],
  ['nothing', 'it does not exist', () => {}],
  ...(process.platform === 'win32'
    ? []
    : [
        ['a named pipe', 'it is a named pipe, not a file', () => execFileSync('mkfifo', [path()])] as [
          string,
          string,
          () => unknown,
        ],
      ]),
]

/** Wherever a results file enters. */
const places: [place: string, args: () => string[]][] = [
  ['report', () => ['report', path(), '--markdown', join(folder, 'out.md')]],
  ['compare, as the first', () => ['compare', path(), join(folder, 'sound.json')]],
  ['compare, as the second', () => ['compare', join(folder, 'sound.json'), path()]],
  ['history import', () => ['history', 'import', path()]],
]

describe.each(kinds)('%s in place of a results file', (kind, says, make) => {
  it.each(places)('is named by %s, in one line with the name of the file', async (place, args) => {
    await writeFile(join(folder, 'sound.json'), text)
    await make()
    const { exitCode, stdout, stderr } = await tandem(args())

    // A run as one file is an archive, too, and this is none.
    const isNoBundle = kind === 'ZIP' && place === 'history import'
    expect(stderr).toMatch(/^tandem: [^\n]+\n$/)
    expect(stderr).toContain(isNoBundle ? 'given.json' : `${path()} cannot be read: ${says}`)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })
})

describe('a byte-order mark', () => {
  it.each(places)('does no harm to %s', async (_place, args) => {
    await writeFile(join(folder, 'sound.json'), text)
    await writeFile(path(), `\ufeff${text}`)
    expect(await tandem(args())).toMatchObject({ stderr: '' })
  })
})

describe('what --data-dir names', () => {
  const run = (...more: string[]) =>
    tandem([
      'run',
      '--data-dir',
      path(),
      '--backend',
      'wasm',
      '--output-file',
      join(folder, 'out.json'),
      ...more,
    ])

  async function binaryVersion(): Promise<string> {
    const made = join(folder, 'made')
    await mkdir(join(made, archiveDirectory), { recursive: true })
    for (const name of [...splitFiles.train, ...splitFiles.test]) {
      await writeFile(join(made, archiveDirectory, name), Buffer.alloc(40 * recordBytes, 7))
    }
    return made
  }

  const cases: [what: string, says: RegExp, make: () => Promise<unknown> | unknown][] = [
    [
      'an archive',
      /given\.json is the archive of CIFAR-10's binary version.*--unpack/,
      async () => {
        await create({ gzip: true, file: path(), cwd: await binaryVersion() }, [archiveDirectory])
      },
    ],
    [
      'a folder with the archive in it',
      /given\.json holds the archive c\.tar\.gz.*--unpack/,
      async () => {
        await mkdir(path())
        await create({ gzip: true, file: join(path(), 'c.tar.gz'), cwd: await binaryVersion() }, [
          archiveDirectory,
        ])
      },
    ],
    [
      'the Python version',
      /given\.json holds the Python version of CIFAR-10.*binary version/,
      () => mkdir(join(path(), 'cifar-10-batches-py'), { recursive: true }),
    ],
    [
      'CIFAR-100',
      /given\.json holds CIFAR-100.*Tandem trains on CIFAR-10/,
      () => mkdir(join(path(), 'cifar-100-binary'), { recursive: true }),
    ],
    [
      'ZIP',
      /given\.json is a file, not a folder \(it is a ZIP archive/,
      () => writeFile(path(), 'PK\u0003\u0004'),
    ],
    ['a loop of links', /given\.json cannot be read: its links lead in a circle/, () => kinds[6]?.[2]()],
    ['a large file', /given\.json is a file, not a folder/, () => kinds[7]?.[2]()],
    ['UTF-16', /given\.json is a file, not a folder \(it is UTF-16 text/, () => kinds[0]?.[2]()],
  ]

  it.each(cases)('%s is said to be that, and what to do', async (_what, says, make) => {
    await make()
    const { exitCode, stderr } = await run()
    expect(stderr).toMatch(/^tandem: [^\n]+\n$/)
    expect(stderr).toMatch(says)
    expect(exitCode).toBe(2)
  })

  it('is unpacked on request, and is then what the run names', async () => {
    await create({ gzip: true, file: path(), cwd: await binaryVersion() }, [archiveDirectory])
    const { exitCode, stderr } = await run(
      ...['--unpack', '--strategies', 'single', '--devices', 'cpu:1', '--batch-size-single', '4'],
      ...['--max-steps-per-epoch', '3', '--num-workers', '0'],
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `Unpacking ${path()}\n` })
    const { configuration } = JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))
    expect(configuration.dataDir).toMatch(new RegExp(`${archiveDirectory}$`))
  })

  it('is not unpacked where nothing is named', async () => {
    const { exitCode, stderr } = await tandem(['run', '--unpack', '--output-file', join(folder, 'out.json')])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        'tandem: --unpack has nothing to unpack. Name the archive, or the folder that it lies in, with --data-dir.\n',
    })
  })
})
