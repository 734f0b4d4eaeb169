// @ts-nocheck: types here are those of a newer Node and Electron.
'use strict'
// Stands for Electron in the app: Electron 22 itself, with `protocol.handle`, which came with 25.

const electron = require('electron')

/** What `protocol.handle` of Electron 25 does, for schemes that answer a GET as a whole. */
function handle(scheme, answer) {
  this.registerBufferProtocol(scheme, async ({ url, method }, respond) => {
    try {
      const response = await answer(new Request(url, { method }))
      const headers = Object.fromEntries(response.headers)
      const [mimeType = ''] = (headers['content-type'] ?? '').split(';')
      const data = Buffer.from(await response.arrayBuffer())
      respond({ statusCode: response.status, headers, data, charset: 'utf-8', ...(mimeType && { mimeType }) })
    } catch (error) {
      console.error(error)
      respond({ error: -2 })
    }
  })
}

// In a utility process there is no app.
electron.app?.on('session-created', ({ protocol }) => {
  protocol.handle ??= handle
})

module.exports = electron
