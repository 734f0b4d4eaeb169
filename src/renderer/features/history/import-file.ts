import { largestImportBytes } from '../../../shared/contract/commands.js'
import { TandemError } from '../../../shared/errors.js'
import { formatBytes } from '../../../shared/text/format.js'
import type { CallHost } from '../../state/dashboard.js'

/** Of a message, beside the file that it carries. */
const envelopeBytes = 10_000

/**
 * Brings a file of the page into the history: a bundle, or a `results.json`, by what it is and not by its name. Returns
 * the run's id. Throws what the host says of it, and `import-too-large`.
 *
 * @param existing `open`: a run that is in the history already is that run, and no error
 */
export async function importFile(call: CallHost, file: File, existing?: 'open'): Promise<{ runId: string }> {
  const wanted = { fileName: file.name.slice(-255), ...(existing && { existing }) }
  return (await isArchive(file))
    ? await call('importBundle', { ...wanted, base64: await readBase64(file) })
    : await call('importRun', { ...wanted, text: await readText(file) })
}

/** As every ZIP archive begins. */
async function isArchive(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer())
  return [0x50, 0x4b, 0x03, 0x04].every((byte, index) => head[index] === byte)
}

async function readText(file: File): Promise<string> {
  const text = fits(file.size) ? await file.text() : null
  // Escaped, as it travels.
  if (text !== null && fits(new Blob([JSON.stringify(text)]).size)) return text
  throw tooLarge(file)
}

async function readBase64(file: File): Promise<string> {
  if (!fits((file.size * 4) / 3)) throw tooLarge(file)
  const reader = new FileReader()
  const url = await new Promise<string>((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
  return url.slice(url.indexOf(',') + 1)
}

function fits(bytes: number): boolean {
  return bytes < largestImportBytes - envelopeBytes
}

function tooLarge(file: File): TandemError {
  return new TandemError({
    code: 'import-too-large',
    message: `${file.name} has ${formatBytes(file.size)}, more than fits through the page`,
    hint: 'Import it in a terminal: tandem history import FILE',
  })
}
