// @ts-nocheck: types here are those of a newer Node and Electron.
'use strict'
// What the app's programs expect of Node 20 and Electron 22 (Node 16.17) lacks. Loaded first by each of them.

require('core-js/actual')
const undici = require('undici')

for (const name of ['fetch', 'Request', 'Response', 'Headers', 'FormData']) globalThis[name] ??= undici[name]
globalThis.Blob ??= require('node:buffer').Blob
globalThis.crypto ??= require('node:crypto').webcrypto

AbortSignal.timeout ??= (delayMs) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('timeout')), delayMs).unref()
  return controller.signal
}
AbortSignal.any ??= (signals) => {
  const controller = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason)
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
  }
  return controller.signal
}
AbortSignal.prototype.throwIfAborted ??= function throwIfAborted() {
  if (this.aborted) throw this.reason ?? new Error('aborted')
}

require('node:os').availableParallelism ??= () => require('node:os').cpus().length

const { buf: crc32OfBytes } = require('crc-32')
require('node:zlib').crc32 ??= (data, value = 0) => crc32OfBytes(Buffer.from(data), value) >>> 0

/** From coreutils' `stat`: Node has the call from 18.15 on. */
function statfsSync(path) {
  const answer = require('node:child_process').execFileSync('stat', ['-f', '-c', '%S %b %f %a', path])
  const [bsize, blocks, bfree, bavail] = String(answer).trim().split(' ').map(Number)
  return { type: 0, bsize, blocks, bfree, bavail, files: 0, ffree: 0 }
}
require('node:fs').statfsSync ??= statfsSync
require('node:fs').promises.statfs ??= async (path) => statfsSync(path)
