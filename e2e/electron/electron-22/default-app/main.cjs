// @ts-nocheck: types here are those of a newer Node and Electron.
'use strict'
// Electron's own default app, as far as `electron FOLDER` goes: the Electron that is fetched comes without one.

const { app } = require('electron')
const path = require('node:path')

const folder = path.resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.')
const manifest = require(path.join(folder, 'package.json'))
app.setVersion(manifest.version)
app.setName(manifest.productName ?? manifest.name)
app.setAppPath(folder)
require(path.join(folder, manifest.main))
