// `node scripts/lock-engine.mjs`: asks the user's pip which wheels of TensorFlow, and of what CUDA needs, are published
// for each platform, and writes them down with their hashes. Nothing else is ever installed as the engine.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './bootstrap/child-process.mjs'
import { root } from './bootstrap/root.mjs'

const version = '2.21.0'
const linux = (/** @type {string} */ machine) => [
  ...[28, 27, 24, 17, 12, 5].map((older) => `manylinux_2_${older}_${machine}`),
  `manylinux2014_${machine}`,
]
const releases = {
  'linux x64 cpu': { requirement: `tensorflow-cpu==${version}`, platforms: linux('x86_64') },
  'linux x64 cuda': { requirement: `tensorflow[and-cuda]==${version}`, platforms: linux('x86_64') },
  'linux arm64 cpu': { requirement: `tensorflow==${version}`, platforms: linux('aarch64') },
  'darwin arm64 cpu': { requirement: `tensorflow==${version}`, platforms: ['macosx_12_0_arm64'] },
}

/** @type {Record<string, { name: string, version: string, sha256: string }[]>} */
const locked = {}
const folder = await mkdtemp(join(tmpdir(), 'tandem-lock-'))
try {
  for (const [release, { requirement, platforms }] of Object.entries(releases)) {
    const report = join(folder, 'report.json')
    const { code } = await runProgram(
      'python3',
      [
        ...['-m', 'pip', 'install', '--quiet', '--dry-run', '--ignore-installed', '--report', report],
        ...['--target', folder, '--only-binary=:all:', '--implementation', 'cp', '--python-version', '3.11'],
        ...platforms.flatMap((platform) => ['--platform', platform]),
        ...(requirement.includes('[') ? [] : ['--no-deps']),
        requirement,
      ],
      { cwd: root, output: 'inherit' },
    )
    if (code !== 0) throw new Error(`pip did not resolve ${requirement}`)
    /** @type {{ install: { metadata: { name: string, version: string }, download_info: { archive_info: { hashes: { sha256: string } } } }[] }} */
    const { install } = JSON.parse(await readFile(report, 'utf8'))
    locked[release] = install
      .map(({ metadata, download_info: { archive_info: archive } }) => ({
        name: metadata.name.replaceAll('_', '-'),
        version: metadata.version,
        sha256: archive.hashes.sha256,
      }))
      // Libraries alone are wanted: what Python would need beside them stays away.
      .filter(({ name }) => /^(tensorflow|nvidia)(-|$)/.test(name))
  }
} finally {
  await rm(folder, { recursive: true })
}
const file = join(root, 'src', 'core', 'engine', 'locked-packages.json')
await writeFile(file, `${JSON.stringify(locked, null, 2)}\n`)
